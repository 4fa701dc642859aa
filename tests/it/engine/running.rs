//! `run` does what the rules say, once each, says how it went, and ends when it should.

use std::process::Stdio;
use std::time::{Duration, Instant};

use cuelight_core::id::ServiceId;
use serde_json::Value;
use system_tests::{FakeTikTok, Pace, Scenario};

use super::lives::{Happening, comments};
use super::{counted, first_day, jobs, lives, text};
use crate::support::Workplace;
use crate::support::lives::{session_source, simulated};
use crate::support::running::{Running, interrupt};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The gift of the starter rule.
const ROSE: i64 = 5655;

/// The blocks of a run begin and end with this.
const RULE: &str = "======================================================================";

/// The sums of one service in a block of statistics.
fn sums(block: &str, name: &str) -> [u64; 5] {
    let line = block.lines().find(|line| line.split_whitespace().nth(1) == Some(name));
    let line = line.unwrap_or_else(|| panic!("{name} is missing in {block}"));
    ["pending", "processing", "completed", "failed", "discarded"].map(|sum| {
        let (_, rest) = line.split_once(sum).unwrap_or_else(|| panic!("{sum} is missing in {line}"));
        let number = rest.split_whitespace().next().expect("a number follows");
        number.parse().unwrap_or_else(|_| panic!("{number} is a number in {line}"))
    })
}

/// Who caused a job, what did, and in which service.
fn key(job: &Value) -> (&str, &str, &str) {
    (text(job, "viewer"), text(job, "origin"), text(job, "service"))
}

#[test]
fn every_gift_of_a_recording_is_answered_once_and_the_sums_add_up() {
    let workplace = first_day();
    let said = workplace.run(["run", "--source", &session_source(1)]).expect_status(0).stdout;
    let exported = workplace.run(["sessions", "export", "1", "--format", "jsonl"]).expect_status(0).stdout;
    let events: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let gifts: Vec<&Value> = events.iter().filter(|event| event["event_type"] == "gift").collect();
    assert_eq!(gifts.len(), 24, "the gifts of the recording, each at the end of its combo");

    let mut expected = Vec::new();
    for gift in &gifts {
        let viewer = text(&gift["data"]["user"], "user_id");
        expected.push((viewer, "default:overlays", "overlays"));
        expected.push((viewer, "default:dinochrome", "dinochrome"));
        if gift["data"]["gift"]["id"] == ROSE {
            expected.push((viewer, "rose", "dinochrome"));
            expected.push((viewer, "rose", "voice"));
        }
    }
    let jobs = jobs(&workplace, &[]);
    let of_gifts: Vec<&Value> = jobs.iter().filter(|job| job["event_type"] == "gift").collect();
    assert_eq!(counted(of_gifts.iter().map(|job| key(job))), counted(expected), "each gift has each of its jobs once");
    for job in &of_gifts {
        assert_eq!(
            (&job["state"], &job["attempt"], &job["interrupted"]),
            (&"completed".into(), &1.into(), &false.into()),
            "it ran, once: {job}"
        );
    }

    let (_, end) = said.split_once("🏁 END").expect("the block at the end");
    assert!(end.contains(&format!("📝 Session: #1   📊 Events: {}", events.len())), "the events that count: {end}");
    for service in ["Basics", "DinoChrome", "Overlays", "Voice", "Sounds", "Assistant", "Games", "Studio", "Web"] {
        let id = ServiceId::new(service.to_lowercase());
        let of = |state: &str| jobs.iter().filter(|job| job["service"] == id.as_str() && job["state"] == state).count();
        let expected = ["pending", "processing", "completed", "failed", "discarded"].map(|state| of(state) as u64);
        assert_eq!(sums(end, service), expected, "the sums of {service}: {end}");
        assert_eq!(expected[..2], [0, 0], "nothing of {service} is left over");
    }
    let verdicts = |icon: &str| said.lines().filter(|line| line.starts_with(icon) && line.contains("(P:")).count();
    let states = counted(jobs.iter().map(|job| text(job, "state")));
    assert_eq!(verdicts("✅ ["), states["completed"] as usize, "a line for each job that was done");
    assert!(said.ends_with(&format!("✅ Everything is saved and done\n{RULE}\n")), "the last words: {said}");
}

#[test]
fn a_second_run_of_a_recording_does_the_same_again() {
    let workplace = first_day();
    for _ in 0..2 {
        workplace.run(["run", "--source", &session_source(2)]).expect_status(0);
    }
    let jobs = jobs(&workplace, &[]);
    let of = |session: u32| {
        let jobs = jobs.iter().filter(|job| job["session"] == session);
        counted(jobs.map(|job| (job["event"].to_string(), job["origin"].to_string(), job["with"].to_string())))
    };
    assert!(!of(1).is_empty(), "something was done");
    assert_eq!(of(2), of(1), "for the same events the same, word for word");
}

