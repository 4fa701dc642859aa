//! The course of one capture: what its source tells and what was committed, put together to how the live stands.

use cuelight_core::event::{Body, EventType};
use cuelight_core::id::SessionId;
use cuelight_core::totals::SessionTotals;
use cuelight_core::way::Way;
use cuelight_runtime::feed::Committed;
use cuelight_runtime::source::SourceStatus;
use cuelight_runtime::store::StoredSession;

use crate::dto::{Gap, Phase, Totals};

/// What is known of a capture that goes on.
#[derive(Debug)]
pub(super) struct Course {
    /// The session, once an event of it was committed.
    pub(super) session: Option<SessionId>,
    /// Whose live it is, once the source has said so.
    pub(super) creator: Option<String>,
    /// The last time that we were away and know it.
    pub(super) last_gap: Option<Gap>,
    stage: Stage,
    /// Since when it is live.
    since_ms: Option<i64>,
    paused_ms: Option<i64>,
    ended_ms: Option<i64>,
    viewers: u64,
    sums: SessionTotals,
    /// The newest event that is in the sums.
    through: u32,
}

/// How far the source is.
#[derive(Debug, Clone)]
enum Stage {
    Looking,
    Connecting,
    Asking,
    In { way: Option<Way> },
    Broken { lost_ms: i64, retry_ms: i64, attempt: u32, cause: String },
}

impl Course {
    /// The course of a source that looks for its room first.
    pub(super) fn of_a_room() -> Self {
        Self::at(Stage::Looking)
    }

    /// The course of a source that has nothing to look for.
    pub(super) fn of_a_feed() -> Self {
        Self::at(Stage::Connecting)
    }

    fn at(stage: Stage) -> Self {
        Self {
            session: None,
            creator: None,
            last_gap: None,
            stage,
            since_ms: None,
            paused_ms: None,
            ended_ms: None,
            viewers: 0,
            sums: SessionTotals::default(),
            through: 0,
        }
    }

    /// Takes what the source says; `heard_ms` is when its far side was heard last.
    pub(super) fn take_status(&mut self, status: &SourceStatus, heard_ms: Option<i64>, now_ms: i64) {
        self.stage = match status {
            SourceStatus::Idle => return,
            SourceStatus::LookingForRoom { .. } => Stage::Looking,
            SourceStatus::Connecting { .. } => Stage::Connecting,
            SourceStatus::Climbing { .. } => match &self.stage {
                // The break goes on until some way leads in.
                Stage::Broken { .. } => return,
                Stage::Looking | Stage::Connecting | Stage::Asking | Stage::In { .. } => Stage::Connecting,
            },
            SourceStatus::AskingPerson { .. } => Stage::Asking,
            SourceStatus::Connected { way, .. } => {
                self.since_ms.get_or_insert(now_ms);
                Stage::In { way: *way }
            }
            SourceStatus::Reconnecting { cause, wait_ms, attempt } => {
                let lost_ms = match self.stage {
                    Stage::Broken { lost_ms, .. } => lost_ms,
                    Stage::Looking | Stage::Connecting | Stage::Asking | Stage::In { .. } => heard_ms.unwrap_or(now_ms),
                };
                let retry_ms = now_ms.saturating_add(i64::try_from(*wait_ms).unwrap_or(i64::MAX));
                Stage::Broken { lost_ms, retry_ms, attempt: *attempt, cause: cause.clone() }
            }
        };
    }

    /// Whether these events are the first of a session that goes on after a break, so that its sums are in the journal.
    pub(super) fn takes_up(&self, committed: &[Committed]) -> Option<SessionId> {
        let first = committed.first()?;
        (self.session != Some(first.id.session) && first.id.number > 1).then_some(first.id.session)
    }

    /// Goes on with what the journal held of that session.
    pub(super) fn take_up(&mut self, stored: StoredSession) {
        self.begin(stored.id);
        self.since_ms = Some(stored.started_ms);
        self.sums = stored.totals;
        self.through = stored.last_number;
    }

