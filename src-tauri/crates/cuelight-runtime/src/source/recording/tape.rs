//! The three forms of a recording, read piece by piece so that memory stays the same however long it is.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use cuelight_core::event::{Body, Event};
use cuelight_core::id::RoomId;
use cuelight_core::limits;
use cuelight_core::reason::Reason;
use webcast_proto::frames;

use super::entries::{Elements, Entry, Lines};
use crate::source::tiktok::frame::FrameDecoder;
use crate::source::{Batch, Fault};

/// The longest entry of a recording of events, in bytes: hundreds of times what an event takes, and little memory.
const ENTRY_BYTES: usize = 1024 * 1024;

/// An open recording.
#[derive(Debug)]
pub(super) struct Tape {
    path: PathBuf,
    form: Form,
    /// The newest time that an event named so far, ms since 1970.
    latest_ms: i64,
}

#[derive(Debug)]
enum Form {
    /// One event a line.
    Lines(Lines<BufReader<File>>),
    /// One array of events, as `livestream_events.json`.
    Array(Elements<BufReader<File>>),
    /// Push frames behind their lengths.
    Frames(frames::Recording<BufReader<File>>, Box<FrameDecoder>),
}

/// What one entry of a recording came to.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) batch: Batch,
    pub(super) room_id: Option<RoomId>,
    /// What is wrong with the entry, and where in the file it stands.
    pub(super) problem: Option<String>,
}

impl Tape {
    /// Opens the file and tells its form: by its name, else by how it begins.
    ///
    /// # Errors
    /// In words, what is wrong with the file.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let file = File::open(path).map_err(|error| error.to_string())?;
        if file.metadata().is_ok_and(|it| it.is_dir()) {
            return Err("it is a directory; name the recording in it (.jsonl, .json or .frames)".to_owned());
        }
        let mut source = BufReader::new(file);
        let head = source.fill_buf().map_err(|error| error.to_string())?;
        if head.is_empty() {
            return Err("it is empty".to_owned());
        }
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let extension = path.extension().map(|it| it.to_string_lossy().to_ascii_lowercase());
        let form = match (extension.as_deref(), text.first()) {
            (Some("frames"), _) => Form::Frames(frames::Recording::new(source), Box::default()),
            (Some("jsonl" | "ndjson"), _) | (_, Some(b'{')) => Form::Lines(Lines::new(source, ENTRY_BYTES)),
            (_, Some(b'[')) => Form::Array(Elements::new(source, ENTRY_BYTES)),
            (Some("json"), _) => return Err("it is neither an array of events nor one event a line".to_owned()),
            _ => Form::Frames(frames::Recording::new(source), Box::default()),
        };
        Ok(Self { path: path.to_owned(), form, latest_ms: 0 })
    }

    /// As much as fills a commit; nothing at the end.
    pub(super) fn next_pieces(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut events = 0;
        while events < limits::COMMIT_EVENTS && pieces.len() < limits::COMMIT_EVENTS {
            let Some(piece) = self.next_piece() else {
                break;
            };
            if !piece.batch.events.is_empty() || !piece.batch.faults.is_empty() {
                events += piece.batch.events.len();
                pieces.push(piece);
            }
        }
        pieces
    }

    fn next_piece(&mut self) -> Option<Piece> {
        let entry = match &mut self.form {
            Form::Lines(lines) => lines.next_entry()?,
            Form::Array(elements) => elements.next_entry()?,
            Form::Frames(recording, decoder) => {
                return Some(match recording.next_frame()? {
                    Ok(frame) => {
                        let frame = decoder.read_recorded(frame.bytes);
                        self.latest_ms = frame.batch.received_ms;
                        Piece { batch: frame.batch, room_id: frame.room_id, problem: None }
                    }
                    Err(error) => broken(&self.path, None, error.to_string(), &[], self.latest_ms),
                });
            }
        };
        Some(match read_event(&entry) {
            Ok(event) => {
                self.latest_ms = self.latest_ms.max(event.stamp.timestamp.as_ms());
                let room_id = match &event.body {
                    Body::Connect(connect) => Some(connect.room_id.clone()),
                    _ => None,
                };
                let batch = Batch { events: vec![event], received_ms: self.latest_ms, ..Batch::default() };
                Piece { batch, room_id, problem: None }
            }
            Err(error) => broken(&self.path, Some(&entry.place), error, entry.bytes, self.latest_ms),
        })
    }
}

fn read_event(entry: &Entry<'_>) -> Result<Event, String> {
    match &entry.problem {
        Some(problem) => Err(problem.clone()),
        None => serde_json::from_slice(entry.bytes).map_err(|error| in_words(&error)),
    }
}

/// The error without its own idea of lines, which counts within the entry.
fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(words, _)| words).to_owned()
}

fn broken(path: &Path, place: Option<&str>, error: String, bytes: &[u8], received_ms: i64) -> Piece {
    let file = path.display();
    let (problem, place) = match place {
        Some(place) => (format!("{place}: {error}"), format!("{file}, {place}")),
        None => (error.clone(), file.to_string()),
    };
    let faults = vec![Fault::keeping(Reason::RecordingBroken { place, error }, bytes)];
    Piece { batch: Batch { faults, received_ms, ..Batch::default() }, room_id: None, problem: Some(problem) }
}
