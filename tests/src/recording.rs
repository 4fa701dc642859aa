//! Prebuilt frames for replays and floods: read once, sent as they are, looked into only afterwards.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use libdeflater::Decompressor;
use prost::Message as _;
use webcast_proto::{frames, owned};

/// What makes a message the same message: its id within its method.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageKey {
    /// Method of the envelope.
    pub method: String,
    /// Envelope `msg_id`; 0 where the message has none.
    pub msg_id: i64,
}

/// A sequence of push frames as they go over the WebSocket; cheap to clone.
#[derive(Clone, Debug)]
pub struct Recording {
    frames: Arc<[RecordedFrame]>,
}

/// A frame of a recording.
#[derive(Clone, Debug)]
pub(crate) struct RecordedFrame {
    pub(crate) log_id: u64,
    pub(crate) bytes: Bytes,
}

impl Recording {
    /// Reads a `.frames` file: repeated (u32 little-endian length, push frame).
    ///
    /// # Errors
    /// The file cannot be read, ends in the middle of a frame, or holds something else than frames.
    pub fn read(path: &Path) -> Result<Recording, RecordingError> {
        let file = File::open(path).map_err(|source| RecordingError::Unopened { path: path.to_owned(), source })?;
        let mut entries = frames::Recording::new(BufReader::new(file));
        let mut frames = Vec::new();
        while let Some(frame) = entries.next_frame() {
            frames.push(Bytes::copy_from_slice(frame?.bytes));
        }
        Recording::of_frames(frames)
    }

    /// Takes frames made elsewhere, such as by the simulator.
    ///
    /// # Errors
    /// A frame is no push frame, or two frames share a `log_id`: acks could not tell them apart.
    pub fn of_frames<Frame: Into<Bytes>>(frames: impl IntoIterator<Item = Frame>) -> Result<Recording, RecordingError> {
        let mut log_ids = HashSet::new();
        let recorded = frames.into_iter().enumerate().map(|(number, frame)| {
            let bytes: Bytes = frame.into();
            let head = owned::PushFrame::decode(bytes.clone())
                .map_err(|source| RecordingError::NoFrame { frame: number, source })?;
            if !log_ids.insert(head.log_id) {
                return Err(RecordingError::SharedLogId { frame: number, log_id: head.log_id });
            }
            Ok(RecordedFrame { log_id: head.log_id, bytes })
        });
        Ok(Recording { frames: recorded.collect::<Result<_, _>>()? })
    }

    /// How many frames there are.
    pub fn frame_count(&self) -> usize {
        self.frames.len()
    }

    /// The messages of all frames, in order, repeated ones included.
    pub fn messages(&self) -> Vec<MessageKey> {
        self.frames.iter().flat_map(|frame| keys_of(&frame.bytes)).collect()
    }

    /// The messages of the frames with these `log_id`s, in order.
    pub fn messages_of(&self, log_ids: &BTreeSet<u64>) -> Vec<MessageKey> {
        self.frames
            .iter()
            .filter(|frame| log_ids.contains(&frame.log_id))
            .flat_map(|frame| keys_of(&frame.bytes))
            .collect()
    }

    pub(crate) fn frames(&self) -> &[RecordedFrame] {
        &self.frames
    }
}

/// Why frames cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file could not be opened.
    #[error("could not open recording {}: {source}", path.display())]
    Unopened {
        /// The file.
        path: PathBuf,
        /// What stopped it.
        source: std::io::Error,
    },
    /// The file could not be read to its end.
    #[error(transparent)]
    Unreadable(#[from] frames::RecordingError),
    /// The bytes are no push frame.
    #[error("frame {frame} is no push frame: {source}")]
    NoFrame {
        /// Position of the frame, 0 first.
        frame: usize,
        /// What the decoder met.
        source: prost::DecodeError,
    },
    /// Two frames carry one id.
    #[error("frame {frame} has log_id {log_id}, which an earlier frame has too")]
    SharedLogId {
        /// Position of the later frame, 0 first.
        frame: usize,
        /// The id.
        log_id: u64,
    },
}

/// The messages in a frame; none where the frame carries something else.
fn keys_of(frame: &Bytes) -> Vec<MessageKey> {
    let result = owned::PushFrame::decode(frame.clone())
        .ok()
        .and_then(|head| owned::FetchResult::decode(gunzipped(head.payload).as_slice()).ok())
        .unwrap_or_default();
    let keys = result.messages.into_iter().map(|message| MessageKey { method: message.method, msg_id: message.msg_id });
    keys.collect()
}

/// The payload itself where it is no gzip. Trusts the size at the end of a gzip: tests made it.
fn gunzipped(payload: Vec<u8>) -> Vec<u8> {
    let Some(size) = payload.last_chunk::<4>().filter(|_| payload.starts_with(&[0x1f, 0x8b])) else {
        return payload;
    };
    let mut body = vec![0; u32::from_le_bytes(*size) as usize];
    match Decompressor::new().gzip_decompress(&payload, &mut body) {
        Ok(_) => body,
        Err(_) => payload,
    }
}
