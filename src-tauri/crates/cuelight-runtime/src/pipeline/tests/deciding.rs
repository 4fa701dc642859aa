//! What the lane promises where rules are followed.

use cuelight_core::defaults;
use cuelight_core::event::Delete;
use cuelight_core::facts::Values;
use cuelight_core::id::ServiceId;
use cuelight_core::job::{Ending, JobState};
use cuelight_core::rule::Rule;
use cuelight_core::service::Services;
use cuelight_core::signal::Signal;
use cuelight_core::world::World;
use serde_json::{Value, json};

use super::*;
use crate::actions::Registry;
use crate::engine::Engine;
use crate::store::{Claim, JobFilter, StoredJob};

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

    /// What a worker of `voice` takes out of its queue, in this order.
    fn claimed(&self) -> Vec<String> {
        let (services, registry) = (Services::new(defaults::services()), Registry::built_in());
        let (values, now_ms) = (Values::default(), self.clock.now_ms());
        let world = World { services: &services, prepare: &registry, values: &values, seed: 0, now_ms };
        let done = Ending::Completed { outputs: Vec::new(), changes: Vec::new() };
        let mut journal = self.store.journal().expect("the journal opens");
        let mut claim = || {
            journal.work(|queues| {
                let (Claim::Started(job), _) = queues.claim(&ServiceId::new(VOICE), &world)? else { return Ok(None) };
                queues.end(job.id, &done, &world)?;
                Ok(job.parameters["text"].as_str().map(str::to_owned))
            })
        };
        std::iter::from_fn(|| claim().expect("there is room")).collect()
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
    signals.send(Signal::Hotkey { keys: "ctrl+r".parse().expect("keys") }).await.expect("the lane listens");
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

/// A rule that emits an event of that name.
fn emits(id: &str, when: Value, name: &str) -> Value {
    let with = json!({ "name": name });
    json!({ "id": id, "name": id, "when": when, "do": [{ "action": "emit_event", "with": with }] })
}

#[tokio::test]
async fn what_a_recording_makes_jobs_emit_is_answered_before_its_session_ends() {
    let counts = json!({ "id": "counts", "name": "counts", "when": { "on": "custom", "name": "party" },
        "do": [{ "action": "counter_change", "with": { "counter": "parties" } }] });
    let home = Home::with_rules(vec![
        emits("sends", json!({ "on": "comment" }), "party"),
        counts,
        says("ten", json!({ "on": "counter_reached", "counter": "parties", "value": 10 })),
    ]);
    let engine = home.engine(&["basics"]);
    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(false, Some(deciding));
    let comments = std::iter::once(connect()).chain((1..=10).map(comment)).collect();
    running.send_and_wait(comments, NOON_MS).await;
    running.end().await;
    let customs = home.types(1).into_iter().filter(|it| it == "custom").count();
    assert_eq!(customs, 10, "every event that its jobs emitted, though the source had ended");
    assert_eq!(texts(&home.spoken()), ["ten"], "and what these led to");
}

#[tokio::test]
async fn a_rule_that_changes_the_counter_it_waits_for_comes_to_an_end() {
    let round = json!([
        { "action": "counter_change", "with": { "counter": "laps", "how": "set", "number": "0" } },
        { "action": "counter_change", "with": { "counter": "laps" } },
    ]);
    let when = json!({ "on": "counter_reached", "counter": "laps", "value": 1 });
    let first = json!({ "id": "first", "name": "first", "when": { "on": "comment" }, "do": [round[1].clone()] });
    let laps = json!({ "id": "laps", "name": "laps", "when": when, "do": round });
    let home = Home::with_rules(vec![first, laps]);
    let engine = home.engine(&["basics"]);
    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(false, Some(deciding));
    running.send_and_wait(vec![connect(), comment(1)], NOON_MS).await;
    tokio::time::timeout(Duration::from_secs(20), running.end()).await.expect("it ends");
    let filter = JobFilter { service: Some(ServiceId::new("basics")), ..JobFilter::default() };
    let jobs = home.store.reader().and_then(|reader| reader.jobs(&filter, 1_000)).expect("readable");
    let expected = 1 + 2 * usize::from(limits::RULE_DEPTH);
    assert_eq!(jobs.len(), expected, "one that began it, and a round of two for each rule that may follow");
}

#[tokio::test]
async fn what_was_emitted_before_a_break_is_answered_when_the_session_goes_on() {
    let home = Home::with_rules(vec![
        emits("sends", json!({ "on": "comment" }), "party"),
        says("answer", json!({ "on": "custom", "name": "party" })),
    ]);
    let nobody = home.engine(&[]);
    let (deciding, _signals) = nobody.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect(), comment(1)], NOON_MS).await;
    running.break_off().await;
    let engine = home.engine(&["basics"]);
    engine.workers.idle().await.expect("the job is done while no lane runs");
    engine.workers.stop().await;

    let (deciding, _signals) = nobody.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect()], NOON_MS + 1_000).await;
    running.end().await;
    assert_eq!(home.types(1), ["connect", "comment", "custom", "connect"], "nothing rang for it, it was looked for");
    assert_eq!(texts(&home.spoken()), ["answer"], "and it was answered");
}

