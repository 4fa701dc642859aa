//! Reading a rules file: whole, or not at all with every fault told.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use cuelight_core::clean::clean;
use cuelight_core::limits::RULES_FILE_BYTES;
use cuelight_core::rules_file::{RulesFile, RulesFileFaults};
use cuelight_core::service::Services;

use crate::console::tell_error;
use crate::failure::{Failure, Status};

/// The rules of the file, to be taken in; what is wrong with it is told already where this fails.
pub(super) fn read_to_take_in(path: &Path, services: &Services) -> Result<RulesFile, Failure> {
    read(path, services).inspect_err(|_| tell_error("   Nothing of the file was taken in."))
}

/// The rules of the file; what is wrong with it is told already where this fails.
pub(super) fn read(path: &Path, services: &Services) -> Result<RulesFile, Failure> {
    let bytes = bytes(path).map_err(|error| {
        tell_error(&format!("❌ {} cannot be read: {error}", path.display()));
        tell_error("   Check the name of the file.");
        Failure::told(Status::Failed)
    })?;
    let Some(bytes) = bytes else { return Err(Failure::told(Status::Failed)) };
    RulesFile::read(&bytes, services).map_err(|faults| tell(path, &faults))
}

/// The file's bytes; `None` where it has more than a rules file may have, which is told.
fn bytes(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = File::open(path)?;
    let size_bytes = file.metadata()?.len();
    if size_bytes > RULES_FILE_BYTES as u64 {
        let problem = format!("it has {size_bytes} bytes, a rules file has at most {RULES_FILE_BYTES}");
        tell_error(&format!("❌ {}: {problem}", path.display()));
        return Ok(None);
    }
    let mut bytes = Vec::new();
    // A device may have no size and no end.
    file.take(RULES_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn tell(path: &Path, faults: &RulesFileFaults) -> Failure {
    for fault in &faults.faults {
        tell_error(&format!("❌ {}: {}", path.display(), clean(&fault.to_string())));
    }
    if faults.more > 0 {
        tell_error(&format!("   … and {} more", faults.more));
    }
    Failure::told(Status::Failed)
}
