//! What a page is asked: who its browser is, which cookies it has, whether it shows a captcha.

use reqwest::Url;
use serde::Deserialize;
use serde_json::json;

use super::devtools::DevToolsFault;
use super::page::Page;
use crate::source::page::script::{CAPTCHA, COOKIES, WHO, cookie_of, identity_in};
use crate::source::page::{PageCookie, PageIdentity};

#[derive(Deserialize)]
struct Evaluated<T> {
    result: Remote<T>,
}

#[derive(Deserialize)]
struct Remote<T> {
    value: T,
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
        identity_in(&answer.result.value)
            .map_err(|error| DevToolsFault::Refused { method: METHOD, words: format!("its answer: {error}") })
    }

    /// The cookies that it would show that address.
    pub(super) async fn cookies(&mut self, url: &Url) -> Result<Vec<PageCookie>, DevToolsFault> {
        let question = json!({ "urls": [url.as_str()] });
        let answer: Cookies = self.line.call(Some(&self.session), "Network.getCookies", question).await?;
        let cookies = answer.cookies.into_iter().filter_map(|it| cookie_of(it.name, it.value, it.domain));
        Ok(cookies.take(COOKIES).collect())
    }

    /// Looks whether it shows a captcha; [`Page::captcha`] tells it as soon as it answers.
    pub(super) async fn look(&mut self) -> Result<(), DevToolsFault> {
        let question = json!({ "expression": CAPTCHA, "returnByValue": true });
        self.line.ask(&self.session, "Runtime.evaluate", question).await
    }
}

/// Whether a page that answered this shows a captcha; one that is just being replaced shows nothing.
pub(super) fn is_captcha(outcome: &Result<String, String>) -> bool {
    let answer = outcome.as_ref().ok().and_then(|answer| serde_json::from_str::<Evaluated<bool>>(answer).ok());
    answer.is_some_and(|answer| answer.result.value)
}
