//! The session that the lane writes to: its state, its numbering, and taking it up again after a break.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use compact_str::CompactString;
use cuelight_core::combo::{Combo, ComboKey};
use cuelight_core::decide::{Occasion, RuleState};
use cuelight_core::event::Event;
use cuelight_core::gift_catalogue::GiftCatalogue;
use cuelight_core::id::{EventId, SessionId};
use cuelight_core::session::{RecentMessage, RestoredSession, SessionOptions, SessionState};
use cuelight_core::viewer::{Standing, ViewerFacts};

use super::deciding::Deciding;
use super::group::Group;
use crate::store::{OpenedSession, Reader, RestoredParts, SessionStart, StoreError};

/// How old unsaved viewer sums may get before a commit carries them along.
const VIEWER_FLUSH: Duration = Duration::from_secs(10);

/// An open session.
pub(super) struct OpenSession {
    pub(super) id: SessionId,
    pub(super) state: SessionState,
    /// What the rules remember of it, where there are rules.
    pub(super) rules: Option<RuleState>,
    creator: CompactString,
    room_id: CompactString,
    next_number: u32,
    viewers_flushed_at: Instant,
    is_ending: bool,
    /// What one event led to; kept to spare an allocation for each.
    accepted: Vec<Event>,
}

impl OpenSession {
    /// The session as it was opened, with everything that it had in memory before a break.
    ///
    /// # Errors
    /// What the journal holds of it cannot be read.
    pub(super) fn new(
        start: &SessionStart<'_>,
        opened: OpenedSession,
        combo_idle_ms: i64,
        reader: &Reader,
        rules: Option<RuleState>,
    ) -> Result<Self, StoreError> {
        let mut state = SessionState::new(SessionOptions { combo_idle_ms });
        let mut rules = rules;
        let mut next_number = 1;
        if let Some(mut parts) = opened.resumed {
            next_number = parts.next_number;
            let viewers_through = parts.viewers_through;
            if let Some(rules) = &mut rules {
                rules.restore(std::mem::take(&mut parts.rule_state));
            }
            state.restore(restored(parts));
            complete_viewers(&mut state, reader, opened.session, viewers_through)?;
        }
        Ok(Self {
            id: opened.session,
            state,
            rules,
            creator: start.creator.into(),
            room_id: start.room_id.into(),
            next_number,
            viewers_flushed_at: Instant::now(),
            is_ending: false,
            accepted: Vec::new(),
        })
    }

    pub(super) fn is_of(&self, creator: &str, room_id: &str) -> bool {
        self.creator == creator && self.room_id == room_id && !self.is_ending
    }

    /// Takes an event of the source.
    pub(super) fn accept(&mut self, event: Event, received_ms: i64, around: &mut Around<'_>, group: &mut Group) {
        self.accept_emitted(event, 0, received_ms, around, group);
    }

    /// Takes an event that so many rules in a row led to.
    pub(super) fn accept_emitted(
        &mut self,
        event: Event,
        depth: u8,
        received_ms: i64,
        around: &mut Around<'_>,
        group: &mut Group,
    ) {
        let mut accepted = std::mem::take(&mut self.accepted);
        self.state.accept(event, received_ms, around.catalogue, &mut accepted);
        self.number(&mut accepted, depth, received_ms, around, group);
        self.accepted = accepted;
    }

    /// Lets time pass.
    pub(super) fn tick(&mut self, now_ms: i64, around: &mut Around<'_>, group: &mut Group) {
        let mut ended = std::mem::take(&mut self.accepted);
        self.state.tick(now_ms, &mut ended);
        self.number(&mut ended, 0, now_ms, around, group);
        self.accepted = ended;
        if self.rules_wake_ms(around.deciding).is_some_and(|wake_ms| wake_ms <= now_ms) {
            self.decide(Occasion::Tick, &Standing::default(), now_ms, around, group);
        }
    }

    /// Ends what is still open; the next commit saves everything.
    pub(super) fn finish(&mut self, now_ms: i64, around: &mut Around<'_>, group: &mut Group) {
        let mut ended = std::mem::take(&mut self.accepted);
        self.state.finish(now_ms, &mut ended);
        self.number(&mut ended, 0, now_ms, around, group);
        self.accepted = ended;
        self.is_ending = true;
    }

