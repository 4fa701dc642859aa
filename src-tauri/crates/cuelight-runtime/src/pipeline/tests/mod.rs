//! What the lane promises between a source and the journal.

mod deciding;

use std::time::Duration;

use cuelight_core::attempt::{Attempt, AttemptAnswer, AttemptStep};
use cuelight_core::event::{Body, ByUser, Comment, Connect, Event, Gift, GiftDetails, Like, ViewerCount};
use cuelight_core::id::{GroupId, MsgId, RoomId, SessionId, UserId};
use cuelight_core::limits;
use cuelight_core::reason::Reason;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::user::User;
use cuelight_core::way::Way;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::disk::DiskHealth;
use crate::locks::EngineLock;
use crate::paths::DataFolder;
use crate::source::{Batch, EventSender, Receipt, SourceStatus};
use crate::store::{self, Store};

/// Noon of a day, from which the tests count.
const NOON_MS: i64 = 1_768_219_200_000;

/// A data folder with a lane that can be started in it again and again.
struct Home {
    store: Store,
    clock: Clock,
    feed: Feed,
    _lock: EngineLock,
    _place: TempDir,
}

/// A running lane and the source's end of it.
struct Running {
    sender: EventSender,
    session_over: CancellationToken,
    lane: tokio::task::JoinHandle<Result<LaneEnd, StoreError>>,
}

impl Home {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let lock = EngineLock::take(&folder).expect("nobody else is here");
        let clock = Clock::manual(NOON_MS);
        let (store, _) = store::open(&folder, &clock, &lock).expect("it opens");
        Self { store, clock, feed: Feed::default(), _lock: lock, _place: place }
    }

    /// A lane that only journals.
    fn start(&self, is_live: bool) -> Running {
        self.start_with(is_live, None)
    }

    fn start_with(&self, is_live: bool, deciding: Option<Deciding>) -> Running {
        let (inbox, deliveries) = mpsc::channel(limits::INBOX_BATCHES);
        let (health, _) = watch::channel(DiskHealth::Writing);
        let journal = self.store.journal().expect("the journal opens");
        let session_over = CancellationToken::new();
        let place = journal.place().display().to_string();
        let lane = Lane {
            journal,
            reader: self.store.reader().expect("the journal can be read"),
            inbox: deliveries,
            session_over: session_over.clone(),
            feed: self.feed.clone(),
            behind_ms: Arc::default(),
            disk: DiskWatch { health, give_up: CancellationToken::new(), place },
            clock: self.clock.clone(),
            deciding,
            request: LaneRequest { source: "test".into(), session_name: None, is_live, settings: Settings::default() },
        };
        let sender = EventSender::new(inbox, watch::channel(SourceStatus::Idle).0, self.clock.clone());
        Running { sender, session_over, lane: tokio::spawn(run(lane)) }
    }

    fn types(&self, session: u32) -> Vec<String> {
        let reader = self.store.reader().expect("the journal can be read");
        let events = reader.events_after(SessionId(session), 0, 1_000).expect("events");
        events.into_iter().map(|it| it.event_type.to_string()).collect()
    }
}

impl Running {
    async fn send(&self, events: Vec<Event>, received_ms: i64) -> Receipt {
        let batch = Batch { events, received_ms, ..Batch::default() };
        self.sender.send(batch).await.expect("the lane runs")
    }

    async fn send_and_wait(&self, events: Vec<Event>, received_ms: i64) {
        self.send(events, received_ms).await.committed().await.expect("it is committed");
    }

    /// The source ends as it should.
    async fn end(self) -> LaneEnd {
        self.session_over.cancel();
        self.break_off().await
    }

    /// The source is gone without a word, as in a crash or when it gives up.
    async fn break_off(self) -> LaneEnd {
        drop(self.sender);
        self.lane.await.expect("the lane does not panic").expect("the journal was written")
    }
}

fn event(number: u64, body: Body) -> Event {
    let mut event = Event::own(body, Timestamp::from_ms(NOON_MS));
    event.stamp.msg_id = MsgId::from_number(number);
    event
}

fn connect() -> Event {
    let connect = Connect { unique_id: "luna.plays".into(), room_id: RoomId::new("71") };
    Event::own(Body::Connect(connect), Timestamp::from_ms(NOON_MS))
}

fn mia() -> User {
    User { unique_id: "mia".into(), user_id: UserId::new("5"), ..User::default() }
}

fn comment(number: u64) -> Event {
    event(number, Body::Comment(Comment { user: mia(), ..Comment::default() }))
}

