//! Promises of a session that hold for whatever a source sends, checked against the simplest model.

use std::collections::BTreeMap;

use cuelight_core::combo::{Combo, ComboKey};
use cuelight_core::event::{Body, Comment, Event, Gift, GiftDetails, Like, Stamp, Unknown};
use cuelight_core::gift_catalogue::GiftCatalogue;
use cuelight_core::id::{GroupId, MsgId, UserId};
use cuelight_core::limits::{COMBO_IDLE_MS, COMBO_REPEATED_END_MS};
use cuelight_core::session::{RecentMessage, RestoredSession, SessionOptions, SessionState};
use cuelight_core::timestamp::Timestamp;
use cuelight_core::totals::SessionTotals;
use cuelight_core::user::User;
use cuelight_core::viewer::ViewerFacts;
use proptest::prelude::*;

const NOON_MS: i64 = 1_768_219_200_000;

fn viewer(number: u8) -> User {
    User {
        user_id: UserId::new(format!("100{number}")),
        unique_id: format!("viewer{number}").into(),
        ..User::default()
    }
}

fn gift(by: u8, gift_id: i64, group: Option<u64>, count: u32, streaking: bool) -> Body {
    Body::Gift(Box::new(Gift {
        user: viewer(by),
        gift: GiftDetails {
            id: gift_id,
            diamond_count: Some(gift_id as u32),
            gift_type: Some(1),
            ..GiftDetails::default()
        },
        repeat_count: count,
        streaking,
        group_id: group.and_then(GroupId::from_number),
        ..Gift::default()
    }))
}

fn message(body: Body, msg_id: u64, created_ms: i64) -> Event {
    let stamp =
        Stamp { msg_id: MsgId::from_number(msg_id), timestamp: Timestamp::from_ms(created_ms), ..Stamp::default() };
    Event { body, stamp }
}

/// What a message of one of a few combos says: who, which gift, which number, count, goes on.
type ComboMessage = (u8, i64, u64, u32, bool);

fn combo_message() -> impl Strategy<Value = ComboMessage> {
    (0..3_u8, 1..3_i64, 1..4_u64, 0..40_u32, prop::bool::weighted(0.7))
}

#[derive(Debug, Clone)]
enum Input {
    Gift {
        by: u8,
        gift_id: i64,
        group: Option<u64>,
        count: u32,
        streaking: bool,
    },
    Like {
        by: u8,
        total: u64,
    },
    Comment {
        by: u8,
    },
    Unknown,
    /// A message that came before comes again.
    Again(usize),
    Silence,
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        6 => (0..3_u8, 1..3_i64, prop::option::weighted(0.7, 1..4_u64), 0..40_u32, prop::bool::weighted(0.7))
            .prop_map(|(by, gift_id, group, count, streaking)| Input::Gift { by, gift_id, group, count, streaking }),
        2 => (0..3_u8, any::<u64>()).prop_map(|(by, total)| Input::Like { by, total }),
        1 => (0..3_u8).prop_map(|by| Input::Comment { by }),
        1 => Just(Input::Unknown),
        2 => any::<usize>().prop_map(Input::Again),
        1 => Just(Input::Silence),
    ]
}

/// The inputs as messages and when each arrives; `None` is a tick.
fn messages(inputs: &[(Input, i64)]) -> Vec<(Option<Event>, i64)> {
    let mut now_ms = NOON_MS;
    let mut messages: Vec<(Option<Event>, i64)> = Vec::new();
    for (number, (input, wait_ms)) in inputs.iter().enumerate() {
        now_ms += wait_ms;
        let body = match *input {
            Input::Gift { by, gift_id, group, count, streaking } => gift(by, gift_id, group, count, streaking),
            Input::Like { by, total } => {
                Body::Like(Like { user: viewer(by), count: 3, total_likes: total, streak_count: None })
            }
            Input::Comment { by } => Body::Comment(Comment { user: viewer(by), ..Comment::default() }),
            Input::Unknown => Body::Unknown(Unknown { method: format!("Webcast{}", number % 3).into(), size: 1 }),
            Input::Again(which) => {
                let again = messages.get(which % messages.len().max(1)).and_then(|(event, _)| event.clone());
                messages.push((again, now_ms));
                continue;
            }
            Input::Silence => {
                now_ms += COMBO_IDLE_MS;
                messages.push((None, now_ms));
                continue;
            }
        };
        messages.push((Some(message(body, number as u64 + 1, now_ms)), now_ms));
    }
    messages
}