    /// Takes what was committed.
    pub(super) fn take(&mut self, committed: &[Committed], now_ms: i64) {
        for Committed { id, event } in committed {
            if self.session != Some(id.session) {
                self.begin(id.session);
                self.since_ms = Some(now_ms);
            }
            if id.number > self.through {
                self.sums.add(event);
                self.through = id.number;
            }
            if event.stamp.history {
                continue;
            }
            match &event.body {
                Body::Connect(connect) => {
                    self.creator = Some(connect.unique_id.to_string());
                    (self.paused_ms, self.ended_ms) = (None, None);
                }
                Body::ViewerCount(count) => self.viewers = count.viewers,
                Body::Gap(gap) => {
                    self.last_gap = Some(Gap { from_ms: gap.from.as_ms(), to_ms: gap.to.as_ms() });
                }
                Body::LivePause(_) => self.paused_ms = Some(now_ms),
                Body::LiveResume(_) => self.paused_ms = None,
                Body::LiveEnd(_) => self.ended_ms = Some(now_ms),
                Body::Gift(_)
                | Body::Comment(_)
                | Body::Like(_)
                | Body::Join(_)
                | Body::Follow(_)
                | Body::Share(_)
                | Body::Subscribe(_)
                | Body::Question(_)
                | Body::Emote(_)
                | Body::Envelope(_)
                | Body::Battle(_)
                | Body::Disconnect(_)
                | Body::Social(_)
                | Body::SuperFan(_)
                | Body::LevelUp(_)
                | Body::Moderation(_)
                | Body::Delete(_)
                | Body::Pin(_)
                | Body::Unpin(_)
                | Body::Poll(_)
                | Body::Goal(_)
                | Body::Barrage(_)
                | Body::Rank(_)
                | Body::Shop(_)
                | Body::Caption(_)
                | Body::RoomMessage(_)
                | Body::LiveIntro(_)
                | Body::Custom(_)
                | Body::LiveStart(_)
                | Body::Unknown(_) => {}
            }
        }
    }

    /// How the connection stands.
    pub(super) fn phase(&self, heard_ms: Option<i64>, now_ms: i64) -> Phase {
        let since_ms = self.since_ms.unwrap_or(now_ms);
        if let Some(ended_ms) = self.ended_ms {
            return Phase::Ended { since_ms, ended_ms };
        }
        match (&self.stage, self.paused_ms) {
            (Stage::Looking, _) => Phase::Looking,
            (Stage::Connecting, _) => Phase::Connecting,
            (Stage::Asking, _) => Phase::Captcha { is_shown: true },
            (Stage::In { .. }, Some(paused_ms)) => Phase::PausedByCreator { since_ms, paused_ms },
            (Stage::In { .. }, None) => Phase::Live { since_ms, last_message_ms: heard_ms.unwrap_or(since_ms) },
            (Stage::Broken { lost_ms, retry_ms, attempt, cause }, _) => {
                Phase::Reconnecting { lost_ms: *lost_ms, retry_ms: *retry_ms, attempt: *attempt, cause: cause.clone() }
            }
        }
    }

    /// The way by which events come now.
    pub(super) fn way(&self) -> Option<Way> {
        match self.stage {
            Stage::In { way } => way,
            Stage::Looking | Stage::Connecting | Stage::Asking | Stage::Broken { .. } => None,
        }
    }

    /// The phase once the capture is over; none where nothing ever came.
    pub(super) fn ended(&self, now_ms: i64) -> Option<Phase> {
        self.session?;
        let since_ms = self.since_ms.unwrap_or(now_ms);
        Some(Phase::Ended { since_ms, ended_ms: self.ended_ms.unwrap_or(now_ms) })
    }

    /// What the live adds up to.
    pub(super) fn totals(&self) -> Totals {
        Totals {
            viewers: self.viewers,
            likes: self.sums.likes,
            diamonds: self.sums.diamonds,
            new_followers: self.sums.of_type(EventType::Follow),
            events: self.sums.counted(),
        }
    }

    /// Another session begins: nothing of the one before is true of it.
    fn begin(&mut self, session: SessionId) {
        let stage = self.stage.clone();
        *self = Self { session: Some(session), ..Self::at(stage) };
    }
}

#[cfg(test)]
mod tests {
    use cuelight_core::event::{Connect, Empty, Event, LiveEnd, ViewerCount};
    use cuelight_core::id::EventId;
    use cuelight_core::timestamp::Timestamp;

    use super::*;

    const SESSION: SessionId = SessionId(12);

    fn committed(number: u32, body: Body) -> Committed {
        let id = EventId { session: SESSION, number };
        Committed { id, event: Event::own(body, Timestamp::from_ms(1_000)) }
    }

    fn connected() -> SourceStatus {
        SourceStatus::Connected { user: "luna".into(), room_id: Default::default(), way: None }
    }

    fn broken(attempt: u32) -> SourceStatus {
        SourceStatus::Reconnecting { cause: "cut".to_owned(), wait_ms: 2_000, attempt }
    }

