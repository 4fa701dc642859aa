//! How a gap is measured.

use crate::event::Gap;
use crate::timestamp::Timestamp;

impl Gap {
    /// The gap between the last moment that was seen and the first one that was seen again.
    #[must_use]
    pub fn between(from: Timestamp, to: Timestamp) -> Self {
        let tenths = ((to.as_ms() - from.as_ms()) as f64 / 100.0).round();
        Self { from, to, seconds: tenths / 10.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_as_long_as_its_ends_lie_apart_to_a_tenth_of_a_second() {
        for (from_ms, to_ms, seconds) in [(1_000, 23_380, 22.4), (1_000, 23_349, 22.3), (5_000, 5_000, 0.0)] {
            let (from, to) = (Timestamp::from_ms(from_ms), Timestamp::from_ms(to_ms));
            assert_eq!(Gap::between(from, to), Gap { from, to, seconds }, "from {from_ms} to {to_ms} ms");
        }
    }
}
