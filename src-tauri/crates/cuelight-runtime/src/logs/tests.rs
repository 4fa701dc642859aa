//! Tests of the log files.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{LINE_BYTES, LogReader, log_file_layer};

fn read_all(reader: &mut LogReader) -> Vec<String> {
    std::iter::from_fn(|| reader.next_line().expect("readable")).collect()
}

fn add(folder: &Path, day: &str, text: &str) {
    let path = folder.join(format!("cuelight.2026-03-{day}.log"));
    let mut file = fs::OpenOptions::new().append(true).create(true).open(path).expect("writable");
    file.write_all(text.as_bytes()).expect("writable");
}

#[test]
fn what_is_logged_is_one_clean_line_and_what_is_not_important_enough_is_left_out() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path().join("logs");
    let layer = log_file_layer(&folder, LevelFilter::INFO).expect("the folder can be made");
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        tracing::info!(target: "cuelight::log_write", "Mia\r\n2026 ERROR invented \u{1b}[2Jline \u{202e}");
        tracing::debug!("for a closer look");
        tracing::warn!(name = "a\nb", "second");
    });
    let lines = read_all(&mut LogReader::last(&folder, 10).expect("readable"));
    assert_eq!(lines.len(), 2, "a viewer's line break makes no line of the log: {lines:?}");
    assert!(lines[0].contains("INFO cuelight::log_write: Mia 2026 ERROR invented"), "{:?} is whole", lines[0]);
    assert!(lines.iter().all(|line| !line.contains(|it: char| it.is_control() || it == '\u{202e}')), "{lines:?}");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let file = place.path().join("logs");
    fs::write(&file, "mine").expect("writable");
    let layer = log_file_layer::<tracing_subscriber::Registry>(&file, LevelFilter::INFO);
    let error = layer.err().expect("a file is no folder").to_string();
    assert!(error.starts_with("could not write log files in ") && error.contains("logs"), "{error}");
}

#[test]
fn the_last_lines_are_found_over_the_border_of_files() {
    let place = tempfile::tempdir().expect("a temporary folder");
    add(place.path(), "01", "1\n2\n3\n");
    add(place.path(), "02", "4\n5\n");
    fs::write(place.path().join("notes.log"), "not ours\n").expect("writable");
    let last = |lines| read_all(&mut LogReader::last(place.path(), lines).expect("readable"));
    assert_eq!(last(3), ["3", "4", "5"], "the newest lines, oldest first");
    assert_eq!(last(100), ["1", "2", "3", "4", "5"], "all there is");
    assert_eq!(last(0), [""; 0], "none, for following only");
}

#[test]
fn following_goes_on_in_the_next_file_and_waits_for_the_end_of_a_line() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let mut reader = LogReader::last(&place.path().join("missing"), 5).expect("no logs yet");
    assert_eq!(reader.next_line().expect("readable"), None, "an empty log");
    let mut reader_of_empty = LogReader::last(place.path(), 5).expect("readable");
    add(place.path(), "01", "first\nhalf");
    assert_eq!(read_all(&mut reader_of_empty), ["first"], "half a line is none yet");
    add(place.path(), "01", " and half\ncut off");
    assert_eq!(read_all(&mut reader_of_empty), ["half and half"], "now it is one");
    add(place.path(), "02", "next day\n");
    assert_eq!(read_all(&mut reader_of_empty), ["cut off", "next day"], "and the log goes on in the new file");
}

#[test]
fn odd_bytes_and_endless_lines_are_read_all_the_same() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let path = place.path().join("cuelight.2026-03-01.log");
    let mut bytes = b"broken \xff byte\n".to_vec();
    bytes.extend(vec![b'x'; LINE_BYTES as usize + 1]);
    bytes.push(b'\n');
    fs::write(path, bytes).expect("writable");
    let lines = read_all(&mut LogReader::last(place.path(), 5).expect("readable"));
    let lengths: Vec<usize> = lines[1..].iter().map(String::len).collect();
    assert_eq!(lines[0], "broken \u{fffd} byte", "what is no text is replaced");
    assert_eq!(lengths, [LINE_BYTES as usize, 1], "memory is bounded: the rest comes as its own line");
}
