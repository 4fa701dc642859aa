//! The interface for scripts.

use std::time::Instant;

use super::*;
use crate::support::lives::session_source;

#[tokio::test]
async fn a_token_counts_in_its_header_and_nowhere_else() {
    let served = Served::begin(&[]);
    let what = "POST /api/v1/services/overlays/skip";
    assert_eq!(served.ask_as(&served.full, what, "").await.status, 200, "where it belongs");
    for (what, headers) in [
        (what.to_owned(), vec![]),
        (what.to_owned(), vec![("Authorization", "Bearer")]),
        (what.to_owned(), vec![("Authorization", "Bearer wrong")]),
        (what.to_owned(), vec![("Authorization", served.full.as_str())]),
        (what.to_owned(), vec![("Cookie", served.full.as_str())]),
        (format!("{what}?token={}", served.full), vec![]),
        (format!("{what}?access_token={}", served.full), vec![]),
    ] {
        let answer = served.ask(&what, &headers).await;
        assert_eq!(answer.status, 401, "{} with {} headers", what.replace(&served.full, "…"), headers.len());
        assert_eq!(answer.header("www-authenticate"), Some("bearer"), "what would be right is told");
        assert_eq!(answer.json()["code"], "token_refused", "{}", answer.body);
    }
    let opened = served.open(&format!("/api/v1/events?token={}", served.full), &[]).await.map(drop);
    assert_eq!(opened, Err(400), "nor at the feed");
}