#[tokio::test]
async fn a_recording_that_jumps_far_ahead_makes_a_bounded_number_of_ticks() {
    let home = Home::with_rules(vec![says("minute", json!({ "on": "timer", "every_seconds": 60 }))]);
    let engine = home.engine(&[]);
    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(false, Some(deciding));
    running.send_and_wait(vec![connect()], NOON_MS).await;
    // The year 9999.
    running.send_and_wait(vec![comment(1)], 253_400_000_000_000).await;
    running.end().await;
    let filter = JobFilter { service: Some(ServiceId::new(VOICE)), ..JobFilter::default() };
    let fired = home.store.reader().and_then(|reader| reader.jobs(&filter, u32::MAX)).expect("readable");
    assert_eq!(fired.len(), limits::TICKS_PER_JUMP + 1, "the rest of the jump is one tick");
}

#[tokio::test]
async fn a_combo_of_a_session_that_does_not_go_on_is_ended_and_its_jobs_wait_for_a_decision() {
    let thanks = says("thanks", json!({ "on": "gift" }));
    let along = json!({ "id": "along", "name": "along", "when": { "on": "gift" }, "combo": { "fires": "with_combo" },
        "do": [{ "action": "log_write", "service": VOICE, "with": { "text": "begun" } },
               { "action": "log_write", "service": VOICE, "with": { "text": "over" }, "at_the_end": true }] });
    let home = Home::with_rules(vec![thanks, along]);
    let engine = home.engine(&[]);
    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    running.send_and_wait(vec![connect(), roses(1, 3, true)], NOON_MS).await;
    running.break_off().await;

    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(true, Some(deciding));
    let next_day_ms = NOON_MS + 24 * 60 * 60_000;
    running.send_and_wait(vec![connect()], next_day_ms).await;
    running.end().await;
    assert_eq!(home.types(1), ["connect", "gift", "gift"], "its end stands in the journal");
    let reader = home.store.reader().expect("readable");
    let session = reader.session(SessionId(1)).expect("readable").expect("it is there");
    assert_eq!(session.ended_ms, Some(NOON_MS), "at its last event");
    let jobs = home.spoken();
    assert_eq!(
        texts(&jobs),
        ["begun", "thanks"],
        "the paid gift is thanked for; what goes along waits for its first step"
    );
    assert!(jobs[1].held_since_ms.is_some(), "as an old job, which somebody decides about");
}

#[tokio::test]
async fn the_age_of_a_session_goes_on_after_a_break() {
    let old = json!({ "id": "old", "name": "old", "when": { "on": "comment" },
        "only_if": [{ "if": "session_age", "min_minutes": 5 }],
        "do": [{ "action": "log_write", "service": VOICE, "with": { "text": "old" } }] });
    let home = Home::with_rules(vec![old]);
    let engine = home.engine(&[]);
    for (number, at_ms) in [(1, NOON_MS), (2, NOON_MS + 6 * 60_000)] {
        let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
        let running = home.start_with(true, Some(deciding));
        running.send_and_wait(vec![connect(), comment(number)], at_ms).await;
        running.break_off().await;
    }
    assert_eq!(texts(&home.spoken()), ["old"], "it began six minutes before, not with the break");
}

#[tokio::test]
async fn a_timer_has_its_place_before_the_events_that_come_after_it() {
    let mut rules =
        vec![says("minute", json!({ "on": "timer", "every_seconds": 60 })), says("said", json!({ "on": "comment" }))];
    rules.iter_mut().for_each(|rule| rule["priority"] = json!(5));
    let home = Home::with_rules(rules);
    let engine = home.engine(&[]);
    let (deciding, _signals) = engine.deciding(None, 0).expect("readable");
    let running = home.start_with(false, Some(deciding));
    running.send_and_wait(vec![connect()], NOON_MS).await;
    // Both come in one commit.
    drop(running.send(vec![comment(1)], NOON_MS + 61_000).await);
    running.send_and_wait(vec![comment(2), comment(3)], NOON_MS + 61_000).await;
    running.end().await;
    assert_eq!(home.claimed(), ["minute", "said", "said", "said"], "the minute was over before the first of them");
}
