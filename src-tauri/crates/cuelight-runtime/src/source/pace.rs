//! How fast we go about it: every wait, period and patience of the ways to a live and back.

use std::time::Duration;

/// How long to wait before asking again whether a streamer is live; nobody is asked more often than a person would.
pub const ASK_AGAIN: Duration = Duration::from_secs(30);

/// Looks after which nobody expects the live any moment: an hour of them.
const EAGER_LOOKS: u32 = 120;

/// The longest wait before a streamer who is not live is looked for again.
const LONGEST_LOOK: Duration = Duration::from_secs(120);

/// The part of that wait which chance adds or takes away, so that many who wait do not ask in one moment.
const LOOK_JITTER: f64 = 0.2;

/// How long to wait before asking again whether a streamer is live, after so many looks in vain: [`ASK_AGAIN`], and from an
/// hour on twice as long with each look, up to two minutes. `chance` is from 0 to 1.
#[must_use]
pub fn ask_again_after(looks: u32, chance: f64) -> Duration {
    let doublings = looks.saturating_sub(EAGER_LOOKS).min(8);
    let wait = (ASK_AGAIN * 2_u32.pow(doublings)).min(LONGEST_LOOK);
    wait.mul_f64(1.0 - LOOK_JITTER + 2.0 * LOOK_JITTER * chance.clamp(0.0, 1.0))
}

/// How long to wait after a host counted too many requests from here and did not say how long; limits are said to be
/// counted by the minute.
pub const AFTER_RATE_LIMIT: Duration = Duration::from_secs(90);

/// How long to wait after TikTok took us for a machine.
pub const AFTER_BLOCK: Duration = Duration::from_secs(60);

/// The waits after the first, second … time that every way was tried in vain, in seconds; the last one comes again and
/// again. TikTok's sockets are reported to take about 15 connects an hour from one address, and a round has four at most.
const ROUND_WAITS_S: [u64; 6] = [30, 60, 120, 240, 480, 960];

/// The wait after every way was tried in vain so many times in a row, 1 for the first.
#[must_use]
pub fn round_wait(rounds: usize) -> Duration {
    let last = ROUND_WAITS_S.len() - 1;
    Duration::from_secs(ROUND_WAITS_S[rounds.saturating_sub(1).min(last)])
}

/// How long a source that is told to stop waits for the journal and for TikTok, each; an end that takes longer looks like a
/// program that hangs.
pub const FAREWELL: Duration = Duration::from_secs(2);

/// The waits and patience of one capture, whatever its source; the default is what TikTok is used to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// How long one HTTP answer, one upgrade or one write may take.
    pub answer_timeout: Duration,
    /// Between two tries to get the `ttwid` cookie.
    pub cookie_wait: Duration,
    /// Between two heartbeats.
    pub heartbeat_period: Duration,
    /// How long a connection may go without a single byte until it counts as dead; even a silent room echoes heartbeats.
    pub silence: Duration,
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
    /// How long it is good that the live was seen to go on: a way that fails at once is followed by the next without
    /// another question.
    pub look_holds: Duration,
    /// How long nobody looks whether the live goes on, while we wait for the next try: a quota may last a day, and no live
    /// does.
    pub look_within: Duration,
    /// How long a cookie is looked for while other ways are left.
    pub way_patience: Duration,
    /// How long a page may take until it opens its socket.
    pub socket_patience: Duration,
    /// How long a page may take until it opens its socket again.
    pub reopening_patience: Duration,
    /// How long we wait for the journal and TikTok when we are told to stop.
    pub farewell_timeout: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            answer_timeout: Duration::from_secs(10),
            cookie_wait: Duration::from_millis(750),
            heartbeat_period: Duration::from_secs(10),
            silence: Duration::from_secs(60),
            entry_patience: Duration::from_secs(3),
            sound_after: Duration::from_secs(30),
            retry_waits: [2, 4, 8, 16, 30].map(Duration::from_secs).to_vec(),
            never_gives_up: false,
            refused_wait: Duration::from_secs(2),
            look_holds: Duration::from_secs(5),
            look_within: Duration::from_secs(120),
            way_patience: Duration::from_secs(4),
            socket_patience: Duration::from_secs(15),
            reopening_patience: Duration::from_secs(10),
            farewell_timeout: FAREWELL,
        }
    }
}

impl Pace {
    /// The wait after so many failures in a row, 1 for the first; the last one comes again and again.
    #[must_use]
    pub fn retry_wait(&self, failures: usize) -> Duration {
        let waits = &self.retry_waits;
        waits.get(failures.saturating_sub(1)).or(waits.last()).copied().unwrap_or_default()
    }

    /// How many heartbeats, so far apart, may go unanswered until the silence is over.
    pub(super) fn silent_heartbeats(&self, period: Duration) -> u32 {
        let heartbeats = self.silence.as_nanos().div_ceil(period.as_nanos().max(1));
        u32::try_from(heartbeats).unwrap_or(u32::MAX).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_live_is_looked_for_less_often_after_an_hour_and_never_by_all_at_once() {
        for (looks, chance, expected_s) in [
            (1, 0.5, 30.0),
            (120, 0.5, 30.0),
            (121, 0.5, 60.0),
            (122, 0.5, 120.0),
            (u32::MAX, 0.5, 120.0),
            (1, 0.0, 24.0),
            (1, 1.0, 36.0),
            (1, 9.0, 36.0),
        ] {
            let wait_s = ask_again_after(looks, chance).as_secs_f64();
            assert!((wait_s - expected_s).abs() < 0.001, "{looks} looks, chance {chance}: {wait_s} s");
        }
    }

    #[test]
    fn a_connection_is_dead_after_the_same_silence_however_often_tiktok_wants_heartbeats() {
        for (period_s, heartbeats) in [(5, 12), (7, 9), (10, 6), (60, 1), (90, 1)] {
            let period = Duration::from_secs(period_s);
            assert_eq!(Pace::default().silent_heartbeats(period), heartbeats, "a minute of one each {period_s} s");
        }
    }

    #[test]
    fn the_rests_of_all_ways_become_longer_up_to_a_quarter_of_an_hour() {
        let waits = [1, 2, 3, 4, 5, 6, 99].map(|rounds| round_wait(rounds).as_secs());
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 960], "and stay there");
    }
}
