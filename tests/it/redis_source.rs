//! What one Cuelight publishes to Redis another reads back: each event once, in order, whoever of them is killed in between.

use std::time::Duration;

use cuelight_core::event::{
    Body,
    EventType::{Comment, Connect, Gap},
};
use cuelight_runtime::source::pace::Pace;
use cuelight_runtime::source::redis::RedisSource;
use cuelight_runtime::source::{SourceError, SourceStatus};
use redis::Connection;
use serde_json::{Value, json};

use crate::publish::server::{RedisServer, free_port};
use crate::support::lives::session_source;
use crate::support::running::Running;
use crate::support::source::Taking;
use crate::support::{Finished, Workplace};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

const KEY: &str = "tiktok:events:luna-1";

/// A pace at which nothing is waited for longer than loopback needs.
fn brisk() -> Pace {
    Pace { retry_waits: vec![Duration::from_millis(20)], ..Pace::default() }
}

fn source_at(port: u16) -> RedisSource {
    let stream = format!("redis://127.0.0.1:{port}/luna-1").parse().expect("a stream");
    RedisSource::new(stream, None).with_pace(brisk())
}

/// Adds an entry with those fields.
fn add(connection: &mut Connection, fields: &[(&str, &str)]) {
    redis::cmd("XADD").arg(KEY).arg("*").arg(fields).exec(connection).expect("the stream takes it");
}

/// Adds an event as the publisher writes it.
fn publish(connection: &mut Connection, event_type: &str, data: &Value, msg_id: &str) {
    let data = data.to_string();
    let fields = [("event_type", event_type), ("event_data", &data), ("workspace_id", "luna-1"), ("msg_id", msg_id)];
    add(connection, &fields);
}

fn publish_connect(connection: &mut Connection, room: &str) {
    let data = json!({ "unique_id": "luna.plays", "room_id": room, "timestamp": "2026-11-21T20:00:00.000000" });
    publish(connection, "connect", &data, "");
}

fn publish_comment(connection: &mut Connection, number: u32) {
    // 0 is how TikTok says that there is none.
    let msg_id = (number + 1).to_string();
    let user = json!({ "unique_id": "rosa.quill", "nickname": "Rosa Quill", "user_id": "6800000000000000101" });
    let data = json!({
        "user": user, "comment": format!("comment {number}"), "msg_id": msg_id,
        "timestamp": "2026-11-21T20:00:01.000000",
    });
    publish(connection, "comment", &data, &msg_id);
}

/// Entries that were delivered and not acknowledged.
fn unacknowledged(connection: &mut Connection) -> u64 {
    let pending: (u64, redis::Value, redis::Value, redis::Value) =
        redis::cmd("XPENDING").arg(KEY).arg("cuelight").query(connection).expect("the group is there");
    pending.0
}

fn expected_comments(count: u32) -> Vec<String> {
    (0..count).map(|number| format!("comment {number}")).collect()
}

#[test]
fn what_was_published_comes_back_the_same_and_in_order() {
    let server = RedisServer::start();
    let publisher = Workplace::new();
    let (live, stream) = (session_source(1), format!("{}/luna-1", server.url()));
    publisher.run(["capture", "--source", &live, "--publish", &stream]).expect_status(0);
    let published = publisher.saved("livestream_events.json");

    let reader = Workplace::new();
    let source = format!("redis:{stream}");
    let mut running = Running::start(reader.cuelight(["capture", "--source", &source, "--json", "--duration", "0"]));
    let mut read = Vec::new();
    while read.len() < published.len() {
        let line = running.next_within(PATIENCE).unwrap_or_else(|| panic!("only {} events came", read.len()));
        read.push(serde_json::from_str::<Value>(&line).expect("an event a line"));
    }
    running.interrupt();
    assert_eq!(running.end().0, Some(0), "it was stopped in order");
    for (number, (published, read)) in published.iter().zip(&read).enumerate() {
        // What a message number is missing in gets that of its entry, and the reader adds up its own session.
        for field in ["event_type", "data.user", "data.comment", "data.gift", "data.repeat_count", "data.timestamp"] {
            let at = |event: &Value| field.split('.').fold(event.clone(), |event, name| event[name].clone());
            assert_eq!(at(read), at(published), "{field} of event {number}");
        }
    }
    assert_eq!(unacknowledged(&mut server.connection()), 0, "everything that is safe was acknowledged");
}

