//! Recordings that can be rehearsed with: those in the data folder's own place for them.

use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::app::App;
use crate::dto::{Failure, FailureCode, Recording};

/// How the names of recordings end: wire bytes, and events one a line or as one list.
const ENDINGS: [&str; 3] = ["frames", "jsonl", "json"];

impl App {
    /// The recordings of the data folder, by name; none where the folder is not there.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn recordings(&self) -> Result<Vec<Recording>, Failure> {
        let folder = self.store().folder().recordings();
        let listing = tokio::task::spawn_blocking(move || listed(&folder).map_err(|error| unreadable(&folder, &error)));
        listing.await.map_err(|error| Failure::new(FailureCode::Defect, error.to_string()))?
    }

    /// Whether that is a file in the data folder's place for recordings, whatever links lead there.
    pub(crate) fn is_in_recordings(&self, path: &Path) -> bool {
        let folder = self.store().folder().recordings().canonicalize();
        path.canonicalize().ok().zip(folder.ok()).is_some_and(|(path, folder)| path.starts_with(folder))
    }
}

fn listed(folder: &Path) -> std::io::Result<Vec<Recording>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut recordings = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let is_recording = path.extension().is_some_and(|ending| ENDINGS.iter().any(|it| ending == *it));
        // What vanished meanwhile is no recording any more.
        let Some(file) = path.metadata().ok().filter(|file| is_recording && file.is_file()) else { continue };
        let changed = file.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        recordings.push(Recording {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path: path.to_string_lossy().into_owned(),
            size_bytes: file.len(),
            recorded_ms: changed.and_then(|since| i64::try_from(since.as_millis()).ok()),
        });
    }
    recordings.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(recordings)
}

fn unreadable(folder: &Path, error: &std::io::Error) -> Failure {
    Failure::new(FailureCode::Defect, format!("could not list the recordings in {}: {error}", folder.display()))
}
