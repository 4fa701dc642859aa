//! Who we are to TikTok: a browser whose every statement fits the others, and its anonymous cookie.

use std::time::Duration;

use cuelight_core::handle::Handle;
use rand::Rng;
use reqwest::header::{ACCEPT_LANGUAGE, COOKIE, HeaderMap, HeaderValue, ORIGIN, REFERER, SET_COOKIE, USER_AGENT};

use super::bases::{TikTokBases, place_of};
use super::http::Http;
use crate::source::SourceError;

/// The site that a browser would name as the origin of its requests.
const SITE: &str = "https://www.tiktok.com";

/// Pages asked for the cookie: only some of the answers to strangers set it.
const COOKIE_TRIES: u32 = 8;

const BROWSERS: &[Engine] = &[
    Engine {
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        platform: "Linux x86_64",
        version: "5.0 (X11)",
    },
    Engine {
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
        platform: "Win32",
        version: "5.0 (Windows)",
    },
    Engine {
        user_agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
        platform: "MacIntel",
        version: "5.0 (Macintosh)",
    },
];

const SCREENS: &[(&str, &str)] = &[("1920", "1080"), ("2560", "1440"), ("1536", "864")];

/// A browser as it describes itself in headers and in addresses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Browser {
    engine: &'static Engine,
    screen: (&'static str, &'static str),
}

/// `navigator.userAgent`, `.platform` and `.appVersion` of one real browser.
#[derive(Debug)]
struct Engine {
    user_agent: &'static str,
    platform: &'static str,
    version: &'static str,
}

impl Browser {
    /// Picks one.
    pub(super) fn pick(random: &mut impl Rng) -> Self {
        let engine = &BROWSERS[random.random_range(0..BROWSERS.len())];
        Self { engine, screen: SCREENS[random.random_range(0..SCREENS.len())] }
    }

    /// The headers of every request.
    pub(super) fn headers(&self) -> HeaderMap {
        HeaderMap::from_iter([
            (USER_AGENT, HeaderValue::from_static(self.engine.user_agent)),
            (ACCEPT_LANGUAGE, HeaderValue::from_static("en-US,en;q=0.5")),
            (REFERER, HeaderValue::from_static("https://www.tiktok.com/")),
        ])
    }

    /// What the page's script would tell about itself in an address.
    pub(super) fn parameters(&self) -> [(&'static str, &'static str); 11] {
        [
            ("app_language", "en"),
            ("webcast_language", "en"),
            ("browser_language", "en-US"),
            ("browser_platform", self.engine.platform),
            ("browser_name", "Mozilla"),
            ("browser_version", self.engine.version),
            ("browser_online", "true"),
            ("cookie_enabled", "true"),
            ("tz_name", "America/New_York"),
            ("screen_width", self.screen.0),
            ("screen_height", self.screen.1),
        ]
    }
}

/// A browser with the cookie that TikTok gave it; thrown away together.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    /// The browser that asked for the cookie.
    pub(super) browser: Browser,
    cookie: HeaderValue,
}

impl Identity {
    /// Asks the home page and the streamer's profile in turn until one sets `ttwid`.
    ///
    /// # Errors
    /// [`SourceError::Blocked`] when none did; else what stopped the last question.
    pub(super) async fn obtain(
        http: &Http,
        bases: &TikTokBases,
        handle: &Handle,
        browser: Browser,
        wait: Duration,
    ) -> Result<Self, SourceError> {
        let home = bases.web(&[]);
        let profile = bases.web(&[&format!("@{handle}")]);
        let mut failure = None;
        for attempt in 0..COOKIE_TRIES {
            if attempt > 0 {
                tokio::time::sleep(wait).await;
            }
            let page = if attempt % 2 == 0 { &home } else { &profile };
            failure = match http.get_head(page.clone(), browser.headers()).await {
                Ok(answer) => match ttwid_in(answer.headers()) {
                    Some(cookie) => return Ok(Self { browser, cookie }),
                    None => {
                        let cause = format!("HTTP {} without the cookie ttwid", answer.status().as_u16());
                        Some(SourceError::Blocked { place: place_of(page), cause })
                    }
                },
                Err(error) => Some(error),
            };
        }
        Err(failure.expect("there was at least one try"))
    }

    /// The headers of the upgrade, the only request that shows the cookie.
    pub(super) fn headers(&self) -> HeaderMap {
        let mut headers = self.browser.headers();
        headers.insert(ORIGIN, HeaderValue::from_static(SITE));
        headers.insert(COOKIE, self.cookie.clone());
        headers
    }
}

/// The `ttwid` pair of an answer, as it goes into a `Cookie` header.
fn ttwid_in(headers: &HeaderMap) -> Option<HeaderValue> {
    let pair = headers.get_all(SET_COOKIE).iter().find_map(|cookie| {
        let pair = cookie.to_str().ok()?.split(';').next()?.trim();
        pair.strip_prefix("ttwid=").filter(|value| !value.is_empty()).map(|_| pair)
    })?;
    let mut cookie = HeaderValue::from_str(pair).ok()?;
    cookie.set_sensitive(true);
    Some(cookie)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_taken_without_its_attributes_and_never_empty() {
        for (cookies, expected) in [
            (&["ttwid=1%7Cab; Path=/; HttpOnly"][..], Some("ttwid=1%7Cab")),
            (&["tt_csrf_token=x; Path=/", "ttwid=2"][..], Some("ttwid=2")),
            (&["ttwid=; Max-Age=0"][..], None),
            (&["nottwid=3"][..], None),
            (&[][..], None),
        ] {
            let mut headers = HeaderMap::new();
            for cookie in cookies {
                headers.append(SET_COOKIE, HeaderValue::from_static(cookie));
            }
            let found = ttwid_in(&headers);
            assert_eq!(found.as_ref().map(|it| it.to_str().expect("text")), expected, "in {cookies:?}");
        }
    }

    #[test]
    fn every_browser_agrees_with_itself() {
        for engine in BROWSERS {
            let (_, system) = engine.version.split_once('(').expect("a system in brackets");
            let system = system.trim_end_matches(')');
            assert!(engine.user_agent.contains(&format!("({system}")), "{engine:?} must name one system throughout");
        }
    }
}
