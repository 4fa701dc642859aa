//! The formats of wire bytes in files: telling them apart, and reading them message by message.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use webcast_proto::frames::{self, MAX_FRAME_BYTES, RecordingError};
use webcast_proto::read::PushFrame;
use webcast_proto::{Faults, Str};

use super::Format;
use super::output::Output;
use crate::source::recording::entries::{Entry, Lines};
use crate::source::tiktok::frame::{Frame, FrameDecoder};
use crate::source::tiktok::normalize::{self, Arrival};

/// The longest line, in bytes: the largest frame as base64, with room for what stands around it.
const LINE_BYTES: usize = MAX_FRAME_BYTES / 3 * 4 + 64 * 1024;

/// Base64 as anybody writes it, padded or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Tells of a piece that could not be read: its offset and what is wrong.
pub(super) type Tell<'a> = dyn FnMut(u64, String) + 'a;

/// An open file and the format it is in.
pub(super) struct Input {
    source: BufReader<File>,
    format: Format,
}

impl Input {
    /// Opens a file and, where the format is to be found out, looks at its beginning.
    ///
    /// # Errors
    /// In words, why it cannot be read.
    pub(super) fn open(path: &Path, format: Format) -> Result<Self, String> {
        let file = File::open(path).map_err(|error| error.to_string())?;
        if file.metadata().is_ok_and(|it| it.is_dir()) {
            return Err("it is a directory; name the files in it".to_owned());
        }
        let mut source = BufReader::with_capacity(64 * 1024, file);
        let head = source.fill_buf().map_err(|error| error.to_string())?;
        if head.is_empty() {
            return Err("it is empty".to_owned());
        }
        let format = if format == Format::Auto { format_of(head) } else { format };
        Ok(Self { source, format })
    }

    /// Decodes all of it; what cannot be read is told and skipped.
    ///
    /// # Errors
    /// The output cannot be written.
    pub(super) fn decode_into(self, out: &mut Output<'_>, tell: &mut Tell<'_>) -> io::Result<()> {
        match self.format {
            Format::Frames => frames(self.source, out, tell),
            Format::Base64 => base64_lines(self.source, out, tell),
            Format::Messages => messages(self.source, out, tell),
            Format::Result | Format::Auto => result(self.source, out, tell),
        }
    }
}

/// The format that a file beginning like this is in.
fn format_of(head: &[u8]) -> Format {
    if is_frame_recording(head) {
        return Format::Frames;
    }
    let text = head.trim_ascii_start();
    let first_line = text.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end();
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    match first_line {
        [b'{', ..] => Format::Messages,
        [_, ..] if first_line.iter().all(is_base64) => Format::Base64,
        _ => Format::Result,
    }
}

/// Whether a length stands first, and behind it a push frame as far as can be seen.
fn is_frame_recording(head: &[u8]) -> bool {
    let Some((length, frame)) = head.split_first_chunk() else {
        return false;
    };
    let Some(length) = usize::try_from(u32::from_le_bytes(*length)).ok().filter(|length| *length <= MAX_FRAME_BYTES)
    else {
        return false;
    };
    let mut faults = Faults::default();
    let whole = frame.get(..length);
    let frame = PushFrame::read(whole.unwrap_or(frame), &mut faults);
    !frame.payload_type.is_empty() && (whole.is_none() || !faults.broken)
}

fn frames(source: BufReader<File>, out: &mut Output<'_>, tell: &mut Tell<'_>) -> io::Result<()> {
    let mut recording = frames::Recording::new(source);
    let mut decoder = FrameDecoder::new();
    while let Some(frame) = recording.next_frame() {
        match frame {
            Ok(frame) => write_frame(decoder.read_recorded(frame.bytes), frame.offset, out, tell)?,
            Err(error) => tell(offset_of(&error), error.to_string()),
        }
    }
    Ok(())
}