#[tokio::test]
async fn nothing_is_acknowledged_before_it_is_safe_and_then_it_is_recognised() {
    let server = RedisServer::start();
    let mut connection = server.connection();
    publish_connect(&mut connection, "71");
    (0..3).for_each(|number| publish_comment(&mut connection, number));
    let mut taking = Taking::of(source_at(server.port));
    let (batch, confirm) = taking.next().await.expect("four entries");
    assert_eq!(unacknowledged(&mut connection), 4, "nothing is committed yet");
    drop(confirm);
    let (_, end) = taking.end().await;
    assert!(matches!(end, Err(SourceError::Closed(_))), "the journal broke off: {end:?}");
    assert_eq!(unacknowledged(&mut connection), 4, "so nothing was acknowledged");

    publish_comment(&mut connection, 3);
    let mut again = Taking::of(source_at(server.port));
    let taken = again.until("the new comment", |taken| taken.comments().contains(&"comment 3")).await;
    assert_eq!(taken.comments(), expected_comments(4), "what was not acknowledged comes first");
    let ids = |events: &[cuelight_core::event::Event]| -> Vec<String> {
        events.iter().map(|event| event.stamp.msg_id.as_ref().expect("each has a number").to_string()).collect()
    };
    assert_eq!(ids(&taken.events)[..4], ids(&batch.events), "with the same numbers, by which the journal knows them");
    again.stopped().await;
    assert_eq!(unacknowledged(&mut connection), 0, "now it is safe");
}

#[test]
fn a_reader_that_is_killed_between_its_commit_and_its_word_doubles_nothing() {
    let server = RedisServer::start();
    let mut connection = server.connection();
    publish_connect(&mut connection, "71");
    (0..20).for_each(|number| publish_comment(&mut connection, number));
    let workplace = Workplace::new();
    let source = format!("redis:{}/luna-1", server.url());
    let args = ["capture", "--source", &source, "--duration", "0"];
    let mut first = Running::start(workplace.cuelight(args));
    first.next_with("comment 19");
    first.kill();
    // Its last word did not arrive: the group still waits for all of it.
    let ids: Vec<(String, Vec<String>)> =
        redis::cmd("XRANGE").arg(KEY).arg("-").arg("+").query(&mut connection).expect("a stream");
    redis::cmd("XGROUP").arg("SETID").arg(KEY).arg("cuelight").arg("0").exec(&mut connection).expect("a group");
    let mut deliver = redis::cmd("XREADGROUP");
    deliver.arg("GROUP").arg("cuelight").arg("cuelight").arg("STREAMS").arg(KEY).arg(">");
    deliver.exec(&mut connection).expect("all of it is delivered again");
    assert_eq!(unacknowledged(&mut connection), ids.len() as u64, "as if nothing had been acknowledged");

    let mut second = Running::start(workplace.cuelight(args));
    publish_comment(&mut connection, 20);
    second.next_with("comment 20");
    second.interrupt();
    let (status, said) = second.end();
    assert_eq!(status, Some(0), "{said}");
    let exported = workplace.run(["sessions", "export", "1", "--format", "jsonl"]).expect_status(0).stdout;
    let events: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let comments: Vec<&str> = events.iter().filter_map(|event| event["data"]["comment"].as_str()).collect();
    assert_eq!(comments, expected_comments(21), "one session, each once and in order");
    let connects = events.iter().filter(|event| event["event_type"] == "connect").count();
    assert_eq!(connects, 1, "what has no message number of its own is not doubled either");
    assert_eq!(unacknowledged(&mut connection), 0, "and all of it is acknowledged");
}

#[tokio::test]
async fn a_server_that_is_killed_and_comes_back_loses_and_doubles_nothing() {
    let mut server = RedisServer::start();
    let mut connection = server.connection();
    publish_connect(&mut connection, "71");
    (0..50).for_each(|number| publish_comment(&mut connection, number));
    let mut taking = Taking::of(source_at(server.port));
    let mut comments = taking.until("half of it", |taken| taken.count(Comment) == 50).await.events;
    server.kill();
    let is_waiting = |status: &SourceStatus| matches!(status, SourceStatus::Reconnecting { .. });
    tokio::time::timeout(PATIENCE, taking.status.wait_for(is_waiting)).await.expect("in time").expect("it runs");
    server.start_again();
    let mut connection = server.connection();
    (50..100).for_each(|number| publish_comment(&mut connection, number));
    let is_last = |event: &cuelight_core::event::Event| matches!(&event.body, Body::Comment(comment) if comment.comment == "comment 99");
    comments.extend(taking.until("the rest", |taken| taken.events.iter().any(is_last)).await.events);
    let told: Vec<&str> = comments
        .iter()
        .filter_map(|event| if let Body::Comment(it) = &event.body { Some(it.comment.as_str()) } else { None })
        .collect();
    assert_eq!(told, expected_comments(100), "each once and in order");
    let gaps = comments.iter().filter(|event| event.event_type() == Gap).count();
    assert_eq!(gaps, 0, "the stream kept what came meanwhile, so there is no gap");
    taking.stopped().await;
}

#[tokio::test]
async fn a_stream_that_is_joined_in_the_middle_goes_on_in_its_session() {
    let server = RedisServer::start();
    let mut connection = server.connection();
    publish_connect(&mut connection, "70");
    publish_connect(&mut connection, "71");
    (0..1_000).for_each(|number| publish_comment(&mut connection, number));
    let mut join = redis::cmd("XGROUP");
    join.arg("CREATE").arg(KEY).arg("cuelight").arg("$").exec(&mut connection).expect("a group from here on");
    publish_comment(&mut connection, 1_000);
    let mut taking = Taking::of(source_at(server.port));
    let taken = taking.until("the comment", |taken| taken.count(Comment) == 1).await;
    assert_eq!(taken.types(), [Connect, Comment], "a session needs its connect");
    let Body::Connect(connect) = &taken.events[0].body else { panic!("{taken:?}") };
    assert_eq!((connect.unique_id.as_str(), connect.room_id.as_str()), ("luna.plays", "71"), "the newest one's");
    taking.stopped().await;
}