fn roses(number: u64, count: u32, streaking: bool) -> Event {
    let gift = GiftDetails {
        id: 5655,
        diamond_count: Some(1),
        streakable: true,
        gift_type: Some(1),
        ..GiftDetails::default()
    };
    let group_id = Some(GroupId::new("9"));
    event(
        number,
        Body::Gift(Box::new(Gift { user: mia(), gift, repeat_count: count, streaking, group_id, ..Gift::default() })),
    )
}

#[tokio::test]
async fn a_receipt_comes_when_the_event_can_be_read_by_others() {
    let home = Home::new();
    let running = home.start(true);
    running.send_and_wait(vec![connect(), comment(1)], NOON_MS).await;
    assert_eq!(home.types(1), ["connect", "comment"], "committed means that another connection sees it");
    running.end().await;
}

#[tokio::test]
async fn a_live_that_is_late_sheds_joins_then_likes_then_counts_and_says_how_many() {
    let check = |late_ms: i64, left: &'static [&'static str]| async move {
        let home = Home::new();
        let running = home.start(true);
        running.send_and_wait(vec![connect()], NOON_MS).await;
        home.clock.set_ms(NOON_MS + late_ms);
        let crowd = vec![
            event(1, Body::Join(ByUser { user: mia() })),
            event(2, Body::Like(Like { user: mia(), ..Like::default() })),
            event(3, Body::ViewerCount(ViewerCount::default())),
            comment(4),
            event(5, Body::Follow(ByUser { user: mia() })),
            roses(6, 1, false),
        ];
        let sent = crowd.len() + 1;
        running.send_and_wait(crowd, NOON_MS).await;
        let end = running.end().await;
        assert_eq!(home.types(1), left, "{late_ms} ms late");
        let sheds = home.store.reader().expect("readable").sheds(SessionId(1)).expect("sheds");
        let counted: u64 = sheds
            .iter()
            .map(|shed| match shed.reason {
                Reason::Shed { joins, likes, viewer_counts, .. } => joins + likes + viewer_counts,
                _ => 0,
            })
            .sum();
        assert_eq!(counted as usize + left.len(), sent, "every message is in the journal or counted as shed");
        assert_eq!(end.totals.shed, counted, "and the sums say so too");
    };
    check(2_000, &["connect", "join", "like", "viewer_count", "comment", "follow", "gift"]).await;
    check(2_001, &["connect", "like", "viewer_count", "comment", "follow", "gift"]).await;
    check(4_001, &["connect", "viewer_count", "comment", "follow", "gift"]).await;
    check(60_000, &["connect", "comment", "follow", "gift"]).await;
}

#[tokio::test]
async fn a_recording_is_never_shed_however_old_it_is() {
    let home = Home::new();
    let running = home.start(false);
    let join = event(1, Body::Join(ByUser { user: mia() }));
    running.send_and_wait(vec![connect(), join], NOON_MS - 86_400_000).await;
    running.end().await;
    assert_eq!(home.types(1), ["connect", "join"], "a recording waits for us, not we for it");
}

#[tokio::test]
async fn a_combo_goes_on_over_a_restart_and_nothing_counts_twice() {
    let home = Home::new();
    let running = home.start(true);
    running.send_and_wait(vec![connect(), comment(1), roses(2, 3, true)], NOON_MS).await;
    running.break_off().await;

    let running = home.start(true);
    running.send_and_wait(vec![connect(), comment(1), roses(2, 3, true)], NOON_MS + 2_000).await;
    running.send_and_wait(vec![roses(3, 5, false)], NOON_MS + 3_000).await;
    let end = running.end().await;
    assert_eq!(end.session, Some(SessionId(1)), "the same live in the same room is the same session");
    assert_eq!(end.totals.gift_units, 5, "three and two are five");
    assert_eq!(end.totals.duplicates, 2, "what came again was dropped and counted");
    assert_eq!(home.types(1), ["connect", "comment", "gift", "connect", "gift"], "and stands there once");
    let giver = home.store.reader().expect("readable").top_givers(SessionId(1), 1).expect("givers").remove(0);
    assert_eq!((giver.gift_units, giver.diamonds), (5, 5), "the viewer's sums hold what came before the break, too");
}

#[tokio::test]
async fn a_combo_whose_end_never_comes_is_ended_by_its_silence() {
    let home = Home::new();
    let running = home.start(true);
    running.send_and_wait(vec![connect(), roses(1, 4, true)], NOON_MS).await;
    let wait = running.send(vec![comment(2)], NOON_MS + 16_000).await;
    wait.committed().await.expect("committed");
    let reader = home.store.reader().expect("readable");
    let events = reader.events_after(SessionId(1), 0, 10).expect("events");
    let end = events[2].to_event().expect("it reads back");
    let Body::Gift(gift) = &end.body else { panic!("the combo ends before the comment, not {end:?}") };
    assert!(gift.inferred_end && !gift.streaking, "nobody sent an end, so it was inferred");
    assert_eq!((gift.repeat_count, gift.delta_count), (4, Some(0)), "with the count that was seen");
    running.end().await;
}

