//! A full queue loses what may be lost, tells why for each, and never what was paid for.

use serde_json::Value;

use super::lives::Happening::{Comment, Gift, Like};
use super::{counted, enqueue, first_day, jobs, text};

/// Gifts of the flood; more than may wait in the queue of `overlays`.
const GIFTS: u32 = 130;

/// Comments of the flood, and as many likes.
const CHATTER: u32 = 200;

#[test]
fn a_flood_costs_comments_and_likes_and_never_a_gift() {
    let workplace = first_day();
    // Chatter first, so that gifts meet a full queue; then all of them mixed; and chatter last.
    let numbers = 0..CHATTER;
    let flood: Vec<_> = numbers
        .flat_map(|round| {
            let gift = (40..40 + GIFTS).contains(&round).then_some(Gift(10_000 + round));
            [Some(Comment(20_000 + round)), gift, Some(Like(30_000 + round))].into_iter().flatten()
        })
        .collect();
    enqueue(&workplace, &flood);
    let overlays = jobs(&workplace, &["--service", "overlays"]);
    let of = |event: &str, state: &str| -> Vec<&Value> {
        overlays.iter().filter(|job| job["event_type"] == event && job["state"] == state).collect()
    };
    assert_eq!(of("gift", "pending").len(), GIFTS as usize, "every gift waits, though only 100 jobs may");
    assert_eq!(of("gift", "discarded").len(), 0, "and none was dropped");
    for event in ["comment", "like"] {
        let (waiting, discarded) = (of(event, "pending"), of(event, "discarded"));
        assert_eq!(waiting.len() + discarded.len(), CHATTER as usize, "each {event} is accounted for, once");
        assert_eq!(waiting.len(), 0, "gifts took every place that a {event} had");
        for job in discarded {
            let code = text(&job["reason"], "code");
            assert!(["queue_full", "displaced"].contains(&code), "why a {event} was dropped: {job}");
            assert!(text(job, "why").starts_with("The queue of overlays was full"), "in words: {job}");
        }
    }
    let codes = counted(overlays.iter().filter_map(|job| job["reason"]["code"].as_str()));
    assert!(codes.contains_key("queue_full") && codes.contains_key("displaced"), "both ways to go: {codes:?}");
    let list = ["jobs", "list", "--state", "discarded", "--service", "overlays", "--limit", "1000"];
    let told = workplace.run(list).expect_status(0).stdout;
    assert_eq!(told.lines().count(), 2 * CHATTER as usize, "a line for each");
    for line in told.lines() {
        assert!(line.contains("🗑️ discarded") && line.contains("The queue of overlays was full"), "{line}");
    }
    let queue = workplace.run(["services", "list", "overlays"]).expect_status(0).stdout;
    assert!(queue.contains("pending 130 of 100"), "what may not be dropped may exceed the bound: {queue}");
}
