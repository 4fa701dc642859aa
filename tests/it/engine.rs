//! The whole system from outside: events fill durable queues, workers empty them, and nothing is lost, doubled or silent.

mod bad_rules;
mod defaults;
mod following;
mod full_queue;
mod kills;
mod lives;
mod old_jobs;
mod order;
#[cfg(target_os = "linux")]
mod other_way;
mod replaying;
mod running;
mod sharing;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::lives::Happening;
use crate::support::Workplace;

/// More jobs than any test makes.
const ALL: &str = "1000000";

/// A workplace with the services and rules of the first day.
fn first_day() -> Workplace {
    let workplace = Workplace::new();
    workplace.run(["init"]).expect_status(0);
    workplace
}

/// A workplace in which services do nothing by themselves, and these rules are the only ones that fire.
fn only_with(rules: Value) -> Workplace {
    let workplace = first_day();
    for (service, events) in [
        ("overlays", &["gift", "subscribe", "follow", "share", "comment", "like", "join"][..]),
        ("dinochrome", &["gift", "subscribe", "follow", "share", "comment"]),
    ] {
        let settings: Vec<String> = events.iter().map(|event| format!("{event}.default=off")).collect();
        set(&workplace, service, &settings.iter().map(String::as_str).collect::<Vec<_>>());
    }
    import(&workplace, rules);
    workplace
}

/// Takes these rules in.
fn import(workplace: &Workplace, rules: Value) {
    let file = json!({"cuelight_rules": 1, "rules": rules});
    std::fs::write(workplace.path("pack.json"), file.to_string()).expect("written");
    workplace.run(["rules", "import", "pack.json", "--yes"]).expect_status(0);
}

/// Changes a service.
fn set(workplace: &Workplace, service: &str, settings: &[&str]) {
    workplace.run(["services", "set", service].into_iter().chain(settings.iter().copied())).expect_status(0);
}

/// Makes this happen in a live and fills the queues with what it causes.
fn enqueue(workplace: &Workplace, happenings: &[Happening]) {
    lives::write(workplace, "live.jsonl", happenings);
    workplace.run(["capture", "--enqueue", "--source", "file:live.jsonl"]).expect_status(0);
}

/// The jobs, oldest first.
fn jobs(workplace: &Workplace, more: &[&str]) -> Vec<Value> {
    let args = ["jobs", "list", "--json", "--limit", ALL].into_iter().chain(more.iter().copied());
    let list = workplace.run(args).expect_status(0).stdout;
    let mut jobs: Vec<Value> =
        list.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect();
    jobs.reverse();
    jobs
}

/// How many of these there are of each.
fn counted<K: Ord>(keys: impl IntoIterator<Item = K>) -> BTreeMap<K, u32> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// The text of a field.
#[track_caller]
fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_else(|| panic!("{field} is no text in {value}"))
}

/// What `log_write` wrote into the log, in order.
fn logged(workplace: &Workplace) -> Vec<String> {
    let log = workplace.run(["logs", "--lines", ALL]).expect_status(0).stdout;
    let texts = log.lines().filter_map(|line| line.split_once(" cuelight::log_write: "));
    texts.map(|(_, text)| text.to_owned()).collect()
}

/// The lines of a file that actions wrote.
fn written(workplace: &Workplace, file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(workplace.data_dir().join("files").join(file)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}
