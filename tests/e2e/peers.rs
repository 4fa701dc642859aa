//! The public clients and ours, given the same stream, tell the same events; what differs has a name.

use std::collections::BTreeSet;
use std::thread;

use system_tests::{FakeTikTok, Frame, Live, Pace, Recording, Scenario, Step, program, scenario};

use crate::client::Client;
use crate::comparison::compare;
use crate::defects::{DEFECTS, TOLD_BY_US_ALONE};

/// An id that no scenario and no recording uses.
const LAST_MSG_ID: i64 = 7_999_999_999_999_999_999;

#[test]
fn one_of_every_common_message_is_told_alike() {
    check(
        &named("normal"),
        &[
            "unknown-without-id",
            "unknown-dropped",
            "name-without-prefix",
            "broken-becomes-empty-comment",
            "social-without-key",
        ],
    );
}

#[test]
fn a_recorded_match_is_told_alike() {
    check(
        &recorded("session-1"),
        &[
            "unknown-without-id",
            "unknown-dropped",
            "name-without-prefix",
            "closed-envelope",
            "end-never-inferred",
            "like-total-goes-back",
        ],
    );
}

#[test]
fn a_recording_out_of_order_and_with_repeated_messages_is_told_alike() {
    check(
        &recorded("session-6"),
        &[
            "unknown-without-id",
            "unknown-dropped",
            "name-without-prefix",
            "closed-envelope",
            "end-never-inferred",
            "like-total-goes-back",
            "gift-that-adds-nothing",
            "repeated-message",
        ],
    );
}

#[test]
fn a_combo_that_ends_twice_is_told_alike() {
    check(&named("gift-end-twice"), &["gift-that-adds-nothing"]);
}

#[test]
fn a_combo_whose_count_falls_back_is_told_alike() {
    check(&named("gift-lower-count"), &["count-of-the-moment"]);
}

/// Gives all three clients the stream; `differences` are the names of exactly those that are expected.
fn check(scenario: &Scenario, differences: &[&str]) {
    let [ours, python, node] = [Client::Ours, Client::Python, Client::Node].map(|client| {
        let scenario = scenario.clone();
        thread::spawn(move || client.capture(&FakeTikTok::start(scenario)))
    });
    let ours = ours.join().expect("our capture ends well");
    for (client, peer) in [(Client::Python, python), (Client::Node, node)] {
        let theirs = peer.join().expect("the peer's capture ends well");
        let found = compare(&ours, &theirs, client);
        println!("{client:?}: {} events equal", found.equal_count);
        for defect in DEFECTS.iter().filter(|defect| found.explained.contains_key(defect.name)) {
            println!("  {} × {}: {}", found.explained[defect.name], defect.name, defect.reason);
        }
        assert!(
            found.unexplained.is_empty(),
            "{client:?} differs in {} places that no known difference explains:\n- {}",
            found.unexplained.len(),
            found.unexplained.join("\n- "),
        );
        let expected = DEFECTS
            .iter()
            .filter(|defect| defect.peers.contains(&client))
            .filter(|defect| defect.name == TOLD_BY_US_ALONE || differences.contains(&defect.name));
        let expected: BTreeSet<_> = expected.map(|defect| defect.name).collect();
        let explained: BTreeSet<_> = found.explained.into_keys().collect();
        assert_eq!(explained, expected, "{client:?} shows exactly the known differences of this stream");
    }
}

fn named(name: &str) -> Scenario {
    ended(scenario::named(name).expect("the scenario exists"))
}

fn recorded(session: &str) -> Scenario {
    let path = program::repository(&format!("tests/recordings/wire/{session}.frames"));
    let recording = Recording::read(&path).expect("the recording is in the repository");
    ended(Scenario::replay(recording, Pace::FlatOut))
}

/// The scenario, and the end of the live once everything before it was received: at the end the peers hang up, and
/// the Node client would lose what it still unpacks.
fn ended(scenario: Scenario) -> Scenario {
    let all_acks = Step::AwaitAcks(scenario.frame_count());
    let end = Frame::of([Live::numbered_from(LAST_MSG_ID).ended()]);
    scenario.then([all_acks, Step::LeaveLive, Step::Send(end)])
}
