//! A running capture: what comes is shown and saved until it ends by itself, by its duration or by the streamer.

use std::process::ExitCode;
use std::time::Duration;

use cuelight_runtime::publish::Publishing;
use cuelight_runtime::report::summary;
use cuelight_runtime::runtime::Capture;
use cuelight_runtime::source::SourceStatus;
use tokio::time::Instant;

use super::announce::{self, Announcer};
use super::output::Output;
use super::progress::Progress;
use super::request::Request;
use crate::console::{TextTo, tell_error};
use crate::disk_health::tell_disk_health;
use crate::failure::Failure;
use crate::interrupts::Interrupts;

/// How long the end of a capture waits for Redis to take what is left; a restart of the server fits in.
const PUBLISH_PATIENCE: Duration = Duration::from_secs(5);

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
    let mut interrupts = Interrupts::listen()?;
    let mut publishing = capture.publishing.take();
    loop {
        let publish_health = async {
            match &mut publishing {
                Some(publishing) => publishing.health.changed().await,
                None => std::future::pending().await,
            }
        };
        let until_deadline = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = interrupts.next() => {
                if interrupts.count > 1 {
                    std::process::exit(130);
                }
                progress.clear();
                tell_error("⏹️ Stopping… (Ctrl+C again ends at once)");
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
                tell_disk_health("journal is", &capture.health.borrow_and_update());
            }
            Ok(()) = publish_health => {
                progress.clear();
                if let Some(publishing) = &mut publishing {
                    announce::publishing(publishing);
                }
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
    let end = tokio::select! {
        end = capture.end() => end,
        () = interrupts.next() => std::process::exit(130),
    };
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
    if let Some(publishing) = publishing {
        finish(publishing, &mut interrupts, text).await?;
    }
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

/// Gives publishing a moment for what is left, and tells what it came to.
async fn finish(publishing: Publishing, interrupts: &mut Interrupts, text: TextTo) -> Result<(), Failure> {
    let destination = publishing.destination.clone();
    let patience = async {
        tokio::select! {
            () = tokio::time::sleep(PUBLISH_PATIENCE) => {}
            () = interrupts.next() => {}
        }
    };
    let published = publishing.finish(patience).await?;
    announce::published(text, &destination, published);
    Ok(())
}