    /// Decides an occasion that is no event of the source.
    pub(super) fn decide(
        &mut self,
        occasion: Occasion<'_>,
        standing: &Standing,
        now_ms: i64,
        around: &Around<'_>,
        group: &mut Group,
    ) -> Option<String> {
        let number = self.last_number();
        let (deciding, rules) = (around.deciding?, self.rules.as_mut()?);
        deciding.decide(rules, standing, occasion, number, now_ms, group)
    }

    /// When [`OpenSession::tick`] next has something to do, at the earliest.
    pub(super) fn next_wake_ms(&self, deciding: Option<&Deciding>) -> Option<i64> {
        self.state.next_wake_ms().into_iter().chain(self.rules_wake_ms(deciding)).min()
    }

    fn rules_wake_ms(&self, deciding: Option<&Deciding>) -> Option<i64> {
        self.rules.as_ref()?.next_wake_ms(deciding?.rulebook.rules())
    }

    /// The viewers whose sums are to be saved now, if it is time.
    pub(super) fn viewers_due(&mut self) -> Option<Vec<ViewerFacts>> {
        if !self.is_ending && self.viewers_flushed_at.elapsed() < VIEWER_FLUSH {
            return None;
        }
        self.viewers_flushed_at = Instant::now();
        Some(self.state.changed_viewers())
    }

    /// Whether this is the last commit, which is made even if it brings nothing but the sums.
    pub(super) fn is_ending(&self) -> bool {
        self.is_ending
    }

    /// The number of the newest event.
    pub(super) fn last_number(&self) -> u32 {
        self.next_number - 1
    }

    fn number(
        &mut self,
        events: &mut Vec<Event>,
        depth: u8,
        received_ms: i64,
        around: &mut Around<'_>,
        group: &mut Group,
    ) {
        for event in events.drain(..) {
            let number = self.next_number;
            self.next_number += 1;
            let decisions = match (around.deciding, &mut self.rules) {
                (Some(deciding), Some(rules)) => {
                    around.note_past(&mut self.state, self.id, &event);
                    let standing = self.state.standing(&event);
                    let occasion = Occasion::Event { event: &event, number, totals: self.state.totals(), depth };
                    deciding.decide(rules, &standing, occasion, number, received_ms, group)
                }
                _ => None,
            };
            group.add(EventId { session: self.id, number }, event, received_ms, decisions);
        }
    }
}

/// What the lane has that outlives a session.
pub(super) struct Around<'a> {
    pub(super) catalogue: &'a mut GiftCatalogue,
    pub(super) deciding: Option<&'a Deciding>,
    pub(super) reader: &'a Reader,
}

impl Around<'_> {
    /// Looks a viewer up who was not seen in this session before, where a rule asks about earlier ones.
    fn note_past(&self, state: &mut SessionState, session: SessionId, event: &Event) {
        if !self.deciding.is_some_and(|deciding| deciding.rulebook.rules().wants_past()) {
            return;
        }
        let Some(user_id) = state.wants_past(event).cloned() else { return };
        match self.reader.past_of(&user_id, session) {
            Ok(past) => state.note_past(&user_id, past),
            Err(error) => tracing::error!(%error, "what a viewer did before could not be read"),
        }
    }
}

fn restored(parts: RestoredParts) -> RestoredSession {
    let combos = parts.combos.iter().filter_map(|(key, state)| {
        let combo: Option<(ComboKey, Combo)> = key.parse().ok().zip(serde_json::from_str(state).ok());
        if combo.is_none() {
            tracing::error!(key, "a stored combo could not be read and was left out");
        }
        combo
    });
    RestoredSession {
        combos: combos.collect(),
        totals: parts.totals,
        viewers: parts.viewers,
        recent: parts
            .seen
            .into_iter()
            .filter_map(|it| {
                Some(RecentMessage {
                    event_type: it.event_type,
                    msg_id: cuelight_core::id::MsgId::from_number(u64::try_from(it.msg_id).ok()?)?,
                    method: it.method.unwrap_or_default().into(),
                })
            })
            .collect(),
    }
}

/// Adds the events that came after the viewers' sums were last saved.
fn complete_viewers(
    state: &mut SessionState,
    reader: &Reader,
    session: SessionId,
    through: u32,
) -> Result<(), StoreError> {
    reader.for_each_event(session, through, |stored| {
        match stored.to_event() {
            Ok(event) => state.add_to_viewer(&event, stored.received_ms),
            Err(error) => tracing::error!(number = stored.number, %error, "a stored event could not be read"),
        }
        Ok(ControlFlow::Continue(()))
    })
}
