//! Being in a room, whatever carries its messages: who is told that we are in, and what is noted of what comes.

use std::time::Duration;

use compact_str::CompactString;
use cuelight_core::attempt::{Attempt, AttemptAnswer, AttemptStep};
use cuelight_core::event::{Body, Connect, Disconnect, Event, EventType, Gap};
use cuelight_core::timestamp::Timestamp;
use cuelight_core::way::Way;
use tokio::time::Instant;

use super::families::Families;
use super::means::LastSeen;
use super::room::Room;
use super::story::timed;
use crate::source::{Batch, Closed, EventSender, SourceError, SourceStatus};

/// What outlives a single connection, and a change of the way.
#[derive(Debug, Clone, Default)]
pub(super) struct Presence {
    /// We are in the room: `connect` was sent, `disconnect` was not.
    pub(super) is_in: bool,
    /// When the last frame arrived while we were in, ms since 1970; `None` if we never were.
    pub(super) last_seen_ms: Option<i64>,
    /// How often we came in.
    pub(super) arrivals: u32,
    /// How long after we came in the live was heard, in the visit that came in last: to its last message, however long the
    /// connection was open beyond that.
    pub(super) heard_for: Duration,
    /// The room that we were in last, where its number is known.
    pub(super) room: Option<Room>,
    /// The way by which we came in last.
    pub(super) way: Option<Way>,
    /// Where an earlier run was until a short time ago.
    pub(super) before: Option<LastSeen>,
}

impl Presence {
    /// Says that we are no longer in, if anybody heard that we were.
    ///
    /// # Errors
    /// [`Closed`] when the journal takes nothing more.
    pub(super) async fn end(&mut self, out: &EventSender, reason: &str) -> Result<(), Closed> {
        if !self.is_in {
            return Ok(());
        }
        self.is_in = false;
        say(out, Body::Disconnect(Disconnect { reason: reason.to_owned() })).await
    }

    /// Since when nobody of ours has been in that room, ms since 1970; `None` if nobody ever was.
    fn away_since_ms(&self, room: &Room) -> Option<i64> {
        let earlier_run = || self.before.as_ref().filter(|before| before.room_id == room.id()).map(|it| it.at_ms);
        self.last_seen_ms.or_else(earlier_run)
    }
}

/// How a visit ended.
#[derive(Debug)]
pub(super) enum Parting {
    /// The live is over; everything up to its end was handed on.
    LiveEnded,
    /// We were told to stop.
    Stopped,
    /// The connection ended and the live may go on.
    Broken {
        /// What ended it.
        cause: String,
        /// The far side closed it in order.
        in_order: bool,
    },
    /// It came to nothing, and trying the same again would, too.
    Vain(SourceError),
}

/// Why a visit cannot go on.
pub(super) enum Interruption {
    /// It is over.
    Parting(Parting),
    /// The journal takes nothing more.
    Closed(Closed),
}

impl Interruption {
    /// The connection ended without order.
    pub(super) fn broken(cause: String) -> Self {
        Self::Parting(Parting::Broken { cause, in_order: false })
    }
}

impl From<Closed> for Interruption {
    fn from(closed: Closed) -> Self {
        Self::Closed(closed)
    }
}

/// One visit to a room.
pub(super) struct Attendance<'a> {
    /// The room.
    pub(super) room: Room,
    /// Where everything goes.
    pub(super) out: &'a EventSender,
    /// What outlives the visit.
    pub(super) presence: &'a mut Presence,
    way: Way,
    place: String,
    began: Instant,
    /// When we came in, if we did.
    came_in: Option<Instant>,
    families: Families,
}

impl<'a> Attendance<'a> {
    /// A visit that begins now, by that way and at that host; nobody is told of it yet.
    pub(super) fn new(room: Room, way: Way, place: &str, out: &'a EventSender, presence: &'a mut Presence) -> Self {
        let families = Families::from(out.clock().now_ms());
        Self { room, out, presence, way, place: place.to_owned(), began: Instant::now(), came_in: None, families }
    }

    /// Whether we came in, and may be out again.
    pub(super) fn came_in(&self) -> bool {
        self.came_in.is_some()
    }

    /// What tells everybody that we are in, and since when we were not.
    pub(super) fn arrival(&self, now_ms: i64) -> Batch {
        let now = Timestamp::from_ms(now_ms);
        let away_since = self.presence.away_since_ms(&self.room).map(Timestamp::from_ms);
        let gap = away_since.map(|away_since| Body::Gap(Gap::between(away_since, now)));
        let connect = Connect { unique_id: self.room.unique_id.clone(), room_id: self.room.id() };
        let bodies = gap.into_iter().chain([Body::Connect(connect)]);
        let events = bodies.map(|body| Event::own(body, now)).collect();
        let attempts = vec![self.attempt(AttemptStep::EnterRoom, AttemptAnswer::InRoom, now_ms)];
        Batch { events, attempts, received_ms: now_ms, ..Batch::default() }
    }

    /// What came of this visit by now, which is given in ms since 1970.
    fn attempt(&self, step: AttemptStep, answer: AttemptAnswer, now_ms: i64) -> Attempt {
        let attempt = Attempt::new(self.room.unique_id.clone(), Some(self.way), step, answer);
        timed(attempt, &self.place, self.began, now_ms)
    }

