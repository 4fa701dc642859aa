//! A moment in UTC as events carry it: ISO 8601, six decimals, no offset.

use std::fmt;

use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::typescript::plain_in_typescript;

/// Microseconds since 1970-01-01T00:00:00 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment that many milliseconds after 1970, kept within 1970 and the last day but one of the year 9999.
    #[must_use]
    pub fn from_ms(ms: i64) -> Self {
        /// 9999-12-30T22:00:00, the last moment that has a four-digit year in every time zone; jiff ends there.
        const LAST_MS: i64 = 253_402_207_200_000;
        Self(ms.clamp(0, LAST_MS) * 1000)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn as_ms(self) -> i64 {
        self.0 / 1000
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
        let moment = jiff::Timestamp::from_microsecond(self.0).map_err(|_| fmt::Error)?;
        let civil = TimeZone::UTC.to_datetime(moment);
        PRINTER.print_datetime(&civil, jiff::fmt::StdFmtWrite(f)).map_err(|_| fmt::Error)
    }
}

impl std::str::FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let civil: DateTime = text.trim_end_matches('Z').parse()?;
        Ok(Self(civil.to_zoned(TimeZone::UTC)?.timestamp().as_microsecond()))
    }
}

plain_in_typescript!(Timestamp, "string");

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_with_six_decimals_and_no_offset() {
        let moment = Timestamp::from_ms(1_768_210_200_123);
        assert_eq!(moment.to_string(), "2026-01-12T09:30:00.123000", "the form is a contract");
        assert_eq!(moment.to_string().parse::<Timestamp>().expect("own form"), moment, "and reads back");
    }

    #[test]
    fn a_moment_out_of_range_is_moved_to_the_nearest_one_that_can_be_written() {
        for ms in [i64::MIN, -1, i64::MAX] {
            let text = Timestamp::from_ms(ms).to_string();
            assert_eq!(text.len(), 26, "{ms} must still give a readable moment, not {text}");
        }
    }
}