#[tokio::test]
async fn an_action_is_done_by_its_service() {
    let served = Served::begin(&[]);
    let done = served.ask_as(&served.full, "POST /api/v1/actions", r#"{"action":"log_write","with":{"text":"hello"}}"#);
    let done = done.await;
    assert_eq!((done.status, done.json()["run"].is_string()), (200, true), "{}", done.body);
    let wrong =
        served.ask_as(&served.full, "POST /api/v1/actions", r#"{"action":"log_write","with":{"words":1}}"#).await;
    assert_eq!((wrong.status, wrong.json()["code"].as_str()), (400, Some("bad_input")), "{}", wrong.body);
}

#[tokio::test]
async fn the_feed_tells_the_journal_from_the_place_that_a_script_names() {
    let workplace = Workplace::new();
    workplace.run(["capture", "--source", &session_source(1), "--output", "saved.json"]).expect_status(0);
    let mut saved = workplace.saved("saved.json");
    assert!(saved.len() > 3, "the live has some events");
    // More pages of the journal than one.
    saved.truncate(600);
    let served = Served::begin_in(&workplace, &[]);
    let bearer = format!("Bearer {}", served.remote);
    let mut feed = served.open("/api/v1/events?since=0-0", &[("authorization", &bearer)]).await.expect("it upgrades");
    let mut told = Vec::new();
    for event in &saved {
        let Heard::Said(mut said) = feed.hear().await else { panic!("the feed ended") };
        told.push(said["id"].take());
        assert_eq!((&said["event_type"], &said["data"]), (&event["event_type"], &event["data"]), "as in files");
    }
    let (Some(third), Some(fourth)) = (told[2].as_str(), told[3].as_str()) else { panic!("{told:?} are no ids") };
    let mut again = served.open(&format!("/api/v1/events?since={third}"), &[]).await.expect("it upgrades");
    again.say(&json!({ "token": served.remote })).await;
    let Heard::Said(next) = again.hear().await else { panic!("the feed ended") };
    assert_eq!(next["id"], fourth, "it goes on where the script was");
    let opened = served.open("/api/v1/events?since=yesterday", &[("authorization", &bearer)]).await.map(drop);
    assert_eq!(opened, Err(400), "a place that is none is refused");
}

#[tokio::test]
async fn an_overlay_reads_the_feed_and_may_not_open_the_window() {
    let served = Served::begin(&[]);
    let made = served.ask_as(&served.full, "POST /api/v1/overlays/alerts", "").await.json();
    let token = made["token"].as_str().expect("a token");
    let bearer = format!("Bearer {token}");
    assert!(served.open("/api/v1/events", &[("authorization", &bearer)]).await.is_ok(), "it may read");
    assert_eq!(served.ask_as(token, "POST /api/v1/services/overlays/skip", "").await.status, 403, "and nothing else");
    let refused = served.window(token).await.refused().await;
    assert_eq!(refused, ("token_refused".to_owned(), Heard::Closed(4401)), "the window acts");
}

/// A rehearsal that goes on for long enough, begun from the window.
async fn rehearse(served: &Served) {
    let mut window = served.window(&served.full).await;
    let live = json!({ "from": "scenario", "scenario": "busy", "speed": 4.0, "seed": "1" });
    let begun = window.call(1, "rehearse", live).await;
    assert_eq!(begun["ok"], json!({}), "{begun}");
}

/// The next event of that type; others are passed over, but not for ever.
async fn next_of(feed: &mut Socket, event_type: &str) -> Value {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        match feed.hear().await {
            Heard::Said(said) if said["event_type"] == event_type => return said,
            Heard::Said(_) => {}
            gone => panic!("the feed ended before {event_type}: {gone:?}"),
        }
    }
    panic!("{event_type} does not come")
}

#[tokio::test]
async fn a_script_follows_a_live_and_puts_events_of_its_own_into_it() {
    let served = Served::begin(&[]);
    let early = served.ask_as(&served.full, "POST /api/v1/events", r#"{"name":"hello"}"#).await;
    assert_eq!((early.status, early.json()["code"].as_str()), (409, Some("not_now")), "no session would take it");
    let bearer = format!("Bearer {}", served.remote);
    let mut feed = served.open("/api/v1/events?all=true", &[("authorization", &bearer)]).await.expect("it upgrades");
    rehearse(&served).await;
    next_of(&mut feed, "connect").await;
    let event = r#"{"name":"hello","fields":{"from":"a script"}}"#;
    let put = served.ask_as(&served.full, "POST /api/v1/events", event).await;
    assert_eq!((put.status, put.json()), (200, json!({})), "{}", put.body);
    let own = next_of(&mut feed, "custom").await;
    assert_eq!((&own["data"]["name"], &own["data"]["fields"]["from"]), (&json!("hello"), &json!("a script")), "{own}");
    let live = served.ask_as(&served.remote, "GET /api/v1/live", "").await.json();
    assert_eq!(live["source"], "simulator", "{live}");
    assert!(live["totals"]["events"].as_u64() > Some(0), "the totals count what came: {live}");
}

#[tokio::test]
async fn buttons_of_a_deck_pause_silence_and_stop_whatever_goes_on() {
    let served = Served::begin(&[]);
    for (what, paused, silenced) in [
        ("pause", true, false),
        ("silence", true, true),
        ("resume", false, true),
        ("unsilence", false, false),
        ("stop", false, false),
    ] {
        let answer = served.ask_as(&served.remote, &format!("POST /api/v1/{what}"), "").await;
        assert_eq!((answer.status, answer.json()), (200, json!({})), "{what}: {}", answer.body);
        let live = served.ask_as(&served.remote, "GET /api/v1/live", "").await.json();
        assert_eq!((&live["paused"], &live["silenced"]), (&json!(paused), &json!(silenced)), "after {what}");
    }
}

#[tokio::test]
async fn a_rule_runs_by_its_id_and_by_the_call_that_it_waits_for() {
    let workplace = Workplace::new();
    let called = json!({
        "id": "called", "name": "Called", "when": { "on": "call", "name": "deck-1" },
        "do": [{ "action": "counter_change", "with": { "counter": "calls", "number": 1 } }],
    });
    let exported = workplace.run(["rules", "export"]).expect_status(0).stdout;
    let mut file: Value = serde_json::from_str(&exported).expect("a rules file");
    file["rules"] = json!([called]);
    std::fs::write(workplace.path("rules.json"), file.to_string()).expect("writable");
    workplace.run(["rules", "import", "rules.json"]).expect_status(0);
    let served = Served::begin_in(&workplace, &[]);
    for what in ["POST /api/v1/calls/deck-1", "POST /api/v1/rules/called/run"] {
        let answer = served.ask_as(&served.full, what, "").await;
        assert_eq!((answer.status, answer.json()), (200, json!({})), "{what}: {}", answer.body);
    }
    let deadline = Instant::now() + PATIENCE;
    while completed(&workplace) < 2 {
        assert!(Instant::now() < deadline, "each ran the rule");
    }
    let none = served.ask_as(&served.full, "POST /api/v1/rules/none/run", "").await;
    assert_eq!((none.status, none.json()["code"].as_str()), (404, Some("not_found")), "{}", none.body);
    for what in ["POST /api/v1/calls/deck-1", "POST /api/v1/rules/called/run", "POST /api/v1/events"] {
        let answer = served.ask_as(&served.remote, what, "").await;
        assert_eq!(answer.status, 403, "a remote starts nothing: {what}");
    }
}

/// Jobs that were done.
fn completed(workplace: &Workplace) -> usize {
    workplace.run(["jobs", "list", "--state", "completed", "--json"]).expect_status(0).stdout.lines().count()
}
