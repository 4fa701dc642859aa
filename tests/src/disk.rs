//! What lies on the disk: whether something that must not be there is.

use std::fs;
use std::io::{Cursor, ErrorKind, copy};
use std::path::{Path, PathBuf};

/// Every file below the folder that holds the bytes, also packed in a zip. Links are not followed, and files may vanish
/// meanwhile, as those of a browser do.
///
/// # Panics
/// A file is there and cannot be looked into.
pub fn files_holding(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let unreadable = |path: &Path, error| -> ! { panic!("{} must be looked into: {error}", path.display()) };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return found,
        Err(error) => unreadable(folder, error),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        // Sockets and links hold nothing.
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files_holding(&path, bytes)),
            Ok(kind) if kind.is_file() => match fs::read(&path) {
                Ok(content) if holds(&content, &path, bytes) => found.push(path),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => unreadable(&path, error),
            },
            Ok(_) | Err(_) => {}
        }
    }
    found
}

fn holds(content: &[u8], path: &Path, bytes: &[u8]) -> bool {
    let is_in = |content: &[u8]| content.windows(bytes.len()).any(|part| part == bytes);
    let is_zip = path.extension().is_some_and(|it| it == "zip");
    is_in(content) || (is_zip && unpacked(content).iter().any(|content| is_in(content)))
}

/// The files of a zip.
fn unpacked(zip: &[u8]) -> Vec<Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).expect("a zip");
    let files = (0..zip.len()).map(|place| {
        let mut content = Vec::new();
        copy(&mut zip.by_index(place).expect("a file"), &mut content).expect("readable");
        content
    });
    files.collect()
}