/// What a journal keeps: after each event everything that changed, as text where it is stored as text.
#[derive(Default)]
struct Store {
    combos: BTreeMap<String, String>,
    viewers: BTreeMap<UserId, ViewerFacts>,
    recent: Vec<RecentMessage>,
    totals: SessionTotals,
}

impl Store {
    fn commit(&mut self, session: &mut SessionState, events: &[Event]) {
        for (key, combo) in session.changed_combos() {
            match combo {
                Some(combo) => {
                    self.combos.insert(key.to_string(), serde_json::to_string(&combo).expect("a combo can be written"))
                }
                None => self.combos.remove(&key.to_string()),
            };
        }
        for facts in session.changed_viewers() {
            self.viewers.insert(facts.user_id.clone(), facts);
        }
        for event in events {
            let Some(msg_id) = event.stamp.msg_id.clone() else { continue };
            let method = match &event.body {
                Body::Unknown(unknown) => unknown.method.clone(),
                _ => Default::default(),
            };
            self.recent.push(RecentMessage { event_type: event.event_type(), msg_id, method });
        }
        self.totals = session.totals().clone();
    }

    fn reopen(&self) -> SessionState {
        let read = |(key, combo): (&String, &String)| -> (ComboKey, Combo) {
            (key.parse().expect("own key"), serde_json::from_str(combo).expect("own combo"))
        };
        let mut session = SessionState::new(SessionOptions::default());
        session.restore(RestoredSession {
            totals: self.totals.clone(),
            combos: self.combos.iter().map(read).collect(),
            viewers: self.viewers.values().cloned().collect(),
            recent: self.recent.clone(),
        });
        session
    }
}

fn feed(session: &mut SessionState, event: Option<Event>, now_ms: i64) -> Vec<Event> {
    let mut out = Vec::new();
    match event {
        Some(event) => session.accept(event, now_ms, &mut GiftCatalogue::default(), &mut out),
        None => session.tick(now_ms, &mut out),
    }
    out
}

