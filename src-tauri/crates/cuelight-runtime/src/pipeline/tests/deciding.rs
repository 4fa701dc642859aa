//! What the lane promises where rules are followed.

use cuelight_core::defaults;
use cuelight_core::event::Delete;
use cuelight_core::id::ServiceId;
use cuelight_core::job::JobState;
use cuelight_core::rule::Rule;
use cuelight_core::signal::Signal;
use serde_json::{Value, json};

use super::*;
use crate::engine::Engine;
use crate::store::{JobFilter, StoredJob};

/// The services that rules and default actions of these tests use; nobody works for `voice`.
const VOICE: &str = "voice";

impl Home {
    fn with_rules(rules: Vec<Value>) -> Self {
        let home = Self::new();
        home.store.seed(&defaults::services(), &[]).expect("there is room");
        rules.into_iter().for_each(|it| home.put(it));
        home
    }

    fn put(&self, rule: Value) {
        self.store.put_rule(&serde_json::from_value::<Rule>(rule).expect("a rule")).expect("there is room");
    }

    /// An engine that works for these services.
    fn engine(&self, services: &[&str]) -> Engine {
        let all = defaults::services();
        let chosen: Vec<_> = all.into_iter().filter(|it| services.contains(&it.id.as_str())).collect();
        Engine::start(&self.store, &chosen, &self.clock).expect("it starts")
    }

    /// What stands in the queue of `voice`, the oldest first.
    fn spoken(&self) -> Vec<StoredJob> {
        let filter = JobFilter { service: Some(ServiceId::new(VOICE)), ..JobFilter::default() };
        let mut jobs = self.store.reader().and_then(|reader| reader.jobs(&filter, 1_000)).expect("readable");
        jobs.reverse();
        jobs
    }
}

/// A rule that writes its own name into the queue of `voice`.
fn says(id: &str, when: Value) -> Value {
    json!({ "id": id, "name": id, "when": when, "do": [{ "action": "log_write", "service": VOICE, "with": { "text": id } }] })
}

fn texts(jobs: &[StoredJob]) -> Vec<&str> {
    jobs.iter().filter_map(|job| job.parameters["text"].as_str()).collect()
}

#[tokio::test]
async fn an_event_is_safe_together_with_what_it_causes_and_causes_it_once() {
    let home = Home::with_rules(vec![says("thanks", json!({ "on": "gift" }))]);
    let engine = home.engine(&[]);
    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect(), roses(1, 3, true), roses(2, 5, false)], NOON_MS).await;
    assert_eq!(texts(&home.spoken()), ["thanks"], "another connection sees the job as soon as the receipt is there");
    running.break_off().await;

    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect(), roses(1, 3, true), roses(2, 5, false)], NOON_MS + 1_000).await;
    running.end().await;
    assert_eq!(home.spoken().len(), 1, "what TikTok sends again after a break fires nothing again");
}

#[tokio::test]
async fn a_combo_that_a_break_cut_in_two_fires_at_its_end_with_its_whole_count() {
    let rule = json!({ "id": "count", "name": "count", "when": { "on": "gift" },
        "do": [{ "action": "log_write", "service": VOICE, "with": { "text": "{count}" } }] });
    let home = Home::with_rules(vec![rule]);
    let engine = home.engine(&[]);
    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect(), roses(1, 3, true)], NOON_MS).await;
    running.break_off().await;
    assert_eq!(texts(&home.spoken()), [""; 0], "it goes on");

    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect()], NOON_MS + 1_000).await;
    running.send_and_wait(vec![comment(2)], NOON_MS + 20_000).await;
    running.end().await;
    assert_eq!(texts(&home.spoken()), ["3"], "silence ended it");
}

#[tokio::test]
async fn a_rule_that_is_changed_meanwhile_decides_the_next_event() {
    let home = Home::with_rules(vec![says("first", json!({ "on": "comment" }))]);
    let engine = home.engine(&[]);
    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let changes = std::sync::Arc::clone(&deciding.changes);
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect(), comment(1)], NOON_MS).await;
    home.put(says("first", json!({ "on": "app_start" })));
    home.put(says("second", json!({ "on": "comment" })));
    changes.notify_one();
    running.send_and_wait(vec![comment(2)], NOON_MS).await;
    running.end().await;
    assert_eq!(texts(&home.spoken()), ["first", "second"], "without a new session");
}

#[tokio::test]
async fn what_is_no_event_fires_its_rules_too() {
    let home = Home::with_rules(vec![
        says("begun", json!({ "on": "app_start" })),
        says("pressed", json!({ "on": "hotkey", "keys": "Ctrl+R" })),
        says("minute", json!({ "on": "timer", "every_seconds": 60 })),
    ]);
    let engine = home.engine(&[]);
    let (deciding, signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect()], NOON_MS).await;
    signals.send(Signal::Hotkey { keys: "ctrl+r".into() }).await.expect("the lane listens");
    running.send_and_wait(vec![comment(1)], NOON_MS + 61_000).await;
    running.end().await;
    assert_eq!(texts(&home.spoken()), ["begun", "pressed", "minute"], "beginning, key, and time, in this order");
}

#[tokio::test]
async fn an_event_that_a_rule_sends_is_journaled_and_answered_once() {
    let sends = json!({ "id": "sends", "name": "sends", "when": { "on": "comment" },
        "do": [{ "action": "emit_event", "with": { "name": "party" } }] });
    let home = Home::with_rules(vec![sends, says("answer", json!({ "on": "custom", "name": "party" }))]);
    let engine = home.engine(&["basics"]);
    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let mut watcher = home.feed.subscribe(&home.store).expect("watching");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect(), comment(1)], NOON_MS).await;
    let arrival = async {
        loop {
            let batch = watcher.next().await.expect("readable").expect("the lane runs");
            if batch.iter().any(|committed| matches!(committed.event.body, Body::Custom(_))) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), arrival).await.expect("it is taken in");
    running.break_off().await;
    assert_eq!(home.types(1), ["connect", "comment", "custom"], "it stands behind what caused it");
    assert_eq!(texts(&home.spoken()), ["answer"], "its rule fired in the same commit");

    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect(), comment(2)], NOON_MS + 1_000).await;
    running.end().await;
    let customs = home.types(1).into_iter().filter(|it| it == "custom").count();
    assert!(customs <= 2, "one for each comment, none again after the restart: {customs}");
}

#[tokio::test]
async fn what_moderators_take_away_takes_along_what_still_waits_of_it() {
    let home = Home::with_rules(vec![says("said", json!({ "on": "comment" }))]);
    let engine = home.engine(&[]);
    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect(), comment(1), comment(2)], NOON_MS).await;
    let delete = Delete { msg_ids: MsgId::from_number(1).into_iter().collect(), user_ids: Vec::new() };
    running.send_and_wait(vec![event(3, Body::Delete(delete))], NOON_MS).await;
    running.end().await;
    let states: Vec<_> = home.spoken().into_iter().map(|job| (job.state, job.reason)).collect();
    let expected = [(JobState::Discarded, Some(Reason::Moderated)), (JobState::Pending, None)];
    assert_eq!(states, expected, "the deleted comment, and only that");
}
