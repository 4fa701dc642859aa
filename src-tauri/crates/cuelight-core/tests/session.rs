//! What a session makes of its source's events.

use cuelight_core::event::{Body, Comment, Event, Gift, GiftDetails, Like, LiveEnd, Stamp, Unknown};
use cuelight_core::gift_catalogue::{GiftCatalogue, KnownGift};
use cuelight_core::id::{GroupId, MsgId, UserId};
use cuelight_core::limits::COMBO_IDLE_MS;
use cuelight_core::session::{SessionOptions, SessionState};
use cuelight_core::timestamp::Timestamp;
use cuelight_core::user::User;

const NOON_MS: i64 = 1_768_219_200_000;

struct Live {
    session: SessionState,
    catalogue: GiftCatalogue,
    now_ms: i64,
    msg_id: u64,
}

impl Live {
    fn new() -> Self {
        let rose = KnownGift {
            id: 5655,
            name: Some("Rose".into()),
            diamond_count: Some(1),
            gift_type: Some(1),
            ..KnownGift::default()
        };
        Self {
            session: SessionState::new(SessionOptions::default()),
            catalogue: GiftCatalogue::new([rose]),
            now_ms: NOON_MS,
            msg_id: 7_000,
        }
    }

    fn accept(&mut self, body: Body) -> Vec<Event> {
        self.msg_id += 1;
        let stamp = Stamp {
            msg_id: MsgId::from_number(self.msg_id),
            timestamp: Timestamp::from_ms(self.now_ms),
            ..Stamp::default()
        };
        self.accept_event(Event { body, stamp })
    }

    fn accept_event(&mut self, event: Event) -> Vec<Event> {
        let mut out = Vec::new();
        self.session.accept(event, self.now_ms, &mut self.catalogue, &mut out);
        out
    }
}

fn mia() -> User {
    User { user_id: UserId::new("1001"), unique_id: "mia".into(), ..User::default() }
}

fn rose(group: &str, count: u32, streaking: bool) -> Body {
    Body::Gift(Box::new(Gift {
        user: mia(),
        gift: GiftDetails { id: 5655, ..GiftDetails::default() },
        repeat_count: count,
        streaking,
        group_id: Some(GroupId::new(group)),
        ..Gift::default()
    }))
}

fn like(total_likes: u64) -> Body {
    Body::Like(Like { user: mia(), count: 5, total_likes, streak_count: None })
}

fn only_gift(events: &[Event]) -> &Gift {
    match events {
        [Event { body: Body::Gift(gift), .. }] => gift,
        other => panic!("one gift was expected, not {other:?}"),
    }
}

#[test]
fn a_gift_is_completed_counted_and_added_up() {
    let mut live = Live::new();
    let told = live.accept(rose("9", 3, true));
    let gift = only_gift(&told);
    assert_eq!(gift.gift.name.as_deref(), Some("Rose"), "the catalogue knows it");
    assert_eq!((gift.delta_count, gift.delta_diamonds, gift.total_count), (Some(3), Some(3), Some(3)), "three so far");
    let told = live.accept(rose("9", 5, false));
    assert_eq!(only_gift(&told).total_count, Some(5), "this one included");
    let told = live.accept(rose("10", 2, false));
    assert_eq!(only_gift(&told).total_count, Some(7), "over all combos of this viewer");

    let totals = live.session.totals();
    assert_eq!((totals.gift_units, totals.diamonds, totals.counted()), (7, 7, 2), "two gifts of seven units");
    let viewers = live.session.changed_viewers();
    assert_eq!((viewers[0].gift_units, viewers[0].diamonds), (7, 7), "and they are mia's");
}

#[test]
fn a_repeated_message_and_a_repeated_end_are_counted_as_duplicates() {
    let mut live = Live::new();
    let told = live.accept(rose("9", 1, false));
    assert!(live.accept_event(told[0].clone()).is_empty(), "the same message again");
    assert!(live.accept(rose("9", 1, false)).is_empty(), "the same end under a number of its own");
    assert_eq!(live.session.totals().duplicates, 2, "both are counted");
    assert_eq!(live.session.totals().gift_units, 1, "and neither is a gift");
}

