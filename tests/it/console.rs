//! What `capture` prints and saves is what its users know, to the letter.

use std::io::Write as _;
use std::process::{Command, Stdio};

use system_tests::viewer::{COMET, NADIR, OLLIE, ROSA, ROSE};
use system_tests::{FakeTikTok, Frame, GiftStep, Live, Scenario, Step, scenario};

use crate::support::{Finished, Workplace};

/// Everything on the sheet, in one live.
fn evening() -> Vec<Step> {
    let mut live = Live::new();
    let rose = |count, is_end| GiftStep { gift: ROSE, group_id: 5, count, is_end };
    let messages = [
        live.past_chat(OLLIE, "said before we came"),
        live.join(ROSA),
        live.chat(OLLIE, "Love your stream!"),
        live.like(NADIR, 5, 12_345),
        live.viewer_count(312, 4_021, &[]),
        live.gift(ROSA, rose(3, false)),
        live.unknown(),
        live.gift(ROSA, rose(10, true)),
        live.gift(OLLIE, GiftStep { gift: COMET, group_id: 0, count: 1, is_end: false }),
        live.follow(NADIR),
        live.share(ROSA),
    ];
    messages.map(|message| Step::Send(Frame::of([message]))).to_vec()
}

/// The end that a streamer gives to a live.
fn good_night() -> [Step; 2] {
    let mut live = Live::numbered_from(7_300_000_000_000_900_001);
    [Step::LeaveLive, Step::Send(Frame::of([live.ended()]))]
}

#[test]
fn a_capture_prints_and_saves_what_its_users_know() {
    let tiktok = FakeTikTok::start(Scenario::playing(evening()));
    let workplace = Workplace::new();
    let mut command = workplace.cuelight(["capture", "@sim", "--duration", "3"]);
    command.envs(tiktok.environment());
    let capture = Finished::of(command).expect_status(0);
    let expected = "\
============================================================
TikTok Livestream Data Capture Tool
============================================================

🔍 Checking if @sim is live...
✅ @sim is LIVE! Connecting...
⏱️ Will capture events for 3 seconds

============================================================
🟢 CONNECTED to @sim
Room ID: 7123456789012345678
============================================================

👥 @rosa.quill joined the stream
💬 Comment from @ollie_88: \"Love your stream!\"
❤️ Like from @nadir.x (x5)
🎁 Gift from @rosa.quill: Rose x10 (Total: 10 diamonds)
🎁 Gift from @ollie_88: Comet (5000 diamonds)
⭐ @nadir.x followed the streamer!
📤 @rosa.quill shared the stream!

============================================================
📊 EVENT SUMMARY
============================================================

Total events captured: 8

Breakdown by type:
  comment: 1
  connect: 1
  follow: 1
  gift: 2
  join: 1
  like: 1
  share: 1

============================================================

💾 Events saved to livestream_events.json
";
    assert_eq!(capture.stdout, expected, "the text is a contract; stderr was {}", capture.stderr);

    let saved = workplace.saved("livestream_events.json");
    let types: Vec<&str> = saved.iter().filter_map(|event| event["event_type"].as_str()).collect();
    let expected = ["connect", "join", "comment", "like", "gift", "gift", "follow", "share"];
    assert_eq!(types, expected, "the file holds what happened, once");
    let rose = &saved[4]["data"];
    assert_eq!(rose["gift"]["id"], 5655, "ids of gifts are numbers");
    assert_eq!(rose["user"]["user_id"], "6800000000000000101", "ids of people are text");
    assert_eq!(rose["repeat_count"], 10, "the combo's final count");
    assert_eq!(rose["delta_count"], 7, "three roses were told by the step before");
    assert_eq!(rose["total_count"], 10, "gifts of this viewer in this session");
    assert_eq!(rose["timestamp"].as_str().map(str::len), Some(26), "six decimals, no offset");
}

