//! `cuelight sessions export`: the events of a session, for other programs.

use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;

use clap::ValueEnum;
use cuelight_runtime::report::export::{EventWriter, Layout};
use cuelight_runtime::report::whole_file::WholeFile;
use cuelight_runtime::store::{Reader, StoreError, StoredSession};

use crate::console::tell_error;
use crate::failure::Failure;

/// How events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// One JSON array.
    Json,
    /// One JSON event a line.
    Jsonl,
    /// A table for spreadsheets.
    Csv,
}

impl Format {
    fn layout(self) -> Layout {
        match self {
            Self::Json => Layout::Array,
            Self::Jsonl => Layout::Lines,
            Self::Csv => Layout::Table,
        }
    }
}

/// Writes the events of a session to a file, or to stdout where none is named.
pub(super) fn run(
    reader: &Reader,
    session: &StoredSession,
    format: Format,
    output: Option<&Path>,
    all: bool,
) -> Result<(), Failure> {
    let Some(path) = output else {
        return match write(reader, session, format, all, io::stdout().lock()) {
            // A reader that left (`| head`) has what it wanted.
            Err(ExportError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(ExportError::Io(error)) => Err(Failure::failed(format!("the export could not be written: {error}"))),
            Err(ExportError::Store(error)) => Err(error.into()),
            Ok(_) => Ok(()),
        };
    };
    let cannot = |error: io::Error| Failure::unwritable(path, error);
    let mut file = WholeFile::create(path).map_err(cannot)?;
    let count = write(reader, session, format, all, &mut file).map_err(|error| match error {
        ExportError::Io(error) => cannot(error),
        ExportError::Store(error) => error.into(),
    })?;
    let path = file.finish().map_err(cannot)?;
    tell_error(&format!("💾 {count} events saved to {}", path.display()));
    Ok(())
}

#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn write(
    reader: &Reader,
    session: &StoredSession,
    format: Format,
    all: bool,
    out: impl Write,
) -> Result<u64, ExportError> {
    let mut out = BufWriter::new(out);
    let mut count = 0;
    let mut events = EventWriter::new(format.layout());
    reader.for_each_event(session.id, 0, |stored| {
        if all || stored.counted {
            let event = stored.to_event().map_err(io::Error::from)?;
            events.write(&mut out, &event)?;
            count += 1;
        }
        Ok::<_, ExportError>(ControlFlow::Continue(()))
    })?;
    events.finish(&mut out)?;
    out.flush()?;
    Ok(count)
}
