//! Events written to a file: one pretty JSON array, or one event a line.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use cuelight_core::event::Event;
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use tempfile::NamedTempFile;

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
    pub fn finish(&self, out: &mut impl Write) -> io::Result<()> {
        match (self.layout, self.events) {
            (Layout::Lines, _) => Ok(()),
            (Layout::Array, 0) => out.write_all(b"[]\n"),
            (Layout::Array, _) => out.write_all(b"\n]\n"),
        }
    }
}

/// A file of events being written.
///
/// An array is written to a nameless neighbour, takes its name when it is whole, and is gone if it is dropped before.
/// Lines are written under the name at once, so that others can follow them, and stay whatever happens.
#[derive(Debug)]
pub struct EventFile {
    out: BufWriter<Target>,
    lines: LineWriter,
    path: PathBuf,
}

#[derive(Debug)]
enum Target {
    Named(File),
    Nameless(NamedTempFile),
}

impl EventFile {
    /// Begins the file; one of that name is kept under a numbered name.
    ///
    /// # Errors
    /// The folder does not exist or may not be written, or the name is a directory.
    pub fn create(path: &Path) -> io::Result<Self> {
        let layout = Layout::of(path);
        let target = match layout {
            Layout::Array if !is_device(path) => Target::Nameless(nameless_neighbour(path)?),
            Layout::Array | Layout::Lines => Target::Named(create_beside_existing(path)?),
        };
        Ok(Self { out: BufWriter::new(target), lines: LineWriter::new(layout), path: path.to_owned() })
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
            // A device has nothing to make safe, and some say so by an error.
            Target::Named(file) if is_device(&self.path) => drop(file),
            Target::Named(file) => file.sync_all()?,
            Target::Nameless(file) => {
                file.as_file().sync_all()?;
                keep_existing(&self.path)?;
                file.persist_noclobber(&self.path)?;
            }
        }
        Ok(self.path)
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Named(file) => file.write(bytes),
            Self::Nameless(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Named(file) => file.flush(),
            Self::Nameless(file) => file.flush(),
        }
    }
}

/// Begins a file of that name; one that is there is kept under a numbered name.
///
/// # Errors
/// The folder does not exist or may not be written, or the name is a directory.
pub fn create_beside_existing(path: &Path) -> io::Result<File> {
    if is_device(path) {
        return File::options().write(true).open(path);
    }
    check_writable(path)?;
    keep_existing(path)?;
    File::create_new(path)
}

/// Finds out whether a file of that name could be written, and leaves nothing behind.
///
/// # Errors
/// The folder does not exist or may not be written, or the name is a directory.
pub fn check_writable(path: &Path) -> io::Result<()> {
    if is_device(path) { Ok(()) } else { nameless_neighbour(path).map(drop) }
}

/// Whether the name is that of a pipe or a device such as `/dev/null`, which is written to and never moved.
fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|it| !it.is_file() && !it.is_dir())
}

/// A file in the folder of `path` that is gone when it is dropped, readable for whom the system's habits allow it.
fn nameless_neighbour(path: &Path) -> io::Result<NamedTempFile> {
    if path.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "that is a directory"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".cuelight-").tempfile_in(folder)
}

/// Moves an existing file to the first free numbered name, `events.json` to `events.1.json`.
fn keep_existing(path: &Path) -> io::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let free = (1_u32..).map(|number| numbered(path, number)).find(|numbered| !numbered.exists());
    match free {
        Some(numbered) => std::fs::rename(path, numbered),
        None => Err(io::Error::other("every numbered name is taken")),
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    match path.extension() {
        Some(extension) => path.with_extension(format!("{number}.{}", extension.to_string_lossy())),
        None => path.with_extension(number.to_string()),
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
    fn an_array_that_was_never_finished_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut file = EventFile::create(&folder.path().join("events.json")).expect("begun");
        file.write(&connect("luna.plays")).expect("written");
        drop(file);
        let left = std::fs::read_dir(folder.path()).expect("readable").count();
        assert_eq!(left, 0, "half an array is of no use");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_to_and_never_moved() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pipe.json");
        let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
        assert!(made.success(), "a pipe");
        let reader = std::thread::spawn({
            let path = path.clone();
            move || std::fs::read_to_string(path).expect("read to its end")
        });
        let mut file = EventFile::create(&path).expect("begun");
        file.write(&connect("luna.plays")).expect("written");
        file.finish().expect("closed");
        assert!(reader.join().expect("read").contains("luna.plays"), "it came out at the other end");
        assert!(is_device(&path), "and the pipe is where it was");
    }

    #[test]
    fn nothing_captured_is_an_empty_array() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("events.json");
        EventFile::create(&path).expect("begun").finish().expect("closed");
        assert_eq!(std::fs::read_to_string(&path).expect("readable"), "[]\n", "an empty capture is still JSON");
    }
}
