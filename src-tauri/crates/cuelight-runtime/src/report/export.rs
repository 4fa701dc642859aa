//! Events written to a file: one pretty JSON array, or one event a line.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use cuelight_core::event::Event;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

/// How a file of events is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One JSON array, pretty-printed; readable only once it is closed.
    Array,
    /// One event a line, each readable as soon as it is written.
    Lines,
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
pub struct LineWriter {
    layout: Layout,
    events: u64,
}

impl LineWriter {
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
    pub fn finish(self, out: &mut impl Write) -> io::Result<()> {
        match (self.layout, self.events) {
            (Layout::Lines, _) => Ok(()),
            (Layout::Array, 0) => out.write_all(b"[]\n"),
            (Layout::Array, _) => out.write_all(b"\n]\n"),
        }
    }
}

/// A file of events being written beside its final name, which it takes when it is whole.
///
/// Lines are written to the final name at once, so that others can follow them.
#[derive(Debug)]
pub struct EventFile {
    out: BufWriter<File>,
    lines: LineWriter,
    path: PathBuf,
    written_to: PathBuf,
}

impl EventFile {
    /// Begins the file; one of that name is kept under a numbered name.
    ///
    /// # Errors
    /// The folder does not exist or may not be written, or the name is a directory.
    pub fn create(path: &Path) -> io::Result<Self> {
        if path.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "that is a directory"));
        }
        let layout = Layout::of(path);
        let written_to = match layout {
            Layout::Lines => {
                keep_existing(path)?;
                path.to_owned()
            }
            Layout::Array => beside(path, "part"),
        };
        let out = BufWriter::new(File::create(&written_to)?);
        Ok(Self { out, lines: LineWriter::new(layout), path: path.to_owned(), written_to })
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
    /// The disk is full or gone; the part written so far stays beside the name.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        self.lines.finish(&mut self.out)?;
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        if self.written_to != self.path {
            keep_existing(&self.path)?;
            std::fs::rename(&self.written_to, &self.path)?;
        }
        Ok(self.path)
    }
}

/// Begins a file of that name; one that is there is kept under a numbered name.
///
/// # Errors
/// The folder does not exist or may not be written, or the name is a directory.
pub fn create_beside_existing(path: &Path) -> io::Result<File> {
    check_writable(path)?;
    keep_existing(path)?;
    File::create(path)
}

/// Finds out whether a file of that name could be written, and leaves nothing behind.
///
/// # Errors
/// The folder does not exist or may not be written, or the name is a directory.
pub fn check_writable(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "that is a directory"));
    }
    let probe = beside(path, "part");
    File::create(&probe)?;
    std::fs::remove_file(probe)
}

/// Moves an existing file to the first free numbered name, `events.json` to `events.1.json`.
fn keep_existing(path: &Path) -> io::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let free = (1_u32..).map(|number| beside(path, &number.to_string())).find(|numbered| !numbered.exists());
    match free {
        Some(numbered) => std::fs::rename(path, numbered),
        None => Err(io::Error::other("every numbered name is taken")),
    }
}

fn beside(path: &Path, mark: &str) -> PathBuf {
    let extension = path.extension().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let extension = if extension.is_empty() { mark.to_owned() } else { format!("{mark}.{extension}") };
    path.with_extension(extension)
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
    fn an_existing_file_is_kept_under_a_numbered_name() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, numbered) in
            [("events.json", ["events.1.json", "events.2.json"]), ("e.jsonl", ["e.1.jsonl", "e.2.jsonl"])]
        {
            let path = folder.path().join(name);
            for user in ["first", "second", "third"] {
                let mut file = EventFile::create(&path).expect("begun");
                file.write(&connect(user)).expect("written");
                file.finish().expect("closed");
            }
            let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("kept");
            assert!(read(name).contains("third"), "the newest has the plain name");
            assert!(read(numbered[0]).contains("first"), "the first was kept");
            assert!(read(numbered[1]).contains("second"), "and the second too");
        }
    }

    #[test]
    fn nothing_captured_is_an_empty_array() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("events.json");
        EventFile::create(&path).expect("begun").finish().expect("closed");
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), "[]\n", "an empty capture is still JSON");
    }
}
