//! What `file_write` writes, and where it never writes.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{context, prepare, problem, run};
use crate::actions::ActionError;
use crate::actions::written_file::FILE_BYTES;

fn write(data: &Path, parameters: Value) -> Result<(), ActionError> {
    let job = prepare("file_write", parameters).expect("it can be prepared");
    run("file_write", job.parameters, &context(data)).map(drop)
}

#[test]
fn lines_are_appended_in_the_folder_of_cuelight_and_replaced_where_wished() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let file = data.path().join("files/gifts.txt");
    for text in ["{nickname} {coins}", "deaths: {counter:deaths}"] {
        write(data.path(), json!({ "file": "gifts.txt", "text": text })).expect("it can be written");
    }
    assert_eq!(fs::read_to_string(&file).expect("there"), "Mia 40\ndeaths: 7\n", "one line after the other");
    write(data.path(), json!({ "file": "gifts.txt", "text": "{nickname}", "how": "replace" })).expect("writable");
    assert_eq!(fs::read_to_string(&file).expect("there"), "Mia", "a stream shows this text and nothing else");
}

#[test]
fn a_folder_of_the_streamer_is_used_and_never_made() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let chosen = tempfile::tempdir().expect("a temporary folder");
    write(data.path(), json!({ "file": "a.txt", "text": "1", "folder": chosen.path() })).expect("it can be written");
    assert_eq!(fs::read_to_string(chosen.path().join("a.txt")).expect("there"), "1\n", "in the chosen folder");
    let missing = chosen.path().join("missing");
    let error = write(data.path(), json!({ "file": "a.txt", "folder": missing })).expect_err("it is not there");
    assert!(error.what.contains("there is no folder"), "{error} says why");
    assert!(!missing.exists(), "a typing mistake must not scatter folders");
    let error = problem("file_write", json!({ "folder": "somewhere" }));
    assert!(error.starts_with("`folder`: "), "{error}: where a relative path leads depends on how we were started");
}

#[test]
fn names_that_lead_out_of_the_folder_or_to_devices_are_refused() {
    let names =
        ["", "..", ".", "../a.txt", "a/b.txt", "a\\b.txt", "/etc/a", "C:a.txt", ".profile", "NUL", "com1.txt", "a."];
    for name in names {
        let error = problem("file_write", json!({ "file": name }));
        assert!(error.starts_with("`file`: "), "{name:?}: {error}");
    }
}

#[test]
fn what_a_viewer_writes_stays_within_the_folder() {
    let data = tempfile::tempdir().expect("a temporary folder");
    write(data.path(), json!({ "file": "from {comment}.txt", "text": "1" })).expect("placeholders are made harmless");
    let inside = fs::read_dir(data.path().join("files")).expect("readable").count();
    let beside = fs::read_dir(data.path()).expect("readable").count();
    assert_eq!((inside, beside), (1, 1), "one file in the folder, and nothing beside the folder");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let outside = data.path().join("mine.txt");
    fs::write(&outside, "mine").expect("writable");
    let folder = data.path().join("files");
    fs::create_dir(&folder).expect("writable");
    std::os::unix::fs::symlink(&outside, folder.join("link.txt")).expect("a link");
    fs::create_dir(folder.join("folder")).expect("writable");
    for (name, how) in [("link.txt", "append"), ("link.txt", "replace"), ("folder", "append"), ("folder", "replace")] {
        let error = write(data.path(), json!({ "file": name, "how": how })).expect_err("it is no plain file");
        assert!(error.what.contains("no plain file"), "{name}: {error}");
    }
    assert_eq!(fs::read_to_string(&outside).expect("there"), "mine", "and nothing outside was touched");
}

#[test]
fn a_full_file_stays_as_it_is() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let folder = data.path().join("files");
    fs::create_dir(&folder).expect("writable");
    let file = fs::File::create(folder.join("full.txt")).expect("writable");
    file.set_len(FILE_BYTES).expect("a sparse file");
    let error = write(data.path(), json!({ "file": "full.txt", "text": "1" })).expect_err("it is full");
    assert!(error.what.contains("at most"), "{error} names the bound");
    assert_eq!(file.metadata().expect("there").len(), FILE_BYTES, "no half line was written");
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_takes_nothing_says_what_to_do() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let error = write(data.path(), json!({ "file": "a.txt", "folder": "/proc" })).expect_err("nobody writes there");
    assert!(error.what.starts_with("could not write a.txt: "), "{error} says what was tried");
    assert!(error.advice.ends_with('.'), "{:?} is a whole sentence", error.advice);
}
