//! Going live from the running app: every phase as TikTok brings it about, and what people do meanwhile.

mod desk;
mod person;
mod trying;

use std::path::Path;
use std::time::Duration;

use cuelight_app::App;
use cuelight_app::dto::{CallerRole, FailureCode, Health, HealthId, HealthState, LiveSource, Phase};
use cuelight_app::live::Standing;
use cuelight_core::id::{RuleId, SessionId};
use cuelight_core::job::JobState;
use cuelight_runtime::publish::PublishHealth;
use serde_json::{Value, json};
use system_tests::{Frame, Live, Scenario, Step, viewer};

use self::desk::{Desk, PATIENCE, fake, named};

/// A rehearsal of that scenario, as fast as possible.
fn rehearsal(scenario: &str) -> Value {
    json!({ "from": "scenario", "scenario": scenario, "speed": 1e9, "seed": "7" })
}

fn button(id: &str, label: &str) -> Value {
    json!({
        "id": id, "name": label, "when": { "on": "button", "label": label },
        "do": [{ "action": "log_write", "with": { "text": "pressed" } }],
    })
}

#[tokio::test]
async fn the_creators_pause_and_the_end_of_the_live_are_phases() {
    let mut live = Live::new();
    let hello = Frame::of([live.chat(viewer::ROSA, "brb?")]);
    let paused = Frame::of([live.paused()]);
    let tiktok = fake(Scenario::playing(vec![Step::Send(hello), Step::Send(paused)]));
    let desk = Desk::with(&tiktok);
    desk.ask("go_live", json!({ "creator": "sim" })).await;
    desk.until("the pause", |it| matches!(it.phase, Phase::PausedByCreator { .. })).await;
    desk.app.end().await;

    let tiktok = named("ended");
    let desk = Desk::with(&tiktok);
    desk.ask("go_live", json!({ "creator": "sim" })).await;
    desk.until("the end", |it| matches!(it.phase, Phase::Ended { .. }) && it.session.is_none()).await;
    assert!(desk.session(1).ended_ms.is_some(), "the session is closed");
    desk.app.end().await;
}

#[tokio::test]
async fn the_healths_tell_how_connection_disk_and_publishing_are() {
    let tiktok = named("normal");
    let desk = Desk::with(&tiktok);
    let states = |healths: Vec<Health>| healths.into_iter().map(|health| (health.id, health.state)).collect::<Vec<_>>();
    let server = (HealthId::Server, HealthState::Off);
    let disk = (HealthId::Disk, states(desk.app.healths().await)[2].1);
    let off = [(HealthId::Tiktok, HealthState::Off), server, disk, (HealthId::Redis, HealthState::Off)];
    assert_eq!(states(desk.app.healths().await), off, "nothing is wanted yet");
    for (key, value) in [("redis_url", "redis://127.0.0.1:1"), ("workspace_id", "luna")] {
        desk.app.store().set_setting(key, value).expect("it can be set");
    }
    desk.ask("go_live", json!({ "creator": "sim" })).await;
    desk.until_live().await;
    let is_unreachable = |it: &Standing| matches!(it.publishing, Some(PublishHealth::Unreachable { .. }));
    desk.until("Redis' silence", is_unreachable).await;
    let on = [(HealthId::Tiktok, HealthState::Good), server, disk, (HealthId::Redis, HealthState::Bad)];
    let healths = desk.app.healths().await;
    assert!(healths[0].value.is_some_and(|silence_ms| silence_ms < 20_000), "heard just now: {:?}", healths[0]);
    assert!(healths[2].value > Some(0), "bytes are free: {:?}", healths[2]);
    assert_eq!(states(healths), on, "TikTok is heard, Redis is not");
    desk.ask("end_live", json!({})).await;
    assert_eq!(states(desk.app.healths().await), off, "and nothing is wanted any more");
}

