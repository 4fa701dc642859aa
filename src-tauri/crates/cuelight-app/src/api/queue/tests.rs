//! The commands of the queues, asked at the door.

use serde_json::{Value, json};

use crate::dto::{CallerRole, FailureCode};
use crate::stage::{RULE, Stage};

fn texts(queue: &Value, list: &str) -> Vec<String> {
    let jobs = queue[list].as_array().expect("a list");
    jobs.iter().map(|job| job["summary"].as_str().expect("text").to_owned()).collect()
}

/// A paused queue in which three roses wait.
async fn three_roses() -> (Stage, Vec<String>) {
    let stage = Stage::paused().await;
    for text in ["one", "two", "three"] {
        stage.rose("mia", text, &["voice"]);
    }
    let jobs = stage.jobs().iter().map(ToString::to_string).collect();
    (stage, jobs)
}

#[tokio::test]
async fn deeds_answer_with_the_queue_as_it_is_then() {
    let (stage, jobs) = three_roses().await;
    for (command, job, waiting, why) in [
        ("move_job_up", 2, &["one", "three", "two"][..], "before its neighbour"),
        ("move_job_down", 0, &["three", "one", "two"], "behind its neighbour"),
        ("hold_job", 2, &["one", "two", "three"], "what is held comes last"),
        ("release_job", 2, &["three", "one", "two"], "and takes its place again"),
        ("discard_job", 0, &["three", "two"], "taken out"),
        ("run_job_again", 0, &["three", "two", "one"], "and in again, behind the others"),
    ] {
        let queue = stage.ask(command, json!({ "job": jobs[job] })).await.expect(why);
        assert_eq!(texts(&queue, "waiting"), waiting, "{command}: {why}");
        assert_eq!(queue["service"], "voice", "it is the queue of the job");
    }
    let queue = stage.ask("queue", json!({ "service": "voice", "limit": 2 })).await.expect("it is there");
    assert_eq!(
        (texts(&queue, "waiting"), &queue["moreWaiting"]),
        (vec!["three".into(), "two".into()], &json!(1)),
        "cut"
    );
    assert_eq!(texts(&queue, "ended"), ["one"], "what was discarded today");
    assert_eq!(queue["ended"][0]["reason"]["code"], "discarded_by_you", "and why");
    let queue = stage.ask("clear_queue", json!({ "service": "voice", "userId": null })).await.expect("it is there");
    assert_eq!((texts(&queue, "waiting").len(), &queue["moreWaiting"]), (0, &json!(0)), "nothing waits any more");
    assert_eq!(texts(&queue, "ended").len(), 4, "all of it is told");
}

#[tokio::test]
async fn a_job_says_what_it_does_for_whom_and_because_of_what() {
    let (stage, jobs) = three_roses().await;
    let queue = stage.ask("queue", json!({ "service": "voice", "limit": 9 })).await.expect("it is there");
    let job = &queue["waiting"][0];
    let rule = stage.app.store().reader().and_then(|reader| reader.names()).expect("readable");
    let name = &rule.rules[&cuelight_core::id::RuleId::new(RULE)];
    for (field, expected) in [
        ("id", json!(jobs[0])),
        ("kind", json!("log_write")),
        ("summary", json!("one")),
        ("state", json!("pending")),
        ("origin", json!(RULE)),
        ("originName", json!(name)),
        ("priority", json!(10)),
        ("mode", json!("sync")),
        ("attempt", json!(0)),
        ("maxAttempts", json!(3)),
        ("expiresMs", json!(null)),
        ("heldSinceMs", json!(null)),
    ] {
        assert_eq!(job[field], expected, "{field}");
    }
    let cause = json!({
        "session": stage.session, "number": 1, "eventType": "gift", "viewer": { "userId": "mia", "nickname": "MIA" }
    });
    assert_eq!(job["cause"], cause, "the gift that did it");
}

#[tokio::test]
async fn one_viewers_jobs_are_cleared() {
    let (stage, _) = three_roses().await;
    stage.rose("ana", "hers", &["voice"]);
    let input = json!({ "service": "voice", "userId": "mia" });
    let queue = stage.ask("clear_queue", input).await.expect("it is there");
    assert_eq!(texts(&queue, "waiting"), ["hers"], "others stay");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_a_code() {
    let (stage, jobs) = three_roses().await;
    for (command, input, code, why) in [
        ("move_job_up", json!({ "job": jobs[0] }), FailureCode::NotNow, "it is first"),
        ("move_job_down", json!({ "job": jobs[2] }), FailureCode::NotNow, "it is last"),
        ("release_job", json!({ "job": jobs[0] }), FailureCode::NotNow, "it is not held"),
        ("skip_job", json!({ "job": jobs[0] }), FailureCode::NotNow, "it does not run"),
        ("run_job_again", json!({ "job": jobs[0] }), FailureCode::NotNow, "it has not ended"),
        ("hold_job", json!({ "job": "99" }), FailureCode::NotFound, "there is none"),
        ("hold_job", json!({ "job": "one" }), FailureCode::BadInput, "no number"),
        ("queue", json!({ "service": "nowhere", "limit": 1 }), FailureCode::NotFound, "there is none"),
        ("pause_service", json!({ "service": "nowhere" }), FailureCode::NotFound, "there is none"),
        ("clear_queue", json!({ "service": "nowhere", "userId": null }), FailureCode::NotFound, "there is none"),
    ] {
        let failure = stage.ask(command, input).await.expect_err(why);
        assert_eq!(failure.code, code, "{command}: {why}: {failure}");
    }
}

#[tokio::test]
async fn a_remote_may_pause_and_skip_and_nothing_else() {
    let (stage, jobs) = three_roses().await;
    let remote = |command: &'static str, input: Value| stage.door.call(CallerRole::Remote, command, input);
    remote("resume_service", json!({ "service": "sounds" })).await.expect("it may");
    remote("pause_service", json!({ "service": "sounds" })).await.expect("it may");
    remote("queue", json!({ "service": "voice", "limit": 1 })).await.expect("it may look");
    let skipped = remote("skip_job", json!({ "job": jobs[0] })).await.expect_err("it does not run");
    assert_eq!(skipped.code, FailureCode::NotNow, "it may skip");
    for command in ["move_job_up", "move_job_down", "hold_job", "release_job", "discard_job", "run_job_again"] {
        let failure = remote(command, json!({ "job": jobs[0] })).await.expect_err("it may not");
        assert_eq!(failure.code, FailureCode::NotAllowed, "{command}");
    }
}

#[tokio::test]
async fn services_say_how_they_stand() {
    let (stage, jobs) = three_roses().await;
    stage.ask("hold_job", json!({ "job": jobs[0] })).await.expect("it waits");
    stage.ask("discard_job", json!({ "job": jobs[1] })).await.expect("it waits");
    let statuses = stage.app.statuses().await.expect("readable");
    let voice = statuses.iter().find(|status| status.id.as_str() == "voice").expect("it is there");
    assert!(voice.active && voice.paused, "it was paused");
    assert_eq!((voice.pending, voice.held, voice.processing), (2, 1, 0), "one of the two is held");
    assert_eq!((voice.completed_today, voice.failed_today, voice.discarded_today), (0, 0, 1), "one was taken out");
    let next = stage.app.now_and_next().await.expect("readable");
    assert_eq!((next.now.len(), next.next.len()), (0, 0), "a paused service has nothing that comes next");
}
