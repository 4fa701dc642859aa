//! When today began where the streamer is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The last midnight of the system's time zone before that moment, ms since 1970.
pub(super) fn midnight_ms(now_ms: i64) -> i64 {
    midnight_in(now_ms, TimeZone::system())
}

/// A moment that no calendar holds is its own beginning: then nothing has happened today.
fn midnight_in(now_ms: i64, zone: TimeZone) -> i64 {
    let now = Timestamp::from_millisecond(now_ms).ok();
    let midnight = now.and_then(|now| now.to_zoned(zone).start_of_day().ok());
    midnight.map_or(now_ms, |midnight| midnight.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_the_streamers_own_midnight() {
        // 2026-01-12 12:00 UTC.
        let noon_ms = 1_768_219_200_000;
        for (hours, minutes, expected_hours_ago, why) in [
            (0, 0, 12.0, "Greenwich"),
            (7, 0, 19.0, "Hanoi is ahead"),
            (-5, 0, 7.0, "New York is behind"),
            (5, 45, 17.75, "Kathmandu's midnight is the beginning of a quarter, too"),
        ] {
            let offset = jiff::tz::Offset::from_seconds(hours * 3_600 + minutes * 60).expect("an offset");
            let midnight_ms = midnight_in(noon_ms, TimeZone::fixed(offset));
            assert_eq!((noon_ms - midnight_ms) as f64 / 3_600_000.0, expected_hours_ago, "{why}");
            assert_eq!(midnight_ms % 900_000, 0, "{why}: what ended is counted in quarters of an hour");
        }
        assert_eq!(midnight_in(i64::MAX, TimeZone::UTC), i64::MAX, "a clock gone wild breaks nothing");
    }
}
