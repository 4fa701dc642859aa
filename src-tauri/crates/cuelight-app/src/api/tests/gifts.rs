//! Promises of the gift picker.

use std::time::Duration;

use super::*;

async fn page(home: &Home, search: &str, order: &str) -> Vec<Value> {
    let page = home.call("gifts", json!({ "search": search, "order": order, "offset": 0, "limit": 5 })).await;
    page["gifts"].as_array().expect("a list").clone()
}

fn names(page: &[Value]) -> Vec<&str> {
    page.iter().filter_map(|gift| gift["name"].as_str()).collect()
}

#[tokio::test]
async fn gifts_are_found_in_every_language_seen_and_by_id() {
    let by_name = json!({
        "id": "by-name", "name": "By name", "when": { "on": "gift", "names": ["rose"] }, "do": [{ "action": "log_write" }],
    });
    let home = Home::new(vec![rose_rule(), by_name]);
    let mut live = home.go_live().await;
    live.give(5655, "Hoa hồng", 12).await;
    live.give(990_001, "Đèn lồng", 2).await;
    live.end().await;
    assert_eq!(names(&page(&home, "HOA hong", "value").await), ["Hoa hồng"], "without regard to case and accents");
    assert_eq!(names(&page(&home, "den long", "value").await), ["Đèn lồng"], "a gift that only the live told of");
    assert!(!page(&home, "5655", "value").await.is_empty(), "by its id");
    let rose = &page(&home, "rose hong", "value").await;
    assert!(rose.is_empty(), "all words of one name");
    let rose = &page(&home, "5655", "received").await[0];
    assert_eq!((&rose["name"], &rose["received"]), (&json!("Hoa hồng"), &json!(12)), "the newest name, and the units");
    let users: Vec<&str> =
        rose["usedBy"].as_array().expect("a list").iter().filter_map(|it| it["id"].as_str()).collect();
    assert_eq!(users, ["rose", "by-name"], "by its number, and by a name that it had before");
    let image = rose["imageUrl"].as_str().expect("the catalogue knows its picture");
    assert!(image.starts_with("/pictures/"), "from our own cache: {image}");
    let received = page(&home, "", "received").await;
    assert_eq!(names(&received[..2]), ["Hoa hồng", "Đèn lồng"], "what was received comes first");
    let began = std::time::Instant::now();
    for _ in 0..50 {
        page(&home, "ro", "popular").await;
    }
    eprintln!("TIMING {:?} a call", began.elapsed() / 50);
    let first = home.call("gifts", json!({ "search": "", "order": "popular", "offset": 0, "limit": 5 })).await;
    assert_eq!((&first["gifts"][0]["id"], &first["next"]), (&json!(5655), &json!(5)), "what rules use comes first");
}

#[tokio::test]
async fn a_rule_by_name_answers_the_gift_under_every_name() {
    let by_name = json!({
        "id": "by-name", "name": "By name", "when": { "on": "gift", "names": ["Rose"] },
        "do": [{ "action": "counter_change", "with": { "counter": "roses", "number": 1 } }],
    });
    let home = Home::new(vec![by_name]);
    let mut live = home.go_live().await;
    live.give(5655, "Róża", 1).await;
    live.give(5655, "Rosa", 1).await;
    home.idle().await;
    live.end().await;
    assert_eq!(
        home.reader().values().expect("readable").counter("roses"),
        2,
        "TikTok told other names of the same gift"
    );
}

#[tokio::test]
async fn the_next_gift_is_caught_once() {
    let home = Home::new(Vec::new());
    let app = home.door.app();
    home.call("catch_next_gift", json!({})).await;
    home.call("stop_catching", json!({})).await;
    home.call("catch_next_gift", json!({})).await;
    let mut batches = app.push.listen();
    let mut live = home.go_live().await;
    live.show_committed().await;
    live.give(990_001, "Lantern", 1).await;
    live.show_committed().await;
    let caught = async {
        loop {
            if let Some(caught) = batches.next().await.expect("the app runs").caught.clone() {
                return caught;
            }
        }
    };
    let caught = tokio::time::timeout(Duration::from_secs(20), caught).await.expect("it is told");
    assert_eq!((caught.id, caught.name.as_str()), (990_001, "Lantern"), "with what the live just told of it");
    live.show_committed().await;
    assert!(!app.catching.waits(), "one gift was wanted");
    live.end().await;
    assert!(!home.folder().join("data/pictures").exists(), "and no picture was fetched for it");
}
