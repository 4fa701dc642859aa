//! What the capture tells about itself, beside the events.

use cuelight_core::clean::clean;
use cuelight_runtime::report::console::RULE;
use cuelight_runtime::source::{SourceError, SourceStatus};

use crate::console::TextTo;

/// The heading.
pub(super) fn title(text: TextTo) {
    text.line(&format!("{RULE}\nTikTok Livestream Data Capture Tool\n{RULE}\n"));
}

/// Tells each step of getting in once.
#[derive(Debug)]
pub(super) struct Announcer {
    text: TextTo,
    duration_seconds: u64,
    told: Told,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Nothing,
    Looking,
    Live,
}

impl Announcer {
    pub(super) fn new(text: TextTo, duration_seconds: u64) -> Self {
        Self { text, duration_seconds, told: Told::Nothing }
    }

    /// Tells how far the source is.
    pub(super) fn status(&mut self, status: &SourceStatus) {
        match status {
            SourceStatus::Idle => {}
            SourceStatus::LookingForRoom { user } => self.looking(user),
            SourceStatus::Connecting { user } | SourceStatus::Connected { user, .. } => {
                self.looking(user);
                self.live(user);
            }
            SourceStatus::Climbing { from, to, cause } => {
                self.text.line(&format!("⚠️ {from} did not work, trying {to}: {}", clean(cause)));
            }
            SourceStatus::AskingPerson { user } => {
                self.text.line(&format!("🧩 Solve the captcha for @{} in the window that opened", clean(user)));
            }
            SourceStatus::Reconnecting { cause, wait_ms, attempt } => {
                let seconds = *wait_ms as f64 / 1000.0;
                self.text.line(&format!("🔄 Reconnecting in {seconds:.0} s (attempt {attempt}): {}", clean(cause)));
            }
        }
    }

    /// Tells why nothing was captured, as far as it belongs to the text of a capture.
    pub(super) fn refused(&mut self, error: &SourceError) {
        match error {
            SourceError::NotLive { user } => {
                self.looking(user);
                self.text.line(&format!("❌ @{} is not currently live", clean(user)));
            }
            SourceError::NoSuchUser { user } => self.looking(user),
            SourceError::Refused { .. }
            | SourceError::NotPublic { .. }
            | SourceError::WayClosed { .. }
            | SourceError::NoWayLeft { .. }
            | SourceError::Blocked { .. }
            | SourceError::RateLimited { .. }
            | SourceError::Captcha { .. }
            | SourceError::AgeRestricted { .. }
            | SourceError::NotUnderstood { .. }
            | SourceError::Unreachable { .. }
            | SourceError::Denied { .. }
            | SourceError::Unreadable { .. }
            | SourceError::Closed(_) => {}
        }
    }

    fn looking(&mut self, user: &str) {
        if self.told < Told::Looking {
            self.told = Told::Looking;
            self.text.line(&format!("🔍 Checking if @{} is live...", clean(user)));
        }
    }

    fn live(&mut self, user: &str) {
        if self.told < Told::Live {
            self.told = Told::Live;
            self.text.line(&format!("✅ @{} is LIVE! Connecting...", clean(user)));
            match self.duration_seconds {
                0 => self.text.line("⏱️ Will capture events until stopped (Ctrl+C)"),
                seconds => self.text.line(&format!("⏱️ Will capture events for {seconds} seconds")),
            }
        }
    }
}
