//! What a key for the sign server is still good for: `GET /accounts/me/rate_limits?type=WEBCAST` of that server.

use cuelight_core::clean::clean_to;
use reqwest::header::HeaderMap;
use serde::Deserialize;

use super::answer::TIKTOK_WORDS_CHARACTERS;
use super::bases::{TikTokBases, place_of};
use super::http::Http;
use super::means::SignKey;
use crate::source::SourceError;
use crate::source::pace::Pace;

/// How many connections a key may still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Allowance {
    /// Within this minute.
    pub minute: Option<Left>,
    /// Within this hour.
    pub hour: Option<Left>,
    /// Within this day.
    pub day: Option<Left>,
}

/// What is left of one of its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Left {
    /// Connections in all.
    pub max: u64,
    /// Connections that are left.
    pub remaining: u64,
}

/// Asks the sign server about that key. That costs none of its connections.
///
/// # Errors
/// [`SourceError::Denied`] where the server does not take the key (HTTP 401 or 403), [`SourceError::Unreachable`] where it
/// does not say.
pub async fn allowance_of(key: &SignKey, bases: &TikTokBases) -> Result<Allowance, SourceError> {
    of_key(key, &Http::new(&Pace::default()), bases).await
}

/// The same, by that client.
pub(super) async fn of_key(key: &SignKey, http: &Http, bases: &TikTokBases) -> Result<Allowance, SourceError> {
    let mut url = bases.sign(&["accounts", "me", "rate_limits"]);
    url.query_pairs_mut().append_pair("type", "WEBCAST");
    let place = place_of(&url);
    let denied = |cause: String| SourceError::Denied { place: place.clone(), cause };
    let unsaid = |cause: String| SourceError::Unreachable { place: place.clone(), cause };
    let shown = key.header().ok_or_else(|| denied("the key has letters in it that no key has".to_owned()))?;
    let answer = http.get(url, HeaderMap::from_iter([shown])).await?;
    match answer.status {
        200 => {}
        401 | 403 => return Err(denied(format!("HTTP {}", answer.status))),
        status => return Err(unsaid(format!("HTTP {status}"))),
    }
    serde_json::from_slice(&answer.body)
        .map_err(|error| unsaid(clean_to(&error.to_string(), TIKTOK_WORDS_CHARACTERS).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_a_server_does_not_tell_are_left_out() {
        let told = r#"{"code":200,"day":{"max":2500,"remaining":2498,"reset_at":"2026-11-22T00:00:00Z"}}"#;
        let allowance: Allowance = serde_json::from_str(told).expect("it is enough");
        let day = Some(Left { max: 2_500, remaining: 2_498 });
        assert_eq!(allowance, Allowance { minute: None, hour: None, day }, "the others are not known");
    }
}
