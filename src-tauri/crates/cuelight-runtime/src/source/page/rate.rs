//! How much a page may send: what no room ever reaches, and what this program can always take.

/// Frames a second that may come for as long as it likes; a busy room sends 20.
const FRAMES: f64 = 500.0;

/// Bytes a second that may come for as long as they like; a busy room sends 1 MiB.
const BYTES: f64 = 8.0 * 1024.0 * 1024.0;

/// How many seconds' worth may come at once, as after a line that stood still.
const BURST_S: f64 = 4.0;

/// Counts the frames of a page by the clock of what shows it, so that a pause of ours makes no flood of them.
#[derive(Debug)]
pub struct FrameRate {
    frames_left: f64,
    bytes_left: f64,
    last_s: f64,
}

impl Default for FrameRate {
    fn default() -> Self {
        Self::new()
    }
}

impl FrameRate {
    /// Counts from nothing.
    #[must_use]
    pub fn new() -> Self {
        Self { frames_left: FRAMES * BURST_S, bytes_left: BYTES * BURST_S, last_s: 0.0 }
    }

    /// Notes a frame, in seconds of that clock; false when it is one too many.
    #[must_use]
    pub fn takes(&mut self, at_s: f64, size_bytes: usize) -> bool {
        // Frames of workers may come a little out of order, and what is no number is no time.
        let passed = (at_s - self.last_s).max(0.0);
        if passed > 0.0 {
            self.last_s = at_s;
            self.frames_left = (self.frames_left + passed * FRAMES).min(FRAMES * BURST_S);
            self.bytes_left = (self.bytes_left + passed * BYTES).min(BYTES * BURST_S);
        }
        self.frames_left -= 1.0;
        self.bytes_left -= size_bytes as f64;
        self.frames_left >= 0.0 && self.bytes_left >= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many frames of that size are taken, at so many a second, before one is too many.
    fn taken(frames: u32, per_second: f64, size_bytes: usize) -> u32 {
        let mut rate = FrameRate::new();
        (0..frames).take_while(|it| rate.takes(1_000.0 + f64::from(*it) / per_second, size_bytes)).count() as u32
    }

    #[test]
    fn a_page_may_send_what_rooms_send_and_no_flood() {
        for (what, frames, per_second, size_bytes, expected) in [
            ("a busy room for an hour", 72_000, 20.0, 50_000, 72_000),
            ("just below the bound", 20_000, 499.0, 100, 20_000),
            ("a burst after a reconnect", 1_500, 1e9, 1_000, 1_500),
            ("large frames now and then", 100, 0.9, 8 * 1024 * 1024, 100),
            ("a burst of twice the bound", 4_000, 1e9, 10, 2_000),
            ("many large frames", 100, 1e9, 8 * 1024 * 1024, 4),
        ] {
            assert_eq!(taken(frames, per_second, size_bytes), expected, "{what}");
        }
        let sustained = taken(100_000, 1_000.0, 10);
        assert!((3_900..4_100).contains(&sustained), "twice the bound is a flood within four seconds, not {sustained}");
    }

    #[test]
    fn a_clock_that_stands_still_or_lies_lets_no_flood_through() {
        for at_s in [f64::NAN, f64::NEG_INFINITY, -5.0, 0.0] {
            let mut rate = FrameRate::new();
            let taken = (0..10_000).take_while(|_| rate.takes(at_s, 10)).count();
            assert_eq!(taken, 2_000, "at {at_s}");
        }
    }
}
