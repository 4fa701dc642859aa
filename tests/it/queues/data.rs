//! Where everything lies, and how all of it goes.

use cuelight_runtime::locks::EngineLock;

use super::{first_day, folder, hold, refuse};

#[test]
fn the_data_folder_can_be_found() {
    let workplace = first_day();
    let path = workplace.run(["data", "path"]).expect_status(0).stdout;
    assert_eq!(path.trim_end(), workplace.data_dir().to_str().expect("UTF-8"), "for scripts");
}

#[test]
fn everything_goes_only_after_a_yes_and_while_nobody_uses_it() {
    let workplace = first_day();
    let unasked = workplace.run(["data", "wipe"]).expect_status(2);
    assert!(unasked.stdout.contains("cuelight.db (sessions, events"), "it names what goes: {:?}", unasked.stdout);
    assert!(unasked.stderr.contains("--yes"), "{:?}", unasked.stderr);
    let engine = EngineLock::take(&folder(&workplace)).expect("nobody has it");
    refuse(&workplace, &["data", "wipe", "--yes"], 6, "is using");
    drop(engine);
    let worker = hold(&workplace, "voice");
    refuse(&workplace, &["data", "wipe", "--yes"], 6, "works for voice in");
    drop(worker);
    workplace.run(["data", "wipe", "--yes"]).expect_status(0);
    assert!(!workplace.data_dir().exists(), "nothing is left");
    let again = workplace.run(["data", "wipe"]).expect_status(0).stdout;
    assert!(again.contains("nothing to delete"), "{again}");
}

#[test]
fn an_empty_log_says_so() {
    let workplace = first_day();
    let finished = workplace.run(["logs", "--data-dir", "elsewhere"]).expect_status(0);
    assert_eq!(
        (finished.stdout.as_str(), finished.stderr.as_str()),
        ("", "Nothing was logged yet.\n"),
        "and is no failure"
    );
}