proptest! {
    #[test]
    fn the_deltas_of_a_numbered_combo_add_up_to_its_highest_count(
        said in prop::collection::vec((combo_message(), 0..9_000_i64), 1..80),
        finish in any::<bool>(),
    ) {
        let mut session = SessionState::new(SessionOptions::default());
        let mut now_ms = NOON_MS;
        let mut told = Vec::new();
        let mut highest: BTreeMap<(u8, i64, u64), u32> = BTreeMap::new();
        for (number, &((by, gift_id, group, count, streaking), wait_ms)) in said.iter().enumerate() {
            now_ms += wait_ms;
            let seen = highest.entry((by, gift_id, group)).or_default();
            *seen = (*seen).max(count.max(1));
            let event = message(gift(by, gift_id, Some(group), count, streaking), number as u64 + 1, now_ms);
            told.extend(feed(&mut session, Some(event), now_ms));
        }
        if finish {
            session.finish(now_ms, &mut told);
        }
        let mut units: BTreeMap<ComboKey, u32> = BTreeMap::new();
        let mut finals: BTreeMap<ComboKey, u32> = BTreeMap::new();
        for event in &told {
            let Body::Gift(gift) = &event.body else { panic!("gifts only") };
            let key = ComboKey::of(gift);
            let delta = gift.delta_count.expect("always set");
            let units = units.entry(key.clone()).or_default();
            *units += delta;
            prop_assert_eq!(*units, gift.repeat_count, "a count that no delta explains");
            let finals = finals.entry(key).or_default();
            prop_assert!(*finals == 0 || delta > 0 && !gift.streaking, "after its end a combo is only corrected upwards");
            *finals += u32::from(!gift.streaking);
        }
        let expected: Vec<u32> = highest.values().copied().collect();
        prop_assert_eq!(units.into_values().collect::<Vec<_>>(), expected, "what was given is the highest count, once");
        if finish {
            prop_assert!(finals.values().all(|&finals| finals > 0), "every combo ends");
        }
        let worth: u64 = highest.iter().map(|((_, gift_id, _), &count)| *gift_id as u64 * u64::from(count)).sum();
        prop_assert_eq!(session.totals().diamonds, worth, "the sum follows");
    }

    #[test]
    fn the_order_of_messages_changes_no_sum(
        (said, shuffled) in prop::collection::vec(combo_message(), 1..40)
            .prop_map(|said| said.into_iter().enumerate().collect::<Vec<_>>())
            .prop_flat_map(|said| (Just(said.clone()), Just([said.clone(), said].concat()).prop_shuffle())),
    ) {
        let sums = |said: &[(usize, ComboMessage)]| {
            let mut session = SessionState::new(SessionOptions::default());
            for &(number, (by, gift_id, group, count, streaking)) in said {
                let event = message(gift(by, gift_id, Some(group), count, streaking), number as u64 + 1, NOON_MS);
                feed(&mut session, Some(event), NOON_MS);
            }
            let mut viewers: Vec<_> = session.changed_viewers().into_iter().map(|it| (it.user_id, it.gift_units)).collect();
            viewers.sort();
            (session.totals().gift_units, session.totals().diamonds, viewers)
        };
        prop_assert_eq!(sums(&said), sums(&shuffled), "neither order nor repetition may change what was given");
    }

    #[test]
    fn combos_without_a_number_are_all_paid(
        combos in prop::collection::vec((1..8_u32, prop::collection::vec(any::<bool>(), 8), any::<bool>(), 0..3_usize), 1..12),
    ) {
        let mut session = SessionState::new(SessionOptions::default());
        let mut now_ms = NOON_MS;
        let mut msg_id = 0;
        let mut given = 0;
        for (count, lost, end_lost, repetitions) in combos {
            let mut say = |count, streaking, now_ms| {
                msg_id += 1;
                feed(&mut session, Some(message(gift(0, 1, None, count, streaking), msg_id, now_ms)), now_ms);
            };
            // The first step always comes, so that the combo can be told from the one before.
            for step in (1..=count).filter(|&step| step == 1 || !lost[step as usize]) {
                now_ms += 300;
                say(step, true, now_ms);
            }
            if end_lost {
                given += u64::from((1..=count).rfind(|&step| step == 1 || !lost[step as usize]).unwrap_or(1));
                now_ms += COMBO_IDLE_MS + COMBO_REPEATED_END_MS;
            } else {
                given += u64::from(count);
                for repetition in 0..=repetitions {
                    say(count, false, now_ms + repetition as i64);
                }
            }
            now_ms += 10;
        }
        prop_assert_eq!(session.totals().gift_units, given, "nothing paid is dropped and nothing counted twice");
    }

    #[test]
    fn a_restart_at_any_moment_changes_nothing(
        inputs in prop::collection::vec((input(), 0..9_000_i64), 1..60),
        restart in any::<prop::sample::Index>(),
    ) {
        let messages = messages(&inputs);
        let restart = restart.index(messages.len());
        let mut whole = SessionState::new(SessionOptions::default());
        let mut broken = SessionState::new(SessionOptions::default());
        let mut store = Store::default();
        for (number, (event, now_ms)) in messages.into_iter().enumerate() {
            if number == restart {
                broken = store.reopen();
            }
            let mut expected = feed(&mut whole, event.clone(), now_ms);
            let mut told = feed(&mut broken, event, now_ms);
            store.commit(&mut broken, &told);
            for event in expected.iter_mut().chain(&mut told) {
                if let Body::Like(like) = &mut event.body {
                    // A like streak of seconds is not worth a row.
                    like.streak_count = None;
                }
            }
            prop_assert_eq!(told, expected, "message {}, restart before {}", number, restart);
            prop_assert_eq!(broken.next_wake_ms().is_some(), whole.next_wake_ms().is_some(), "both wait, or neither");
        }
        prop_assert_eq!(broken.totals(), whole.totals(), "the sums go on where they were");
    }

    #[test]
    fn what_was_told_gives_the_same_when_read_again(inputs in prop::collection::vec((input(), 0..9_000_i64), 1..60)) {
        let mut session = SessionState::new(SessionOptions::default());
        let mut recorded = Vec::new();
        for (event, now_ms) in messages(&inputs) {
            recorded.extend(feed(&mut session, event, now_ms).into_iter().filter(|event| {
                !matches!(&event.body, Body::Gift(gift) if gift.group_id.is_none())
            }));
        }
        let mut again = SessionState::new(SessionOptions::default());
        let (mut units, mut likes) = (0_u64, 0);
        for event in &recorded {
            let line = serde_json::to_string(event).expect("an event can be written");
            let read: Event = serde_json::from_str(&line).expect("an event can be read");
            let now_ms = read.stamp.timestamp.as_ms();
            feed(&mut again, Some(read), now_ms);
            match &event.body {
                Body::Gift(gift) => units += u64::from(gift.delta_count.unwrap_or(0)),
                Body::Like(like) => {
                    prop_assert!(like.total_likes >= likes, "like totals only grow");
                    likes = like.total_likes;
                }
                _ => {}
            }
        }
        prop_assert_eq!((again.totals().gift_units, again.totals().likes), (units, likes), "a recording is as good as the live");
    }
}
