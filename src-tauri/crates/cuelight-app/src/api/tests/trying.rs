//! Promises of trying: what is shown is what a live would do, and a test leaves nothing behind but its own run.

use cuelight_core::event::EventType;
use cuelight_core::id::SessionId;
use cuelight_core::job::JobState;
use cuelight_runtime::store::JobFilter;

use super::*;
use crate::dto::FailureCode;

#[tokio::test]
async fn a_look_ahead_shows_the_steps_as_sent_and_does_nothing() {
    let home = Home::new(vec![
        rose_rule(),
        json!({ "id": "any", "name": "Any gift", "when": { "on": "gift" }, "do": [{ "action": "log_write" }] }),
    ]);
    let edited = json!({
        "id": "rose", "name": "Rose", "enabled": false, "when": { "on": "gift", "names": ["Rose"] },
        "do": [
            { "wait_ms": 5000 },
            { "if": [{ "value": "{count}", "is": "more", "than": "10" }], "then": [
                { "action": "log_write", "service": "voice", "with": { "text": "WOW {nickname}" } },
            ] },
            { "action": "counter_change", "with": { "counter": "roses", "number": 3 } },
        ],
    });
    let trial = home.call("preview_rule", json!({ "rule": edited, "tryWith": made_up() })).await;
    assert_eq!(trial["fired"], 1, "also a rule that is switched off: {trial}");
    assert_eq!(trial["because"], Value::Null, "nothing holds it back");
    let steps = json!([
        { "place": "do[1].then[0]", "kind": "log_write", "service": "voice", "summary": "WOW mia", "because": null },
        { "place": "do[2]", "kind": "counter_change", "service": "basics", "summary": "roses +3", "because": null },
    ]);
    assert_eq!(trial["steps"], steps, "each step as it would be sent, with its place");
    assert_eq!(trial["run"], Value::Null, "nothing ran");
    let others: Vec<&str> =
        trial["others"].as_array().expect("a list").iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(others, ["Any gift", "DinoChrome", "Overlays"], "the saved form of the rule itself is no other one");
    assert_eq!(home.reader().newest_job().expect("readable").0, 0, "and nothing was queued");
}

#[tokio::test]
async fn a_test_runs_through_the_queues_and_changes_nothing_of_ours() {
    let home = Home::new(vec![rose_rule()]);
    let mut live = home.go_live().await;
    live.give(5655, "Rose", 3).await;
    home.idle().await;
    let session = SessionId(1);
    let before = (
        home.reader().rule_state(session).expect("readable"),
        home.reader().session(session).expect("readable"),
        home.reader().values().expect("readable"),
    );
    assert_eq!(before.2.counter("roses"), 1, "the live itself counted");

    home.clock.set_ms(live::NOON_MS + 60_000);
    let trial = home.call("try_rule", json!({ "rule": rose_rule(), "tryWith": made_up() })).await;
    assert_eq!(trial["fired"], 1, "{trial}");
    let run: i64 = trial["run"].as_str().expect("it ran").parse().expect("a number");
    home.idle().await;
    let of_run = JobFilter { run: Some(cuelight_core::id::RunId(run)), ..JobFilter::default() };
    let mut jobs = home.reader().jobs(&of_run, 10).expect("readable");
    jobs.reverse();
    assert_eq!(jobs.len(), 3, "every step had its turn");
    for job in &jobs {
        assert_eq!((job.state, job.test, job.session), (JobState::Completed, true, None), "{job:?}");
    }
    assert_eq!(jobs[0].parameters["text"], "Thank you mia for 12!", "filled from what was made up");
    assert_eq!(jobs[2].parameters["text"], "roses: 1", "the counter stays where the live left it");
    let after = (
        home.reader().rule_state(session).expect("readable"),
        home.reader().session(session).expect("readable"),
        home.reader().values().expect("readable"),
    );
    assert_eq!(after, before, "no cooldown, no sum, no counter was spent");
    let counts = home.reader().queue_counts(cuelight_core::id::JobId(0)).expect("readable");
    let voice = counts.get(&cuelight_core::id::ServiceId::new("voice")).expect("it had jobs");
    assert_eq!(voice.completed, 1, "only the live's own job counts");
    live.end().await;
}