#[tokio::test]
async fn a_session_that_ended_is_closed_and_one_that_broke_off_stays_open() {
    let home = Home::new();
    let running = home.start(true);
    running.send_and_wait(vec![connect()], NOON_MS).await;
    running.break_off().await;
    let ended_ms = |home: &Home| home.store.reader().expect("readable").sessions().expect("sessions")[0].ended_ms;
    assert_eq!(ended_ms(&home), None, "it may go on");
    let running = home.start(true);
    running.send_and_wait(vec![connect()], NOON_MS + 1_000).await;
    running.end().await;
    assert!(ended_ms(&home).is_some(), "the streamer ended it");
}

#[tokio::test]
async fn what_is_tried_while_the_connection_is_broken_does_not_make_the_gap_look_shorter() {
    let home = Home::new();
    let running = home.start(true);
    running.send_and_wait(vec![connect(), roses(1, 4, true)], NOON_MS).await;
    home.clock.set_ms(NOON_MS + 60_000);
    let attempt =
        Attempt::new("luna.plays".into(), Some(Way::Direct), AttemptStep::Upgrade, AttemptAnswer::Unreachable);
    running.sender.tell(attempt).expect("the lane runs");
    running.break_off().await;
    let reader = home.store.reader().expect("readable");
    let cut_off = reader.cut_off("luna.plays", NOON_MS + 61_000).expect("readable");
    assert_eq!(cut_off, Some(("71".to_owned(), NOON_MS)), "the live was heard last before the break");
    assert_eq!(reader.attempts(10).expect("readable").len(), 1, "and what was tried is in the story");
}

#[tokio::test]
async fn watchers_that_fall_behind_or_come_late_miss_nothing() {
    let home = Home::new();
    let running = home.start(true);
    running.send_and_wait(vec![connect()], NOON_MS).await;
    let feed = Feed::default();
    let mut watcher = feed.subscribe(&home.store).expect("watching");
    let total = limits::FEED_BATCHES as u64 * 3;
    for number in 1..=total {
        running.send_and_wait(vec![comment(number)], NOON_MS).await;
        let id = cuelight_core::id::EventId { session: SessionId(1), number: number as u32 + 1 };
        feed.publish(vec![crate::feed::Committed { id, event: comment(number) }]);
    }
    let mut late = watcher.another(&home.store).expect("watching");
    drop(feed);
    let expected: Vec<u32> = (2..=total as u32 + 1).collect();
    for (which, watcher) in [("slow", &mut watcher), ("late", &mut late)] {
        let mut seen = Vec::new();
        while let Some(batch) = watcher.next().await.expect("readable") {
            seen.extend(batch.iter().map(|it| it.id.number));
        }
        assert_eq!(seen, expected, "{which}: the ring held only {} of {total} batches", limits::FEED_BATCHES);
    }
    running.end().await;
}

#[tokio::test]
async fn events_before_connect_are_left_out_but_answered() {
    let home = Home::new();
    let running = home.start(true);
    running.send_and_wait(vec![comment(1)], NOON_MS).await;
    let end = tokio::time::timeout(Duration::from_secs(10), running.end()).await.expect("it ends");
    assert_eq!(end.session, None, "no room, no session");
}

#[tokio::test]
async fn a_recording_that_broke_off_begins_anew_and_doubles_nothing() {
    let home = Home::new();
    let running = home.start(false);
    running.send_and_wait(vec![connect(), comment(1)], NOON_MS).await;
    running.break_off().await;
    let running = home.start(false);
    running.send_and_wait(vec![connect(), comment(1), comment(2)], NOON_MS).await;
    let end = running.end().await;
    assert_eq!(end.session, Some(SessionId(2)), "it plays from its beginning again, so it is another session");
    assert_eq!(home.types(1), ["connect", "comment"], "what the first try gave stays as it was");
    assert_eq!(home.types(2), ["connect", "comment", "comment"], "and the second is whole");
}

#[tokio::test]
async fn repetitions_at_the_very_end_are_counted_too() {
    let home = Home::new();
    let running = home.start(true);
    running.send_and_wait(vec![connect(), comment(1)], NOON_MS).await;
    running.send_and_wait(vec![comment(1)], NOON_MS).await;
    running.end().await;
    let session = home.store.reader().expect("readable").session(SessionId(1)).expect("readable").expect("kept");
    assert_eq!(session.totals.duplicates, 1, "the stored sums are those of the whole session");
}
