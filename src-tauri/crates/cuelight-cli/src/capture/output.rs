//! Where captured events go: the console, stdout as JSON, and the file.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use cuelight_core::event::Event;
use cuelight_core::id::{EventId, SessionId};
use cuelight_core::totals::counts;
use cuelight_runtime::feed::Committed;
use cuelight_runtime::report::console::{self, Detail};
use cuelight_runtime::report::export::{EventFile, Layout};
use cuelight_runtime::report::summary::Breakdown;
use cuelight_runtime::report::whole_file::check_writable;
use cuelight_runtime::store::Reader;

use super::CaptureArgs;
use crate::console::{TextTo, tell_error};
use crate::failure::Failure;

/// Shows events and remembers what the file must hold.
///
/// An array is written from the journal at the end, so that half an array never lies around; lines are written as they come.
#[derive(Debug)]
pub(super) struct Output {
    journal: Reader,
    path: PathBuf,
    lines: Option<EventFile>,
    lines_error: Option<io::Error>,
    detail: Detail,
    keeps_all: bool,
    json: bool,
    breakdown: Breakdown,
    /// What was shown of each session: its first and last event.
    shown: Vec<(EventId, EventId)>,
}

impl Output {
    /// Checks that the file can be written, before anything is captured.
    pub(super) fn prepare(args: &CaptureArgs, journal: Reader) -> Result<Self, Failure> {
        let path = args.output.clone();
        let lines = match Layout::of(&path) {
            Layout::Lines => EventFile::create(&path).map(Some),
            Layout::Array | Layout::Table => check_writable(&path).map(|()| None),
        };
        let lines = lines.map_err(|error| Failure::unwritable(&path, error))?;
        Ok(Self {
            journal,
            path,
            lines,
            lines_error: None,
            detail: args.detail(),
            keeps_all: args.all,
            json: args.json,
            breakdown: Breakdown::default(),
            shown: Vec::new(),
        })
    }

    /// Shows and keeps what was committed.
    pub(super) fn write(&mut self, events: &[Committed]) {
        for committed in events {
            match self.shown.last_mut() {
                Some((first, last)) if first.session == committed.id.session => *last = committed.id,
                _ => self.shown.push((committed.id, committed.id)),
            }
            let event = &committed.event;
            let text = if self.json { TextTo::Stderr } else { TextTo::Stdout };
            if let Some(line) = console::line(event, self.detail) {
                text.line(&line);
            }
            if !self.keeps(event) {
                continue;
            }
            self.breakdown.add(event.event_type());
            if self.json {
                print_json(event);
            }
            if let Some(file) = &mut self.lines
                && let Err(error) = file.write(event)
            {
                self.lines = None;
                self.lines_error = Some(error);
            }
        }
        if let Some(file) = &mut self.lines
            && let Err(error) = file.flush()
        {
            self.lines = None;
            self.lines_error = Some(error);
        }
    }

    /// What was kept so far.
    pub(super) fn breakdown(&self) -> &Breakdown {
        &self.breakdown
    }

    /// Completes the file and says where it is.
    ///
    /// # Errors
    /// The sentence about a file that could not be written.
    pub(super) fn finish(mut self) -> Result<PathBuf, String> {
        let written = match (self.lines.take(), self.lines_error.take()) {
            (_, Some(error)) => Err(error),
            (Some(file), None) => file.finish(),
            (None, None) => self.write_array(),
        };
        written.map_err(|error| format!("{} could not be written: {error}", self.path.display()))
    }

    fn write_array(&self) -> io::Result<PathBuf> {
        let mut file = EventFile::create(&self.path)?;
        for (first, last) in &self.shown {
            self.write_session(&mut file, first.session, first.number, last.number)?;
        }
        file.finish()
    }

    fn write_session(&self, file: &mut EventFile, session: SessionId, first: u32, last: u32) -> io::Result<()> {
        self.journal.for_each_event(session, first - 1, |stored| {
            if stored.number > last {
                return Ok(ControlFlow::Break(()));
            }
            if self.keeps_all || stored.counted {
                file.write(&stored.to_event()?)?;
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    fn keeps(&self, event: &Event) -> bool {
        self.keeps_all || counts(event)
    }
}

fn print_json(event: &Event) {
    match serde_json::to_string(event) {
        // A reader that left is no reason to stop capturing.
        Ok(json) => drop(writeln!(io::stdout().lock(), "{json}")),
        Err(error) => tell_error(&format!("⚠️ An event could not be shown as JSON: {error}")),
    }
}
