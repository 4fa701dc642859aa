//! What people are told when the disk is full, and when it is back.

use cuelight_runtime::disk::DiskHealth;

use crate::console::tell_error;

/// Says how writing stands; `what` is "journal is" or "queues are".
pub(crate) fn tell_disk_health(what: &str, health: &DiskHealth) {
    match health {
        DiskHealth::Waiting(reason) => tell_error(&format!("🟥 {}", reason.in_english())),
        DiskHealth::Writing => tell_error(&format!("🟩 The {what} being written again; nothing was lost.")),
    }
}
