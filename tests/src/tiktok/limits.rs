//! HTTP 429 in every form in which it names the wait, or does not.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::scenario::RateLimit;

/// The answer of that form; its dates are counted from now.
pub(super) fn too_many(form: RateLimit) -> Response {
    let wait = RateLimit::WAIT_S.to_string();
    let until = Timestamp::now() + SignedDuration::from_secs(RateLimit::WAIT_S);
    let until_s = until.as_second().to_string();
    let (headers, label) = match form {
        RateLimit::Everything => {
            let headers = vec![
                ("ratelimit-remaining", wait.clone()),
                ("ratelimit-reset", until_s.clone()),
                ("retry-after", wait),
                ("x-ratelimit-reset", until_s),
            ];
            (headers, Some("rate_limit_account_minute"))
        }
        RateLimit::Unsaid | RateLimit::CutBody => (Vec::new(), None),
        RateLimit::RetryAfterSeconds => (vec![("retry-after", wait)], None),
        RateLimit::RetryAfterDate => (vec![("retry-after", date(until))], None),
        RateLimit::Remaining => (vec![("ratelimit-remaining", wait)], None),
        RateLimit::Reset => (vec![("ratelimit-reset", until_s)], None),
        RateLimit::XReset => (vec![("x-ratelimit-reset", until_s)], None),
        RateLimit::Label(label) => (Vec::new(), Some(label)),
    };
    let mut body = json!({ "code": 429, "message": "too many connections were started, wait a little" });
    if let Some(label) = label {
        body["limit_label"] = label.into();
    }
    let mut body = body.to_string();
    if form == RateLimit::CutBody {
        body.truncate(body.len() / 2);
    }
    let mut response = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
    for (name, value) in headers {
        let value = value.parse().expect("numbers and dates are header values");
        response.headers_mut().insert(name, value);
    }
    response
}

/// As in `Sat, 21 Nov 2026 22:00:00 GMT`.
fn date(moment: Timestamp) -> String {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&moment).expect("HTTP can write every year near this one")
}
