//! The story of a connection: every attempt is kept with its answer, the way that led in is tried first the next time, and
//! the doctor tells like a technician what stands in which way.

use std::sync::Arc;

use cuelight_app::dto::{CallerRole, ConnectionStory};
use cuelight_app::shell::NoShell;
use cuelight_app::{App, Door};
use cuelight_core::attempt::{Attempt, AttemptAnswer, AttemptStep};
use cuelight_core::way::Way;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::source::tiktok::bases::TikTokBases;
use cuelight_runtime::store::{Store, open_beside_engine};
use rusqlite::Connection;
use serde_json::json;
use system_tests::{FakeTikTok, Frame, Live, Step, scenario};

use crate::direct::capture::{Capture, brisk};
use crate::support::{Finished, Workplace};

/// A live in which whoever is not signed is refused, and which ends soon.
fn refusing() -> FakeTikTok {
    let end = Live::numbered_from(7_300_000_000_000_900_001).ended();
    let refused = scenario::named("direct-refused").expect("the scenario exists");
    FakeTikTok::start(refused.then([Step::LeaveLive, Step::Send(Frame::of([end]))]))
}

/// `cuelight` against that fake, on a machine without a browser.
fn without_browser(workplace: &Workplace, tiktok: &FakeTikTok, args: &[&str], key: Option<&str>) -> Finished {
    let mut command = workplace.cuelight(args.iter().copied());
    command.envs(tiktok.environment()).env("CUELIGHT_CHROME", "/nowhere/chrome");
    command.envs(key.map(|key| ("CUELIGHT_SECRET_SIGN_KEY", key)));
    Finished::of(command)
}

fn store(workplace: &Workplace) -> Store {
    open_beside_engine(&DataFolder::new(workplace.data_dir()), &Clock::system()).expect("it opens").0
}

/// What the journal knows of attempts, in the order in which they were made.
fn story(workplace: &Workplace) -> Vec<Attempt> {
    let mut attempts = store(workplace).reader().expect("it opens").attempts(u32::MAX).expect("readable");
    attempts.reverse();
    attempts
}

/// The attempts that were part of a way, in short.
fn ways_in(attempts: &[Attempt]) -> Vec<(Way, AttemptStep, AttemptAnswer)> {
    attempts.iter().filter_map(|attempt| Some((attempt.way?, attempt.step, attempt.answer))).collect()
}

const CAPTURE: [&str; 4] = ["capture", "sim", "--duration", "20"];

#[test]
fn every_attempt_of_a_climb_is_in_the_journal_with_its_answer() {
    use AttemptAnswer::{Good, InRoom, LiveEnded, NotThere, Refused};
    let (tiktok, workplace) = (refusing(), Workplace::new());
    without_browser(&workplace, &tiktok, &CAPTURE, Some("key-of-luna")).expect_status(0);
    let story = story(&workplace);
    let lookup: Vec<AttemptStep> = story.iter().take(2).map(|attempt| attempt.step).collect();
    assert_eq!(lookup, [AttemptStep::AskJson, AttemptStep::AskAlive], "first whether there is a live: {story:#?}");
    assert_eq!(
        ways_in(&story),
        [
            (Way::Direct, AttemptStep::Cookie, Good),
            (Way::Direct, AttemptStep::Upgrade, Refused),
            (Way::Direct, AttemptStep::Cookie, Good),
            (Way::Direct, AttemptStep::Upgrade, Refused),
            (Way::Cookie, AttemptStep::StartBrowser, NotThere),
            (Way::Page, AttemptStep::StartBrowser, NotThere),
            (Way::Sign, AttemptStep::Sign, Good),
            (Way::Sign, AttemptStep::Upgrade, Good),
            (Way::Sign, AttemptStep::EnterRoom, InRoom),
            (Way::Sign, AttemptStep::Stay, LiveEnded),
        ],
        "each way with each of its steps"
    );
    for attempt in &story {
        let is_here = attempt.step == AttemptStep::StartBrowser;
        assert_eq!(attempt.place.is_empty(), is_here, "whoever was asked is named: {attempt:?}");
        assert_eq!(attempt.creator, "sim", "and whose live it was");
        assert!(attempt.at_ms > 1_700_000_000_000, "and when: {attempt:?}");
    }
    let refusal = story.iter().find(|attempt| attempt.answer == Refused).expect("it was refused");
    assert!(refusal.detail().contains("DEVICE_BLOCKED"), "in TikTok's own words: {refusal:?}");
    assert!(!format!("{story:?}").contains("key-of-luna"), "no key is in any story");
}

