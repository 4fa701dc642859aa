//! Events written out: as one pretty JSON array, one event a line, or a table.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use cuelight_core::event::Event;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::csv;
use super::whole_file::{self, WholeFile};

/// How a file of events is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One JSON array, pretty-printed; readable only once it is closed.
    Array,
    /// One event a line, each readable as soon as it is written.
    Lines,
    /// A table for spreadsheets: one row an event.
    Table,
}

impl Layout {
    /// The layout that a file name asks for: `.jsonl` is lines, all else an array.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl")) {
            Self::Lines
        } else {
            Self::Array
        }
    }
}

/// Writes events in a layout to anything that takes bytes.
#[derive(Debug)]
pub struct EventWriter {
    layout: Layout,
    events: u64,
}

impl EventWriter {
    /// Begins the layout.
    #[must_use]
    pub fn new(layout: Layout) -> Self {
        Self { layout, events: 0 }
    }

    /// Adds one event.
    ///
    /// # Errors
    /// `out` takes no more.
    pub fn write(&mut self, out: &mut impl Write, event: &Event) -> io::Result<()> {
        match self.layout {
            Layout::Lines => {
                serde_json::to_writer(&mut *out, event)?;
                out.write_all(b"\n")?;
            }
            Layout::Table => {
                if self.events == 0 {
                    out.write_all(csv::HEADER.as_bytes())?;
                }
                out.write_all(csv::row(event).as_bytes())?;
            }
            Layout::Array => {
                out.write_all(if self.events == 0 { b"[\n  " } else { b",\n  " })?;
                let mut indented = Serializer::with_formatter(Indented(out), PrettyFormatter::new());
                event.serialize(&mut indented)?;
            }
        }
        self.events += 1;
        Ok(())
    }

    /// Ends the layout.
    ///
    /// # Errors
    /// `out` takes no more.
    pub fn finish(&self, out: &mut impl Write) -> io::Result<()> {
        match (self.layout, self.events) {
            (Layout::Lines, _) | (Layout::Table, 1..) => Ok(()),
            (Layout::Table, 0) => out.write_all(csv::HEADER.as_bytes()),
            (Layout::Array, 0) => out.write_all(b"[]\n"),
            (Layout::Array, _) => out.write_all(b"\n]\n"),
        }
    }
}

/// A file of events being written: an array has its name only when it is whole, lines can be followed as they come.
#[derive(Debug)]
pub struct EventFile {
    out: BufWriter<Target>,
    lines: EventWriter,
    path: PathBuf,
}

#[derive(Debug)]
enum Target {
    Growing(File),
    Whole(WholeFile),
}

impl EventFile {
    /// Begins the file; one of that name is kept under a numbered name.
    ///
    /// # Errors
    /// The folder does not exist or may not be written, or the name is a directory.
    pub fn create(path: &Path) -> io::Result<Self> {
        let layout = Layout::of(path);
        let target = match layout {
            Layout::Lines => Target::Growing(whole_file::create_growing(path)?),
            Layout::Array | Layout::Table => Target::Whole(WholeFile::create(path)?),
        };
        Ok(Self { out: BufWriter::new(target), lines: EventWriter::new(layout), path: path.to_owned() })
    }

    /// Adds one event.
    ///
    /// # Errors
    /// The disk is full or gone.
    pub fn write(&mut self, event: &Event) -> io::Result<()> {
        self.lines.write(&mut self.out, event)
    }

    /// Hands what was written to the system, so that others can read it.
    ///
    /// # Errors
    /// The disk is full or gone.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Closes the file and gives it its name.
    ///
    /// # Errors
    /// The disk is full or gone.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        self.lines.finish(&mut self.out)?;
        match self.out.into_inner().map_err(io::IntoInnerError::into_error)? {
            Target::Whole(file) => file.finish(),
            Target::Growing(mut file) => {
                file.flush()?;
                Ok(self.path)
            }
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Growing(file) => file.write(bytes),
            Self::Whole(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Growing(file) => file.flush(),
            Self::Whole(file) => file.flush(),
        }
    }
}

/// Indents what passes through by the depth of the array; JSON holds no raw line break outside its layout.
struct Indented<'a, W>(&'a mut W);

impl<W: Write> Write for Indented<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if number > 0 {
                self.0.write_all(b"\n  ")?;
            }
            self.0.write_all(line)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cuelight_core::event::{Body, Connect};
    use cuelight_core::id::RoomId;
    use cuelight_core::timestamp::Timestamp;

    fn connect(user: &str) -> Event {
        let body = Body::Connect(Connect { unique_id: user.into(), room_id: RoomId::new("7123456789012345678") });
        Event::own(body, Timestamp::from_ms(1_768_210_200_123))
    }

    #[test]
    fn an_array_is_pretty_printed_like_the_whole_would_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("livestream_events.json");
        let events = [connect("luna.plays"), connect("mia_draws")];
        let mut file = EventFile::create(&path).expect("begun");
        for event in &events {
            file.write(event).expect("written");
        }
        assert!(!path.exists(), "half an array must not stand under the final name");
        file.finish().expect("closed");
        let expected = serde_json::to_string_pretty(&events).expect("JSON") + "\n";
        assert_eq!(
            std::fs::read_to_string(&path).expect("readable"),
            expected,
            "the layout is that of the whole array"
        );
    }

    #[test]
    fn nothing_captured_is_an_empty_array() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("events.json");
        EventFile::create(&path).expect("begun").finish().expect("closed");
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), "[]\n", "an empty capture is still JSON");
    }
}
