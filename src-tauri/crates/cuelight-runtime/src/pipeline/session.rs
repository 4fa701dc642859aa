//! The session that the lane writes to: its state, its numbering, and taking it up again after a break.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use compact_str::CompactString;
use cuelight_core::combo::{Combo, ComboKey};
use cuelight_core::event::Event;
use cuelight_core::gift_catalogue::GiftCatalogue;
use cuelight_core::id::SessionId;
use cuelight_core::session::{RecentMessage, RestoredSession, SessionOptions, SessionState};
use cuelight_core::viewer::ViewerFacts;

use super::group::Group;
use crate::store::{OpenedSession, Reader, RestoredParts, SessionStart, StoreError};

/// How old unsaved viewer sums may get before a commit carries them along.
const VIEWER_FLUSH: Duration = Duration::from_secs(10);

/// An open session.
pub(super) struct OpenSession {
    pub(super) id: SessionId,
    pub(super) state: SessionState,
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
    ) -> Result<Self, StoreError> {
        let mut state = SessionState::new(SessionOptions { combo_idle_ms });
        let mut next_number = 1;
        if let Some(parts) = opened.resumed {
            next_number = parts.next_number;
            let viewers_through = parts.viewers_through;
            state.restore(restored(parts));
            complete_viewers(&mut state, reader, opened.session, viewers_through)?;
        }
        Ok(Self {
            id: opened.session,
            state,
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

    pub(super) fn accept(&mut self, event: Event, received_ms: i64, catalogue: &mut GiftCatalogue, group: &mut Group) {
        let mut accepted = std::mem::take(&mut self.accepted);
        self.state.accept(event, received_ms, catalogue, &mut accepted);
        self.number(&mut accepted, received_ms, group);
        self.accepted = accepted;
    }

    /// Lets time pass.
    pub(super) fn tick(&mut self, now_ms: i64, group: &mut Group) {
        let mut ended = std::mem::take(&mut self.accepted);
        self.state.tick(now_ms, &mut ended);
        self.number(&mut ended, now_ms, group);
        self.accepted = ended;
    }

    /// Ends what is still open; the next commit saves everything.
    pub(super) fn finish(&mut self, now_ms: i64, group: &mut Group) {
        let mut ended = std::mem::take(&mut self.accepted);
        self.state.finish(now_ms, &mut ended);
        self.number(&mut ended, now_ms, group);
        self.accepted = ended;
        self.is_ending = true;
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

    fn number(&mut self, events: &mut Vec<Event>, received_ms: i64, group: &mut Group) {
        for event in events.drain(..) {
            group.add(self.id, self.next_number, event, received_ms);
            self.next_number += 1;
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