#[tokio::test]
async fn workers_end_beside_a_redis_that_takes_nothing_and_not_after_it() {
    let tiktok = named("normal");
    let desk = Desk::with(&tiktok);
    for (key, value) in [("redis_url", "redis://127.0.0.1:1"), ("workspace_id", "luna")] {
        desk.app.store().set_setting(key, value).expect("it can be set");
    }
    desk.ask("go_live", json!({ "creator": "sim" })).await;
    desk.until_live().await;
    let mut statuses = desk.app.engine.workers.statuses();
    let asked_at = std::time::Instant::now();
    let workers_ended = async {
        while statuses.changed().await.is_ok() {}
        asked_at.elapsed()
    };
    let (ended_after, ()) = tokio::join!(workers_ended, desk.app.end());
    assert!(ended_after < Duration::from_secs(4), "they had to wait {ended_after:?}");
    assert!(asked_at.elapsed() < App::LONGEST_END, "the app took {:?}", asked_at.elapsed());
}

#[tokio::test]
async fn a_button_fires_its_rule_with_a_session_and_without_one() {
    let desk = Desk::alone();
    desk.put_rule(button("confetti", "Confetti"));
    let never = json!([{ "if": "counter", "name": "none", "is": "more", "than": 5 }]);
    desk.put_rule(with(button("never", "Never"), "only_if", never));
    desk.put_rule(with(button("off", "Off"), "enabled", json!(false)));
    desk.put_rule(with(button("hello", "Hello"), "when", json!({ "on": "comment" })));

    desk.ask("press_button", json!({ "rule": "confetti" })).await;
    desk.ask("press_button", json!({ "rule": "confetti" })).await;
    desk.ask("press_button", json!({ "rule": "never" })).await;
    desk.until_idle().await;
    let jobs = desk.jobs_of("confetti");
    assert_eq!(jobs.iter().map(|job| job.session).collect::<Vec<_>>(), [None, None], "each press, of no session");
    assert!(jobs.iter().all(|job| job.state == JobState::Completed), "and done: {jobs:?}");
    assert_eq!(desk.jobs_of("never"), [], "a condition that does not hold is asked here, too");
    for (rule, code) in
        [("off", FailureCode::NotNow), ("hello", FailureCode::BadInput), ("gone", FailureCode::NotFound)]
    {
        let refused = desk.refused(CallerRole::Full, "press_button", json!({ "rule": rule })).await;
        assert_eq!(refused.code, code, "{rule}");
    }

    desk.ask("rehearse", json!({ "from": "scenario", "scenario": "small_live", "speed": 1.0, "seed": "luna" })).await;
    desk.until_live().await;
    desk.ask("press_button", json!({ "rule": "confetti" })).await;
    desk.app.run_rule(RuleId::new("never")).await.expect("it is there");
    let mut news = desk.app.engine.workers.statuses();
    let done = tokio::time::timeout(PATIENCE, async {
        while desk.jobs_of("never").iter().all(|job| job.state != JobState::Completed) {
            news.changed().await.expect("they work");
        }
    });
    done.await.expect("the lane answers");
    let session = desk.jobs_of("confetti").iter().filter_map(|job| job.session).collect::<Vec<_>>();
    assert_eq!(session, [SessionId(1)], "now it belongs to the session");
    desk.app.end().await;
}

#[tokio::test]
async fn hotkeys_do_what_the_settings_and_the_rules_say() {
    let desk = Desk::alone();
    desk.put_rule(with(button("boom", "Boom"), "when", json!({ "on": "hotkey", "keys": "Shift + control + m" })));
    let hotkeys = json!({ "silence": "Ctrl+Shift+M", "stopEverything": null, "pauseAll": "Ctrl+Shift+P" });
    desk.ask("save_settings", json!({ "area": "hotkeys", "value": hotkeys })).await;
    let refused = desk.refused(CallerRole::Window, "press_hotkey", json!({ "keys": "Ctrl" })).await;
    assert_eq!(refused.code, FailureCode::BadInput, "no keyboard has that combination");
    desk.ask("press_hotkey", json!({ "keys": "ctrl + shift + m" })).await;
    desk.until_idle().await;
    assert!(desk.app.live_status().await.expect("readable").silenced, "the app's own deed");
    assert_eq!(desk.jobs_of("boom").len(), 1, "and the rule with the same keys");
    desk.ask("press_hotkey", json!({ "keys": "Ctrl+Shift+M" })).await;
    assert!(!desk.app.live_status().await.expect("readable").silenced, "the second time ends it");
    desk.ask("press_hotkey", json!({ "keys": "Ctrl+Shift+P" })).await;
    assert!(desk.app.live_status().await.expect("readable").paused, "all are paused");
    desk.ask("press_hotkey", json!({ "keys": "Ctrl+Shift+P" })).await;
    assert!(!desk.app.live_status().await.expect("readable").paused, "and go on");
    desk.app.end().await;
}

