//! From a source's batches to the journal: one ordered lane, one transaction a group, and only then "received".

mod beside;
mod cut_off;
mod deciding;
mod group;
mod late;
mod prepared;
mod running;
mod session;
mod settling;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use cuelight_core::id::SessionId;
use cuelight_core::totals::SessionTotals;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use self::deciding::Deciding;
use self::running::RunningLane;
use crate::clock::Clock;
use crate::disk::DiskWatch;
use crate::feed::Feed;
use crate::source::Delivery;
use crate::store::{Journal, Reader, Settings, StoreError};

/// What the lane works with.
pub struct Lane {
    /// The one writing connection.
    pub journal: Journal,
    /// A reading connection, for what a continued session takes up again.
    pub reader: Reader,
    /// Where batches come from; when it closes, the lane ends.
    pub inbox: mpsc::Receiver<Delivery>,
    /// Set before the inbox closes when the session is over; without it, it stays open to be continued.
    pub session_over: CancellationToken,
    /// Where commits are shown.
    pub feed: Feed,
    /// Where it tells how long what was committed last had been on its way since it arrived, in milliseconds.
    pub behind_ms: Arc<AtomicI64>,
    /// Waits for a full disk.
    pub disk: DiskWatch,
    /// Stamps what happens.
    pub clock: Clock,
    /// What it decides with; without it, events are journaled and cause nothing.
    pub deciding: Option<Deciding>,
    /// How this capture's sessions are to be opened.
    pub request: LaneRequest,
}

/// What the lane must know of the capture it serves.
#[derive(Debug, Clone)]
pub struct LaneRequest {
    /// The source, as people call it.
    pub source: String,
    /// The session's name, if it has one.
    pub session_name: Option<String>,
    /// Whether events happen now, so that a lane that is too late sheds the least important ones.
    pub is_live: bool,
    /// The settings at the start.
    pub settings: Settings,
}

/// What a lane leaves behind.
#[derive(Debug, Clone)]
pub struct LaneEnd {
    /// The last session, if one was opened.
    pub session: Option<SessionId>,
    /// Its sums.
    pub totals: SessionTotals,
}

/// Runs the lane until its inbox closes.
///
/// # Errors
/// The journal cannot be written any more, for another reason than a full disk, or the wait for the disk was given up;
/// what was not committed was not confirmed either.
pub async fn run(lane: Lane) -> Result<LaneEnd, StoreError> {
    RunningLane::new(lane)?.run().await
}

/// Where a session's chance comes from: the same for the session and for its replay.
#[must_use]
pub fn seed_of(session: SessionId) -> u64 {
    u64::from(session.0)
}