#[test]
fn the_way_that_led_in_is_tried_first_the_next_time_and_the_others_follow_it() {
    let (tiktok, workplace) = (refusing(), Workplace::new());
    without_browser(&workplace, &tiktok, &CAPTURE, Some("key-of-luna")).expect_status(0);
    let first = story(&workplace).len();
    tiktok.set_live(true);
    without_browser(&workplace, &tiktok, &CAPTURE, Some("key-of-luna")).expect_status(0);
    let second = story(&workplace);
    let ways: Vec<Way> = second[first..].iter().filter_map(|attempt| attempt.way).collect();
    assert_eq!(ways, [Way::Sign; 4], "no other was tried: {:#?}", &second[first..]);
    tiktok.set_live(true);
    without_browser(&workplace, &tiktok, &CAPTURE, None).expect_status(5);
    let mut ways: Vec<Way> = story(&workplace)[second.len()..].iter().filter_map(|attempt| attempt.way).collect();
    ways.dedup();
    let order = [Way::Sign, Way::Direct, Way::Cookie, Way::Page, Way::Tikfinity];
    assert_eq!(ways[..5], order, "without its key the others have their turn");
}

#[test]
fn a_story_that_cannot_be_written_costs_no_event() {
    let (tiktok, workplace) = (refusing(), Workplace::new());
    workplace.run(["init"]).expect_status(0);
    let database = Connection::open(DataFolder::new(workplace.data_dir()).database()).expect("it is there");
    let refusal = "CREATE TRIGGER no_story BEFORE INSERT ON attempt BEGIN SELECT RAISE(ABORT, 'no room'); END";
    database.execute_batch(refusal).expect("SQL");
    drop(database);
    without_browser(&workplace, &tiktok, &CAPTURE, Some("key-of-luna")).expect_status(0);
    assert!(story(&workplace).is_empty(), "nothing of it could be written");
    let sessions = store(&workplace).reader().expect("it opens").sessions().expect("readable");
    assert!(sessions[0].last_number > 0 && sessions[0].ended_ms.is_some(), "the live was captured: {sessions:?}");
}

#[tokio::test]
async fn the_window_is_told_the_story_the_newest_first_and_remote_controls_are_not() {
    let workplace = Workplace::new();
    let captured = std::thread::spawn(move || {
        without_browser(&workplace, &refusing(), &CAPTURE, Some("key-of-luna")).expect_status(0);
        workplace
    });
    let workplace = captured.join().expect("it was captured");
    let bases = TikTokBases::new(None, None, None).expect("the real hosts are addresses");
    let folder = DataFolder::new(workplace.data_dir());
    let app = App::begin_with(&folder, Clock::system(), Arc::new(NoShell), bases).expect("the app begins");
    let door = Door::new(Arc::clone(&app));
    let told = door.call(CallerRole::Full, "connection_story", json!({})).await.expect("it is allowed");
    assert_eq!(told["attempts"][0]["answer"], json!({ "kind": "live_ended" }), "how it ended: {told:#}");
    assert_eq!(
        (&told["attempts"][0]["way"], &told["attempts"][0]["step"]),
        (&json!("sign"), &json!("stay")),
        "{told:#}"
    );
    let read: ConnectionStory = serde_json::from_value(told).expect("it is what the types say");
    assert_eq!(read.attempts.last().map(|attempt| attempt.way), Some(None), "it began with the lookup");
    door.call(CallerRole::Remote, "connection_story", json!({}))
        .await
        .expect_err("hosts are nothing for a remote control");
    app.end().await;
}

#[tokio::test]
async fn an_attempt_is_no_word_of_the_far_side() {
    let mut capture = Capture::of(scenario::named("device-blocked").expect("the scenario exists"), brisk());
    let contact = capture.contact.clone();
    let mut told = Vec::new();
    while let Some((batch, _)) = capture.next().await {
        assert!(batch.events.is_empty(), "nobody was ever in the room");
        told.extend(batch.attempts);
    }
    assert!(told.iter().any(|attempt| attempt.answer == AttemptAnswer::Refused), "it is told: {told:?}");
    assert_eq!(contact.heard_ms(), None, "a room that nobody was in was not heard");
}

