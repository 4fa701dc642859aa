//! Sessions that a crash cut off and that do not go on: what was open in them ends as it would have then.

use cuelight_core::decide::{RuleState, SessionFacts};

use super::group::Group;
use super::prepared::Prepared;
use super::running::RunningLane;
use super::seed_of;
use super::session::OpenSession;
use crate::feed::Feed;
use crate::store::{CutOff, OpenedSession, SessionStart, StoreError};

impl RunningLane {
    /// Closes every open session that does not go on when this one starts: its combos end at the time of its last event, and
    /// the jobs that follow wait until somebody decides about old jobs.
    pub(super) async fn close_cut_off(&mut self, start: &SessionStart<'_>) -> Result<(), StoreError> {
        let cut_off = loop {
            let found = if self.lane.request.is_live {
                self.lane.journal.cut_off_before(start, self.last_received_ms)
            } else {
                self.lane.journal.cut_off()
            };
            match found {
                Ok(cut_off) => break cut_off,
                Err(error) => self.lane.disk.wait(error).await?,
            }
        };
        for session in cut_off {
            self.close(session).await?;
        }
        Ok(())
    }

    async fn close(&mut self, cut_off: CutOff) -> Result<(), StoreError> {
        let CutOff { id, creator, room_id, parts } = cut_off;
        let at_ms = parts.last_event_ms;
        let now_ms = self.lane.clock.now_ms();
        let start = SessionStart { creator: &creator, room_id: &room_id, source: "", name: None, taken_in_ms: now_ms };
        let rules = self.lane.deciding.as_ref().map(|deciding| {
            RuleState::new(SessionFacts {
                id,
                creator: creator.as_str().into(),
                started_ms: parts.started_ms,
                seed: seed_of(id),
                utc_offset_s: deciding.utc_offset_s,
            })
        });
        let opened = OpenedSession { session: id, resumed: Some(parts) };
        let mut session = OpenSession::new(&start, opened, self.combo_idle_ms(), &self.lane.reader, rules)?;
        session.state.set_muted(self.lane.reader.muted()?);
        // Nobody watches it any more.
        let mut group = Group::new(Feed::default());
        session.finish(at_ms, &mut self.around(), &mut group);
        let deciding = self.lane.deciding.as_ref();
        let world = deciding.map(|deciding| deciding.world(seed_of(id), now_ms));
        let Some(prepared) = Prepared::of(&group, &mut session, &mut self.catalogue, at_ms, world) else {
            return Ok(());
        };
        while let Err(error) = prepared.write_last(&mut self.lane.journal, now_ms) {
            self.lane.disk.wait(error).await?;
        }
        Ok(())
    }
}
