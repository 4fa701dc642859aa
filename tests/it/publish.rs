//! Captured events go to a Redis stream: each once, in order, and whatever Redis does, the capture goes on.

mod lossy;
pub(crate) mod server;

use std::net::TcpListener;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use system_tests::{FakeTikTok, Pace, Scenario};

use self::lossy::LossyLine;
use self::server::{Fields, RedisServer, entries, free_port};
use crate::support::lives::{session_source, simulated};
use crate::support::running::{Said, interrupt};
use crate::support::{Finished, Workplace};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

const KEY: &str = "tiktok:events:luna-1";

/// What a stream must hold of the events in a saved file.
fn expected(saved: &[Value]) -> Vec<Fields> {
    let fields = |event: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        [
            ("event_type", text(&event["event_type"])),
            ("event_data", event["data"].to_string()),
            ("workspace_id", "luna-1".to_owned()),
            ("msg_id", text(&event["data"]["msg_id"])),
        ]
    };
    saved.iter().map(|event| fields(event).map(|(name, value)| (name.to_owned(), value)).into()).collect()
}

/// The same JSON text for the same value, whatever the order of its members.
fn normalised(stream: Vec<Fields>) -> Vec<Fields> {
    let normal = |(name, value): (String, String)| match name.as_str() {
        "event_data" => (name, serde_json::from_str::<Value>(&value).expect("event_data is JSON").to_string()),
        _ => (name, value),
    };
    stream.into_iter().map(|fields| fields.into_iter().map(normal).collect()).collect()
}

#[track_caller]
fn check_same(stream: Vec<Fields>, saved: &[Value]) {
    let (stream, expected) = (normalised(stream), expected(saved));
    for (number, (published, saved)) in stream.iter().zip(&expected).enumerate() {
        assert_eq!(published, saved, "entry {number} is not the event that was saved there");
    }
    assert_eq!(stream.len(), expected.len(), "as many entries as events were saved");
}

#[test]
fn every_saved_event_is_one_entry_in_order() {
    let server = RedisServer::start();
    let check = |workplace: &Workplace, more: &[&str]| {
        let (source, destination) = (session_source(1), format!("{}/luna-1", server.url()));
        let args = ["capture", "--source", &source, "--publish", &destination];
        let capture = workplace.run(args.into_iter().chain(more.iter().copied())).expect_status(0);
        let saved = workplace.saved("livestream_events.json");
        let told = format!("📮 {} events published to {KEY} at 127.0.0.1:{}", saved.len(), server.port);
        assert!(capture.stdout.contains(&told), "{} must say {told:?}", capture.stdout);
        assert_eq!(capture.stderr, "", "there is nothing to warn of");
        check_same(server.stream(KEY), &saved);
        redis::cmd("DEL").arg(KEY).exec(&mut server.connection()).expect("the next one begins anew");
        saved.len()
    };
    let counted = check(&Workplace::new(), &[]);
    let all = check(&Workplace::new(), &["--all"]);
    assert!(counted > 50 && all > counted, "{counted} events count, {all} are all of them");
}

#[test]
fn a_run_publishes_to_its_last_event_and_says_so() {
    let server = RedisServer::start();
    let workplace = Workplace::new();
    let (source, destination) = (session_source(1), format!("{}/luna-1", server.url()));
    let run = workplace.run(["run", "--source", &source, "--publish", &destination]).expect_status(0);
    let exported = workplace.run(["sessions", "export", "1", "--format", "jsonl"]).expect_status(0).stdout;
    let events: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let told = format!("📮 {} events published to {KEY} at 127.0.0.1:{}", events.len(), server.port);
    assert!(run.stdout.contains(&told), "{} must say {told:?}", run.stdout);
    check_same(server.stream(KEY), &events);
}

#[test]
fn the_settings_say_where_to_publish_and_the_environment_the_password() {
    let server = RedisServer::start_with(["--requirepass", "a word of our own"]);
    let workplace = Workplace::new();
    workplace.run(["config", "set", "redis_url", &server.url()]).expect_status(0);
    workplace.run(["config", "set", "workspace_id", "luna-1"]).expect_status(0);
    let source = session_source(1);
    let mut command = workplace.cuelight(["capture", "--source", &source]);
    command.env("CUELIGHT_SECRET_REDIS_PASSWORD", "a word of our own");
    Finished::of(command).expect_status(0);
    let with_password = format!("redis://:a%20word%20of%20our%20own@127.0.0.1:{}", server.port);
    let stream = entries(&mut server.connection_to(&with_password), KEY);
    check_same(stream, &workplace.saved("livestream_events.json"));
}

