//! The recording format `.frames`: push frames one after another, each behind its length.
//!
//! `repeat { u32 little-endian length, PushFrame bytes }`, nothing else.

use std::io::{self, Read, Write};

/// The largest frame a recording may hold, in bytes: far more than TikTok sends, far less than memory.
pub const MAX_FRAME_BYTES: usize = 16 * 1024 * 1024;

const LENGTH_BYTES: usize = size_of::<u32>();

/// Why a recording cannot be read on; the frames before `offset` are sound.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file ends within the length of a frame.
    #[error("recording ends at byte {offset} within the length of a frame ({present_bytes} of 4 bytes)")]
    TruncatedLength {
        /// Where the entry begins.
        offset: u64,
        /// Bytes of the length that are there.
        present_bytes: usize,
    },
    /// The file ends within a frame.
    #[error("recording ends within the frame at byte {offset} ({present_bytes} of {expected_bytes} bytes)")]
    TruncatedFrame {
        /// Where the entry begins.
        offset: u64,
        /// Size that the entry states.
        expected_bytes: usize,
        /// Bytes of the frame that are there.
        present_bytes: usize,
    },
    /// The stated size is beyond [`MAX_FRAME_BYTES`], so this is hardly a recording.
    #[error("frame at byte {offset} claims {claimed_bytes} bytes, more than the limit of {MAX_FRAME_BYTES}")]
    Oversized {
        /// Where the entry begins.
        offset: u64,
        /// Size that the entry states.
        claimed_bytes: u32,
    },
    /// The source could not be read.
    #[error("recording cannot be read at byte {offset}: {source}")]
    Unreadable {
        /// Where the entry begins.
        offset: u64,
        /// What the system said.
        source: io::Error,
    },
}

/// One frame of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedFrame<'a> {
    /// Where its entry begins, in bytes from the start of the recording.
    pub offset: u64,
    /// The push frame.
    pub bytes: &'a [u8],
}

/// Reads a recording frame by frame, keeping one frame in memory.
///
/// Give it a `BufReader` over a file, or a byte slice.
#[derive(Debug)]
pub struct Recording<R> {
    source: R,
    offset: u64,
    frame: Vec<u8>,
    ended: bool,
}

impl<R: Read> Recording<R> {
    /// Starts at the beginning of `source`.
    pub fn new(source: R) -> Self {
        Self { source, offset: 0, frame: Vec::new(), ended: false }
    }

    /// The next frame, or `None` at the end; after an error there is nothing more.
    ///
    /// # Errors
    /// When the recording is cut short, states an impossible size, or cannot be read.
    pub fn next_frame(&mut self) -> Option<Result<RecordedFrame<'_>, RecordingError>> {
        if self.ended {
            return None;
        }
        let offset = self.offset;
        match self.read_entry() {
            Ok(true) => Some(Ok(RecordedFrame { offset, bytes: &self.frame })),
            Ok(false) => {
                self.ended = true;
                None
            }
            Err(error) => {
                self.ended = true;
                Some(Err(error))
            }
        }
    }

    /// Reads one entry into the buffer; false at the end of the recording.
    fn read_entry(&mut self) -> Result<bool, RecordingError> {
        let offset = self.offset;
        self.fill(LENGTH_BYTES)?;
        let Some(&length) = self.frame.first_chunk() else {
            return match self.frame.len() {
                0 => Ok(false),
                present_bytes => Err(RecordingError::TruncatedLength { offset, present_bytes }),
            };
        };
        let length = u32::from_le_bytes(length);
        let expected_bytes = usize::try_from(length).unwrap_or(usize::MAX);
        if expected_bytes > MAX_FRAME_BYTES {
            return Err(RecordingError::Oversized { offset, claimed_bytes: length });
        }
        self.fill(expected_bytes)?;
        if self.frame.len() < expected_bytes {
            let present_bytes = self.frame.len();
            return Err(RecordingError::TruncatedFrame { offset, expected_bytes, present_bytes });
        }
        self.offset += LENGTH_BYTES as u64 + u64::from(length);
        Ok(true)
    }

    /// Reads up to `wanted_bytes` into the buffer, fewer only at the end of the source.
    fn fill(&mut self, wanted_bytes: usize) -> Result<(), RecordingError> {
        self.frame.clear();
        let offset = self.offset;
        let mut limited = self.source.by_ref().take(wanted_bytes as u64);
        limited.read_to_end(&mut self.frame).map(drop).map_err(|source| RecordingError::Unreadable { offset, source })
    }
}

