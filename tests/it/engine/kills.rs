//! `kill -9` of whoever fills the queues or empties them, at any moment: nothing is lost, nothing is done twice in silence.

use std::collections::BTreeMap;
use std::time::Duration;

use cuelight_core::limits::MAX_ATTEMPTS;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use system_tests::{FakeTikTok, Frame, Live, Recording, Scenario, viewer};

use super::{counted, first_day, jobs, logged, only_with, set, text, written};
use crate::support::Workplace;
use crate::support::lives::simulated;
use crate::support::running::Running;

/// Comments of the live, numbered from 1.
const COMMENTS: u32 = 800;

/// How often somebody is killed.
const KILLS: u32 = 24;

/// How long nobody says anything before the next one is killed all the same.
const QUIET: Duration = Duration::from_millis(300);

/// How long everything together may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who works which queues: the chain of each comment goes to and fro between them.
const WORKERS: [&[&str]; 2] =
    [&["work", "--service", "overlays", "--service", "basics"], &["work", "--service", "dinochrome"]];

/// One comment after the other, each in a frame of its own.
fn live() -> Recording {
    let mut live = Live::new();
    let frames = (1..=COMMENTS).map(|number| {
        let comment = Frame::of([live.chat(viewer::ROSA, &number.to_string())]);
        comment.bytes(u64::from(number))
    });
    Recording::of_frames(frames).expect("the frames have ids of their own")
}

/// Each comment is told to three queues, one after the other.
fn workplace() -> Workplace {
    let workplace = only_with(json!([{"id": "chain", "name": "Chain", "when": {"on": "comment"}, "do": [
        {"action": "log_write", "service": "overlays", "with": {"text": "overlays {comment}"}},
        {"action": "log_write", "service": "dinochrome", "with": {"text": "dinochrome {comment}"}},
        {"action": "file_write", "with": {"file": "numbers.txt", "text": "{comment}"}},
    ]}]));
    for service in ["overlays", "dinochrome", "basics"] {
        set(&workplace, service, &["comment.discardable=off", "comment.expires_after=never"]);
    }
    workplace
}

/// The only job of each service for each comment.
fn by_comment(jobs: &[Value]) -> BTreeMap<(&str, u32), &Value> {
    let mut found = BTreeMap::new();
    for job in jobs {
        let words = text(&job["with"], "text");
        let number = words.rsplit(' ').next().and_then(|number| number.parse().ok()).expect("it ends with a number");
        let twin = found.insert((text(job, "service"), number), job);
        assert!(twin.is_none(), "there are two jobs for one comment: {job} and {twin:?}");
    }
    found
}

