//! Promises about cooldowns that run, and names that rules share.

use super::*;

#[tokio::test]
async fn cooldowns_of_the_open_live_are_told_and_ended() {
    let jump = json!({
        "id": "jump", "name": "Jump", "when": { "on": "comment" }, "do": [{ "action": "log_write" }],
        "cooldown": { "per_viewer_seconds": 60 }, "group": "party",
    });
    let home = Home::new(vec![rose_rule(), jump]);
    let group = serde_json::from_value(json!({ "name": "party", "cooldown_seconds": 90 })).expect("a group");
    home.door.app().store().put_rules(&[], &[group]).expect("there is room");
    assert_eq!(home.call("running_cooldowns", json!({})).await, json!([]), "no live, no cooldowns");
    let mut live = home.go_live().await;
    live.give(5655, "Rose", 1).await;
    live.say("hi").await;
    home.clock.set_ms(live::NOON_MS + 10_000);
    let both = json!([
        { "rule": "rose", "leftMs": 20_000, "viewers": 0 },
        { "rule": "jump", "leftMs": 80_000, "viewers": 1 },
    ]);
    assert_eq!(home.call("running_cooldowns", json!({})).await, both, "each rule with the longest that it waits for");
    home.call("reset_cooldowns", json!({ "rule": "jump" })).await;
    live.say("and now").await;
    let running = home.call("running_cooldowns", json!({})).await;
    assert_eq!(running[0], both[0], "the other rule waits on");
    assert_eq!(running[1]["leftMs"], 90_000, "it fired anew, so its waits began anew: {running}");
    home.clock.set_ms(live::NOON_MS + 20_000);
    home.call("reset_cooldowns", json!({ "rule": null })).await;
    live.send(cuelight_core::event::Body::Join(Default::default())).await;
    assert_eq!(home.call("running_cooldowns", json!({})).await, json!([]), "all of them");
    live.end().await;
}

#[tokio::test]
async fn counters_and_variables_are_listed_by_name() {
    let home = Home::new(vec![rose_rule()]);
    let mut live = home.go_live().await;
    live.give(5655, "Rose", 1).await;
    home.idle().await;
    live.end().await;
    let values = home.call("values", json!({})).await;
    assert_eq!(values, json!({ "counters": [{ "name": "roses", "value": 1 }], "variables": [] }));
    let variables = home.call("variables", json!({ "trigger": { "on": "hotkey", "keys": "F5" } })).await;
    let names: Vec<&str> = variables.as_array().expect("a list").iter().filter_map(|it| it["name"].as_str()).collect();
    assert!(names.contains(&"counter:roses") && names.contains(&"total_likes"), "what is always there: {names:?}");
    assert!(!names.contains(&"nickname"), "nobody pressed the key: {names:?}");
}