#[test]
fn ctrl_c_ends_a_live_in_less_than_two_seconds_with_everything_in_order() {
    let tiktok = FakeTikTok::start(Scenario::replay(simulated(3, 5_000), Pace::EveryMs(2)));
    let workplace = first_day();
    let mut command = workplace.cuelight(["run", "sim", "--session-name", "stopped"]);
    command.envs(tiktok.environment());
    let mut run = Running::start(command);
    run.next_with("📺 Streamer: @sim");
    run.next_with("✅ [");
    let asked_at = Instant::now();
    run.interrupt();
    let (status, said) = run.end();
    assert!(asked_at.elapsed() < Duration::from_secs(2), "it took {:?}", asked_at.elapsed());
    assert_eq!(status, Some(0), "Ctrl+C is a good end");
    assert!(said.contains("🏁 END") && said.ends_with(RULE), "the sums are shown");
    let shown = workplace.run(["sessions", "show", "1", "--json"]).expect_status(0).stdout;
    let session: Value = serde_json::from_str(&shown).expect("JSON");
    assert!(session["ended"].is_string(), "the session is closed: {session}");
    assert_eq!(session["name"], "stopped", "under the name that it was given");
    assert!(said.contains(&format!("📊 Events: {}", grouped(&session["events"]))), "and its events are counted");
    let running = jobs(&workplace, &["--state", "processing"]);
    assert!(running.is_empty(), "no job is left half done: {running:?}");
}

/// A number as English groups its digits.
fn grouped(number: &Value) -> String {
    match number.as_u64().expect("a number") {
        number @ 0..1_000 => number.to_string(),
        number => format!("{},{:03}", number / 1_000, number % 1_000),
    }
}

#[test]
fn a_streamer_who_is_not_live_is_waited_for_unless_nobody_wants_to() {
    let tiktok = FakeTikTok::start(Scenario::flood(simulated(3, 10)));
    let workplace = first_day();
    let run = |more: &[&'static str]| {
        let mut command = workplace.cuelight(["run", "offline"].into_iter().chain(more.iter().copied()));
        command.envs(tiktok.environment());
        Running::start(command)
    };
    let mut waiting = run(&[]);
    waiting.next_with("⏳ @offline is not live; waiting");
    workplace.run(["do", "log_write", "text=meanwhile"]).expect_status(0);
    waiting.next_with("✅ [Basics]");
    waiting.interrupt();
    assert_eq!(waiting.end().0, Some(0), "waiting can be ended");
    let (status, said) = run(&["--no-wait"]).end();
    assert_eq!(status, Some(3), "scripts rely on it");
    assert!(said.contains("❌ @offline is not currently live"), "{said}");
    let (status, said) = run(&["--no-wait", "--lang", "es"]).end();
    assert_eq!(status, Some(3), "in every language");
    assert!(said.contains("❌ @offline no está en directo ahora"), "{said}");
}

#[test]
fn whoever_cannot_wait_ends_a_run_whose_terminal_takes_no_more_text() {
    let workplace = first_day();
    // What a run says of it fills any pipe many times over.
    lives::write(&workplace, "long.jsonl", &comments(5_000));
    let mut command = workplace.cuelight(["run", "--source", "file:long.jsonl"]);
    let mut run = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("cuelight starts");
    let is_through = || {
        let shown = workplace.run(["sessions", "show", "1", "--json"]);
        let session: Option<Value> = serde_json::from_str(&shown.stdout).ok();
        session.is_some_and(|session| session["ended"].is_string())
    };
    let began = Instant::now();
    while !is_through() {
        assert!(began.elapsed() < PATIENCE, "the live goes on although nobody reads what is said of it");
    }
    // Signals that come at once are one.
    let ended = loop {
        interrupt(&run);
        if let Some(status) = run.try_wait().expect("it is ours") {
            break status;
        }
        assert!(began.elapsed() < 2 * PATIENCE, "it does not end");
    };
    assert_eq!(ended.code(), Some(130), "as shells have it");
}

#[test]
fn the_story_is_told_in_every_language() {
    let story = |language: &str| {
        let workplace = first_day();
        lives::write(
            &workplace,
            "live.jsonl",
            &comments(2).into_iter().chain([Happening::Gift(9)]).collect::<Vec<_>>(),
        );
        let run = ["run", "--source", "file:live.jsonl", "--lang", language];
        workplace.run(run).expect_status(0).stdout
    };
    for (language, parts) in [
        ("en", ["TIKTOK EVENT SYSTEM · START", "✅ [Overlays] gift (P:10) completed", "completed 3", "🏁 END"]),
        (
            "es",
            [
                "SISTEMA DE EVENTOS DE TIKTOK · INICIO",
                "✅ [Overlays] regalo (P:10) completado",
                "completados 3",
                "🏁 FIN",
            ],
        ),
        (
            "vi",
            [
                "HỆ THỐNG SỰ KIỆN TIKTOK · BẮT ĐẦU",
                "✅ [Overlays] quà tặng (P:10) hoàn thành",
                "hoàn thành 3",
                "🏁 KẾT THÚC",
            ],
        ),
    ] {
        let told = story(language);
        for part in parts {
            assert!(told.contains(part), "{part} is missing in {language}: {told}");
        }
    }
    let refused = Workplace::new().run(["run", "--source", "simulator", "--lang", "de"]).expect_status(2);
    assert!(
        refused.stderr.contains("there are en (English), es (Spanish) and vi (Vietnamese)"),
        "{:?}",
        refused.stderr
    );
}

#[test]
fn what_cannot_be_read_is_told_before_anything_begins() {
    let workplace = first_day();
    let failed = workplace.run(["run", "--source", "file:no-such.frames"]).expect_status(1);
    assert!(failed.stderr.contains("❌ Could not read no-such.frames"), "{:?}", failed.stderr);
    assert_eq!(failed.stdout, "", "no story of a run that never was");
    let nobody = workplace.run(["run"]).expect_status(2);
    assert!(nobody.stderr.contains("as in: cuelight run luna.plays"), "{:?}", nobody.stderr);
    let negative = workplace.run(["run", "luna.plays", "--duration", "-1"]).expect_status(2);
    assert!(negative.stderr.contains("a whole number of seconds"), "{:?}", negative.stderr);
}
