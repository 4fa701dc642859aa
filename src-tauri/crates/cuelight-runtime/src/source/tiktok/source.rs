//! TikTok's live as a source of events: the room is looked up and entered by whichever way leads in.

use cuelight_core::handle::Handle;
use cuelight_core::way::{Way, WaySwitches};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tokio_util::sync::CancellationToken;

use super::bases::TikTokBases;
use super::means::Means;
use super::pursuit::Pursuit;
use crate::source::pace::Pace;
use crate::source::{EventSender, EventSource, SourceFuture};

/// TikTok's live.
///
/// Reports [`SourceStatus::LookingForRoom`], then [`SourceStatus::Connecting`] once the streamer is known to be live,
/// [`SourceStatus::Climbing`] for each way that does not lead in, and [`SourceStatus::Connected`] in the room. When the
/// connection breaks it sends `disconnect`, reports [`SourceStatus::Reconnecting`] and comes back, by the same way or
/// another, with `gap` and `connect`. It ends when the live does.
///
/// [`SourceStatus::LookingForRoom`]: crate::source::SourceStatus::LookingForRoom
/// [`SourceStatus::Connecting`]: crate::source::SourceStatus::Connecting
/// [`SourceStatus::Climbing`]: crate::source::SourceStatus::Climbing
/// [`SourceStatus::Connected`]: crate::source::SourceStatus::Connected
/// [`SourceStatus::Reconnecting`]: crate::source::SourceStatus::Reconnecting
#[derive(Debug)]
pub struct TiktokSource {
    handle: Handle,
    bases: TikTokBases,
    means: Means,
    pace: Pace,
    random: ChaCha8Rng,
}

impl TiktokSource {
    /// Prepares to capture the live of `handle` with these means. The seed decides which browser we are and spreads the
    /// waits.
    #[must_use]
    pub fn new(handle: Handle, bases: TikTokBases, means: Means, seed: u64) -> Self {
        Self { handle, bases, means, pace: Pace::default(), random: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// Goes that way and no other.
    #[must_use]
    pub fn only(mut self, way: Way) -> Self {
        self.means.switches = WaySwitches::only(way);
        self
    }

    /// Goes about it at another pace.
    #[must_use]
    pub fn with_pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }
}

impl EventSource for TiktokSource {
    fn run<'a>(&'a mut self, out: &'a EventSender, cancel: &'a CancellationToken) -> SourceFuture<'a> {
        let Self { handle, bases, means, pace, random } = self;
        Box::pin(Pursuit::new(handle, bases, means, pace, random, out, cancel).run())
    }

    fn is_live(&self) -> bool {
        true
    }
}
