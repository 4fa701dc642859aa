//! `run` goes on by another way when TikTok refuses the one that it had: one session, the same rules, every job.

use std::time::Duration;

use serde_json::{Value, json};
use system_tests::{FakeTikTok, Frame, Live, Step, scenario};

use super::{ALL, jobs, only_with, text, written};
use crate::support::running::Running;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a comment causes waits so long: longer than the way back takes, which is 2 s where nothing else runs.
const WAIT_MS: u64 = 5_000;

/// The path of TikTok's socket.
const SOCKET: &str = "/webcast/im/ws_proxy/ws_reuse_supplement/";

#[test]
fn a_live_that_direct_is_refused_goes_on_by_the_page_with_its_session_rules_and_queues() {
    let end = Live::numbered_from(7_300_000_000_000_900_001).ended();
    let refused_later = scenario::named("direct-refused-later").expect("the scenario exists");
    let tiktok = FakeTikTok::start(refused_later.then([Step::AwaitCue, Step::LeaveLive, Step::Send(Frame::of([end]))]));
    let workplace = only_with(json!([{"id": "note", "name": "Note", "when": {"on": "comment"}, "do": [
        {"wait_ms": WAIT_MS},
        {"action": "file_write", "with": {"file": "notes.txt", "text": "{comment}"}},
    ]}]));
    let browsers = workplace.path("browsers");
    std::fs::create_dir(&browsers).expect("writable");
    let mut command = workplace.cuelight(["run", "sim"]);
    command.envs(tiktok.environment()).env("TMPDIR", &browsers);
    let mut run = Running::start(command);
    run.next_with("before it broke");

    tiktok.wait_until("a refusal", PATIENCE, |seen| seen.requests_for(SOCKET).count() == 2);
    run.next_with("trying “page”");
    run.next_with("after it broke");
    let seen = tiktok.seen();
    let refused = seen.requests_for(SOCKET).count() - seen.connections.len();
    tiktok.cue();
    let (status, said) = run.end();
    assert_eq!(status, Some(0), "the live ended: {said}");

    // Two of them may be written at once, so which of those comes first is nobody's promise.
    let comments = ["after it broke", "before it broke", "lost on the way"];
    let mut answered = written(&workplace, "notes.txt");
    answered.sort_unstable();
    assert_eq!(answered, comments, "each comment had its one answer");
    for job in jobs(&workplace, &[]) {
        let fate = (text(&job, "state"), &job["attempt"], &job["session"]);
        assert_eq!(fate, ("completed", &1.into(), &1.into()), "it was done once, in the one session: {job}");
    }
    let sessions = workplace.run(["sessions", "list", "--json"]).expect_status(0).stdout;
    assert_eq!(sessions.lines().count(), 1, "there is one session: {sessions}");
    let exported = workplace.run(["sessions", "export", "1", "--format", "jsonl"]).expect_status(0).stdout;
    let events = exported.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let types: Vec<String> = events.map(|event| text(&event, "event_type").to_owned()).collect();
    let told: Vec<&str> = types.iter().map(String::as_str).filter(|it| *it != "comment").collect();
    assert_eq!(told, ["connect", "disconnect", "gap", "connect", "live_end", "disconnect"], "one break, with its gap");

    let log = workplace.run(["logs", "--lines", ALL]).expect_status(0).stdout;
    let refusals: Vec<&str> = log.lines().filter(|line| line.contains("DEVICE_BLOCKED")).collect();
    assert_eq!(refusals.len(), refused, "each refused upgrade is one line: {log}");
    for way in ["direct", "cookie"] {
        assert!(refusals.iter().any(|line| line.contains(&format!("way={way}"))), "{way} has its cause: {log}");
    }
    let led_in: Vec<&str> = log.lines().filter(|line| line.contains("a way led to the room")).collect();
    assert_eq!(led_in.len(), 2, "each way that led in is one line: {log}");
    assert!(led_in[0].contains("way=direct") && led_in[1].contains("way=page"), "by its name: {led_in:?}");
    let left = std::fs::read_dir(&browsers).expect("readable").count();
    assert_eq!(left, 0, "nothing is left of the browsers");
}