/// Appends one push frame to a recording.
///
/// # Errors
/// When the frame is larger than [`MAX_FRAME_BYTES`], or writing fails.
pub fn append(recording: &mut impl Write, frame: &[u8]) -> io::Result<()> {
    let length = u32::try_from(frame.len()).ok().filter(|_| frame.len() <= MAX_FRAME_BYTES).ok_or_else(|| {
        let text = format!("a frame of {} bytes is too large for a recording", frame.len());
        io::Error::new(io::ErrorKind::InvalidInput, text)
    })?;
    recording.write_all(&length.to_le_bytes())?;
    recording.write_all(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(frames: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for frame in frames {
            append(&mut bytes, frame).expect("writing to memory works");
        }
        bytes
    }

    /// Reads all frames, and the error that ended the reading, if any.
    fn read(bytes: &[u8]) -> (Vec<(u64, Vec<u8>)>, Option<String>) {
        let mut recording = Recording::new(bytes);
        let mut frames = Vec::new();
        while let Some(frame) = recording.next_frame() {
            match frame {
                Ok(frame) => frames.push((frame.offset, frame.bytes.to_vec())),
                Err(error) => {
                    let error = error.to_string();
                    assert!(recording.next_frame().is_none(), "after an error there is nothing more");
                    return (frames, Some(error));
                }
            }
        }
        (frames, None)
    }

    #[test]
    fn frames_come_back_as_appended_with_their_offsets() {
        let bytes = recorded(&[b"first", b"", b"third"]);
        let expected = vec![(0, b"first".to_vec()), (9, Vec::new()), (13, b"third".to_vec())];
        assert_eq!(read(&bytes), (expected, None), "three entries, one of them empty");
        assert_eq!(read(b""), (Vec::new(), None), "an empty file is an empty recording");
    }

    #[test]
    fn a_damaged_end_is_named_and_keeps_the_frames_before_it() {
        #[track_caller]
        fn check(tail: &[u8], expected: &str) {
            let bytes = [recorded(&[b"good"]), tail.to_vec()].concat();
            let (frames, error) = read(&bytes);
            assert_eq!(frames, [(0, b"good".to_vec())], "what came before is kept");
            assert_eq!(error.as_deref(), Some(expected), "{tail:02x?}");
        }
        check(&[5, 0], "recording ends at byte 8 within the length of a frame (2 of 4 bytes)");
        check(&[5, 0, 0, 0, b'a', b'b'], "recording ends within the frame at byte 8 (2 of 5 bytes)");
        check(&[0xff; 4], "frame at byte 8 claims 4294967295 bytes, more than the limit of 16777216");
    }

    #[test]
    fn a_large_claim_takes_no_memory_before_the_bytes_are_there() {
        let claim = u32::try_from(MAX_FRAME_BYTES).expect("the limit fits");
        let bytes = [&claim.to_le_bytes()[..], b"short"].concat();
        let mut recording = Recording::new(bytes.as_slice());
        assert!(recording.next_frame().is_some_and(|frame| frame.is_err()), "the frame is cut short");
        assert!(recording.frame.capacity() < 1024, "the buffer grows with what is read");
    }

    #[test]
    fn a_frame_beyond_the_limit_is_not_appended() {
        let mut recording = Vec::new();
        let error = append(&mut recording, &vec![0; MAX_FRAME_BYTES + 1]).expect_err("it could not be read back");
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "the frame is at fault");
        assert!(recording.is_empty(), "nothing half-written");
    }
}
