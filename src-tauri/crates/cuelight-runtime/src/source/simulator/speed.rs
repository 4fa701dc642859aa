//! How fast simulated time passes.

use std::str::FromStr;
use std::time::Duration;

use tokio::time::Instant;

/// How many simulated seconds pass in a real one; as fast as possible where there is no limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Speed(Option<f64>);

/// A speed that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no speed; give a number above 0, such as 2 or 0.5, or max")]
pub struct NotASpeed(String);

impl Speed {
    /// A simulated second takes a second.
    pub const REAL_TIME: Self = Self(Some(1.0));

    /// As fast as the receiving end takes it.
    pub const MAX: Self = Self(None);

    /// So many simulated seconds in a real one.
    ///
    /// # Errors
    /// A number that would stop time or turn it back.
    pub fn times(factor: f64) -> Result<Self, NotASpeed> {
        if factor.is_finite() && factor > 0.0 { Ok(Self(Some(factor))) } else { Err(NotASpeed(factor.to_string())) }
    }

    /// Waits until it is `simulated_ms` after `start`; at [`Speed::MAX`] only lets others have a turn now and then.
    pub(crate) async fn reach(self, simulated_ms: i64, start: Instant) {
        let Some(factor) = self.0 else { return tokio::task::consume_budget().await };
        let real_ms = simulated_ms.max(0) as f64 / factor;
        // What lies beyond the range of time is never reached.
        match Duration::try_from_secs_f64(real_ms / 1000.0).ok().and_then(|wait| start.checked_add(wait)) {
            Some(then) => tokio::time::sleep_until(then).await,
            None => std::future::pending().await,
        }
    }
}

impl FromStr for Speed {
    type Err = NotASpeed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "max" {
            return Ok(Self::MAX);
        }
        match text.parse::<f64>() {
            Ok(factor) => Self::times(factor).map_err(|_| NotASpeed(text.to_owned())),
            Err(_) => Err(NotASpeed(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_a_number_above_0_or_max() {
        assert_eq!("max".parse(), Ok(Speed::MAX), "the word for no waiting");
        assert_eq!("1".parse(), Ok(Speed::REAL_TIME), "a plain number");
        for text in ["0", "-1", "nan", "inf", "fast", ""] {
            assert!(text.parse::<Speed>().is_err(), "{text:?} would stop time or turn it back");
        }
    }
}
