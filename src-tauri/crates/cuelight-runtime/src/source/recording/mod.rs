//! The source `file:`: a recording, of events (`.jsonl`, `livestream_events.json`) or of wire bytes (`.frames`).

pub(crate) mod entries;
mod tape;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use compact_str::CompactString;
use cuelight_core::event::{Body, Connect, Event};
use cuelight_core::id::RoomId;
use cuelight_core::timestamp::Timestamp;
use tokio_util::sync::CancellationToken;

use self::tape::{Piece, Tape};
use super::{Batch, EventSender, EventSource, SourceEnd, SourceError, SourceFuture, SourceStatus};

/// How many entries without any event prove that a file is no recording.
const ENTRIES_WITHOUT_EVENT: usize = 100;

/// A recording as a source: it gives what it holds as fast as the journal takes it.
///
/// An entry that cannot be read is kept as a fault and skipped; it never ends the recording.
#[derive(Debug)]
pub struct Recording {
    path: PathBuf,
    user: CompactString,
    tape: Option<Tape>,
}

impl Recording {
    /// Opens a recording. `user` is whose live it is where the recording does not say; without it the file's name is taken.
    ///
    /// # Errors
    /// [`SourceError::Unreadable`] when the file is not there, empty, a directory or may not be read.
    pub fn open(path: &Path, user: Option<&str>) -> Result<Self, SourceError> {
        let tape = Tape::open(path).map_err(|cause| unreadable(path, cause))?;
        let file_name = path.file_stem().map(|stem| stem.to_string_lossy());
        let user = user.map(CompactString::from).or(file_name.map(CompactString::from)).unwrap_or_default();
        Ok(Self { path: path.to_owned(), user, tape: Some(tape) })
    }

    async fn play(&mut self, out: &EventSender, cancel: &CancellationToken) -> Result<SourceEnd, SourceError> {
        let Some(mut tape) = self.tape.take() else {
            return Ok(SourceEnd::Ended);
        };
        let mut opening = Opening::default();
        loop {
            let pieces;
            (tape, pieces) = read_ahead(tape).await;
            if pieces.is_empty() {
                return opening.refusal(&self.path).map_or(Ok(SourceEnd::Ended), Err);
            }
            let batches = match opening.pass(pieces, &self.user) {
                Some(batches) => batches,
                None if opening.is_hopeless() => return opening.refusal(&self.path).map_or(Ok(SourceEnd::Ended), Err),
                None => continue,
            };
            for batch in batches {
                self.report_connect(out, &batch);
                tokio::select! {
                    biased;
                    () = cancel.cancelled() => return Ok(SourceEnd::Stopped),
                    // Nobody on the far side waits for our word.
                    sent = out.send(batch) => drop(sent?),
                }
            }
        }
    }

    fn report_connect(&self, out: &EventSender, batch: &Batch) {
        if let Some(Event { body: Body::Connect(connect), .. }) = batch.events.first() {
            let (user, room_id) = (connect.unique_id.clone(), connect.room_id.clone());
            out.report(SourceStatus::Connected { user, room_id, way: None });
        }
    }
}

impl EventSource for Recording {
    fn run<'a>(&'a mut self, out: &'a EventSender, cancel: &'a CancellationToken) -> SourceFuture<'a> {
        Box::pin(self.play(out, cancel))
    }

    fn is_live(&self) -> bool {
        false
    }
}

/// Holds back what stands before the first event, so that `connect` comes first of all.
#[derive(Debug, Default)]
struct Opening {
    has_connected: bool,
    held_back: Vec<Piece>,
}

impl Opening {
    /// The batches to hand on; nothing while no event was found.
    fn pass(&mut self, pieces: Vec<Piece>, user: &CompactString) -> Option<Vec<Batch>> {
        if self.has_connected {
            return Some(pieces.into_iter().map(|piece| piece.batch).collect());
        }
        self.held_back.extend(pieces);
        let first = self.held_back.iter().find_map(|piece| piece.batch.events.first())?;
        let connect = match first.body {
            Body::Connect(_) => None,
            _ => Some(self.connect(user, first.stamp.timestamp)),
        };
        self.has_connected = true;
        let held_back = std::mem::take(&mut self.held_back).into_iter().map(|piece| piece.batch);
        Some(connect.into_iter().chain(held_back).collect())
    }

    fn connect(&self, user: &CompactString, timestamp: Timestamp) -> Batch {
        let room_id: Option<RoomId> = self.held_back.iter().find_map(|piece| piece.room_id.clone());
        let body = Body::Connect(Connect { unique_id: user.clone(), room_id: room_id.unwrap_or_default() });
        Batch { received_ms: timestamp.as_ms(), events: vec![Event::own(body, timestamp)], ..Batch::default() }
    }

    /// Whether so much is held back that no event will come.
    fn is_hopeless(&self) -> bool {
        self.held_back.len() >= ENTRIES_WITHOUT_EVENT
    }

    /// Why this is no recording, where no event was found in it.
    fn refusal(&self, path: &Path) -> Option<SourceError> {
        if self.has_connected {
            return None;
        }
        let first_problem = self.held_back.iter().find_map(|piece| {
            let fault = piece.batch.faults.first();
            piece.problem.clone().or_else(|| fault.map(|fault| fault.reason().in_english()))
        });
        let cause = match first_problem {
            Some(problem) => format!("it holds no event; {problem}"),
            None => "it holds no event".to_owned(),
        };
        Some(unreadable(path, cause))
    }
}

/// Reads on a thread that may wait for the disk.
async fn read_ahead(mut tape: Tape) -> (Tape, Vec<Piece>) {
    let read = tokio::task::spawn_blocking(move || {
        let pieces = tape.next_pieces();
        (tape, pieces)
    });
    read.await.expect("reading a recording neither panics nor is aborted")
}

fn unreadable(path: &Path, cause: String) -> SourceError {
    SourceError::Unreadable { place: path.display().to_string(), cause }
}
