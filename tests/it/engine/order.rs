//! The order in which a queue is worked: priority, then arrival; one by one, or several beside each other.

use serde_json::{Value, json};

use super::lives::Happening::{Comment, Follow, Gift, Join, Like, Share};
use super::lives::{Happening, comments};
use super::{enqueue, jobs, only_with, set, text, written};
use crate::support::Workplace;

/// A rule for each type of event that notes it in a file of `basics`.
fn noting() -> Value {
    let rule = |event: &str, note: &str| {
        json!({"id": event, "name": event, "when": {"on": "event", "event": event},
               "do": [{"action": "file_write", "with": {"file": "order.txt", "text": note}}]})
    };
    json!([
        rule("comment", "comment {comment}"),
        rule("gift", "gift {diamonds}"),
        rule("follow", "follow"),
        rule("share", "share"),
        rule("like", "like {totallikecount}"),
        rule("join", "join"),
    ])
}

/// When the jobs of `basics` started and ended, by their places in time.
fn spans(workplace: &Workplace) -> Vec<(String, String)> {
    let mut spans: Vec<(String, String)> = jobs(workplace, &["--service", "basics"])
        .iter()
        .map(|job| (text(job, "started").to_owned(), text(job, "ended").to_owned()))
        .collect();
    spans.sort_unstable();
    spans
}

fn live() -> Vec<Happening> {
    let round = |number: u32| {
        let likes = 100 * number;
        [
            Like(likes),
            Join(5_000 + number),
            Comment(number),
            Share(6_000 + number),
            Gift(1_000 + number),
            Follow(7_000 + number),
        ]
    };
    (1..=5).flat_map(round).collect()
}

#[test]
fn what_waited_is_done_by_priority_and_then_by_arrival() {
    let workplace = only_with(noting());
    let modes = ["comment", "gift", "follow", "share", "like", "join"].map(|event| format!("{event}.mode=sync"));
    set(&workplace, "basics", &modes.each_ref().map(String::as_str));
    enqueue(&workplace, &live());
    workplace.run(["work", "--service", "basics", "--until-empty"]).expect_status(0);
    let numbered = |what: &str, first: u32, step: u32| -> Vec<String> {
        (0..5).map(|round| format!("{what} {}", first + step * round)).collect()
    };
    let expected = [
        numbered("gift", 1_001, 1),
        vec!["follow".to_owned(); 5],
        vec!["share".to_owned(); 5],
        numbered("comment", 1, 1),
        numbered("like", 100, 100),
        vec!["join".to_owned(); 5],
    ];
    assert_eq!(written(&workplace, "order.txt"), expected.concat(), "10, 8, 7, 6, 3, 2; and the earlier one first");
    let spans = spans(&workplace);
    for pair in spans.windows(2) {
        assert!(pair[1].0 >= pair[0].1, "a sync service does one job at a time: {pair:?}");
    }
}

#[test]
fn an_async_service_does_several_jobs_at_once_and_no_more_than_it_may() {
    let workplace = only_with(noting());
    set(&workplace, "basics", &["max_parallel=4"]);
    enqueue(&workplace, &comments(40));
    workplace.run(["work", "--service", "basics", "--until-empty"]).expect_status(0);
    let mut lines = written(&workplace, "order.txt");
    lines.sort_unstable();
    let mut expected: Vec<String> = (1..=40).map(|number| format!("comment {number}")).collect();
    expected.sort_unstable();
    assert_eq!(lines, expected, "each once");
    let spans = spans(&workplace);
    let beside = |moment: &String| spans.iter().filter(|(start, end)| start <= moment && moment < end).count();
    let most = spans.iter().map(|(start, _)| beside(start)).max();
    assert!(matches!(most, Some(2..=4)), "{most:?} of 4 at once: {spans:?}");
}

#[test]
fn a_service_that_is_off_gets_nothing_and_the_decision_says_so() {
    let workplace = only_with(noting());
    set(&workplace, "basics", &["active=off"]);
    enqueue(&workplace, &comments(3));
    assert!(jobs(&workplace, &["--state", "pending"]).is_empty(), "nothing waits for a service that is off");
    let replayed = workplace.run(["replay", "1"]).expect_status(0).stdout;
    assert_eq!(replayed.matches("Service basics is switched off.").count(), 3, "each says why: {replayed}");
}
