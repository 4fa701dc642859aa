//! Where captured events go: the console, stdout as JSON, and the file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cuelight_core::event::Event;
use cuelight_core::id::{EventId, SessionId};
use cuelight_core::totals::counts;
use cuelight_runtime::feed::Committed;
use cuelight_runtime::report::console::{self, Detail};
use cuelight_runtime::report::export::{self, EventFile, Layout};
use cuelight_runtime::report::summary::Breakdown;
use cuelight_runtime::store::Reader;

use super::CaptureArgs;
use crate::console::{TextTo, tell_error};
use crate::failure::Failure;

/// Events read from the journal at once when the file is written.
const PAGE_EVENTS: u32 = 512;

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
            Layout::Array => export::check_writable(&path).map(|()| None),
        };
        let lines = lines.map_err(|error| {
            Failure::failed(format!("{} cannot be written: {error}", path.display()))
                .advising("Choose another file with --output.")
        })?;
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
    pub(super) fn write(&mut self, events: &[Committed]) -> Result<(), Failure> {
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
        Ok(())
    }

    /// What was kept so far.
    pub(super) fn breakdown(&self) -> &Breakdown {
        &self.breakdown
    }

    /// Completes the file.
    pub(super) fn finish(mut self) -> Saved {
        let result = match (self.lines.take(), self.lines_error.take()) {
            (_, Some(error)) => Err(error),
            (Some(file), None) => file.finish(),
            (None, None) => self.write_array(),
        };
        let path = result.map_err(|error| format!("{} could not be written: {error}", self.path.display()));
        Saved { breakdown: self.breakdown, path }
    }

    fn write_array(&self) -> io::Result<PathBuf> {
        let mut file = EventFile::create(&self.path)?;
        for (first, last) in &self.shown {
            self.write_session(&mut file, first.session, first.number, last.number)?;
        }
        file.finish()
    }

    fn write_session(&self, file: &mut EventFile, session: SessionId, first: u32, last: u32) -> io::Result<()> {
        let mut written = first - 1;
        while written < last {
            let page = self.journal.events_after(session, written, PAGE_EVENTS).map_err(io::Error::other)?;
            let Some(end) = page.last() else { break };
            written = end.number;
            for stored in page.iter().filter(|it| it.number <= last && (self.keeps_all || it.counted)) {
                file.write(&stored.to_event()?)?;
            }
        }
        Ok(())
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

/// What is left when all is written.
#[derive(Debug)]
pub(super) struct Saved {
    breakdown: Breakdown,
    path: Result<PathBuf, String>,
}

impl Saved {
    pub(super) fn breakdown(&self) -> &Breakdown {
        &self.breakdown
    }

    /// The file, or why there is none.
    pub(super) fn path(&self) -> Result<&Path, &str> {
        self.path.as_deref().map_err(String::as_str)
    }

    pub(super) fn into_status(self) -> Result<ExitCode, Failure> {
        Ok(if self.path.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