fn result(source: BufReader<File>, out: &mut Output<'_>, tell: &mut Tell<'_>) -> io::Result<()> {
    let mut body = Vec::new();
    let size = source.take(MAX_FRAME_BYTES as u64 + 1).read_to_end(&mut body);
    match size {
        Ok(size) if size > MAX_FRAME_BYTES => tell(0, format!("a fetch result has at most {MAX_FRAME_BYTES} bytes")),
        Ok(_) => {
            let frame = FrameDecoder::new().read_recorded_result(&body);
            if frame.batch.events.is_empty() && frame.batch.faults.is_empty() {
                tell(0, "it holds no message; choose its format with --format".to_owned());
            }
            write_frame(frame, 0, out, tell)?;
        }
        Err(error) => tell(0, error.to_string()),
    }
    Ok(())
}

fn base64_lines(source: BufReader<File>, out: &mut Output<'_>, tell: &mut Tell<'_>) -> io::Result<()> {
    let mut lines = Lines::new(source, LINE_BYTES);
    let mut decoder = FrameDecoder::new();
    while let Some(line) = lines.next_entry() {
        match whole(&line).and_then(from_base64) {
            Ok(bytes) if is_push_frame(&bytes) => write_frame(decoder.read_recorded(&bytes), line.offset, out, tell)?,
            Ok(bytes) => write_frame(decoder.read_recorded_result(&bytes), line.offset, out, tell)?,
            Err(problem) => tell(line.offset, problem),
        }
    }
    Ok(())
}

/// Messages stand alone here: without an envelope, and their place in the input is their line.
fn messages(source: BufReader<File>, out: &mut Output<'_>, tell: &mut Tell<'_>) -> io::Result<()> {
    #[derive(Deserialize)]
    struct Message<'a> {
        #[serde(rename = "type", borrow)]
        method: Cow<'a, str>,
        #[serde(borrow)]
        payload_b64: Cow<'a, str>,
    }
    let mut lines = Lines::new(source, LINE_BYTES);
    let mut latest_ms = 0;
    while let Some(line) = lines.next_entry() {
        let message = whole(&line).and_then(|bytes| {
            let message: Message<'_> = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
            Ok((message.method, from_base64(message.payload_b64.as_bytes())?))
        });
        match message {
            Ok((method, payload)) => {
                let arrival = Arrival { received_ms: latest_ms, ..Arrival::default() };
                let method = Str::new(method.as_bytes());
                let normalized = normalize::message(method, &payload, arrival, Faults::default());
                latest_ms = latest_ms.max(normalized.sent_ms.unwrap_or(0));
                if let Some(fault) = &normalized.fault {
                    tell(line.offset, fault.in_english());
                }
                out.message(normalized.event, latest_ms)?;
            }
            Err(problem) => {
                tell(line.offset, problem);
                out.skip_message();
            }
        }
    }
    Ok(())
}

fn write_frame(frame: Frame, offset: u64, out: &mut Output<'_>, tell: &mut Tell<'_>) -> io::Result<()> {
    for fault in &frame.batch.faults {
        tell(offset, fault.reason().in_english());
    }
    let received_ms = frame.batch.received_ms;
    frame.batch.events.into_iter().try_for_each(|event| out.message(event, received_ms))
}

fn whole<'a>(line: &Entry<'a>) -> Result<&'a [u8], String> {
    line.problem.clone().map_or(Ok(line.bytes), Err)
}

fn from_base64(text: &[u8]) -> Result<Vec<u8>, String> {
    BASE64.decode(text).map_err(|error| format!("it is no base64: {error}"))
}

/// A push frame says what its payload is (field 7); a fetch result has no text there.
fn is_push_frame(bytes: &[u8]) -> bool {
    let mut faults = Faults::default();
    let frame = PushFrame::read(bytes, &mut faults);
    !frame.payload_type.is_empty() && !faults.broken
}

fn offset_of(error: &RecordingError) -> u64 {
    match error {
        RecordingError::TruncatedLength { offset, .. }
        | RecordingError::TruncatedFrame { offset, .. }
        | RecordingError::Oversized { offset, .. }
        | RecordingError::Unreadable { offset, .. } => *offset,
    }
}