    #[test]
    fn a_live_is_told_from_looking_to_its_end() {
        let mut course = Course::of_a_room();
        assert_eq!(course.phase(None, 10), Phase::Looking, "at first");
        course.take_status(&SourceStatus::Connecting { user: "luna".into() }, None, 20);
        assert_eq!(course.phase(None, 20), Phase::Connecting, "the room is there");
        course.take_status(&connected(), Some(30), 30);
        assert_eq!(course.phase(Some(31), 32), Phase::Live { since_ms: 30, last_message_ms: 31 }, "in the room");
        course.take(&[committed(1, Body::Connect(Connect { unique_id: "luna".into(), ..Connect::default() }))], 33);
        assert_eq!((course.session, course.creator.as_deref()), (Some(SESSION), Some("luna")), "the session is known");
        course.take(&[committed(2, Body::LivePause(Empty {}))], 40);
        assert_eq!(course.phase(Some(40), 41), Phase::PausedByCreator { since_ms: 33, paused_ms: 40 }, "paused");
        course.take(&[committed(3, Body::LiveResume(Empty {}))], 50);
        assert_eq!(course.phase(Some(50), 51), Phase::Live { since_ms: 33, last_message_ms: 50 }, "on again");
        course.take(&[committed(4, Body::LiveEnd(LiveEnd::default()))], 60);
        assert_eq!(course.phase(Some(60), 70), Phase::Ended { since_ms: 33, ended_ms: 60 }, "over, whatever follows");
    }

    #[test]
    fn a_break_counts_from_the_last_thing_that_was_heard_through_all_its_tries() {
        let mut course = Course::of_a_room();
        course.take_status(&connected(), Some(100), 100);
        course.take_status(&broken(1), Some(400), 1_000);
        course.take_status(&broken(2), Some(400), 5_000);
        let expected = Phase::Reconnecting { lost_ms: 400, retry_ms: 7_000, attempt: 2, cause: "cut".to_owned() };
        assert_eq!(course.phase(Some(400), 5_001), expected, "one break, two tries");
        course.take_status(&connected(), Some(6_000), 6_000);
        assert_eq!(course.phase(Some(6_000), 6_000), Phase::Live { since_ms: 100, last_message_ms: 6_000 }, "back");
    }

    #[test]
    fn the_way_is_told_for_as_long_as_it_leads_in() {
        let mut course = Course::of_a_room();
        assert_eq!(course.way(), None, "nobody is in yet");
        let by_page =
            SourceStatus::Connected { user: "luna".into(), room_id: Default::default(), way: Some(Way::Page) };
        course.take_status(&by_page, Some(100), 100);
        assert_eq!(course.way(), Some(Way::Page), "in, by the page");
        course.take_status(&broken(1), Some(400), 1_000);
        assert_eq!(course.way(), None, "the next may be another one");
    }

    #[test]
    fn a_captcha_is_shown_until_it_is_solved_and_the_break_goes_on_where_it_is_not() {
        let mut course = Course::of_a_room();
        course.take_status(&connected(), Some(100), 100);
        course.take_status(&SourceStatus::AskingPerson { user: "luna".into() }, Some(100), 200);
        assert_eq!(course.phase(Some(100), 200), Phase::Captcha { is_shown: true }, "the page is there");
        course.take_status(&broken(1), Some(100), 300);
        let expected = Phase::Reconnecting { lost_ms: 100, retry_ms: 2_300, attempt: 1, cause: "cut".to_owned() };
        assert_eq!(course.phase(Some(100), 300), expected, "it was closed, and the break is as long as it is");
        course.take_status(&SourceStatus::Connecting { user: "luna".into() }, Some(100), 400);
        assert_eq!(course.phase(Some(100), 400), Phase::Connecting, "it was solved");
    }

    #[test]
    fn a_session_that_goes_on_keeps_its_start_and_its_sums() {
        let mut course = Course::of_a_room();
        let batch = [committed(8, Body::ViewerCount(ViewerCount { viewers: 312, ..ViewerCount::default() }))];
        assert_eq!(course.takes_up(&batch), Some(SESSION), "its first events are in the journal alone");
        course.take_up(StoredSession {
            id: SESSION,
            name: None,
            creator: "luna".to_owned(),
            room_id: String::new(),
            source: "tiktok".to_owned(),
            started_ms: 5,
            ended_ms: None,
            last_event_ms: 90,
            last_number: 8,
            totals: SessionTotals { diamonds: 99, ..SessionTotals::default() },
        });
        course.take_status(&connected(), Some(100), 100);
        course.take(&batch, 100);
        assert_eq!(course.totals(), Totals { viewers: 312, diamonds: 99, ..Totals::default() }, "nothing counts twice");
        assert_eq!(course.phase(Some(100), 100), Phase::Live { since_ms: 5, last_message_ms: 100 }, "since it began");
    }
}
