//! The public clients and ours, given the same stream, tell the same events; what differs has a name.

use std::thread;

use system_tests::{FakeTikTok, Frame, Live, Pace, Recording, Scenario, Step, program, scenario};

use crate::client::Client;
use crate::comparison::{Comparison, compare};
use crate::defects::DEFECTS;

/// Time for the Node client to hand out what it unpacks beside the end of the live, which makes it hang up.
const BEFORE_THE_END_MS: u64 = 500;

/// An id that no scenario and no recording uses.
const LAST_MSG_ID: i64 = 7_999_999_999_999_999_999;

#[test]
fn one_of_every_common_message_is_told_alike() {
    check(&named("normal"), &["social-without-key", "name-without-prefix", "unknown-dropped"]);
}

#[test]
fn a_recorded_match_is_told_alike() {
    check(&recorded("session-1"), &[]);
}

fn check(scenario: &Scenario, expected_defects: &[&str]) {
    let [ours, python, node] = [Client::Ours, Client::Python, Client::Node].map(|client| {
        let scenario = scenario.clone();
        thread::spawn(move || client.capture(&FakeTikTok::start(scenario)))
    });
    let ours = ours.join().expect("our capture ends well");
    for (client, peer) in [(Client::Python, python), (Client::Node, node)] {
        let theirs = peer.join().expect("the peer's capture ends well");
        let Comparison { differences, explained, equal_count } = compare(&ours, &theirs, client);
        println!("{client:?}: {equal_count} events equal");
        for defect in DEFECTS.iter().filter(|defect| explained.contains_key(defect.name)) {
            println!("  {} × {}: {}", explained[defect.name], defect.name, defect.reason);
        }
        assert!(
            differences.is_empty(),
            "{client:?} differs in {} places that no known defect explains:\n- {}",
            differences.len(),
            differences.join("\n- "),
        );
        for name in expected_defects {
            assert!(explained.contains_key(name), "{client:?} no longer shows {name}: strike it out");
        }
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

fn ended(scenario: Scenario) -> Scenario {
    let end = Frame::of([Live::numbered_from(LAST_MSG_ID).ended()]);
    scenario.then([Step::Wait { ms: BEFORE_THE_END_MS }, Step::LeaveLive, Step::Send(end)])
}