#[test]
fn the_doctor_names_the_way_that_is_broken_and_the_one_that_leads_in() {
    let (tiktok, workplace) = (refusing(), Workplace::new());
    workplace.run(["config", "set", "way_tikfinity", "false"]).expect_status(0);
    let args = ["doctor", "--connection", "sim"];
    let told = without_browser(&workplace, &tiktok, &args, Some("key-of-luna")).expect_status(0).stdout;
    for part in [
        &format!("   ✅ Looking up the room, {}: ", tiktok.address()),
        "✅ @sim: is live",
        &format!("   ❌ Opening the connection, {}: ", tiktok.address()),
        "❌ direct: does not lead in: the connection was refused (DEVICE_BLOCKED (Handshake-Status 415",
        "⚠️ page: cannot be used: there is no browser",
        "Install Chrome",
        "24/25 this minute, 248/250 this hour, 2,498/2,500 today",
        "✅ sign: leads into the room, ",
        "⚠️ tikfinity: is switched off",
        "cuelight config set way_tikfinity true",
        "1 way leads into the live of @sim: sign",
    ] {
        assert!(told.contains(part), "{part:?} is missing:\n{told}");
    }
    assert!(
        told.lines()
            .filter(|line| line.starts_with("   ✅"))
            .all(|line| line.ends_with(" ms") || line.contains("today")),
        "{told}"
    );
    assert!(story(&workplace).is_empty(), "an examination is no capture");
    let seen = tiktok.seen();
    assert_eq!(seen.requests_for("/webcast/im/ws_proxy/ws_reuse_supplement/").count(), 2, "each way is tried once");
    assert_eq!(seen.requests_for("/api-live/user/room/").count(), 1, "and the live is looked up once for all of them");
}

#[test]
fn the_doctor_says_in_every_language_when_no_way_leads_in() {
    for (language, parts) in [
        ("en", ["no way leads into the live of @sim", "needs a key of your own account"]),
        ("es", ["ninguna vía permite entrar en el directo de @sim", "Necesita una clave de tu propia cuenta"]),
        ("vi", ["hiện không có cách nào vào được buổi live của @sim", "Cần khóa từ tài khoản của chính bạn"]),
    ] {
        let (tiktok, workplace) = (refusing(), Workplace::new());
        let args = ["doctor", "--connection", "sim", "--lang", language];
        let told = without_browser(&workplace, &tiktok, &args, None).expect_status(1).stdout;
        for part in parts {
            assert!(told.contains(part), "{part:?} is missing:\n{told}");
        }
    }
}

#[test]
fn a_streamer_who_is_not_live_is_no_fault_of_the_connection() {
    for (user, status, part) in [
        ("offline", 0, "⚠️ @offline: not live"),
        ("nobody", 1, "❌ @nobody: TikTok knows nobody of that name"),
        ("blocked", 1, "❌ @blocked: turned away until "),
        ("throttled", 1, "❌ @throttled: too many tries, until "),
        ("captcha", 1, "❌ @captcha: TikTok asks for a captcha"),
    ] {
        let (tiktok, workplace) = (refusing(), Workplace::new());
        let told = without_browser(&workplace, &tiktok, &["doctor", "--connection", user], None).expect_status(status);
        assert!(told.stdout.contains(part), "{part:?} is missing:\n{}", told.stdout);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_doctor_tries_the_page_in_a_real_browser_and_leaves_none_behind() {
    let (tiktok, workplace) = (refusing(), Workplace::new());
    for way in ["way_direct", "way_cookie", "way_sign", "way_tikfinity"] {
        workplace.run(["config", "set", way, "false"]).expect_status(0);
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = workplace.cuelight(["doctor", "--connection", "sim"]);
    command.envs(tiktok.environment()).env("TMPDIR", folder.path());
    let told = Finished::of(command).expect_status(0).stdout;
    assert!(told.contains("✅ page: leads into the room, "), "the only one that is switched on:\n{told}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 0, "its browser is gone:\n{told}");
}
