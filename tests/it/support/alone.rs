//! A test that needs a process to itself: what it measures of memory and handles shall be its own.

use std::process::Command;

/// Tells the process that is started for a test where its fake TikTok is.
const VARIABLE: &str = "CUELIGHT_TEST_ALONE";

/// The base of the fake's HTTP routes, in a process that was started for one test.
pub(crate) fn fake_url() -> Option<String> {
    std::env::var(VARIABLE).ok()
}

/// Runs the test called `name` once more, alone in a process of its own, against the fake at that address.
///
/// # Panics
/// It failed there; the text has all that it said.
#[track_caller]
pub(crate) fn run(name: &str, fake_url: &str) -> String {
    let test = std::env::current_exe().expect("a running test knows its own path");
    let output = Command::new(test).args(["--exact", name, "--nocapture"]).env(VARIABLE, fake_url).output();
    let output = output.expect("the test starts once more");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}, alone in a process, said:\n{said}\n{complaint}");
    assert!(said.contains("1 passed"), "there is one test called {name}:\n{said}");
    said
}
