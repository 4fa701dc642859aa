//! What a page is asked in its own language, whatever shows it, and how its answers are read.

use cuelight_core::clean::clean_to;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{PageCookie, PageIdentity};

/// Run before every script of a page: nobody watches, so nothing has to play.
pub const QUIET: &str =
    "addEventListener('play', event => { event.target.muted = true; event.target.pause(); }, true);";

/// What the browser tells scripts about itself, for [`identity_in`].
pub const WHO: &str = "JSON.stringify({ userAgent: navigator.userAgent, platform: navigator.platform, \
    version: navigator.appVersion, language: navigator.language, \
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, screen: [screen.width, screen.height] })";

/// Whether a captcha stands in place of the page (`tiktok-verify-page`) or over it (the others, where they are seen).
pub const CAPTCHA: &str = "[...document.querySelectorAll('#tiktok-verify-page, .captcha_verify_container, \
    .captcha-verify-container')].some(it => it.id === 'tiktok-verify-page' || it.getClientRects().length > 0)";

/// The largest frame of TikTok's that is read, in bytes, as over a socket of our own.
pub const FRAME_BYTES: usize = 8 * 1024 * 1024;

/// The first HTTP status that is an error.
pub const FIRST_ERROR: u16 = 400;

/// The most cookies that are taken of a page; TikTok sets about 20.
pub const COOKIES: usize = 100;

/// The longest value of a cookie, in bytes, which is what browsers take.
const COOKIE_BYTES: usize = 4_096;

/// What is kept of a text in which the browser describes itself, in characters.
const WORDS_CHARACTERS: usize = 300;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Who {
    user_agent: String,
    platform: String,
    version: String,
    language: String,
    time_zone: String,
    screen: (u32, u32),
}

/// The browser that answered [`WHO`] so, without cookies.
///
/// # Errors
/// It is no such answer.
pub fn identity_in(answer: &str) -> Result<PageIdentity, serde_json::Error> {
    let who: Who = serde_json::from_str(answer)?;
    let word = |text: &str| clean_to(text, WORDS_CHARACTERS).into_owned();
    Ok(PageIdentity {
        user_agent: word(&who.user_agent),
        platform: word(&who.platform),
        version: word(&who.version),
        language: word(&who.language),
        time_zone: word(&who.time_zone),
        screen: who.screen,
        cookies: Vec::new(),
    })
}

/// The cookie, if it can stand in a `Cookie` header as it is.
#[must_use]
pub fn cookie_of(name: String, value: String, domain: String) -> Option<PageCookie> {
    let value = Zeroizing::new(value);
    let is_header_text =
        |text: &str| text.len() <= COOKIE_BYTES && text.bytes().all(|it| it.is_ascii_graphic() && it != b';');
    (is_header_text(&name) && is_header_text(&value)).then_some(PageCookie { name, value, domain })
}
