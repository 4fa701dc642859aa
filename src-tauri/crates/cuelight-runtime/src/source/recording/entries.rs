//! The entries of a text file, lines or elements of a JSON array, one in memory at a time however long the file is.

use std::io::{self, BufRead};

/// One entry of a file.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// Where it stands, for people: `line 12`.
    pub(crate) place: String,
    /// Where it begins, in bytes from the start of the file.
    pub(crate) offset: u64,
    /// The entry, or the beginning of one that is too long.
    pub(crate) bytes: &'a [u8],
    /// Why it cannot be read.
    pub(crate) problem: Option<String>,
}

/// The lines of a file that are not blank.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    source: Counted<R>,
    number: u64,
    line: Vec<u8>,
    bound_bytes: usize,
}

impl<R: BufRead> Lines<R> {
    /// Starts at the beginning; a line longer than `bound_bytes` cannot be read.
    pub(crate) fn new(source: R, bound_bytes: usize) -> Self {
        Self { source: Counted::new(source), number: 0, line: Vec::new(), bound_bytes }
    }

    /// The next line that is not blank, or nothing at the end.
    pub(crate) fn next_entry(&mut self) -> Option<Entry<'_>> {
        let (offset, problem) = loop {
            let offset = self.source.offset;
            self.line.clear();
            self.number += 1;
            let problem = match self.read_line() {
                Ok(Line::Whole) => None,
                Ok(Line::Longer) => Some(too_long(self.bound_bytes)),
                Ok(Line::End) => return None,
                Err(error) => Some(self.source.fail(&error)),
            };
            if problem.is_some() || !text_of(&self.line).is_empty() {
                break (offset, problem);
            }
        };
        Some(Entry { place: format!("line {}", self.number), offset, bytes: text_of(&self.line), problem })
    }

    fn read_line(&mut self) -> io::Result<Line> {
        let mut outcome = Line::End;
        loop {
            let available = self.source.available()?;
            if available.is_empty() {
                return Ok(outcome);
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            let room = self.bound_bytes - self.line.len();
            outcome = if part.len() > room || matches!(outcome, Line::Longer) { Line::Longer } else { Line::Whole };
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            let taken = part.len() + usize::from(end.is_some());
            self.source.take(taken);
            if end.is_some() {
                return Ok(outcome);
            }
        }
    }
}

enum Line {
    Whole,
    Longer,
    End,
}

/// The elements of a JSON array.
///
/// They are told apart by brackets and quotes alone, so that one that is no sound JSON costs no other.
#[derive(Debug)]
pub(crate) struct Elements<R> {
    source: Counted<R>,
    number: u64,
    element: Vec<u8>,
    bound_bytes: usize,
    ended: bool,
}

impl<R: BufRead> Elements<R> {
    /// Starts at the `[` of the array; an element longer than `bound_bytes` cannot be read.
    pub(crate) fn new(source: R, bound_bytes: usize) -> Self {
        Self { source: Counted::new(source), number: 0, element: Vec::new(), bound_bytes, ended: false }
    }

    /// The next element, or nothing at the end.
    pub(crate) fn next_entry(&mut self) -> Option<Entry<'_>> {
        if self.ended {
            return None;
        }
        self.element.clear();
        let outcome = self.read_element();
        let (offset, problem) = match outcome {
            Ok(None) => {
                self.ended = true;
                return None;
            }
            Ok(Some(found)) => (found.offset, self.problem_of(&found)),
            Err(error) => (self.source.offset, Some(self.source.fail(&error))),
        };
        self.number += 1;
        let place = format!("entry {} at byte {offset}", self.number);
        Some(Entry { place, offset, bytes: text_of(&self.element), problem })
    }

    fn problem_of(&mut self, found: &Found) -> Option<String> {
        if found.is_cut {
            self.ended = true;
            return Some("the file ends within it".to_owned());
        }
        (found.size_bytes > self.bound_bytes).then(|| too_long(self.bound_bytes))
    }

    fn read_element(&mut self) -> io::Result<Option<Found>> {
        let mut scan = Scan::default();
        let mut found: Option<Found> = None;
        while let Some(byte) = self.source.next_byte()? {
            let step = scan.take(byte, self.number == 0 && found.is_none());
            match step {
                Step::Between if found.is_some() => return Ok(found),
                Step::Between => {}
                Step::Inside => {
                    let offset = self.source.offset - 1;
                    let found = found.get_or_insert(Found { offset, size_bytes: 0, is_cut: false });
                    found.size_bytes += 1;
                    if self.element.len() < self.bound_bytes {
                        self.element.push(byte);
                    }
                }
                Step::End => {
                    self.ended = true;
                    return Ok(found);
                }
            }
        }
        self.ended = true;
        Ok(found.map(|found| Found { is_cut: true, ..found }))
    }
}

struct Found {
    offset: u64,
    size_bytes: usize,
    is_cut: bool,
}

/// Where in an array we are: how many brackets are open within the element, and whether a text is.
#[derive(Default)]
struct Scan {
    depth: u32,
    in_text: bool,
    escaped: bool,
}

enum Step {
    /// Space or a comma between elements, or the `[` that opens the array.
    Between,
    /// A byte of an element.
    Inside,
    /// The `]` that closes the array.
    End,
}

impl Scan {
    fn take(&mut self, byte: u8, at_start: bool) -> Step {
        if self.in_text {
            self.in_text = self.escaped || byte != b'"';
            self.escaped = byte == b'\\' && !self.escaped;
            return Step::Inside;
        }
        match byte {
            b',' if self.depth == 0 => return Step::Between,
            b']' if self.depth == 0 => return Step::End,
            b'[' if at_start => return Step::Between,
            b'"' => self.in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ if self.depth == 0 && (byte.is_ascii_whitespace() || !byte.is_ascii()) => return Step::Between,
            _ => {}
        }
        Step::Inside
    }
}

/// A source that knows how far it was read, and ends where reading fails.
#[derive(Debug)]
struct Counted<R> {
    source: R,
    offset: u64,
    has_failed: bool,
}

impl<R: BufRead> Counted<R> {
    fn new(source: R) -> Self {
        Self { source, offset: 0, has_failed: false }
    }

    fn available(&mut self) -> io::Result<&[u8]> {
        if self.has_failed { Ok(&[]) } else { self.source.fill_buf() }
    }

    fn take(&mut self, count: usize) {
        self.source.consume(count);
        self.offset += count as u64;
    }

    fn next_byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.available()?.first().copied();
        self.take(usize::from(byte.is_some()));
        Ok(byte)
    }

    fn fail(&mut self, error: &io::Error) -> String {
        self.has_failed = true;
        error.to_string()
    }
}

/// The entry without the space around it and the mark that some editors put at the start of a file.
fn text_of(entry: &[u8]) -> &[u8] {
    entry.strip_prefix(b"\xef\xbb\xbf").unwrap_or(entry).trim_ascii()
}

fn too_long(bound_bytes: usize) -> String {
    format!("it is longer than {bound_bytes} bytes")
}
