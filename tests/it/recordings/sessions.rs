//! Recorded rooms as one live each: repeated messages once, combos counted once, like totals only growing.

use std::collections::BTreeMap;
use std::path::Path;

use cuelight_runtime::decode::Options;
use serde_json::Value;

use super::{decoded, json_lines};
use crate::support::lives::{session_frames, wire};

/// What one combo or single gift came to: by whom, which, how many, in which combo, and whether its end was seen.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Given {
    user_id: String,
    gift_id: i64,
    group_id: Option<String>,
    units: u64,
    end_seen: bool,
}

#[test]
fn every_session_ends_with_its_counts_and_gift_totals() {
    for number in 1..=7 {
        let text = std::fs::read_to_string(wire(&format!("session-{number}.expected.json"))).expect("it is there");
        let expected: Value = serde_json::from_str(&text).expect("JSON");
        check(&session_frames(number), &expected);
    }
}

#[test]
fn every_message_of_a_session_is_decoded_when_each_stands_alone() {
    for number in 1..=7 {
        let text = std::fs::read_to_string(wire(&format!("session-{number}.expected.json"))).expect("it is there");
        let expected: Value = serde_json::from_str(&text).expect("JSON");
        let (events, summary) = decoded(&session_frames(number), Options::default());
        assert_eq!(summary.messages, expected["messages_sent"], "session {number}: nothing is lost");
        assert_eq!(events.len() as u64, summary.messages, "session {number}: nothing is dropped, repetitions neither");
    }
}

#[test]
fn every_room_adds_up_to_its_gifts_without_frames() {
    let text = std::fs::read_to_string(wire("gift-totals.expected.json")).expect("it is there");
    let expected: Value = serde_json::from_str(&text).expect("JSON");
    let messages = json_lines(&wire("messages.jsonl"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rooms = expected["per_room"].as_object().expect("rooms");
    assert!(rooms.len() > 3, "several rooms got gifts");
    for (room, gifts) in rooms {
        let of_room = messages.iter().filter(|message| message["room"] == room.as_str());
        let lines: Vec<String> = of_room.map(Value::to_string).collect();
        let file = folder.path().join(format!("{room}.jsonl"));
        std::fs::write(&file, lines.join("\n")).expect("the temporary folder takes a file");
        let (events, _) = decoded(&file, Options { session: true, ..Options::default() });
        check_gifts(&events, gifts, room);
    }
}

fn check(file: &Path, expected: &Value) {
    let name = file.display();
    let (events, summary) = decoded(file, Options { session: true, ..Options::default() });
    assert_eq!(summary.messages, expected["messages_sent"], "{name}: every message was read");

    let without_gifts = events.iter().filter(|event| event["event_type"] != "gift").count() as u64;
    let after_dedupe = number(&expected["messages_after_dedupe"]) - number(&expected["gift_messages"]);
    assert_eq!(without_gifts, after_dedupe, "{name}: each message once");

    let mut by_type: BTreeMap<&str, u64> = BTreeMap::new();
    for event in &events {
        *by_type.entry(event["event_type"].as_str().expect("a type")).or_default() += 1;
    }
    for (event_type, count) in expected["by_event_type"].as_object().expect("counts") {
        assert_eq!(by_type.get(event_type.as_str()).copied().unwrap_or(0), number(count), "{name}: {event_type}");
    }
    for (method, count) in expected["by_method"].as_object().expect("counts") {
        let unknown = events.iter().filter(|event| event["data"]["method"] == method.as_str()).count() as u64;
        let unknown_envelopes = number(count) - number(&expected["by_event_type"]["envelope"]).min(number(count));
        match method.as_str() {
            "WebcastEnvelopeMessage" => assert_eq!(unknown, unknown_envelopes, "{name}: boxes that are gone"),
            _ => assert!(unknown == 0 || unknown == number(count), "{name}: {method} is unknown as a whole or never"),
        }
    }

    let likes = events.iter().filter(|event| event["event_type"] == "like");
    let like_counts: u64 = likes.clone().map(|like| number(&like["data"]["count"])).sum();
    assert_eq!(like_counts, number(&expected["like_count_sum"]), "{name}: hearts");
    let totals: Vec<u64> = likes.map(|like| number(&like["data"]["total_likes"])).collect();
    assert!(totals.is_sorted(), "{name}: the total of a live never goes back");
    assert_eq!(totals.last().copied(), expected["like_total_max"].as_u64(), "{name}: the highest total stands");

    check_gifts(&events, &expected["gifts"], &name.to_string());
}

fn check_gifts(events: &[Value], expected: &Value, name: &str) {
    let gifts = events.iter().filter(|event| event["event_type"] == "gift").map(|event| &event["data"]);
    let units: u64 = gifts.clone().map(|gift| number(&gift["delta_count"])).sum();
    let diamonds: u64 = gifts.clone().map(|gift| number(&gift["delta_diamonds"])).sum();
    assert_eq!(units, number(&expected["units"]), "{name}: units, each counted once");
    assert_eq!(diamonds, number(&expected["diamonds"]), "{name}: diamonds, each counted once");

    let ends: Vec<&Value> = gifts.filter(|gift| gift["streaking"] == false).collect();
    assert_eq!(ends.len() as u64, number(&expected["gifts"]), "{name}: every gift ends once");
    let mut given: Vec<Given> = ends.into_iter().map(of_event).collect();
    let streaks = expected["streaks"].as_array().expect("a list").iter();
    let singles = expected["single_gifts"].as_array().expect("a list").iter();
    let mut wanted: Vec<Given> = streaks.map(of_streak).chain(singles.map(of_single)).collect();
    given.sort();
    wanted.sort();
    assert_eq!(given, wanted, "{name}: who gave what, how often, and whether its end was seen");
}

fn of_event(gift: &Value) -> Given {
    Given {
        user_id: text(&gift["user"]["user_id"]),
        gift_id: gift["gift"]["id"].as_i64().expect("an id"),
        group_id: gift["group_id"].as_str().map(str::to_owned),
        units: number(&gift["repeat_count"]),
        end_seen: gift["inferred_end"] == false,
    }
}

fn of_streak(streak: &Value) -> Given {
    Given {
        user_id: text(&streak["user_id"]),
        gift_id: streak["gift_id"].as_i64().expect("an id"),
        group_id: Some(text(&streak["group_id"])),
        units: number(&streak["count"]),
        end_seen: streak["end_seen"] == true,
    }
}

fn of_single(single: &Value) -> Given {
    Given {
        user_id: text(&single["user_id"]),
        gift_id: single["gift_id"].as_i64().expect("an id"),
        group_id: None,
        units: number(&single["count"]),
        end_seen: true,
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}
