//! The wait before a source's next try: people are told of it, and may cut it short.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{EventSender, SourceStatus};

/// Tells people what broke, and waits for the next try, which is so many in a row, 1 for the first; false where we were
/// told to stop.
pub(super) async fn wait_to_retry(
    out: &EventSender,
    cancel: &CancellationToken,
    cause: String,
    wait: Duration,
    attempt: usize,
) -> bool {
    // From here on, so that whoever is told of the wait can cut it short.
    let retry_wanted = out.contact().retry_wanted();
    out.report(SourceStatus::Reconnecting {
        cause,
        wait_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
        attempt: u32::try_from(attempt).unwrap_or(u32::MAX),
    });
    tokio::select! {
        () = cancel.cancelled() => false,
        () = sleep(wait) => true,
        () = retry_wanted => true,
    }
}
