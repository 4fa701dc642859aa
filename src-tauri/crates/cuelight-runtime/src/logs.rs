//! The log files in the data folder: written a file a day, read as one text that goes on.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};

use cuelight_core::clean::clean_to;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_appender::rolling::{RollingFileAppender, RollingWriter, Rotation};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::registry::LookupSpan;

/// Log files kept, one a day: two weeks, as long as joins and likes are kept.
const FILES: usize = 14;

/// Characters of one line; more is a mistake of ours or an attack of somebody.
const LINE_CHARACTERS: usize = 4_000;

/// Bytes of one line read; longer ones, which we do not write, come in pieces.
const LINE_BYTES: u64 = 64 * 1024;

const NAME_START: &str = "cuelight";
const NAME_END: &str = "log";

/// Why there is no log file.
#[derive(Debug, thiserror::Error)]
#[error("could not write log files in {}: {source}", folder.display())]
pub struct LogError {
    /// The folder that was tried.
    folder: PathBuf,
    /// What stopped it.
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// Writes what is logged at that level and above into files of the folder, one a day (UTC), of which 14 are kept.
///
/// Every entry is one line without control characters, whatever viewers call themselves. A line that cannot be
/// written, since the disk is full, is left out: the log must not stop what it tells of.
///
/// # Errors
/// The folder cannot be made or written to.
pub fn log_file_layer<S>(folder: &Path, level: LevelFilter) -> Result<impl Layer<S> + use<S>, LogError>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| LogError { folder: folder.to_owned(), source };
    // The appender makes the folder only when it has complained about its absence.
    std::fs::create_dir_all(folder).map_err(|error| failed(error.into()))?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(NAME_START)
        .filename_suffix(NAME_END)
        .max_log_files(FILES)
        .build(folder)
        .map_err(|error| failed(error.into()))?;
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .log_internal_errors(false)
        .with_writer(CleanFiles { files })
        .with_filter(level);
    Ok(layer)
}

/// The files, behind what makes every entry one clean line.
struct CleanFiles {
    files: RollingFileAppender,
}

impl<'a> MakeWriter<'a> for CleanFiles {
    type Writer = CleanLine<RollingWriter<'a>>;

    fn make_writer(&'a self) -> Self::Writer {
        CleanLine { out: self.files.make_writer() }
    }
}

/// Writes each entry, which comes in one piece, as one clean line.
struct CleanLine<W> {
    out: W,
}

impl<W: Write> Write for CleanLine<W> {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(entry);
        let mut line = clean_to(text.trim_end(), LINE_CHARACTERS).into_owned();
        line.push('\n');
        // One write a line, so that lines of two processes never mix.
        self.out.write_all(line.as_bytes())?;
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads the log files of a folder, oldest first, and goes on where a new one begins.
#[derive(Debug)]
pub struct LogReader {
    folder: PathBuf,
    current: Option<OpenFile>,
    /// The beginning of a line whose end is not written yet.
    part: Vec<u8>,
}

#[derive(Debug)]
struct OpenFile {
    path: PathBuf,
    text: BufReader<File>,
}

impl LogReader {
    /// Begins so far back that the last `lines` lines are read first; a folder without logs is an empty log.
    ///
    /// # Errors
    /// A log file cannot be read.
    pub fn last(folder: &Path, lines: usize) -> io::Result<Self> {
        let mut reader = Self { folder: folder.to_owned(), current: None, part: Vec::new() };
        let mut wanted = lines;
        for path in files(folder)?.into_iter().rev() {
            let (start, found) = start_of_last_lines(&path, wanted)?;
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(start))?;
            reader.current = Some(OpenFile { path, text: BufReader::new(file) });
            wanted -= found;
            if wanted == 0 {
                break;
            }
        }
        Ok(reader)
    }

    /// The next line without its end; `None` when nothing more is written yet: ask again later.
    ///
    /// # Errors
    /// A log file cannot be read.
    pub fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(line) = self.line_of_current()? {
                return Ok(Some(line));
            }
            let Some(next) = self.file_after_current()? else { return Ok(None) };
            // Between the end that was read and the new file's birth the old one may have grown.
            if let Some(line) = self.line_of_current()? {
                return Ok(Some(line));
            }
            self.current = Some(OpenFile { text: BufReader::new(File::open(&next)?), path: next });
            if !self.part.is_empty() {
                return Ok(Some(self.take_part()));
            }
        }
    }

    fn line_of_current(&mut self) -> io::Result<Option<String>> {
        let Some(current) = &mut self.current else { return Ok(None) };
        let room = LINE_BYTES - self.part.len() as u64;
        current.text.by_ref().take(room).read_until(b'\n', &mut self.part)?;
        let is_whole = self.part.ends_with(b"\n") || self.part.len() as u64 == LINE_BYTES;
        Ok(is_whole.then(|| self.take_part()))
    }

    fn file_after_current(&self) -> io::Result<Option<PathBuf>> {
        let after = |path: &PathBuf| self.current.as_ref().is_none_or(|current| *path > current.path);
        Ok(files(&self.folder)?.into_iter().find(after))
    }

    fn take_part(&mut self) -> String {
        let line = String::from_utf8_lossy(&self.part).trim_end_matches(['\r', '\n']).to_owned();
        self.part.clear();
        line
    }
}

/// The log files of the folder, oldest first: their names hold the date.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with(NAME_START) && path.extension().is_some_and(|end| end == NAME_END) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Where the last lines of the file begin, and how many there are, at most as many as wanted.
fn start_of_last_lines(path: &Path, wanted: usize) -> io::Result<(u64, usize)> {
    let mut text = BufReader::new(File::open(path)?);
    let mut starts = VecDeque::new();
    let mut position = 0;
    loop {
        let length = text.skip_until(b'\n')? as u64;
        if length == 0 {
            break;
        }
        starts.push_back(position);
        if starts.len() > wanted {
            starts.pop_front();
        }
        position += length;
    }
    Ok((starts.front().copied().unwrap_or(position), starts.len()))
}

#[cfg(test)]
mod tests;