    /// Notes that this was handed on.
    pub(super) fn has_arrived(&mut self, now_ms: i64) {
        if self.came_in.is_none() {
            self.came_in = Some(Instant::now());
            self.presence.heard_for = Duration::ZERO;
        }
        self.presence.is_in = true;
        self.presence.last_seen_ms = Some(now_ms);
        self.presence.arrivals += 1;
        self.presence.way = Some(self.way);
        if self.room.is_known() {
            self.presence.room = Some(self.room.clone());
        }
        let user = CompactString::clone(&self.room.unique_id);
        self.out.report(SourceStatus::Connected { user, room_id: self.room.id(), way: Some(self.way) });
    }

    /// Notes what came at that moment, ms since 1970, and adds to it what that says about the connection.
    pub(super) fn note(&mut self, batch: &mut Batch, now_ms: i64) {
        if self.presence.is_in {
            self.presence.last_seen_ms = Some(now_ms);
            // Echoes of heartbeats come from rooms that nobody is let into, too.
            if let Some(came_in) = self.came_in.filter(|_| !batch.events.is_empty()) {
                self.presence.heard_for = came_in.elapsed();
            }
        }
        if self.families.take(&batch.events, now_ms) {
            let (user, way) = (&self.room.unique_id, self.way);
            tracing::warn!(
                %user, %way,
                "joins and viewer counts come and comments never do: TikTok filters what guests see of big rooms; \
                 logging in or another way may help"
            );
            let missing = AttemptAnswer::FamilyMissing { family: EventType::Comment };
            batch.attempts.push(self.attempt(AttemptStep::Stay, missing, now_ms));
        }
    }
}

/// Hands on an event of our own.
///
/// # Errors
/// [`Closed`] when the journal takes nothing more.
pub(super) async fn say(out: &EventSender, body: Body) -> Result<(), Closed> {
    let now_ms = out.clock().now_ms();
    let events = vec![Event::own(body, Timestamp::from_ms(now_ms))];
    // Nobody waits for an ack of our own words; the journal commits them before it ends.
    out.send(Batch { events, received_ms: now_ms, ..Batch::default() }).await.map(drop)
}

/// Whether the live is over with these.
pub(super) fn ends_the_live(batch: &Batch) -> bool {
    batch.events.iter().any(|event| matches!(event.body, Body::LiveEnd(_)) && !event.stamp.history)
}

#[cfg(test)]
mod tests {
    use cuelight_core::event::ByUser;
    use cuelight_core::id::RoomId;
    use tokio::sync::{mpsc, watch};

    use super::*;
    use crate::clock::Clock;

    #[track_caller]
    fn check(presence: &Presence, expected_gap_s: Option<f64>) {
        let (inbox, _deliveries) = mpsc::channel(1);
        let out = EventSender::new(inbox, watch::Sender::new(SourceStatus::Idle), Clock::manual(0));
        let room = Room { number: 7_000, unique_id: "luna".into() };
        let mut presence = presence.clone();
        let batch = Attendance::new(room, Way::Direct, "webcast-ws.tiktok.com", &out, &mut presence).arrival(60_000);
        let gap_s = batch.events.iter().find_map(|event| match &event.body {
            Body::Gap(gap) => Some(gap.seconds),
            _ => None,
        });
        assert_eq!(gap_s, expected_gap_s, "{presence:?}");
        let last = batch.events.last().map(Event::event_type);
        assert_eq!(last, Some(EventType::Connect), "the gap is told before we are in again");
    }

    #[test]
    fn a_gap_counts_from_whoever_of_ours_was_in_that_room_last() {
        let before = |room: &str, at_ms| Some(LastSeen { room_id: RoomId::new(room), at_ms });
        let first = Presence::default();
        check(&first, None);
        check(&Presence { last_seen_ms: Some(50_000), ..first.clone() }, Some(10.0));
        check(&Presence { before: before("7000", 20_000), ..first.clone() }, Some(40.0));
        check(&Presence { before: before("6999", 20_000), ..first.clone() }, None);
        check(&Presence { last_seen_ms: Some(50_000), before: before("7000", 20_000), ..first }, Some(10.0));
    }

    #[test]
    fn comments_that_never_come_are_part_of_the_story() {
        let (inbox, _deliveries) = mpsc::channel(1);
        let clock = Clock::manual(0);
        let out = EventSender::new(inbox, watch::Sender::new(SourceStatus::Idle), clock.clone());
        let room = Room { number: 7_000, unique_id: "luna".into() };
        let mut presence = Presence::default();
        let mut attendance = Attendance::new(room, Way::Direct, "webcast-ws.tiktok.com", &out, &mut presence);
        let join = || Event::own(Body::Join(ByUser::default()), Timestamp::default());
        let mut note = |at_ms| {
            let mut batch = Batch { events: (0..30).map(|_| join()).collect(), ..Batch::default() };
            attendance.note(&mut batch, at_ms);
            batch.attempts
        };
        assert!(note(60_000).is_empty(), "a chat may be silent for a minute");
        let told = note(600_000);
        let missing = AttemptAnswer::FamilyMissing { family: EventType::Comment };
        assert_eq!(
            told.iter().map(|attempt| attempt.answer).collect::<Vec<_>>(),
            [missing],
            "it is told, and what is missing"
        );
        assert!(note(1_200_000).is_empty(), "once");
    }
}
