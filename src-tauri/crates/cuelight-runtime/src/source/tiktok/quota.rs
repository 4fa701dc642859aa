//! How long a host wants to be left alone: every form in which servers say so, and what is waited where none does.

use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::Deserialize;

use crate::source::pace::AFTER_RATE_LIMIT;

/// The shortest wait, in milliseconds: a host that counts is not asked again in the same breath.
const LEAST_MS: i64 = 1_000;

/// The longest wait, in milliseconds; quotas are counted by the day at most.
const MOST_MS: i64 = 24 * 60 * 60 * 1_000;

/// What is above counts as a moment in Unix seconds, what is below as a number of seconds from now.
const FIRST_MOMENT_S: i64 = 1_000_000_000;

/// The body of a sign server's refusal; it may be cut or absent.
#[derive(Deserialize)]
struct Refused {
    limit_label: Option<String>,
}

/// When a host that answered HTTP 429 may be asked again, ms since 1970.
///
/// In this order: `Retry-After` (seconds or an HTTP date), `RateLimit-Remaining` (sign servers mean seconds to wait;
/// 0 is what others have left of a quota), `RateLimit-Reset` and `X-RateLimit-Reset` (Unix seconds, or seconds from now), `limit_label` of the JSON body
/// (`rate_limit_account_minute`, `…_hour`, `…_day`), else [`AFTER_RATE_LIMIT`].
pub(super) fn until_ms(headers: &HeaderMap, body: &[u8], now_ms: i64) -> i64 {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let seconds = |name: &str| text(name).and_then(|text| text.parse::<i64>().ok()).filter(|seconds| *seconds >= 0);
    let from_now_ms = |seconds: i64| now_ms.saturating_add(seconds.saturating_mul(1_000));
    let moment_ms = |seconds: i64| {
        if seconds >= FIRST_MOMENT_S { seconds.saturating_mul(1_000) } else { from_now_ms(seconds) }
    };
    let until_ms = seconds(RETRY_AFTER.as_str())
        .map(from_now_ms)
        .or_else(|| text(RETRY_AFTER.as_str()).and_then(date_ms))
        .or_else(|| seconds("ratelimit-remaining").filter(|seconds| *seconds > 0).map(from_now_ms))
        .or_else(|| seconds("ratelimit-reset").map(moment_ms))
        .or_else(|| seconds("x-ratelimit-reset").map(moment_ms))
        .or_else(|| label_seconds(body).map(from_now_ms))
        .unwrap_or_else(|| now_ms.saturating_add(i64::try_from(AFTER_RATE_LIMIT.as_millis()).unwrap_or(MOST_MS)));
    until_ms.clamp(now_ms.saturating_add(LEAST_MS), now_ms.saturating_add(MOST_MS))
}

fn date_ms(text: &str) -> Option<i64> {
    DateTimeParser::new().parse_timestamp(text).ok().map(|moment| moment.as_millisecond())
}

fn label_seconds(body: &[u8]) -> Option<i64> {
    let refused: Refused = serde_json::from_slice(body).ok()?;
    match refused.limit_label?.rsplit('_').next()? {
        "minute" => Some(60),
        "hour" => Some(60 * 60),
        "day" => Some(24 * 60 * 60),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    /// Sun, 22 Nov 2026 00:00:00 GMT.
    const NOW_MS: i64 = 1_795_305_600_000;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], body: &str, expected_s: i64) {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().expect("a name"), HeaderValue::from_static(value)));
        let until_ms = until_ms(&headers.collect(), body.as_bytes(), NOW_MS);
        assert_eq!((until_ms - NOW_MS) / 1_000, expected_s, "seconds to wait");
    }

    #[test]
    fn every_form_of_a_quota_is_understood_and_none_is_waited_for_too_short_or_too_long() {
        check(&[("retry-after", "42")], "", 42);
        check(&[("retry-after", "Sun, 22 Nov 2026 00:02:00 GMT")], "", 120);
        check(&[("ratelimit-remaining", "17")], "", 17);
        check(&[("ratelimit-remaining", "0"), ("ratelimit-reset", "33")], "", 33);
        check(&[("ratelimit-remaining", "0")], "", 90);
        check(&[("ratelimit-reset", "1795305633")], "", 33);
        check(&[("ratelimit-reset", "33")], "", 33);
        check(&[("x-ratelimit-reset", "1795305699")], "", 99);
        check(&[("retry-after", "5"), ("ratelimit-remaining", "50")], "", 5);
        check(&[("retry-after", "soon"), ("ratelimit-remaining", "50")], "", 50);
        check(&[], r#"{"code":429,"limit_label":"rate_limit_account_minute"}"#, 60);
        check(&[], r#"{"limit_label":"rate_limit_account_hour"}"#, 3_600);
        check(&[], r#"{"limit_label":"rate_limit_account_day"}"#, 86_400);
        check(&[], r#"{"limit_label":"rate_limit_acc"#, 90);
        check(&[], "", 90);
        check(&[("retry-after", "0")], "", 1);
        check(&[("ratelimit-reset", "1700000000")], "", 1);
        check(&[("retry-after", "99999999999999")], "", 86_400);
        check(&[("retry-after", "-5")], "", 90);
    }
}
