//! Finds the programs that were built beside the test.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A command that runs the `cuelight` of the same profile as this test, and leaves the keychain of whoever tests alone.
///
/// # Panics
/// It was not built: `cargo build -p cuelight-cli` comes before the tests.
pub fn cuelight() -> Command {
    let mut command = Command::new(built("cuelight"));
    command.env("CUELIGHT_KEYCHAIN", "off");
    command
}

/// The program called `name` in the target folder this test was built into.
///
/// # Panics
/// It is not there.
pub fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running test knows its own path");
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    // Tests lie in `target/<profile>/deps`, programs one folder above.
    let found = test.ancestors().skip(1).take(2).map(|folder| folder.join(&file));
    found
        .into_iter()
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{file} is not beside {}; run `cargo build -p cuelight-cli` first", test.display()))
}

/// A path in the repository, such as `tests/recordings`.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
