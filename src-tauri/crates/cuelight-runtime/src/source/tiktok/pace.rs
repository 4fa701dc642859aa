//! How fast we go about it: every wait, period and patience of the way to TikTok and back.

use std::time::Duration;

/// How long to wait before asking again whether a streamer is live; nobody is asked more often than a person would.
pub const ASK_AGAIN: Duration = Duration::from_secs(30);

/// How long to wait after TikTok counted too many requests from here; its limits are said to be counted by the minute.
pub const AFTER_RATE_LIMIT: Duration = Duration::from_secs(90);

/// How long a source that is told to stop waits for the journal and for TikTok, each; an end that takes longer looks like a
/// program that hangs.
pub const FAREWELL: Duration = Duration::from_secs(2);

/// The waits of a direct connection; the default is what TikTok is used to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// How long one HTTP answer, one upgrade or one write may take.
    pub answer_timeout: Duration,
    /// Between two tries to get the `ttwid` cookie.
    pub cookie_wait: Duration,
    /// Between two heartbeats.
    pub heartbeat_period: Duration,
    /// Heartbeats in a row after which a connection without a single byte counts as dead; even a silent room echoes them.
    pub silent_heartbeats: u32,
    /// How long after asking to enter we count ourselves in, where TikTok says nothing.
    pub entry_patience: Duration,
    /// A connection that lived this long was sound: its end is not held against the ones before.
    pub sound_after: Duration,
    /// The wait after the first, second … failure in a row; the failure after the last one ends it all, unless we never
    /// give up.
    pub retry_waits: Vec<Duration>,
    /// A live that we were in is tried for as long as it lasts: after the last of those waits comes that wait again.
    pub never_gives_up: bool,
    /// The wait after a refused upgrade, which a new identity mends and time does not.
    pub refused_wait: Duration,
    /// How long we wait for the journal and TikTok when we are told to stop.
    pub farewell_timeout: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            answer_timeout: Duration::from_secs(10),
            cookie_wait: Duration::from_millis(750),
            heartbeat_period: Duration::from_secs(10),
            silent_heartbeats: 6,
            entry_patience: Duration::from_secs(3),
            sound_after: Duration::from_secs(30),
            retry_waits: [2, 4, 8, 16, 30].map(Duration::from_secs).to_vec(),
            never_gives_up: false,
            refused_wait: Duration::from_secs(2),
            farewell_timeout: FAREWELL,
        }
    }
}
