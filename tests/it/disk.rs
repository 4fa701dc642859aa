//! A full disk: a sentence that says so, nothing acknowledged that is not safe, and on when there is room again.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use system_tests::{FakeTikTok, Pace, Recording, Scenario};

use crate::support::lives::session_frames;
use crate::support::running::{Said, interrupt};
use crate::support::{Finished, Workplace};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The test below, by which the test program finds it.
const TEST: &str = "disk::a_full_disk_is_told_and_waited_for_and_nothing_is_lost";

/// Set where the test runs in a namespace of its own.
const IN_NAMESPACE: &str = "CUELIGHT_TEST_IN_NAMESPACE";

/// A small disk of our own, unmounted with the test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Nothing where mounting is not allowed.
    fn mounted_on(place: &Path) -> Option<Self> {
        std::fs::create_dir_all(place).expect("a place to mount on");
        let options = ["-t", "tmpfs", "-o", "size=4m", "tmpfs"];
        let mount = Command::new("mount").args(options).arg(place).output().expect("mount runs");
        mount.status.success().then(|| Self(place.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the program may still be closing its files.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Runs the test once more as the root of a user namespace, who may mount.
fn run_in_a_namespace() {
    assert!(std::env::var_os(IN_NAMESPACE).is_none(), "the root of a user namespace may not mount a tmpfs here");
    let this = std::env::current_exe().expect("a running test knows its own path");
    let mut again = Command::new("unshare");
    again
        .args(["--map-root-user", "--mount", "--"])
        .arg(this)
        .args(["--exact", TEST, "--nocapture"])
        .env(IN_NAMESPACE, "1");
    let again = Finished::of(again).expect_status(0);
    assert!(again.stdout.contains("1 passed"), "it must have run: {}", again.stdout);
}

#[test]
fn a_full_disk_is_told_and_waited_for_and_nothing_is_lost() {
    let workplace = Workplace::new();
    let Some(disk) = SmallDisk::mounted_on(&workplace.data_dir()) else { return run_in_a_namespace() };
    let recording = Recording::read(&session_frames(1)).expect("a recording");
    let frames = recording.frame_count();
    let tiktok = FakeTikTok::start(Scenario::replay(recording, Pace::EveryMs(20)));
    let output = workplace.path("events.jsonl");
    let mut command = workplace.cuelight(["capture", "sim", "--output", output.to_str().expect("UTF-8")]);
    let mut child = command
        .envs(tiktok.environment())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("cuelight starts");
    tiktok.wait_until("the first acknowledgements", PATIENCE, |seen| seen.ack_count() >= 3);
    let ballast = workplace.data_dir().join("ballast");
    fill(&ballast);
    let mut said = Said::by(&mut child);
    let full = said.next_with("🟥");
    assert!(full.contains("cuelight.db") && full.contains("Free some space"), "{full:?} must name place and remedy");
    let acknowledged = tiktok.seen().ack_count();
    assert!(acknowledged < frames, "a full disk cannot have taken all {frames} frames");

    std::fs::remove_file(&ballast).expect("room again");
    said.next_with("🟩");
    tiktok.wait_until("all acknowledgements", PATIENCE, |seen| seen.ack_count() == frames);
    interrupt(&child);
    assert!(child.wait().expect("it ends").success(), "a disk that was full for a while is no failure");
    let gifts: Vec<serde_json::Value> = std::fs::read_to_string(&output)
        .expect("saved")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON lines"))
        .filter(|event: &serde_json::Value| event["event_type"] == "gift")
        .collect();
    assert_eq!(gifts.len(), 24, "every gift of the recording is there once");
    drop(disk);
}

/// Writes until the disk takes no more.
fn fill(path: &Path) {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).expect("a file");
    while file.write_all(&[0_u8; 1024]).is_ok() {}
}
