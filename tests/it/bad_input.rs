//! Whatever people get wrong: a sentence that says what and what to do, and the exit status that scripts rely on.

use crate::support::Workplace;

#[track_caller]
fn check(args: &[&str], status: i32, sentence: &str) {
    let workplace = Workplace::new();
    let finished = workplace.run(args.iter().copied()).expect_status(status);
    assert!(finished.stderr.contains(sentence), "{args:?} said {:?}, not {sentence:?}", finished.stderr);
    assert!(!finished.stderr.contains("panicked"), "{args:?} must not panic");
    assert!(!workplace.path("livestream_events.json").exists(), "{args:?} must leave no file behind");
}

#[test]
fn a_duration_that_is_none_is_wrong_use() {
    for duration in ["-5", "ten", "1.5", "", "99999999999999999999999", "18446744073709551615"] {
        check(&["capture", "luna.plays", "--duration", duration], 2, "a whole number of seconds");
    }
}

#[test]
fn a_user_name_that_is_none_is_wrong_use() {
    for (user, sentence) in [
        ("luna plays", "so a space cannot be in it"),
        ("🔥🔥", "so `🔥` cannot be in it"),
        ("", "❌ A TikTok user name cannot be empty"),
        ("https://example.com/luna", "names no TikTok user"),
        ("../../etc/passwd", "❌ A TikTok user name has only letters, digits, `_` and `.`"),
        ("a;rm -rf", "so `;` cannot be in it"),
    ] {
        check(&["capture", user, "--duration", "1"], 2, sentence);
    }
}

#[test]
fn without_a_user_and_without_a_terminal_it_is_wrong_use() {
    check(&["capture"], 2, "❌ No user was given");
}

#[test]
fn unknown_words_are_wrong_use() {
    check(&["capture", "--nonsense"], 2, "--nonsense");
    check(&["dance"], 2, "dance");
    check(&["capture", "--source", "youtube"], 2, "there is no source \"youtube\"");
    check(&["capture", "--source", "simulator:no-such"], 2, "no-such");
    check(&["capture", "--source", "file:"], 2, "needs a path");
    check(&["config", "set", "no_such", "1"], 2, "❌ There is no setting \"no_such\"");
    check(&["config", "set", "combo_idle_seconds", "soon"], 2, "a whole number of seconds");
    check(&["sessions", "show", "twelve"], 2, "a session is a number");
    check(&["simulate", "--output", "live.txt"], 2, "neither .frames nor .jsonl");
}

#[test]
fn what_is_not_there_fails_with_a_sentence() {
    check(&["sessions", "show", "7"], 1, "❌ There is no session #7");
    check(&["sessions", "export", "7"], 1, "❌ There is no session #7");
    check(&["decode", "no-such-file.frames"], 1, "no-such-file.frames");
    check(&["capture", "--source", "file:no-such-file.frames"], 1, "no-such-file.frames");
    check(&["simulate", "--output", "no/such/folder/live.frames"], 1, "cannot be written");
    check(&["capture", "--source", "simulator", "--output", "no/such/folder/e.json"], 1, "cannot be written");
}

#[test]
fn a_recording_that_is_none_fails_with_a_sentence() {
    let workplace = Workplace::new();
    let cases: [(&str, &[u8]); 5] = [
        ("empty.jsonl", b""),
        ("random.frames", &[0xa7; 4096]),
        ("text.jsonl", b"this is\nno recording\nof anything\n"),
        ("half.json", b"[{\"event_type\":\"com"),
        ("other.json", b"{\"name\":\"another program's file\"}"),
    ];
    for (name, bytes) in cases {
        std::fs::write(workplace.path(name), bytes).expect("written");
        let finished = workplace.run(["capture", "--source", &format!("file:{name}"), "--output", "out.json"]);
        let finished = finished.expect_status(1);
        assert!(finished.stderr.contains(name), "{name}: the sentence names the file: {:?}", finished.stderr);
        assert!(!workplace.path("out.json").exists(), "{name}: nothing came, so nothing is saved");
    }
    std::fs::create_dir(workplace.path("folder")).expect("a folder");
    let finished = workplace.run(["capture", "--source", "file:folder"]).expect_status(1);
    assert!(finished.stderr.contains("directory"), "{:?}", finished.stderr);
}

#[test]
fn a_second_engine_in_one_data_folder_is_turned_away() {
    let workplace = Workplace::new();
    let mut first = workplace
        .cuelight(["capture", "--source", "simulator:small-live", "--json", "--output", "first.json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("cuelight starts");
    let mut line = String::new();
    let mut said = std::io::BufReader::new(first.stdout.take().expect("piped"));
    std::io::BufRead::read_line(&mut said, &mut line).expect("its first event");
    let second = workplace.run(["capture", "--source", "simulator:small-live", "--duration", "1"]).expect_status(6);
    let process = format!("process {}", first.id());
    assert!(second.stderr.contains(&process), "it names who is there: {:?}", second.stderr);
    workplace.run(["sessions", "list"]).expect_status(0);
    first.kill().expect("SIGKILL");
    first.wait().expect("gone");
    workplace.run(["capture", "--source", "simulator:small-live", "--duration", "1"]).expect_status(0);
}

#[test]
fn a_data_folder_that_cannot_be_is_told() {
    let workplace = Workplace::new();
    std::fs::write(workplace.data_dir(), "a file").expect("written");
    let finished = workplace.run(["init"]).expect_status(1);
    for part in [workplace.data_dir().to_str().expect("UTF-8"), "it is a file, not a folder", "--data-dir"] {
        assert!(finished.stderr.contains(part), "{part} is missing in {:?}", finished.stderr);
    }
}

#[test]
fn a_damaged_database_is_moved_aside_and_the_story_told() {
    let workplace = Workplace::new();
    workplace.run(["config", "set", "tiktok_user", "luna.plays"]).expect_status(0);
    let database = workplace.data_dir().join("cuelight.db");
    let mut bytes = std::fs::read(&database).expect("the database");
    for byte in bytes.iter_mut().take(4096) {
        *byte ^= 0x5a;
    }
    std::fs::write(&database, bytes).expect("damaged");
    let finished = workplace.run(["config", "get", "tiktok_user"]).expect_status(0);
    assert_eq!(finished.stdout, "luna.plays\n", "the settings come back from their copy");
    assert!(finished.stderr.contains("was damaged"), "the story is told: {:?}", finished.stderr);
    let kept = std::fs::read_dir(workplace.data_dir())
        .expect("readable")
        .filter(|entry| entry.as_ref().is_ok_and(|it| it.file_name().to_string_lossy().contains("damaged")));
    assert!(kept.count() >= 1, "the damaged file is kept");
}
