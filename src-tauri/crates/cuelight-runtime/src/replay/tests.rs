//! What a replay decides as a live does.

use cuelight_core::defaults;
use cuelight_core::event::{Body, Comment, Connect, Event, Gift, GiftDetails};
use cuelight_core::id::{GroupId, UserId};
use cuelight_core::limits::TICKS_PER_JUMP;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::user::User;
use serde_json::json;

use super::*;
use crate::source::{Batch, SourceFuture};

/// Noon of a day, from which the tests count.
const NOON_MS: i64 = 1_768_219_200_000;

/// Events with the times of their arrival.
struct Recorded(Vec<(Body, i64)>);

impl EventSource for Recorded {
    fn run<'a>(&'a mut self, out: &'a EventSender, _: &'a CancellationToken) -> SourceFuture<'a> {
        Box::pin(async move {
            for (body, received_ms) in self.0.drain(..) {
                let events = vec![Event::own(body, Timestamp::from_ms(received_ms))];
                drop(out.send(Batch { events, received_ms, ..Batch::default() }).await?);
            }
            Ok(SourceEnd::Ended)
        })
    }

    fn is_live(&self) -> bool {
        false
    }
}

async fn replayed(
    when: Value,
    gifts: &[KnownGift],
    combo_idle_ms: i64,
    events: Vec<(Body, i64)>,
) -> Vec<ReplayedDecision> {
    let rule = json!({ "id": "rule", "name": "rule", "when": when,
        "do": [{ "action": "log_write", "with": { "text": "{giftname}" } }] });
    let quiet = defaults::services().into_iter().map(|mut service| {
        service.events.clear();
        service
    });
    let services = Services::new(quiet.collect());
    let rule = serde_json::from_value(rule).expect("a rule");
    let (rules, faults) = RuleSet::new(1, vec![rule], Vec::new(), &services);
    assert_eq!(faults, [], "the rule can be followed");
    let registry = Registry::built_in();
    let with = ReplayWith {
        rules: &rules,
        services: &services,
        registry: &registry,
        gifts,
        combo_idle_ms,
        seed: 1,
        utc_offset_s: 0,
    };
    let mut decisions = Vec::new();
    let mut visit = |decision| decisions.push(decision);
    replay(Box::new(Recorded(events)), with, &CancellationToken::new(), &mut visit).await.expect("it plays");
    decisions
}

fn connect() -> (Body, i64) {
    (Body::Connect(Connect { unique_id: "luna.plays".into(), ..Connect::default() }), NOON_MS)
}

fn mia() -> User {
    User { unique_id: "mia".into(), user_id: UserId::new("5"), ..User::default() }
}

fn comment() -> Body {
    Body::Comment(Comment { user: mia(), ..Comment::default() })
}

/// A step of a combo that names its gift only by its id.
fn step() -> Body {
    let gift = GiftDetails { id: 5655, streakable: true, gift_type: Some(1), ..GiftDetails::default() };
    let group_id = Some(GroupId::new("9"));
    let step = Gift { user: mia(), gift, repeat_count: 3, streaking: true, group_id, ..Gift::default() };
    Body::Gift(Box::new(step))
}

#[tokio::test]
async fn combos_end_after_the_silence_that_is_set() {
    for (combo_idle_ms, number) in [(5_000, 3), (60_000, 4)] {
        let events = vec![connect(), (step(), NOON_MS), (comment(), NOON_MS + 20_000)];
        let decisions = replayed(json!({ "on": "gift" }), &[], combo_idle_ms, events).await;
        let fired = decisions.iter().find(|decision| decision.fired == 1).expect("it fires");
        assert_eq!(fired.event, number, "its end comes before or after the comment, with {combo_idle_ms} ms");
    }
}

#[tokio::test]
async fn gifts_are_known_as_a_live_knows_them() {
    let rose = KnownGift { id: 5655, name: Some("Rose".into()), ..KnownGift::default() };
    for (gifts, expected) in [(vec![], 0), (vec![rose], 1)] {
        let events = vec![connect(), (step(), NOON_MS)];
        let decisions = replayed(json!({ "on": "gift", "names": ["Rose"] }), &gifts, 15_000, events).await;
        let fired: u32 = decisions.iter().map(|decision| decision.fired).sum();
        assert_eq!(fired, expected, "a rule by name, with {} known gifts", gifts.len());
    }
}

#[tokio::test]
async fn a_jump_far_ahead_makes_a_bounded_number_of_ticks() {
    // The year 9999.
    let events = vec![connect(), (comment(), 253_400_000_000_000)];
    let decisions = replayed(json!({ "on": "timer", "every_seconds": 1 }), &[], 15_000, events).await;
    assert_eq!(decisions.len(), TICKS_PER_JUMP + 1, "the rest of the jump is one tick");
}
