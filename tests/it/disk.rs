//! A full disk: a sentence that says so, nothing acknowledged that is not safe, and on when there is room again.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use system_tests::{FakeTikTok, Pace, Recording, Scenario};

use crate::support::Workplace;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// A small disk of our own, unmounted with the test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mounted_on(place: &Path) -> Self {
        std::fs::create_dir_all(place).expect("a place to mount on");
        let options = ["-t", "tmpfs", "-o", "size=4m", "tmpfs"];
        let mount = Command::new("mount").args(options).arg(place).status().expect("mount runs");
        assert!(mount.success(), "a small disk needs the right to mount: run the tests as root or in a user namespace");
        Self(place.to_owned())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the program may still be closing its files.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_told_and_waited_for_and_nothing_is_lost() {
    let workplace = Workplace::new();
    let disk = SmallDisk::mounted_on(&workplace.data_dir());
    let recording = system_tests::program::repository("tests/recordings/wire/session-1.frames");
    let recording = Recording::read(&recording).expect("a recording");
    let frames = recording.frame_count();
    let tiktok = FakeTikTok::start(Scenario::replay(recording.clone(), Pace::EveryMs(20)));
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
    let mut said = BufReader::new(child.stderr.take().expect("piped")).lines();
    let mut next = |what: &str| {
        said.by_ref().map(|line| line.expect("UTF-8")).find(|line| line.contains(what)).expect("stderr goes on")
    };
    let full = next("🟥");
    assert!(full.contains("cuelight.db") && full.contains("Free some space"), "{full:?} must name place and remedy");
    let acknowledged = tiktok.seen().ack_count();
    assert!(acknowledged < frames, "a full disk cannot have taken all {frames} frames");

    std::fs::remove_file(&ballast).expect("room again");
    next("🟩");
    tiktok.wait_until("all acknowledgements", PATIENCE, |seen| seen.ack_count() == frames);
    stop(&child);
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

/// Ctrl+C for a program without a terminal.
fn stop(child: &std::process::Child) {
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(kill.success(), "the program is still there");
}

/// Writes until the disk takes no more.
fn fill(path: &Path) {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).expect("a file");
    while file.write_all(&[0_u8; 1024]).is_ok() {}
}
