//! The line at the bottom of a terminal: what came so far, and how long it still takes.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use cuelight_runtime::report::summary::Breakdown;
use tokio::time::Instant;

/// How often the line is renewed while nothing comes.
const RENEW_EVERY: Duration = Duration::from_secs(1);

/// The progress line; silent where stderr is no terminal.
#[derive(Debug)]
pub(super) struct Progress {
    is_shown: bool,
    ends: Option<Instant>,
    duration_seconds: u64,
    is_on_screen: bool,
}

impl Progress {
    pub(super) fn new(duration_seconds: u64) -> Self {
        Self { is_shown: io::stderr().is_terminal(), ends: None, duration_seconds, is_on_screen: false }
    }

    /// The time starts to count.
    pub(super) fn begin(&mut self) {
        self.ends = Some(Instant::now() + Duration::from_secs(self.duration_seconds));
    }

    /// Takes the line away so that other text can be printed.
    pub(super) fn clear(&mut self) {
        if self.is_on_screen {
            self.is_on_screen = false;
            write_to_stderr("\r\u{1b}[2K");
        }
    }

    /// Shows the line anew.
    pub(super) fn show(&mut self, breakdown: &Breakdown) {
        if !self.is_shown {
            return;
        }
        self.is_on_screen = true;
        let left = self.ends.map(|ends| {
            let seconds = ends.saturating_duration_since(Instant::now()).as_secs();
            format!(" · {}:{:02} left", seconds / 60, seconds % 60)
        });
        let left = left.unwrap_or_default();
        write_to_stderr(&format!("\r\u{1b}[2K📊 {} events{left}", breakdown.total()));
    }

    /// Waits until the line should be renewed; for ever where there is none.
    pub(super) async fn due(&self) {
        if self.is_shown {
            tokio::time::sleep(RENEW_EVERY).await;
        } else {
            std::future::pending::<()>().await;
        }
    }
}

fn write_to_stderr(text: &str) {
    let mut out = io::stderr().lock();
    // Without a terminal there is nobody to show progress to.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