#[tokio::test]
async fn what_would_hold_it_back_now_is_told_and_then_nothing_runs() {
    let home = Home::new(vec![rose_rule()]);
    let mut live = home.go_live().await;
    live.give(5655, "Rose", 1).await;
    let check = async |command: &str| {
        let trial = home.call(command, json!({ "rule": rose_rule(), "tryWith": made_up() })).await;
        assert_eq!((&trial["fired"], &trial["run"]), (&json!(0), &Value::Null), "{command}");
        assert_eq!(trial["because"]["code"], "cooldown", "{command}: it fired a moment ago");
    };
    check("preview_rule").await;
    check("try_rule").await;
    home.call("reset_cooldowns", json!({ "rule": "rose" })).await;
    // The lane takes it in its turn, before whatever is sent after it.
    live.say("hi").await;
    let trial = home.call("try_rule", json!({ "rule": rose_rule(), "tryWith": made_up() })).await;
    assert_eq!(trial["fired"], 1, "ready again: {trial}");
    live.end().await;
}

#[tokio::test]
async fn a_step_of_a_service_that_is_off_is_skipped_with_its_reason() {
    let home = Home::new(vec![rose_rule()]);
    let mut voice =
        cuelight_core::defaults::services().into_iter().find(|it| it.id.as_str() == "voice").expect("there");
    voice.active = false;
    home.door.app().store().set_service(&voice).expect("there is room");
    let trial = home.call("try_rule", json!({ "rule": rose_rule(), "tryWith": made_up() })).await;
    assert_eq!(trial["steps"][0]["because"]["code"], "service_off", "{trial}");
    assert_eq!(trial["steps"][1]["because"], Value::Null, "the run goes on without it");
}

#[tokio::test]
async fn real_events_are_those_that_the_trigger_answers_and_can_be_tried_again() {
    let home = Home::new(Vec::new());
    let mut live = home.go_live().await;
    live.give(5655, "Rose", 3).await;
    live.give(6064, "GG", 2).await;
    live.say("!spin fast").await;
    live.give(5655, "Rose", 5).await;
    live.end().await;
    let trigger = json!({ "on": "gift", "gifts": [{ "id": 5655 }] });
    let found = home.call("real_events", json!({ "trigger": trigger, "limit": 8 })).await;
    let found = found.as_array().expect("a list");
    let counts: Vec<&Value> = found.iter().map(|it| &it["event"]["data"]["repeat_count"]).collect();
    assert_eq!(counts, [&json!(5), &json!(3)], "one for each combo, the newest first");
    let with = json!({ "with": "real", "session": found[0]["session"], "number": found[0]["number"] });
    let trial = home.call("preview_rule", json!({ "rule": rose_rule(), "tryWith": with })).await;
    assert_eq!(trial["steps"][0]["summary"], "Thank you Ana for 5!", "{trial}");

    let spin = json!({ "on": "command", "names": ["!spin"] });
    let variables = home.call("variables", json!({ "trigger": spin })).await;
    let last = |name: &str| {
        let found = variables.as_array().expect("a list").iter().find(|it| it["name"] == name);
        found.map(|it| it["last"].clone())
    };
    assert_eq!(last("args"), Some(json!("fast")), "what followed the command: {variables}");
    assert_eq!(last("nickname"), Some(json!("Ana")), "who wrote it");
    assert_eq!(last("gift_name"), None, "comments have no gift");
}

#[tokio::test]
async fn one_action_runs_alone() {
    let home = Home::new(Vec::new());
    let action =
        json!({ "action": "log_write", "service": "overlays", "with": { "text": "{gift_name} of {nickname}" } });
    let input = json!({ "action": action, "trigger": { "on": "gift" }, "tryWith": made_up() });
    let trial = home.call("try_action", input).await;
    assert_eq!(trial["steps"][0]["summary"], "Rose of mia", "{trial}");
    home.idle().await;
    let jobs = home.reader().jobs(&JobFilter::default(), 10).expect("readable");
    let found: Vec<(String, bool)> = jobs.iter().map(|job| (job.origin.to_string(), job.test)).collect();
    assert_eq!(found, [("asked:".to_owned(), true)], "nothing else ran");
}