#[test]
fn history_is_told_once_and_changes_nothing() {
    let mut live = Live::new();
    let past = |body, msg_id| Event {
        body,
        stamp: Stamp { msg_id: Some(MsgId::new(msg_id)), history: true, ..Stamp::default() },
    };
    let comment = past(Body::Comment(Comment { user: mia(), ..Comment::default() }), "1");
    assert_eq!(live.accept_event(comment.clone()).first(), Some(&comment), "shown and stored");
    assert!(live.accept_event(comment).is_empty(), "TikTok replays it after each reconnect");
    live.accept_event(past(rose("9", 50, true), "2"));
    live.accept_event(past(like(1_000), "3"));
    let totals = live.session.totals();
    assert_eq!(
        (totals.counted(), totals.gift_units, totals.likes, totals.journaled),
        (0, 0, 0, 3),
        "it counts for nothing"
    );
    assert!(live.session.changed_viewers().is_empty(), "it is no activity in this session");
    assert_eq!(live.session.next_wake_ms(), None, "it opens no combo");
    let told = live.accept(like(10));
    assert!(matches!(&told[0].body, Body::Like(like) if like.total_likes == 10), "and moves no total");
}

#[test]
fn like_totals_only_grow_and_streaks_add_up() {
    let mut live = Live::new();
    let mut seen = Vec::new();
    for total in [100, 90, 0, 105] {
        live.now_ms += 1_000;
        let told = live.accept(like(total));
        let Body::Like(like) = &told[0].body else { panic!("a like") };
        seen.push((like.total_likes, like.streak_count));
    }
    assert_eq!(
        seen,
        [(100, Some(5)), (100, Some(10)), (100, Some(15)), (105, Some(20))],
        "a lower total is an old one"
    );
    assert_eq!(live.session.totals().likes, 105, "the highest");
}

#[test]
fn open_combos_end_before_the_live_does() {
    let mut live = Live::new();
    live.accept(rose("9", 3, true));
    let told = live.accept(Body::LiveEnd(LiveEnd::default()));
    let [gift, Event { body: Body::LiveEnd(_), .. }] = &told[..] else { panic!("an end of each, not {told:?}") };
    let gift = only_gift(std::slice::from_ref(gift));
    let counts = (gift.inferred_end, gift.streaking, gift.repeat_count, gift.total_count);
    assert_eq!(counts, (true, false, 3, Some(3)), "the gift ends as it was last seen");
    assert_eq!(live.session.totals().counted(), 2, "the gift counts now, and so does the end");
}

#[test]
fn a_stop_ends_open_combos_once() {
    let mut live = Live::new();
    live.accept(rose("9", 3, true));
    let mut out = Vec::new();
    live.session.finish(NOON_MS, &mut out);
    live.session.finish(NOON_MS, &mut out);
    assert!(only_gift(&out).inferred_end, "no end message came");
}

#[test]
fn silence_ends_a_combo_before_the_next_event_is_told() {
    let mut live = Live::new();
    live.accept(rose("9", 3, true));
    assert_eq!(live.session.next_wake_ms(), Some(NOON_MS + COMBO_IDLE_MS), "then somebody should look");
    live.now_ms += 2 * COMBO_IDLE_MS;
    let told = live.accept(like(1));
    assert_eq!(told.len(), 2, "nobody looked, so the end comes with the next event");
    assert_eq!(told[0].stamp.timestamp, Timestamp::from_ms(NOON_MS + COMBO_IDLE_MS), "dated to when it was due");
}

#[test]
fn unknown_messages_are_counted_by_their_name() {
    let mut live = Live::new();
    for _ in 0..2 {
        let unknown = Unknown { method: "WebcastNew".into(), size: 4 };
        assert_eq!(live.accept(Body::Unknown(unknown)).len(), 1, "seen, counted, never fatal");
    }
    assert_eq!(live.session.totals().unknown_by_method["WebcastNew"], 2, "so that it can be seen what is missing");
}

#[test]
fn garbled_counts_do_not_stop_the_session() {
    let mut live = Live::new();
    for group in ["9", "10", "11"] {
        let Body::Gift(mut gift) = rose(group, u32::MAX, false) else { panic!("a gift") };
        gift.gift.diamond_count = Some(u32::MAX);
        assert_eq!(live.accept(Body::Gift(gift)).len(), 1, "told as said");
    }
    assert_eq!(live.session.totals().diamonds, u64::MAX, "the sum stops where it can no longer be written");
}