#[test]
fn everything_is_shown_and_saved_when_asked_for() {
    let tiktok = FakeTikTok::start(Scenario::playing(evening()).then(good_night()));
    let workplace = Workplace::new();
    let mut command = workplace.cuelight(["capture", "sim", "--all", "--json", "--output", "all.jsonl"]);
    command.envs(tiktok.environment());
    let capture = Finished::of(command).expect_status(0);
    let lines: Vec<serde_json::Value> =
        capture.stdout.lines().map(|line| serde_json::from_str(line).expect("stdout is JSON lines")).collect();
    assert_eq!(lines.len(), 14, "twelve messages, connect and disconnect");
    assert!(capture.stderr.contains("🏁 The stream ended\n🔴 Disconnected: the live ended\n"), "{}", capture.stderr);
    assert_eq!(lines[1]["data"]["history"], true, "what was said before we came is marked");
    assert!(capture.stderr.contains("📊 EVENT SUMMARY"), "the text goes to stderr");
    let file = std::fs::read_to_string(workplace.path("all.jsonl")).expect("saved");
    assert_eq!(file, capture.stdout, "the file holds the same lines");
}

#[test]
fn a_streamer_who_is_not_live_is_told_by_sentence_and_status() {
    let tiktok = FakeTikTok::start(scenario::named("normal").expect("it exists"));
    let check = |user: &str, status: i32, sentence: &str| {
        let workplace = Workplace::new();
        let mut command = workplace.cuelight(["capture", user, "--duration", "5"]);
        command.envs(tiktok.environment());
        let capture = Finished::of(command).expect_status(status);
        assert!(capture.stdout.contains(&format!("🔍 Checking if @{user} is live...")), "{user}: it says what it does");
        let said = capture.stdout + &capture.stderr;
        assert!(said.contains(sentence), "{user}: {said:?}");
        assert!(!workplace.path("livestream_events.json").exists(), "{user}: nothing came, so nothing is saved");
    };
    check("offline", 3, "🔍 Checking if @offline is live...\n❌ @offline is not currently live\n");
    check("nobody", 4, "❌ TikTok knows no user @nobody\n");
    check("adult", 5, "❌ The live of @adult is age-restricted");
}

#[test]
fn on_a_terminal_it_asks_for_what_is_missing() {
    let tiktok = FakeTikTok::start(Scenario::playing(evening()).then(good_night()));
    let workplace = Workplace::new();
    workplace.run(["config", "set", "tiktok_user", "@sim"]).expect_status(0);
    let program = system_tests::program::built("cuelight");
    let mut terminal = Command::new("script");
    terminal.args(["--quiet", "--return", "--command", &format!("{} capture", program.display()), "/dev/null"]);
    terminal.current_dir(workplace.path("")).env("CUELIGHT_DATA_DIR", workplace.data_dir()).envs(tiktok.environment());
    let mut child = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script runs");
    // An empty answer takes what is offered.
    child.stdin.as_mut().expect("piped").write_all(b"\n30\n").expect("it listens");
    let shown = Finished::from(child.wait_with_output().expect("it ends")).expect_status(0).stdout;
    let wanted = [
        "Enter TikTok username (without @, Enter for sim): ",
        "Capture duration in seconds (default 60): ",
        "🔍 Checking if @sim is live...",
        "⏱️ Will capture events for 30 seconds",
        "💬 Comment from @ollie_88",
        "💾 Events saved to livestream_events.json",
    ];
    let mut rest = shown.as_str();
    for text in wanted {
        let (_, behind) = rest.split_once(text).unwrap_or_else(|| panic!("{text:?} is missing or too early:\n{shown}"));
        rest = behind;
    }
}

#[test]
fn an_existing_file_is_kept_under_a_numbered_name() {
    let workplace = Workplace::new();
    std::fs::write(workplace.path("livestream_events.json"), "precious").expect("written");
    let recording = system_tests::program::repository("tests/recordings/wire/session-3.frames");
    let source = format!("file:{}", recording.display());
    workplace.run(["capture", "--source", &source]).expect_status(0);
    let kept = std::fs::read_to_string(workplace.path("livestream_events.1.json")).expect("kept");
    assert_eq!(kept, "precious", "nothing of the streamer's is overwritten");
    assert!(workplace.saved("livestream_events.json").len() > 50, "the new capture has the name");
}
