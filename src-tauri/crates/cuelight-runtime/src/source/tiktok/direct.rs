//! `tiktok:direct`: the room looked up, and its WebSocket opened as a viewer's browser would open it.

use cuelight_core::handle::Handle;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tokio_util::sync::CancellationToken;

use super::bases::TikTokBases;
use super::pace::Pace;
use super::pursuit::Pursuit;
use crate::source::{EventSender, EventSource, SourceFuture};

/// TikTok's live, straight from its socket, without an account and without anybody in between.
///
/// Reports [`SourceStatus::LookingForRoom`], then [`SourceStatus::Connecting`] once the streamer is known to be live,
/// then [`SourceStatus::Connected`]. When the connection breaks it sends `disconnect`, reports
/// [`SourceStatus::Reconnecting`] and comes back with `gap` and `connect`. It ends when the live does.
///
/// [`SourceStatus::LookingForRoom`]: crate::source::SourceStatus::LookingForRoom
/// [`SourceStatus::Connecting`]: crate::source::SourceStatus::Connecting
/// [`SourceStatus::Connected`]: crate::source::SourceStatus::Connected
/// [`SourceStatus::Reconnecting`]: crate::source::SourceStatus::Reconnecting
#[derive(Debug)]
pub struct DirectSource {
    handle: Handle,
    bases: TikTokBases,
    pace: Pace,
    random: ChaCha8Rng,
}

impl DirectSource {
    /// Prepares to capture the live of `handle`. The seed decides which browser we are and spreads the waits.
    #[must_use]
    pub fn new(handle: Handle, bases: TikTokBases, seed: u64) -> Self {
        Self { handle, bases, pace: Pace::default(), random: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// Goes about it at another pace.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }
}

impl EventSource for DirectSource {
    fn run<'a>(&'a mut self, out: &'a EventSender, cancel: &'a CancellationToken) -> SourceFuture<'a> {
        let Self { handle, bases, pace, random } = self;
        Box::pin(Pursuit::new(handle, bases, pace, random, out, cancel).run())
    }

    fn is_live(&self) -> bool {
        true
    }
}
