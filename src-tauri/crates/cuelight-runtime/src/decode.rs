//! What `cuelight decode` does: wire bytes from files in, one event a line out.

mod input;
mod output;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use cpu_time::ThreadTime;
use cuelight_core::event::EventType;

use self::input::Input;
use self::output::Output;

/// How wire bytes are kept in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// Whichever of the others the beginning of the file looks like.
    #[default]
    Auto,
    /// Push frames, each behind its length (u32, little-endian).
    Frames,
    /// One fetch result, perhaps packed.
    Result,
    /// A push frame or fetch result a line, as base64.
    Base64,
    /// A message a line, as JSON with `type` (the method) and `payload_b64`.
    Messages,
}

impl Format {
    /// Every format there is.
    pub const ALL: &'static [Self] = &[Self::Auto, Self::Frames, Self::Result, Self::Base64, Self::Messages];

    /// The name by which people choose it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Frames => "frames",
            Self::Result => "result",
            Self::Base64 => "base64",
            Self::Messages => "messages",
        }
    }

    /// The format of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How to decode.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// How the files are written.
    pub format: Format,
    /// Treat the input as one live: duplicates dropped, combos counted, like totals only growing.
    pub session: bool,
    /// Write each message's position in the input, 0 first, beside its event.
    pub index: bool,
}

/// A piece of input that could not be read, or not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecodable {
    /// The file.
    pub file: PathBuf,
    /// Where the piece begins, in bytes from the start of the file.
    pub offset: u64,
    /// What is wrong with it.
    pub problem: String,
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: {}", self.file.display(), self.offset, self.problem)
    }
}

/// What decoding came to.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Messages read, of known types or not.
    pub messages: u64,
    /// Pieces of input that could not be read, or not whole.
    pub undecodable: u64,
    /// Events written, by type.
    pub by_type: BTreeMap<EventType, u64>,
    /// Processor time that reading, decoding and writing took.
    pub cpu: Duration,
}

impl Summary {
    /// Messages in a second of processor time.
    #[must_use]
    pub fn messages_per_cpu_second(&self) -> f64 {
        self.messages as f64 / self.cpu.as_secs_f64().max(1e-9)
    }
}

/// Decodes the files in order and writes one event a line to `out`; `report` is told of what could not be read.
///
/// Nothing decoded ([`Summary::messages`] is 0) is for the caller to call a failure.
///
/// # Errors
/// Only when `out` cannot be written; a file that cannot be read is reported like any other piece of input.
pub fn run(
    files: &[PathBuf],
    options: Options,
    out: &mut dyn Write,
    report: &mut dyn FnMut(&Undecodable),
) -> io::Result<Summary> {
    let start = ThreadTime::now();
    let mut output = Output::new(options, out);
    let mut undecodable = 0;
    for file in files {
        let mut tell = |offset, problem| {
            undecodable += 1;
            report(&Undecodable { file: file.clone(), offset, problem });
        };
        match Input::open(file, options.format) {
            Ok(input) => input.decode_into(&mut output, &mut tell)?,
            Err(problem) => tell(0, problem),
        }
    }
    let (messages, by_type) = output.finish()?;
    Ok(Summary { messages, undecodable, by_type, cpu: start.elapsed() })
}
