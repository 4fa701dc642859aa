//! What people are told when the disk is full, and when it is back.

use cuelight_runtime::disk::DiskHealth;
use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::texts::{Text, tell};
use cuelight_runtime::report::words;

use crate::console::tell_error;

/// Says how writing stands; `again` is what is said of it once the disk is back.
pub(crate) fn tell_disk_health(language: Language, again: Text, health: &DiskHealth) {
    match health {
        DiskHealth::Waiting(reason) => tell_error(&format!("🟥 {}", words::reason(language, reason))),
        DiskHealth::Writing => tell_error(&tell(language, again, &[])),
    }
}