#[test]
fn nothing_is_lost_or_done_twice_in_silence_however_often_anybody_is_killed() {
    let recording = live();
    let tiktok = FakeTikTok::start(Scenario::flood(recording));
    let workplace = workplace();
    let seed = std::env::var("CUELIGHT_TEST_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(20_261_121);
    println!("CUELIGHT_TEST_SEED={seed}");
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let start = |who: usize| {
        let mut command = match WORKERS.get(who) {
            Some(work) => workplace.cuelight(work.iter().copied()),
            None => workplace.cuelight(["capture", "sim", "--enqueue", "--output", "live.jsonl"]),
        };
        command.envs(tiktok.environment());
        Running::start(command)
    };
    let is_captured = || tiktok.seen().ack_count() == COMMENTS as usize;
    let mut processes: Vec<Running> = (0..=WORKERS.len()).map(start).collect();
    for _ in 0..KILLS {
        // Who captures is killed only while there is something to capture.
        let victim = dice.random_range(0..if is_captured() { WORKERS.len() } else { WORKERS.len() + 1 });
        for _ in 0..dice.random_range(1..60) {
            if processes[victim].next_within(QUIET).is_none() {
                break;
            }
        }
        processes[victim].kill();
        processes[victim] = start(victim);
    }
    tiktok.wait_until("all acknowledgements", PATIENCE, |seen| seen.ack_count() == COMMENTS as usize);
    processes.iter_mut().for_each(Running::kill);
    let rest = ["work", "--service", "overlays", "--service", "dinochrome", "--service", "basics", "--until-empty"];
    workplace.run(rest).expect_status(0);

    let jobs = jobs(&workplace, &[]);
    let jobs = by_comment(&jobs);
    let log = counted(logged(&workplace));
    let numbers = counted(written(&workplace, "numbers.txt"));
    let mut interrupted = 0;
    for number in 1..=COMMENTS {
        for service in ["overlays", "dinochrome", "basics"] {
            let job = jobs.get(&(service, number)).unwrap_or_else(|| panic!("comment {number} was lost for {service}"));
            let was_interrupted = job["interrupted"] == true;
            interrupted += u32::from(was_interrupted);
            assert!(was_interrupted || job["attempt"] == 1, "a second try is marked: {job}");
            let is_done = match (text(job, "state"), job["reason"]["code"].as_str()) {
                ("completed", _) => true,
                ("failed", Some("interrupted")) => false,
                _ => panic!("it ended in no way that a kill explains: {job}"),
            };
            if service == "basics" {
                let times = numbers.get(&number.to_string()).copied().unwrap_or(0);
                assert!(
                    times == 1 || times == 0 && !is_done,
                    "it was done {times} times, at most once was right: {job}"
                );
            } else {
                let times = log.get(&format!("{service} {number}")).copied().unwrap_or(0);
                assert!(is_done || job["attempt"] == MAX_ATTEMPTS, "what may be done again is tried again: {job}");
                assert!(times >= u32::from(is_done), "it says that it was done: {job}");
                assert!(times <= 1 || was_interrupted, "it was done {times} times in silence: {job}");
            }
            if !is_done {
                // The steps after one that failed, and says so, are not done.
                break;
            }
        }
    }
    assert!(interrupted > 0, "no kill met a running job: the live is too short");
    let sessions = workplace.run(["sessions", "list", "--json"]).expect_status(0).stdout;
    assert_eq!(sessions.lines().count(), 1, "one live is one session, however often its capture died");
}

/// Frames of the live that `run` watches.
const FRAMES: usize = 2_500;

#[test]
fn a_run_that_is_killed_goes_on_with_its_session_and_its_jobs() {
    let tiktok = FakeTikTok::start(Scenario::flood(simulated(7, FRAMES)));
    let workplace = first_day();
    let start = || {
        let mut command = workplace.cuelight(["run", "sim"]);
        command.envs(tiktok.environment());
        Running::start(command)
    };
    let mut run = start();
    for round in 1..=6 {
        run.next_with("✅ [");
        for _ in 0..40 * round {
            if run.next_within(QUIET).is_none() {
                break;
            }
        }
        run.kill();
        run = start();
        run.next_with("📝 Session: #1 goes on");
    }
    tiktok.wait_until("all acknowledgements", PATIENCE, |seen| seen.ack_count() == FRAMES);
    run.interrupt();
    let (status, said) = run.end();
    assert_eq!(status, Some(0), "Ctrl+C is a good end after all");
    assert!(!said.contains("of an earlier live"), "the jobs of a session that goes on are not old: {said}");
    workplace.run(["work", "--until-empty"]).expect_status(0);

    let exported = workplace.run(["sessions", "export", "1", "--format", "jsonl"]).expect_status(0).stdout;
    let events: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let mut expected = Vec::new();
    for event in events.iter().filter(|event| event["event_type"] == "gift") {
        let viewer = text(&event["data"]["user"], "user_id");
        expected.extend([(viewer, "default:overlays"), (viewer, "default:dinochrome")]);
    }
    assert!(expected.len() > 100, "there were gifts: {}", expected.len());
    let jobs = jobs(&workplace, &[]);
    let of_gifts: Vec<&Value> = jobs.iter().filter(|job| job["event_type"] == "gift").collect();
    let by_default = of_gifts.iter().map(|job| (text(job, "viewer"), text(job, "origin")));
    let by_default = counted(by_default.filter(|(_, origin)| origin.starts_with("default:")));
    assert_eq!(by_default, counted(expected), "each gift is answered, and none twice");
    for job in of_gifts {
        assert_eq!(job["state"], "completed", "nothing that was paid for is dropped or forgotten: {job}");
        assert!(job["interrupted"] == true || job["attempt"] == 1, "a second try is marked: {job}");
    }
}
