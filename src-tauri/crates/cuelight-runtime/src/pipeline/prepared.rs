//! A commit with everything that goes with its events: combos, sums, viewers, gifts.

use cuelight_core::combo::Combo;
use cuelight_core::decide::RuleState;
use cuelight_core::gift_catalogue::{GiftCatalogue, KnownGift};
use cuelight_core::id::{GiftId, SessionId};
use cuelight_core::totals::SessionTotals;
use cuelight_core::viewer::ViewerFacts;
use cuelight_core::world::World;

use super::group::Group;
use super::session::OpenSession;
use crate::store::{ComboChange, Commit, Effects, Journal, StoreError, Touched, ViewerFlush};

/// A commit with everything that it needs, to be written as often as the disk makes necessary.
pub(super) struct Prepared<'a> {
    group: &'a Group,
    session: SessionId,
    last_number: u32,
    totals: &'a SessionTotals,
    combos: Vec<(String, Option<String>)>,
    viewers: Option<Vec<ViewerFacts>>,
    gifts: Vec<KnownGift>,
    last_event_ms: i64,
    rule_state: Vec<(String, Option<String>)>,
    world: Option<World<'a>>,
}

impl<'a> Prepared<'a> {
    /// Gathers what the commit needs beside the group; `None` where there is nothing to write.
    pub(super) fn of(
        group: &'a Group,
        session: &'a mut OpenSession,
        catalogue: &mut GiftCatalogue,
        last_event_ms: i64,
        world: Option<World<'a>>,
    ) -> Option<Self> {
        let combos: Vec<(String, Option<String>)> = session
            .state
            .changed_combos()
            .into_iter()
            .map(|(key, combo)| (key.to_string(), combo.map(|combo| json(&combo))))
            .collect();
        let rule_state = session.rules.as_mut().map(RuleState::changed).unwrap_or_default();
        let viewers = session.viewers_due();
        let is_empty = !session.is_ending()
            && group.is_empty()
            && combos.is_empty()
            && rule_state.is_empty()
            && viewers.as_ref().is_none_or(Vec::is_empty);
        (!is_empty).then(|| Self {
            group,
            session: session.id,
            last_number: session.last_number(),
            totals: session.state.totals(),
            combos,
            viewers,
            gifts: catalogue.take_learned(),
            last_event_ms,
            rule_state,
            world,
        })
    }

    /// Writes it in one transaction.
    ///
    /// # Errors
    /// Nothing was written; on a full disk it may be tried again.
    pub(super) fn write(&self, journal: &mut Journal) -> Result<Touched, StoreError> {
        self.with_commit(|commit| journal.commit(commit))
    }

    /// Writes it in one transaction that closes the session, with the jobs that follow from it held.
    ///
    /// # Errors
    /// Nothing was written; on a full disk it may be tried again.
    pub(super) fn write_last(&self, journal: &mut Journal, now_ms: i64) -> Result<(), StoreError> {
        self.with_commit(|commit| journal.close_cut_off(commit, now_ms))
    }

    fn with_commit<T>(&self, write: impl FnOnce(&Commit<'_>) -> T) -> T {
        let rows = self.group.rows();
        let combos: Vec<ComboChange<'_>> =
            self.combos.iter().map(|(key, state)| ComboChange { key, state: state.as_deref() }).collect();
        let received: Vec<(GiftId, u64)> = self.group.received().collect();
        let world = self.world.as_ref();
        write(&Commit {
            session: self.session,
            rows: &rows,
            combos: &combos,
            totals: self.totals,
            last_event_ms: self.last_event_ms,
            gifts: &self.gifts,
            received: &received,
            faults: &self.group.faults,
            sheds: &self.group.sheds,
            viewers: self.viewers.as_deref().map(|facts| ViewerFlush { through_number: self.last_number, facts }),
            effects: world.map(|world| Effects { list: self.group.effects(), world }),
            rule_state: &self.rule_state,
            emitted: &self.group.emitted,
        })
    }
}

fn json(combo: &Combo) -> String {
    serde_json::to_string(combo).expect("a combo is JSON: its maps have text keys")
}
