//! Writing to the terminal without ever failing because of it.

use std::io::{self, Write};

/// Prints a line of text; a closed pipe ends the output, not the work.
pub(crate) fn print_line(text: &str) {
    // A reader that left (`| head`) is no reason to stop capturing.
    let _ = writeln!(io::stdout().lock(), "{text}");
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

    /// Shows text without a line break, at once.
    pub(crate) fn part(self, text: &str) {
        let show = |out: &mut dyn Write| out.write_all(text.as_bytes()).and_then(|()| out.flush());
        // Nobody reads: nobody to tell.
        let _ = match self {
            Self::Stdout => show(&mut io::stdout().lock()),
            Self::Stderr => show(&mut io::stderr().lock()),
        };
    }
}