#[tokio::test]
async fn every_trigger_can_be_tried_through_the_door() {
    let home = Home::new(Vec::new());
    let mut triggers = vec![
        json!({ "on": "gift" }),
        json!({ "on": "gift", "gifts": [{ "id": 5655 }] }),
        json!({ "on": "gift", "names": ["Rose"] }),
        json!({ "on": "gift_value", "min_diamonds": 100, "max_diamonds": 500 }),
        json!({ "on": "comment" }),
        json!({ "on": "keyword", "words": ["good game"] }),
        json!({ "on": "regex", "pattern": r"song (\w+)" }),
        json!({ "on": "command", "names": ["!spin"] }),
        json!({ "on": "every_likes", "every": 1000 }),
        json!({ "on": "like_streak", "count": 50 }),
        json!({ "on": "every_followers", "every": 10 }),
        json!({ "on": "goal_reached" }),
        json!({ "on": "counter_reached", "counter": "deaths", "value": 10 }),
        json!({ "on": "timer", "every_seconds": 600 }),
        json!({ "on": "time_of_day", "at": "21:30" }),
        json!({ "on": "custom", "name": "door" }),
        json!({ "on": "hotkey", "keys": "Ctrl+R" }),
        json!({ "on": "button", "label": "Party" }),
        json!({ "on": "call", "name": "door" }),
        json!({ "on": "app_start" }),
        json!({ "on": "overlay_closed", "overlay": "main" }),
        json!({ "on": "service_late", "service": "voice", "seconds": 10 }),
    ];
    triggers.extend(EventType::ALL.iter().map(|event| json!({ "on": "event", "event": event })));
    for trigger in triggers {
        let rule = json!({ "id": "any", "name": "Any", "when": trigger, "do": [{ "action": "log_write" }] });
        let trial = home.call("try_rule", json!({ "rule": rule, "tryWith": made_up() })).await;
        assert_eq!((&trial["fired"], &trial["because"]), (&json!(1), &Value::Null), "{trigger}: {trial}");
        assert!(trial["run"].is_string(), "{trigger} ran: {trial}");
    }
    home.idle().await;
    assert_eq!(home.reader().newest_session().expect("readable"), None, "and no session was made for any of them");
}

#[tokio::test]
async fn a_test_takes_its_place_in_the_queue_as_on_a_live() {
    let home = Home::new(Vec::new());
    let mut voice =
        cuelight_core::defaults::services().into_iter().find(|it| it.id.as_str() == "voice").expect("there");
    voice.max_queue_size = 1;
    home.door.app().store().set_service(&voice).expect("there is room");
    let orders = home.door.app().engine.workers.orders();
    orders.pause(&voice.id).await.expect("the queues can be written");
    let say = json!({ "action": "log_write", "service": "voice", "with": { "text": "hi {nickname}" } });
    let rule = json!({ "id": "say", "name": "Say", "when": { "on": "comment" }, "do": [say] });
    let input = json!({ "rule": rule, "tryWith": made_up() });
    let first = home.call("try_rule", input.clone()).await;
    assert_eq!(first["steps"][0]["because"], Value::Null, "there was room for one: {first}");
    let second = home.call("try_rule", input).await;
    assert_eq!(second["steps"][0]["because"]["code"], "queue_full", "comments may be left out: {second}");
    orders.resume(&voice.id).await.expect("the queues can be written");
    home.idle().await;
    let done = JobFilter { state: Some(JobState::Completed), ..JobFilter::default() };
    let job = home.reader().jobs(&done, 1).expect("readable").pop().expect("the first one");
    let again = orders.run_again(job.id).await.expect("the queues can be written").expect("it had ended");
    assert!(home.reader().job(again).expect("readable").expect("it is there").test, "run again, it is a test still");
}

#[tokio::test]
async fn what_cannot_be_tried_is_refused_with_its_place() {
    let home = Home::new(vec![rose_rule()]);
    let faulty =
        json!({ "id": "rose", "name": "Rose", "when": { "on": "regex", "pattern": "(" }, "do": [{ "wait_ms": 1 }] });
    let failure =
        home.try_call("preview_rule", json!({ "rule": faulty, "tryWith": made_up() })).await.expect_err("faulty");
    assert_eq!(
        (failure.code, failure.field.as_deref()),
        (FailureCode::BadInput, Some("rule.when.pattern")),
        "{failure:?}"
    );
    let gone = json!({ "with": "real", "session": 3, "number": 9 });
    let failure = home.try_call("try_rule", json!({ "rule": rose_rule(), "tryWith": gone })).await.expect_err("gone");
    assert_eq!(failure.code, FailureCode::NotFound, "{failure:?}");
    let mut other = made_up();
    other["giftId"] = json!(6064);
    let trial = home.call("preview_rule", json!({ "rule": rose_rule(), "tryWith": other })).await;
    assert_eq!((&trial["fired"], &trial["because"]["code"]), (&json!(0), &json!("not_answered")), "another gift");
}
