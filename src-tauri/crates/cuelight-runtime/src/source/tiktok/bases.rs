//! Where TikTok is: the real hosts, or what a test or a proxy puts in their place.

use reqwest::Url;

/// The first part of every address we ask; the real paths are appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TikTokBases {
    web: Url,
    webcast: Url,
    websocket: Url,
}

impl TikTokBases {
    /// The environment variable for the web pages and their JSON.
    pub const WEB_VARIABLE: &'static str = "CUELIGHT_TIKTOK_WEB";
    /// The environment variable for the webcast HTTP interface.
    pub const WEBCAST_VARIABLE: &'static str = "CUELIGHT_TIKTOK_WEBCAST";
    /// The environment variable for the WebSocket.
    pub const WS_VARIABLE: &'static str = "CUELIGHT_TIKTOK_WS";

    /// The real hosts, or what the environment puts in their place.
    ///
    /// # Errors
    /// What the environment holds is no address; the error names the variable.
    pub fn of_environment() -> Result<Self, BaseError> {
        let [web, webcast, websocket] =
            [Self::WEB_VARIABLE, Self::WEBCAST_VARIABLE, Self::WS_VARIABLE].map(|name| std::env::var(name).ok());
        Self::new(web.as_deref(), webcast.as_deref(), websocket.as_deref())
    }

    /// Takes each base from its text, `scheme://host[:port]`, or the real host where there is none.
    ///
    /// # Errors
    /// A text is no such address; the error names the variable.
    pub fn new(web: Option<&str>, webcast: Option<&str>, websocket: Option<&str>) -> Result<Self, BaseError> {
        Ok(Self {
            web: base(Self::WEB_VARIABLE, web.unwrap_or("https://www.tiktok.com"), &["https", "http"])?,
            webcast: base(Self::WEBCAST_VARIABLE, webcast.unwrap_or("https://webcast.tiktok.com"), &["https", "http"])?,
            websocket: base(Self::WS_VARIABLE, websocket.unwrap_or("wss://webcast-ws.tiktok.com"), &["wss", "ws"])?,
        })
    }

    /// Host and port of the web pages, for a check of the network.
    #[must_use]
    pub fn web_host_and_port(&self) -> (String, u16) {
        let host = self.web.host_str().expect("a base has a host");
        // An address resolver takes IPv6 addresses without their brackets.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        (host, self.web.port_or_known_default().expect("HTTP has a port"))
    }

    /// An address on the web host; each segment is escaped.
    pub(super) fn web(&self, segments: &[&str]) -> Url {
        below(&self.web, segments)
    }

    /// An address on the webcast host.
    pub(super) fn webcast(&self, segments: &[&str]) -> Url {
        below(&self.webcast, segments)
    }

    /// An address on the WebSocket host, as the HTTP address that is asked to upgrade.
    pub(super) fn websocket(&self, segments: &[&str]) -> Url {
        let mut url = below(&self.websocket, segments);
        let scheme = if url.scheme() == "wss" { "https" } else { "http" };
        url.set_scheme(scheme).expect("WebSocket and HTTP schemes may replace each other");
        url
    }

    /// The WebSocket's host, for people.
    pub(super) fn websocket_place(&self) -> String {
        place_of(&self.websocket)
    }
}

/// Host and port, for people.
pub(super) fn place_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// A base that is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is `{text}`, which is no address such as {example}: {cause}")]
pub struct BaseError {
    /// The environment variable.
    pub variable: &'static str,
    /// What it holds.
    pub text: String,
    /// What it could be.
    pub example: String,
    /// What is wrong with it.
    pub cause: String,
}

fn base(variable: &'static str, text: &str, schemes: &[&str]) -> Result<Url, BaseError> {
    let wrong = |cause: String| {
        let example = format!("{}://127.0.0.1:8080", schemes.last().copied().unwrap_or_default());
        BaseError { variable, text: text.to_owned(), example, cause }
    };
    let url = Url::parse(text.trim()).map_err(|error| wrong(error.to_string()))?;
    if !schemes.contains(&url.scheme()) {
        return Err(wrong(format!("it must begin with {}://", schemes.join(":// or "))));
    }
    if !url.has_host() {
        return Err(wrong("it has no host".to_owned()));
    }
    Ok(url)
}

fn below(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.path_segments_mut().expect("http and ws addresses have a path").pop_if_empty().extend(segments);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_hosts_are_the_default() {
        let bases = TikTokBases::new(None, None, None).expect("the real hosts are addresses");
        assert_eq!(bases.web(&["@luna", "live"]).as_str(), "https://www.tiktok.com/@luna/live", "the live page");
        assert_eq!(bases.webcast(&["webcast", "room"]).as_str(), "https://webcast.tiktok.com/webcast/room", "webcast");
        assert_eq!(bases.websocket(&["im", ""]).as_str(), "https://webcast-ws.tiktok.com/im/", "asked over HTTP");
    }

    #[test]
    fn a_base_of_ones_own_gets_the_real_paths() {
        let (web, websocket) = (Some("http://127.0.0.1:4000/"), Some("ws://127.0.0.1:4001"));
        let bases = TikTokBases::new(web, web, websocket).expect("addresses");
        assert_eq!(bases.web(&[]).as_str(), "http://127.0.0.1:4000/", "the home page");
        assert_eq!(bases.web(&["@a b?"]).as_str(), "http://127.0.0.1:4000/@a%20b%3F", "nothing leaves its segment");
        assert_eq!(
            bases.websocket(&["im"]).as_str(),
            "http://127.0.0.1:4001/im",
            "without TLS where the base has none"
        );
    }

    #[test]
    fn a_wrong_base_is_named_with_its_variable() {
        for (web, websocket, variable) in [
            (Some("127.0.0.1:4000"), None, "CUELIGHT_TIKTOK_WEB"),
            (Some("ftp://tiktok.example"), None, "CUELIGHT_TIKTOK_WEB"),
            (None, Some("http://127.0.0.1:4000"), "CUELIGHT_TIKTOK_WS"),
        ] {
            let error = TikTokBases::new(web, None, websocket).expect_err("no base");
            assert_eq!(error.variable, variable, "{error}");
        }
    }
}
