//! The commands of the feed, asked at the door.

use serde_json::{Value, json};

use crate::dto::FailureCode;
use crate::stage::{RULE, Stage};

fn numbers(lines: &Value) -> Vec<u64> {
    let lines = lines.as_array().expect("a list");
    lines.iter().map(|line| line["number"].as_u64().expect("a number")).collect()
}

#[tokio::test]
async fn older_lines_come_by_the_page_and_by_what_is_looked_for() {
    let stage = Stage::paused().await;
    for number in 1..=6 {
        if number % 2 == 0 {
            stage.rose("mia", "rose", &[])
        } else {
            stage.comment("mia", "hola", &[])
        };
    }
    for (filter, before, limit, expected, why) in [
        ("all", 7, 2, &[5, 6][..], "the newest before it, oldest first"),
        ("all", 5, 2, &[3, 4], "the page before"),
        ("gifts", 6, 9, &[2, 4], "what is paid"),
        ("chat", 99, 9, &[1, 3, 5], "what people say"),
        ("all", 1, 9, &[], "nothing is before the first"),
        ("all", 0, 9, &[], "nor before nothing"),
    ] {
        let input = json!({ "session": stage.session, "before": before, "filter": filter, "limit": limit });
        let lines = stage.ask("older_lines", input).await.expect("readable");
        assert_eq!(numbers(&lines), expected, "{filter} before {before}: {why}");
    }
    let newest = stage.app.lines_of_open_session(4).await.expect("readable");
    let newest: Vec<u32> = newest.iter().map(|line| line.number).collect();
    assert_eq!(newest, [3, 4, 5, 6], "what the window begins with");
}

#[tokio::test]
async fn a_story_tells_every_rule_and_every_job() {
    let stage = Stage::paused().await;
    stage.rose("mia", "thanks", &["voice", "sounds"]);
    let story = stage.ask("event_story", json!({ "session": stage.session, "number": 1 })).await.expect("readable");
    assert_eq!(story["line"]["event"]["event_type"], "gift", "the event itself");
    assert_eq!(story["line"]["outcome"]["pending"], 2, "with what became of it");
    let runs = story["runs"].as_array().expect("a list");
    assert_eq!((runs.len(), &runs[0]["origin"], &runs[0]["firing"]), (1, &json!(RULE), &json!(1)), "its run");
    let services: Vec<&Value> = runs[0]["jobs"].as_array().expect("a list").iter().map(|job| &job["service"]).collect();
    assert_eq!(services, ["voice", "sounds"], "its jobs in order");
    assert!(story["committedMs"].as_i64() >= story["receivedMs"].as_i64(), "it came before it was safe");
    assert_eq!(story["createdMs"], json!(null), "no message of TikTok's was behind it");
    stage.comment("mia", "hola", &[]);
    let quiet = stage.ask("event_story", json!({ "session": stage.session, "number": 2 })).await.expect("readable");
    assert_eq!(quiet.get("committedMs"), None, "nobody noted when what made nothing was safe");
    let decisions = story["decisions"].as_array().expect("a list");
    let rules = stage.app.store().reader().and_then(|reader| reader.rules()).expect("readable");
    for rule in &rules {
        let listed = decisions.iter().filter(|it| it["origin"] == rule.id.as_str()).count();
        assert_eq!(listed, 1, "{} is listed once", rule.id);
    }
    assert!(decisions.iter().any(|it| it["origin"] == "default:overlays"), "and the default action for gifts");
    assert!(
        decisions.iter().all(|it| it["matched"] == false && it["name"] != ""),
        "the row names no rule that matched"
    );
}

#[tokio::test]
async fn a_line_and_its_story_name_the_picture_of_the_viewer() {
    let stage = Stage::paused().await;
    stage.comment("mia", "hola", &[]);
    stage.comment_with_picture("luna", "hola", "https://p16-webcast.tiktokcdn.com/img/luna.webp?x-expires=1");
    stage.comment_with_picture("noa", "hola", "https://example.org/noa.webp");
    let lines = stage.app.lines_of_open_session(9).await.expect("readable");
    assert_eq!(lines[0].picture, None, "no picture was sent");
    let picture = lines[1].picture.as_deref().expect("it was sent");
    assert!(picture.starts_with("/pictures/"), "{picture} is asked of us, not of TikTok");
    assert_eq!(lines[2].picture, None, "nobody is led to another host");
    let story = stage.ask("event_story", json!({ "session": stage.session, "number": 2 })).await.expect("readable");
    assert_eq!(story["line"]["picture"], picture, "the same in the story");
}

#[tokio::test]
async fn an_event_that_is_not_there_has_no_story() {
    let stage = Stage::paused().await;
    let failure = stage.ask("event_story", json!({ "session": 9, "number": 1 })).await.expect_err("there is none");
    assert_eq!(failure.code, FailureCode::NotFound, "{failure}");
}
