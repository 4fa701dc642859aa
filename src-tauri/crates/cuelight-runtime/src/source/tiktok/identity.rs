//! Who we are to TikTok: a browser whose every statement fits the others, and its anonymous cookie.

use cuelight_core::attempt::AttemptStep;
use rand::Rng;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT_LANGUAGE, COOKIE, HeaderMap, HeaderValue, ORIGIN, REFERER, SET_COOKIE, USER_AGENT};
use tokio::time::{Instant, sleep};

use super::bases::place_of;
use super::quota;
use super::way_in::Errand;
use crate::source::SourceError;
use crate::source::page::PageIdentity;

/// The site that a browser would name as the origin of its requests.
const SITE: &str = "https://www.tiktok.com";

/// Pages asked for the cookie: only some of the answers to strangers set it.
const COOKIE_TRIES: usize = 8;

/// The header of a page that tells TikTok's verdict on the connection itself.
const SYSTEM_ERROR: &str = "x-tt-system-error";

/// Its value where the way in which we speak TLS is not a browser's.
const TLS_CHALLENGE: &str = "3";

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

const SCREENS: &[(u32, u32)] = &[(1920, 1080), (2560, 1440), (1536, 864)];

/// A browser as it describes itself in headers and in addresses.
#[derive(Debug, Clone)]
pub(super) struct Browser {
    user_agent: HeaderValue,
    platform: String,
    version: String,
    language: String,
    time_zone: String,
    screen: (u32, u32),
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
        Self {
            user_agent: HeaderValue::from_static(engine.user_agent),
            platform: engine.platform.to_owned(),
            version: engine.version.to_owned(),
            language: "en-US".to_owned(),
            time_zone: "America/New_York".to_owned(),
            screen: SCREENS[random.random_range(0..SCREENS.len())],
        }
    }

    /// The same set to another language, `es` or the like: TikTok then names things in it.
    pub(super) fn speaking(self, language: &str) -> Self {
        Self { language: language.to_owned(), ..self }
    }

    /// The browser that a page runs in; `None` where what it says cannot stand in a header.
    fn of_page(page: &PageIdentity) -> Option<Self> {
        Some(Self {
            user_agent: HeaderValue::from_str(&page.user_agent).ok()?,
            platform: page.platform.clone(),
            version: page.version.clone(),
            language: page.language.clone(),
            time_zone: page.time_zone.clone(),
            screen: page.screen,
        })
    }

    /// `navigator.userAgent`.
    pub(super) fn user_agent(&self) -> &str {
        self.user_agent.to_str().unwrap_or_default()
    }

    /// The headers of every request.
    pub(super) fn headers(&self) -> HeaderMap {
        let (language, primary) = (&self.language, self.primary_language());
        let languages = if language == primary { language.clone() } else { format!("{language},{primary};q=0.5") };
        let mut headers = HeaderMap::from_iter([
            (USER_AGENT, self.user_agent.clone()),
            (REFERER, HeaderValue::from_static("https://www.tiktok.com/")),
        ]);
        if let Ok(languages) = HeaderValue::from_str(&languages) {
            headers.insert(ACCEPT_LANGUAGE, languages);
        }
        headers
    }

    /// What the page's script would tell about itself in an address.
    pub(super) fn parameters(&self) -> [(&'static str, String); 11] {
        let primary = self.primary_language().to_owned();
        [
            ("app_language", primary.clone()),
            ("webcast_language", primary),
            ("browser_language", self.language.clone()),
            ("browser_platform", self.platform.clone()),
            ("browser_name", "Mozilla".to_owned()),
            ("browser_version", self.version.clone()),
            ("browser_online", "true".to_owned()),
            ("cookie_enabled", "true".to_owned()),
            ("tz_name", self.time_zone.clone()),
            ("screen_width", self.screen.0.to_string()),
            ("screen_height", self.screen.1.to_string()),
        ]
    }

    /// `en` of `en-US`.
    fn primary_language(&self) -> &str {
        self.language.split('-').next().unwrap_or_default()
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
    /// Asks the home page, the streamer's profile and the page of all lives in turn until one sets `ttwid`. Once the
    /// errand's patience is over, no further page is asked.
    ///
    /// # Errors
    /// [`SourceError::Blocked`] when none did, [`SourceError::RateLimited`] as soon as TikTok wants to be left alone; else
    /// what stopped the last question.
    pub(super) async fn obtain(errand: &Errand<'_>, browser: Browser) -> Result<Self, SourceError> {
        let bases = errand.bases;
        let pages = [bases.web(&[]), bases.web(&[&format!("@{}", errand.handle)]), bases.web(&["live"])];
        let mut failure = None;
        for (tries, page) in pages.iter().cycle().take(COOKIE_TRIES).enumerate() {
            if tries > 0 {
                sleep(errand.pace.cookie_wait).await;
                if errand.patience.is_over() {
                    break;
                }
            }
            let (place, began) = (place_of(page), Instant::now());
            let answer = errand.http.get_head(page.clone(), browser.headers()).await;
            let cookie = answer.and_then(|answer| {
                ttwid_in(answer.headers()).ok_or_else(|| {
                    let cause = without_ttwid(answer.status().as_u16(), answer.headers());
                    if answer.status() == StatusCode::TOO_MANY_REQUESTS {
                        let until_ms = quota::until_ms(answer.headers(), b"", errand.clock.now_ms());
                        return SourceError::RateLimited { place: place.clone(), cause, until_ms };
                    }
                    errand.blocked(place.clone(), cause)
                })
            });
            errand.story.tell(AttemptStep::Cookie, &place, began, cookie.as_ref().err());
            failure = match cookie {
                Ok(cookie) => return Ok(Self { browser, cookie }),
                // Each further question would make it longer.
                Err(error @ SourceError::RateLimited { .. }) => return Err(error),
                Err(error) => Some(error),
            };
        }
        Err(failure.expect("there was at least one try"))
    }

    /// The identity of a browser that TikTok has given the cookie; `None` where it has none.
    pub(super) fn of_page(page: &PageIdentity) -> Option<Self> {
        let ttwid = page.cookies.iter().find(|cookie| cookie.name == "ttwid" && !cookie.value.is_empty())?;
        Some(Self { browser: Browser::of_page(page)?, cookie: shown(&format!("ttwid={}", ttwid.value.as_str()))? })
    }

    /// The headers of the upgrade, the only request that shows the cookie.
    pub(super) fn headers(&self) -> HeaderMap {
        upgrade_headers(&self.browser, self.cookie.clone())
    }
}

/// How long something is tried while there is something else to try.
#[derive(Debug, Clone, Copy)]
pub(super) enum Patience {
    /// There is nothing else.
    Endless,
    /// Until then.
    Until(Instant),
}

impl Patience {
    fn is_over(self) -> bool {
        match self {
            Self::Endless => false,
            Self::Until(end) => Instant::now() >= end,
        }
    }
}

/// The headers with which that browser asks for the upgrade, with these cookies.
pub(super) fn upgrade_headers(browser: &Browser, cookies: HeaderValue) -> HeaderMap {
    let mut headers = browser.headers();
    headers.insert(ORIGIN, HeaderValue::from_static(SITE));
    headers.insert(COOKIE, cookies);
    headers
}

/// Cookies as they go into a header that is never printed.
pub(super) fn shown(cookies: &str) -> Option<HeaderValue> {
    let mut cookies = HeaderValue::from_str(cookies).ok()?;
    cookies.set_sensitive(true);
    Some(cookies)
}

/// The `ttwid` pair of an answer, as it goes into a `Cookie` header.
fn ttwid_in(headers: &HeaderMap) -> Option<HeaderValue> {
    let pair = headers.get_all(SET_COOKIE).iter().find_map(|cookie| {
        let pair = cookie.to_str().ok()?.split(';').next()?.trim();
        pair.strip_prefix("ttwid=").filter(|value| !value.is_empty()).map(|_| pair)
    })?;
    shown(pair)
}

/// Why a page without the cookie may have none.
fn without_ttwid(http_status: u16, headers: &HeaderMap) -> String {
    let is_challenge = headers.get(SYSTEM_ERROR).is_some_and(|value| value == TLS_CHALLENGE);
    let why = if is_challenge { ", since TikTok takes our TLS for a machine's" } else { "" };
    format!("HTTP {http_status} without the cookie ttwid{why}")
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;
    use crate::source::page::PageCookie;

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

    #[test]
    fn a_page_without_the_cookie_says_where_tiktok_distrusts_the_connection_itself() {
        let challenge =
            HeaderMap::from_iter([(SYSTEM_ERROR.parse().expect("a name"), HeaderValue::from_static(TLS_CHALLENGE))]);
        let cause = without_ttwid(200, &challenge);
        assert!(cause.contains("TLS"), "a browser's cookie mends it, which {cause} must tell");
        assert_eq!(without_ttwid(403, &HeaderMap::new()), "HTTP 403 without the cookie ttwid", "nothing is guessed");
    }

    #[test]
    fn the_identity_of_a_page_is_that_of_its_browser_throughout() {
        let cookie = |name: &str, value: &str| PageCookie {
            name: name.to_owned(),
            value: Zeroizing::new(value.to_owned()),
            domain: ".tiktok.com".to_owned(),
        };
        let mut page = PageIdentity {
            user_agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0".to_owned(),
            platform: "Linux x86_64".to_owned(),
            version: "5.0 (X11; Linux x86_64) Chrome/156.0.0.0".to_owned(),
            language: "es-ES".to_owned(),
            time_zone: "Europe/Madrid".to_owned(),
            screen: (1920, 1080),
            cookies: vec![cookie("sessionid", "0123"), cookie("ttwid", "1%7Cab")],
        };
        let identity = Identity::of_page(&page).expect("it has the cookie");
        let headers = identity.headers();
        assert_eq!(headers[COOKIE], "ttwid=1%7Cab", "a session never goes to an unsigned address");
        assert_eq!(headers[USER_AGENT], page.user_agent, "the browser that was given the cookie");
        assert_eq!(headers[ACCEPT_LANGUAGE], "es-ES,es;q=0.5", "in its language");
        let parameters = identity.browser.parameters();
        assert!(parameters.contains(&("tz_name", "Europe/Madrid".to_owned())), "where it is: {parameters:?}");
        assert!(parameters.contains(&("webcast_language", "es".to_owned())), "in its language: {parameters:?}");
        page.cookies.pop();
        assert!(Identity::of_page(&page).is_none(), "without the cookie nobody is let in");
    }
}
