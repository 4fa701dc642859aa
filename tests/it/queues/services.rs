//! Services are listed and changed, wholly or not at all.

use serde_json::Value;

use super::{first_day, refuse};
use crate::support::Workplace;

fn service(workplace: &Workplace, id: &str) -> Value {
    let shown = workplace.run(["services", "list", id, "--json"]).expect_status(0).stdout;
    serde_json::from_str(&shown).expect("one JSON object")
}

#[test]
fn a_new_data_folder_holds_the_services_with_their_wishes() {
    let workplace = first_day();
    let list = workplace.run(["services", "list", "--json"]).expect_status(0).stdout;
    let services: Vec<Value> = list.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ids: Vec<&str> = services.iter().filter_map(|service| service["id"].as_str()).collect();
    let expected = ["basics", "dinochrome", "overlays", "voice", "sounds", "assistant", "games", "studio", "web"];
    assert_eq!(ids, expected, "in the order in which people see them");
    let overlays = service(&workplace, "overlays");
    assert_eq!(overlays["max_queue_size"], 100, "as many may wait there");
    assert_eq!(overlays["events"]["gift"]["discardable"], false, "a gift is never dropped");
    let table = workplace.run(["services", "list", "overlays"]).expect_status(0).stdout;
    assert!(
        table.contains("comment    on       5         async  on           60             on (log_write)"),
        "{table}"
    );
}

#[test]
fn what_is_set_is_told_with_what_it_was_and_kept() {
    let workplace = first_day();
    let said =
        workplace.run(["services", "set", "overlays", "max_queue_size=250", "comment.priority=7"]).expect_status(0);
    let expected = "✅ overlays: max_queue_size = 250 (was 100)\n✅ overlays: comment.priority = 7 (was 5)\n";
    assert_eq!(said.stdout, expected, "each key with what it was");
    let overlays = service(&workplace, "overlays");
    assert_eq!(overlays["max_queue_size"], 250, "kept");
    assert_eq!(overlays["events"]["comment"]["priority"], 7, "kept");
}

#[test]
fn making_gifts_discardable_warns() {
    let workplace = first_day();
    let args = ["services", "set", "overlays", "gift.discardable=on"];
    let said = workplace.run(args).expect_status(0);
    assert!(said.stderr.contains("gift events may be dropped"), "{:?}", said.stderr);
    let again = workplace.run(args).expect_status(0);
    assert!(!again.stderr.contains("dropped"), "once is enough: {:?}", again.stderr);
}

#[test]
fn one_wrong_value_changes_nothing() {
    let workplace = first_day();
    let set = ["services", "set", "overlays", "max_queue_size=250", "comment.priority=11"];
    refuse(&workplace, &set, 2, "❌ Could not set comment.priority to \"11\": it takes a whole number from 1 to 10");
    assert_eq!(service(&workplace, "overlays")["max_queue_size"], 100, "all or nothing");
}

#[test]
fn what_is_no_service_key_or_value_is_wrong_use() {
    let workplace = first_day();
    for (args, sentence) in [
        (["services", "set", "radio", "active=off"], "there is no service \"radio\"; there are basics, dinochrome"),
        (["services", "set", "voice", "volume=3"], "there is no key \"volume\"; there are active, name"),
        (["services", "set", "voice", "party.mode=sync"], "there is no event type \"party\""),
        (["services", "set", "voice", "max_queue_size"], "sets nothing: it takes KEY=VALUE"),
        (["services", "set", "voice", "max_queue_size=0"], "it takes a whole number from 1 to 100000"),
        (["services", "set", "voice", "gift.default=on"], "voice does nothing by default for it"),
    ] {
        let sentence = sentence.strip_prefix("there is").map_or(sentence.to_owned(), |rest| format!("There is{rest}"));
        refuse(&workplace, &args, 2, &sentence);
    }
}
