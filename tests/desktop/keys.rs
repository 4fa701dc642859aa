//! A key that is set in the window lies in the keychain and nowhere else.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Desk;

/// A key, by the name that people see.
const KEY: &str = "Redis password";

/// What is typed into its field.
const SECRET: &str = "5eafa11bead0c0ffee0ddba11cab1e5a";

#[tokio::test]
async fn a_key_set_in_the_window_is_in_the_keychain_and_nowhere_else() {
    let desk = Desk::set_up().await;
    let page = desk.open_page().await;
    page.go_to("Settings").await;
    page.press_after(KEY, "Set").await;
    page.type_into(KEY, SECRET).await;
    page.press_after(KEY, "Save").await;
    page.see("set, in the keychain").await;
    page.see("No address of a Redis server is set.").await;
    page.picture("key-set").await;
    assert!(!page.source().await.contains(SECRET), "what was typed is shown no more");
    page.press("Back up now").await;
    page.see("The backup is there.").await;
    page.press("Make a zip").await;
    page.see("Written to").await;
    page.end().await;

    let mut lookup = desk.command("secret-tool");
    let found = lookup.args(["lookup", "service", "cuelight", "username", "redis_password"]).output();
    let found = found.expect("secret-tool is there: scripts/setup installs it");
    assert_eq!(String::from_utf8_lossy(&found.stdout), SECRET, "the keychain has it");

    let files = files_below(desk.home());
    let backups = desk.data_folder().join("backups");
    assert!(files.iter().any(|file| file.starts_with(&backups)), "the backup is among what is searched: {files:?}");
    for file in files {
        let content = fs::read(&file).expect("a file of the test's own home");
        let holds = content.windows(SECRET.len()).any(|part| part == SECRET.as_bytes());
        assert!(!holds, "{} holds the key", file.display());
    }

    let page = desk.open_page().await;
    page.go_to("Settings").await;
    page.see("set, in the keychain").await;
    page.press_after(KEY, "Remove").await;
    page.press_after(KEY, "Set").await;
    page.end().await;
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of the test's own home").flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files_below(&entry.path())),
            Ok(kind) if kind.is_file() => found.push(entry.path()),
            // Sockets of the keychain and the bus hold nothing.
            Ok(_) | Err(_) => {}
        }
    }
    found
}
