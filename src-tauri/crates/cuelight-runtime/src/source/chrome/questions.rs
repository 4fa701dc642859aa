//! What a page is asked: who its browser is, which cookies it has, whether it shows a captcha.

use cuelight_core::clean::clean_to;
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;

use super::devtools::DevToolsFault;
use super::page::Page;
use crate::source::page::{PageCookie, PageIdentity};

/// What is kept of a text in which the browser describes itself, in characters.
const WORDS_CHARACTERS: usize = 300;

/// The most cookies that are taken of a page; TikTok sets about 20.
const COOKIES: usize = 100;

/// The longest value of a cookie, in bytes, which is what browsers take.
const COOKIE_BYTES: usize = 4_096;

/// What the browser tells scripts about itself.
const WHO: &str = "JSON.stringify({ userAgent: navigator.userAgent, platform: navigator.platform, \
    version: navigator.appVersion, language: navigator.language, \
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, screen: [screen.width, screen.height] })";

/// Whether a captcha stands in place of the page (`tiktok-verify-page`) or over it (the others, where they are seen).
const CAPTCHA: &str = "[...document.querySelectorAll('#tiktok-verify-page, .captcha_verify_container, \
    .captcha-verify-container')].some(it => it.id === 'tiktok-verify-page' || it.getClientRects().length > 0)";

#[derive(Deserialize)]
struct Evaluated<T> {
    result: Remote<T>,
}

#[derive(Deserialize)]
struct Remote<T> {
    value: T,
}

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

#[derive(Deserialize)]
struct Cookies {
    cookies: Vec<Cookie>,
}

#[derive(Deserialize)]
struct Cookie {
    name: String,
    value: String,
    domain: String,
}

impl Page {
    /// The browser as it describes itself, without cookies. Asked of an empty page, no script can lie about it.
    pub(super) async fn who(&mut self) -> Result<PageIdentity, DevToolsFault> {
        const METHOD: &str = "Runtime.evaluate";
        let question = json!({ "expression": WHO, "returnByValue": true });
        let answer: Evaluated<String> = self.line.call(Some(&self.session), METHOD, question).await?;
        let who: Who = serde_json::from_str(&answer.result.value)
            .map_err(|error| DevToolsFault::Refused { method: METHOD, words: format!("its answer: {error}") })?;
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

    /// The cookies that it would show that address.
    pub(super) async fn cookies(&mut self, url: &Url) -> Result<Vec<PageCookie>, DevToolsFault> {
        let question = json!({ "urls": [url.as_str()] });
        let answer: Cookies = self.line.call(Some(&self.session), "Network.getCookies", question).await?;
        let cookies = answer.cookies.into_iter().filter(|it| is_header_text(&it.name) && is_header_text(&it.value));
        let cookies =
            cookies.map(|it| PageCookie { name: it.name, value: it.value.into(), domain: it.domain }).take(COOKIES);
        Ok(cookies.collect())
    }

    /// Whether it shows a captcha; a page that is just being replaced shows nothing.
    pub(super) async fn shows_captcha(&mut self) -> Result<bool, DevToolsFault> {
        let question = json!({ "expression": CAPTCHA, "returnByValue": true });
        match self.line.call::<Evaluated<bool>>(Some(&self.session), "Runtime.evaluate", question).await {
            Ok(answer) => Ok(answer.result.value),
            Err(DevToolsFault::Refused { .. }) => Ok(false),
            Err(fault) => Err(fault),
        }
    }
}

/// Whether it can stand in a `Cookie` header as it is.
fn is_header_text(text: &str) -> bool {
    text.len() <= COOKIE_BYTES && text.bytes().all(|it| it.is_ascii_graphic() && it != b';')
}
