//! kill -9 at any moment: what was acknowledged to TikTok is in the journal, exactly once.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::process::Stdio;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use cuelight_core::reason::Reason;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::store::{self, StoreError};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use system_tests::{FakeTikTok, MessageKey, Scenario};

use crate::support::lives::simulated;
use crate::support::{Finished, Workplace};

/// How often the program is killed.
const KILLS: u32 = 50;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a live that is too late does without.
const LEFT_OUT_FIRST: [&str; 3] = ["WebcastMemberMessage", "WebcastLikeMessage", "WebcastRoomUserSeqMessage"];

/// Frames of the flood; more than 50 short lives can take.
const FRAMES: usize = 4_000;

/// The messages in the journal, by method and number, and how often each is there; and how many the journal says were
/// left out of a live that was too late, as a busy machine makes it.
fn journaled(workplace: &Workplace) -> (BTreeMap<(String, String), u32>, u64) {
    let folder = DataFolder::new(workplace.data_dir());
    let (store, _) = store::open_beside_engine(&folder, &Clock::system()).expect("the database opens after a kill");
    let reader = store.reader().expect("and can be read");
    let (mut found, mut left_out) = (BTreeMap::new(), 0);
    for session in reader.sessions().expect("sessions") {
        let walked = reader.for_each_event(session.id, 0, |stored| {
            let event = stored.to_event().expect("a stored event reads back");
            if let Some(msg_id) = &event.stamp.msg_id {
                *found.entry((event.event_type().to_string(), msg_id.to_string())).or_default() += 1;
            }
            Ok::<_, StoreError>(ControlFlow::Continue(()))
        });
        walked.expect("events");
        for shed in reader.sheds(session.id).expect("what was left out") {
            let Reason::Shed { joins, likes, viewer_counts, .. } = shed.reason else {
                panic!("nothing else is left out of a live: {:?}", shed.reason)
            };
            left_out += joins + likes + viewer_counts;
        }
    }
    (found, left_out)
}

#[test]
fn what_was_acknowledged_survives_fifty_kills_exactly_once() {
    let recording = simulated(11, FRAMES);
    let tiktok = FakeTikTok::start(Scenario::flood(recording.clone()));
    let workplace = Workplace::new();
    let seed = std::env::var("CUELIGHT_TEST_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(20_261_121);
    println!("CUELIGHT_TEST_SEED={seed}");
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    // Nothing ever comes through, so that waiting for it is a pause.
    let (_silent, silence) = sync_channel::<()>(1);
    let mut kills_in_the_flood = 0;
    for kill in 0..KILLS {
        let before = tiktok.seen().ack_count();
        let connections = tiktok.seen().connections.len();
        let mut command = workplace.cuelight(["capture", "sim", "--output", "flood.jsonl"]);
        command.envs(tiktok.environment()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("cuelight starts");
        // About a tenth die on their way in, a moment after their start; the others after so many acknowledgements.
        if dice.random_ratio(1, 10) {
            let moment = Duration::from_micros(dice.random_range(0..40_000));
            assert_eq!(silence.recv_timeout(moment), Err(RecvTimeoutError::Timeout), "nobody ever sends");
        } else {
            let wanted = before + dice.random_range(1..60);
            let seen = tiktok.wait_until("acknowledgements", PATIENCE, |seen| {
                seen.ack_count() >= wanted || seen.ack_count() == FRAMES
            });
            kills_in_the_flood += u32::from(seen.ack_count() < FRAMES);
        }
        child.kill().expect("SIGKILL");
        child.wait().expect("it is gone");
        tiktok.wait_until("the end of its connections", PATIENCE, |seen| {
            seen.connections.iter().skip(connections).all(|it| it.ended)
        });
        let (journal, left_out) = journaled(&workplace);
        let acknowledged = recording.messages_of(&tiktok.seen().acknowledged_log_ids());
        let numbers: std::collections::BTreeSet<&str> = journal.keys().map(|(_, msg_id)| msg_id.as_str()).collect();
        let is_missing = |it: &&MessageKey| it.msg_id != 0 && !numbers.contains(it.msg_id.to_string().as_str());
        let missing: Vec<_> = acknowledged.iter().filter(is_missing).collect();
        for message in &missing {
            let may_be_left_out = LEFT_OUT_FIRST.contains(&message.method.as_str());
            assert!(may_be_left_out, "kill {kill}: {message:?} was acknowledged but is not there");
        }
        assert!(
            missing.len() as u64 <= left_out,
            "kill {kill}: of what was acknowledged and is not there, the journal tells of {left_out} only: {missing:?}"
        );
        let doubled: Vec<_> = journal.iter().filter(|(_, count)| **count > 1).collect();
        assert!(doubled.is_empty(), "kill {kill}: in the journal more than once: {doubled:?}");
    }
    assert!(
        kills_in_the_flood >= KILLS / 2,
        "only {kills_in_the_flood} kills met the flood: the recording is too short"
    );

    let mut command = workplace.cuelight(["capture", "sim", "--duration", "2", "--output", "rest.jsonl"]);
    command.envs(tiktok.environment());
    Finished::of(command).expect_status(0);
    let sessions = workplace.run(["sessions", "list", "--json"]).expect_status(0).stdout;
    assert_eq!(sessions.lines().count(), 1, "one live in one room is one session, however often we died");
}
