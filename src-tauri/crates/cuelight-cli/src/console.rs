//! Writing to the terminal without ever failing because of it.

use std::io::{self, Write};

/// Prints a line of text; a closed pipe ends the output, not the work.
pub(crate) fn print_line(text: &str) {
    // A reader that left (`| head`) is no reason to stop capturing.
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Prints text without a line break and shows it at once.
pub(crate) fn print_part(text: &str) {
    let mut out = io::stdout().lock();
    // As above: nobody reads, nothing to tell.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints a line to stderr.
pub(crate) fn tell_error(text: &str) {
    // Without stderr there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Where the text of a command goes: to stdout, or to stderr while stdout is for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextTo {
    /// People read stdout.
    Stdout,
    /// Machines read stdout.
    Stderr,
}

impl TextTo {
    pub(crate) fn line(self, text: &str) {
        match self {
            Self::Stdout => print_line(text),
            Self::Stderr => tell_error(text),
        }
    }
}
