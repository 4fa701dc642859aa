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

/// The rules of the file; what is wrong with it is told already where this fails.
pub(super) fn read(path: &Path, services: &Services) -> Result<RulesFile, Failure> {
    let bytes = bytes(path).map_err(|error| {
        Failure::failed(format!("{} cannot be read: {error}", path.display())).advising("Check the name of the file.")
    })?;
    RulesFile::read(&bytes, services).map_err(|faults| tell(path, &faults))
}

/// One byte more than a rules file may have is enough to see that it has too many.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(RULES_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn tell(path: &Path, faults: &RulesFileFaults) -> Failure {
    for fault in &faults.faults {
        tell_error(&format!("❌ {}: {}", path.display(), clean(&fault.to_string())));
    }
    if faults.more > 0 {
        tell_error(&format!("   … and {} more", faults.more));
    }
    tell_error("   Nothing of the file was taken in.");
    Failure::told(Status::Failed)
}
