//! A running capture: what comes is shown and saved until it ends by itself, by its duration or by the streamer.

use std::process::ExitCode;
use std::time::Duration;

use cuelight_runtime::report::story::Language;
use cuelight_runtime::report::summary;
use cuelight_runtime::report::texts::Text;
use cuelight_runtime::runtime::Capture;
use cuelight_runtime::source::SourceStatus;
use tokio::time::Instant;

use super::announce::Announcer;
use super::output::Output;
use super::progress::Progress;
use super::request::Request;
use crate::console::{TextTo, tell_error};
use crate::disk_health::tell_disk_health;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::publishing_watch::PublishingWatch;

/// Watches the capture to its end.
pub(super) async fn watch(
    mut capture: Capture,
    mut output: Output,
    request: &Request,
    text: TextTo,
) -> Result<ExitCode, Failure> {
    let stopper = capture.stopper();
    let mut announcer = Announcer::new(text, request.duration_seconds);
    let mut progress = Progress::new(request.duration_seconds);
    let mut deadline: Option<Instant> = None;
    let mut interrupts = Interrupts::listen(Language::English)?;
    let mut publishing = PublishingWatch::new(capture.publishing.take(), Language::English);
    loop {
        let until_deadline = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = interrupts.next() => {
                progress.clear();
                interrupts.say_stopping();
                stopper.stop();
                deadline = None;
            }
            Ok(()) = capture.status.changed() => {
                let status = capture.status.borrow_and_update().clone();
                if deadline.is_none() && matches!(status, SourceStatus::Connected { .. }) && request.duration_seconds > 0 {
                    deadline = Some(Instant::now() + Duration::from_secs(request.duration_seconds));
                    progress.begin();
                }
                progress.clear();
                announcer.status(&status);
            }
            Ok(()) = capture.health.changed() => {
                progress.clear();
                tell_disk_health(Language::English, Text::JournalWritten, &capture.health.borrow_and_update());
            }
            () = publishing.changed() => {
                progress.clear();
                publishing.tell_health();
            }
            events = capture.feed.next() => {
                let Some(events) = events? else { break };
                progress.clear();
                output.write(&events);
                progress.show(output.breakdown());
            }
            () = until_deadline => {
                stopper.stop();
                deadline = None;
            }
            () = progress.due() => progress.show(output.breakdown()),
        }
    }
    progress.clear();
    // The journal has ended; a source that has not noticed yet is told.
    stopper.stop();
    let end = interrupts.or_end(capture.end()).await;
    let nothing_came = output.breakdown().total() == 0;
    if let (Err(error), true) = (&end.outcome, nothing_came) {
        announcer.refused(error);
    }
    // A journal that failed is the cause of whatever its source says.
    let failure = end.journal.map_err(Failure::from).err().or(end.outcome.map_err(Failure::from).err());
    let failure = match failure {
        Some(failure) if nothing_came => return Err(failure),
        failure => failure,
    };
    let saved = conclude(output, text);
    publishing.finish(&mut interrupts, text).await?;
    failure.map_or(Ok(saved), Err)
}

/// Completes the file, and tells what was captured and where it is.
fn conclude(output: Output, text: TextTo) -> ExitCode {
    text.line(summary::text(output.breakdown()).trim_end_matches('\n'));
    text.line("");
    match output.finish() {
        Ok(path) => {
            text.line(&format!("💾 Events saved to {}", path.display()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            tell_error(&format!("⚠️ {error}\n   The events are in the journal: cuelight sessions export."));
            ExitCode::FAILURE
        }
    }
}