#[tokio::test]
async fn bad_entries_are_kept_acknowledged_and_passed_over() {
    let server = RedisServer::start();
    let mut connection = server.connection();
    add(&mut connection, &[("colour", "red")]);
    add(&mut connection, &[("event_type", "comment"), ("event_data", "{\"comment\":")]);
    publish_comment(&mut connection, 0);
    add(&mut connection, &[("event_type", "like"), ("event_data", r#"{"count":"many"}"#)]);
    add(&mut connection, &[("event_type", "fireworks"), ("event_data", r#"{"colour":"red"}"#)]);
    publish_comment(&mut connection, 1);
    let mut taking = Taking::of(source_at(server.port));
    let taken = taking.until("the second comment", |taken| taken.count(Comment) == 2).await;
    assert_eq!(taken.comments(), expected_comments(2), "nothing bad ends it");
    assert_eq!(taken.faults, 3, "what is no event is kept as it came");
    let Body::Connect(connect) = &taken.events[0].body else { panic!("{taken:?}") };
    assert_eq!(connect.unique_id, "luna-1", "a stream that does not say whose it is has the name of its workspace");
    taking.stopped().await;
    assert_eq!(unacknowledged(&mut connection), 0, "they do not come again and again");
}

#[tokio::test]
async fn a_stream_that_was_deleted_is_begun_anew() {
    let server = RedisServer::start();
    let mut connection = server.connection();
    publish_connect(&mut connection, "71");
    publish_comment(&mut connection, 0);
    let mut taking = Taking::of(source_at(server.port));
    taking.until("the comment", |taken| taken.count(Comment) == 1).await;
    redis::cmd("DEL").arg(KEY).exec(&mut connection).expect("it is gone");
    publish_comment(&mut connection, 1);
    let taken = taking.until("the next one", |taken| taken.count(Comment) == 1).await;
    assert_eq!(taken.comments(), ["comment 1"], "the group is made again, from the beginning");
    taking.stopped().await;
}

#[test]
fn a_wrong_password_is_told_and_the_right_one_is_a_secret() {
    let server = RedisServer::start_with(["--requirepass", "a word of our own"]);
    let workplace = Workplace::new();
    let source = format!("redis:{}/luna-1", server.url());
    let capture = |password: Option<&str>| {
        let mut command = workplace.cuelight(["capture", "--source", &source, "--duration", "1"]);
        if let Some(password) = password {
            command.env("CUELIGHT_SECRET_REDIS_PASSWORD", password);
        }
        command
    };
    for password in [None, Some("open sesame")] {
        let failed = Finished::of(capture(password)).expect_status(1);
        let told = format!("The Redis stream {KEY} at 127.0.0.1:{} cannot be read", server.port);
        assert!(failed.stderr.contains(&told), "with {password:?}: {} must say {told:?}", failed.stderr);
        assert!(!failed.stderr.contains("sesame"), "nobody is told the password: {}", failed.stderr);
    }
    let with_password = format!("redis://:a%20word%20of%20our%20own@127.0.0.1:{}", server.port);
    let mut connection = server.connection_to(&with_password);
    publish_connect(&mut connection, "71");
    publish_comment(&mut connection, 0);
    Finished::of(capture(Some("a word of our own"))).expect_status(0);
    let saved = workplace.saved("livestream_events.json");
    assert_eq!(saved.iter().filter(|event| event["event_type"] == "comment").count(), 1, "it is let in");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_at_once() {
    let (taken, end) = Taking::of(source_at(free_port())).end().await;
    assert_eq!(taken.events, [], "nothing came");
    assert!(matches!(&end, Err(SourceError::Unreachable { place, .. }) if place.contains("Redis")), "{end:?}");
}

#[tokio::test]
async fn a_key_that_is_no_stream_is_told_with_the_servers_words() {
    let server = RedisServer::start();
    redis::cmd("SET").arg(KEY).arg("not a stream").exec(&mut server.connection()).expect("it takes that");
    let (_, end) = Taking::of(source_at(server.port)).end().await;
    let error = end.expect_err("it is no stream");
    assert!(matches!(error, SourceError::Denied { .. }) && error.to_string().contains("WRONGTYPE"), "{error:?}");
}

#[test]
fn nobody_publishes_to_the_stream_that_they_read() {
    let workplace = Workplace::new();
    let stream = format!("redis://127.0.0.1:{}/luna-1", free_port());
    let capture = workplace.run(["capture", "--source", &stream, "--publish", &stream]).expect_status(2);
    assert!(capture.stderr.contains("would never end"), "{}", capture.stderr);
}
