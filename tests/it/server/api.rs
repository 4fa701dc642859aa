//! The interface for scripts.

use super::*;

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
    let capture = ["capture", "--source", "simulator:small-live", "--duration", "2", "--output", "saved.json"];
    workplace.run(capture).expect_status(0);
    let saved = workplace.saved("saved.json");
    assert!(saved.len() > 3, "the live has some events");
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