#[test]
fn a_lost_answer_neither_loses_nor_doubles_an_event() {
    let server = RedisServer::start();
    let line = LossyLine::to(server.port, 3);
    let workplace = Workplace::new();
    let (source, destination) = (session_source(1), format!("redis://127.0.0.1:{}/luna-1", line.port));
    let capture = workplace.run(["capture", "--source", &source, "--publish", &destination]).expect_status(0);
    assert!(line.answers_lost() > 0, "no answer was lost: nothing was tested");
    assert_eq!(capture.stderr, "", "what was there at the second look is nothing to tell");
    check_same(server.stream(KEY), &workplace.saved("livestream_events.json"));
}

#[test]
fn a_server_that_is_killed_in_between_gets_everything_once_and_in_order() {
    let recording = simulated(23, 1_000);
    let frame_count = recording.frame_count();
    let tiktok = FakeTikTok::start(Scenario::replay(recording, Pace::EveryMs(5)));
    let mut server = RedisServer::start();
    let workplace = Workplace::new();
    let destination = format!("{}/luna-1", server.url());
    let mut command = workplace.cuelight(["capture", "sim", "--publish", &destination]);
    command.envs(tiktok.environment()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("cuelight starts");
    let mut said = Said::by(&mut child);
    let mut published = 0;
    for _kill in 0..2 {
        server.wait_for_more_than(published, KEY);
        server.kill();
        let told = said.next_with("⚠️");
        assert!(told.contains("does not answer") && told.ends_with("events wait in the journal"), "{told:?}");
        // Long enough for the feed to run ahead, so that the journal is what publishing goes on from.
        let acknowledged = tiktok.seen().ack_count();
        tiktok.wait_until("more frames", PATIENCE, |seen| seen.ack_count() >= acknowledged + 100);
        server.start_again();
        let told = said.next_with("✅");
        assert!(told.contains("takes events again"), "{told:?}");
        published = server.stream(KEY).len();
    }
    tiktok.wait_until("all acknowledgements", PATIENCE, |seen| seen.ack_count() == frame_count);
    interrupt(&child);
    let rest = said.rest();
    assert!(child.wait().expect("it ends").success(), "a server that was away for a while is no failure: {rest:?}");
    assert!(!rest.iter().any(|line| line.contains("not published")), "{rest:?}");
    check_same(server.stream(KEY), &workplace.saved("livestream_events.json"));
}

/// Captures with a destination that takes nothing, and gives what was said on stderr.
#[track_caller]
fn capture_unpublished(port: u16) -> String {
    let workplace = Workplace::new();
    let (source, destination) = (session_source(1), format!("redis://127.0.0.1:{port}/luna-1"));
    let capture = workplace.run(["capture", "--source", &source, "--publish", &destination]).expect_status(0);
    let saved = workplace.saved("livestream_events.json").len();
    assert!(capture.stdout.contains("💾 Events saved"), "the file is saved: {}", capture.stdout);
    let missing = format!("⚠️ {saved} events were not published");
    assert!(capture.stderr.contains(&missing), "{} must say {missing:?}", capture.stderr);
    capture.stderr
}

#[test]
fn a_server_that_is_not_there_is_told_once_and_the_capture_goes_on() {
    let port = free_port();
    let told = capture_unpublished(port);
    let sentence = format!("⚠️ Redis at 127.0.0.1:{port} does not answer (");
    assert_eq!(told.matches(&sentence).count(), 1, "{told}");
}

#[test]
fn a_server_that_never_answers_does_not_keep_a_capture_from_its_end() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).expect("loopback has a free port");
    capture_unpublished(silent.local_addr().expect("it is bound").port());
}

#[test]
fn a_server_that_refuses_is_told_with_its_words() {
    let server = RedisServer::start();
    redis::cmd("SET").arg(KEY).arg("not a stream").exec(&mut server.connection()).expect("it takes that");
    let told = capture_unpublished(server.port);
    assert!(told.contains("does not take events (") && told.contains("WRONGTYPE"), "{told}");
}

#[test]
fn what_is_no_destination_is_wrong_use() {
    let check = |given: &str, sentence: &str| {
        let workplace = Workplace::new();
        let source = session_source(1);
        let capture = workplace.run(["capture", "--source", &source, "--publish", given]).expect_status(2);
        assert!(capture.stderr.contains(sentence), "{given}: {} must say {sentence:?}", capture.stderr);
        assert!(!workplace.path("livestream_events.json").exists(), "{given}: nothing was captured");
    };
    check("redis://127.0.0.1:6379", "no workspace is named");
    check("127.0.0.1:6379/luna", "neither redis:// nor rediss://");
    check("redis://127.0.0.1:6379/luna plays", "a workspace cannot be called \"luna plays\"");
    check("redis:///luna", "no workspace is named");
}