#[tokio::test]
async fn an_event_from_outside_needs_an_open_session() {
    let desk = Desk::alone();
    desk.put_rule(with(button("spin", "Spin"), "when", json!({ "on": "custom", "name": "wheel" })));
    let nobody = desk.app.emit("wheel".to_owned(), Default::default()).await.expect_err("no session is open");
    assert_eq!(nobody.code, FailureCode::NotNow, "nobody would take it");
    desk.ask("rehearse", json!({ "from": "scenario", "scenario": "small_live", "speed": 1.0, "seed": "1" })).await;
    desk.until_live().await;
    desk.app.emit("wheel".to_owned(), Default::default()).await.expect("the session is open");
    let mut statuses = desk.app.engine.workers.statuses();
    let fired = tokio::time::timeout(PATIENCE, async {
        while desk.jobs_of("spin").is_empty() {
            statuses.changed().await.expect("they work");
        }
    });
    fired.await.expect("the rule answers the event");
    desk.app.end().await;
}

#[tokio::test]
async fn a_rehearsal_goes_through_the_same_engine_and_leaves_its_jobs_done() {
    let desk = Desk::alone();
    desk.ask("rehearse", rehearsal("battle_finish")).await;
    let over = |it: &Standing| matches!(it.phase, Phase::Ended { .. }) && it.session.is_none();
    let ended = desk.until("its end", over).await;
    assert_eq!(ended.source, Some(LiveSource::Simulator), "it is known to be invented");
    assert!(ended.totals.diamonds > 0 && ended.totals.events > 0, "it adds up: {:?}", ended.totals);
    let session = desk.session(1);
    assert_eq!(session.source, "simulator:battle-finish", "and marked so in the journal");
    assert_eq!(session.totals.diamonds, ended.totals.diamonds, "what is shown is what was written");
    assert!(session.ended_ms.is_some(), "it is closed");
    let left = desk.app.read(|reader| reader.unfinished()).await.expect("readable");
    assert_eq!((left.running, left.waiting), (0, 0), "what it caused is done");
    assert!(!desk.jobs().is_empty(), "and it caused something");

    desk.ask("rehearse", rehearsal("small_live")).await;
    desk.until("a lot", |it| it.session == Some(SessionId(2)) && it.totals.events > 200).await;
    desk.ask("end_live", json!({})).await;
    assert!(desk.session(2).ended_ms.is_some(), "an endless one ends when it is told to");
    desk.app.end().await;
}

#[tokio::test]
async fn only_the_window_rehearses_with_files_from_anywhere() {
    let desk = Desk::alone();
    let recordings = desk.folder.recordings();
    std::fs::create_dir_all(&recordings).expect("it can be made");
    let recording = |path: &Path| json!({ "from": "recording", "path": path, "speed": 1e9 });
    let (inside, outside) = (recordings.join("friday.jsonl"), desk.folder.path().join("elsewhere.jsonl"));
    let event = r#"{"event_type":"comment","data":{"comment":"hi","user":{"user_id":"7","nickname":"mia"}}}"#;
    for path in [&inside, &outside] {
        std::fs::write(path, event).expect("it can be written");
    }
    std::fs::write(recordings.join("notes.txt"), "no recording").expect("it can be written");
    let listed = desk.ask("recordings", json!({})).await;
    assert_eq!(listed.as_array().expect("a list").len(), 1, "only recordings: {listed}");
    assert_eq!(listed[0]["name"], "friday.jsonl", "by its name");
    assert_eq!(listed[0]["sizeBytes"], event.len(), "with its size");

    let refused = desk.refused(CallerRole::Full, "rehearse", recording(&outside)).await;
    assert_eq!(refused.code, FailureCode::NotAllowed, "files of the machine are the window's");
    let missing = desk.refused(CallerRole::Window, "rehearse", recording(&desk.folder.path().join("gone.jsonl"))).await;
    assert_eq!((missing.code, missing.field.as_deref()), (FailureCode::BadInput, Some("path")), "no such file");
    let odd = desk.refused(CallerRole::Window, "rehearse", recording(&recordings.join("notes.txt"))).await;
    assert_eq!((odd.code, odd.field.as_deref()), (FailureCode::BadInput, Some("path")), "no recording: {odd:?}");
    assert_eq!(desk.app.live.watch().borrow().phase, Phase::Offline, "nothing goes on then");
    for path in [&inside, &outside] {
        desk.ask("rehearse", recording(path)).await;
        let over = |it: &Standing| matches!(it.phase, Phase::Ended { .. }) && it.session.is_none();
        assert_eq!(desk.until("its end", over).await.source, Some(LiveSource::Recording), "it was played");
    }
    desk.app.end().await;
}

#[tokio::test]
async fn old_jobs_wait_until_somebody_decides_about_them() {
    for (command, state) in [("resume_old_jobs", JobState::Completed), ("discard_old_jobs", JobState::Discarded)] {
        let desk = Desk::alone();
        desk.ask("pause_all", json!({})).await;
        desk.ask("rehearse", rehearsal("reconnect_in_combo")).await;
        let over = |it: &Standing| matches!(it.phase, Phase::Ended { .. }) && it.session.is_none();
        desk.until("its end", over).await;
        let waiting = desk.jobs().iter().filter(|job| job.state == JobState::Pending).count();
        assert!(waiting > 0, "paused services keep what came");
        assert_eq!(desk.app.live_status().await.expect("readable").old_jobs, None, "it is not held yet");
        let desk = desk.restarted().await;
        let status = desk.app.live_status().await.expect("readable");
        let old = status.old_jobs.expect("they are held");
        assert_eq!((old.count, old.session), (waiting as u64, SessionId(1)), "and told");
        assert!(status.paused, "a pause outlives a restart");
        desk.ask("resume_all", json!({})).await;
        desk.until_idle().await;
        assert!(desk.jobs().iter().all(|job| job.state == JobState::Pending), "still nobody has decided");
        desk.ask(command, json!({})).await;
        desk.until_idle().await;
        let jobs = desk.jobs();
        assert!(jobs.iter().all(|job| job.state == state), "{command} decides about all: {jobs:?}");
        assert_eq!(desk.app.live_status().await.expect("readable").old_jobs, None, "nothing is left to ask");
        desk.app.end().await;
    }
}

#[tokio::test]
async fn stopping_everything_says_before_what_would_be_lost() {
    let desk = Desk::alone();
    desk.ask("pause_all", json!({})).await;
    desk.ask("rehearse", rehearsal("reconnect_in_combo")).await;
    let over = |it: &Standing| matches!(it.phase, Phase::Ended { .. }) && it.session.is_none();
    desk.until("its end", over).await;
    let preview = desk.door.call(CallerRole::Remote, "stop_everything_preview", json!({})).await.expect("allowed");
    assert!(preview["waiting"].as_u64() > Some(0) && preview["paid"].as_u64() > Some(0), "gifts wait: {preview}");
    desk.door.call(CallerRole::Remote, "stop_everything", json!({})).await.expect("allowed");
    let left = desk.ask("stop_everything_preview", json!({})).await;
    assert_eq!(left, json!({ "running": 0, "waiting": 0, "paid": 0 }), "nothing is left");
    desk.app.end().await;
}

#[tokio::test]
async fn a_muted_viewer_is_listed_until_they_may_speak_again() {
    let desk = Desk::alone();
    desk.ask("mute_viewer", json!({ "userId": "77" })).await;
    assert_eq!(desk.ask("muted_viewers", json!({})).await, json!([{ "userId": "77", "nickname": "" }]), "muted");
    desk.ask("unmute_viewer", json!({ "userId": "77" })).await;
    assert_eq!(desk.ask("muted_viewers", json!({})).await, json!([]), "and not any more");
    let remote = desk.refused(CallerRole::Remote, "mute_viewer", json!({ "userId": "77" })).await;
    assert_eq!(remote.code, FailureCode::NotAllowed, "that is not for who only watches");
    desk.app.end().await;
    let ended = desk.refused(CallerRole::Full, "rehearse", rehearsal("typical")).await;
    assert_eq!(ended.code, FailureCode::NotNow, "an app that has ended begins nothing");
}

/// The rule with another field.
fn with(mut rule: Value, field: &str, value: Value) -> Value {
    rule[field] = value;
    rule
}
