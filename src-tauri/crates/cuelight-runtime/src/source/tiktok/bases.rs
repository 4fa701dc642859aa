//! Where TikTok is: the real hosts, or what a test or a proxy puts in their place.

use cuelight_core::handle::Handle;
use reqwest::Url;

use crate::source::page::SocketHosts;

/// The hosts of the WebSocket, each of which serves every room; some networks let only one of them through.
const WEBSOCKETS: &str = "wss://webcast-ws.tiktok.com,wss://webcast-ws.eu.tiktok.com,wss://webcast-ws.us.tiktok.com";

/// The domain of all its hosts.
const TIKTOK: &str = ".tiktok.com";

/// The sign server that streamers have keys for.
const SIGN: &str = "https://api.eulerstream.com";

/// The first part of every address we ask; the real paths are appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TikTokBases {
    web: Url,
    webcast: Url,
    /// At least one.
    websockets: Vec<Url>,
    sign: Url,
}

impl TikTokBases {
    /// The environment variable for the web pages and their JSON.
    pub const WEB_VARIABLE: &'static str = "CUELIGHT_TIKTOK_WEB";
    /// The environment variable for the webcast HTTP interface.
    pub const WEBCAST_VARIABLE: &'static str = "CUELIGHT_TIKTOK_WEBCAST";
    /// The environment variable for the WebSocket: one address, or several with commas between them, in their order.
    pub const WS_VARIABLE: &'static str = "CUELIGHT_TIKTOK_WS";
    /// The environment variable for the sign server.
    pub const SIGN_VARIABLE: &'static str = "CUELIGHT_SIGN";

    /// The real hosts, or what the environment puts in their place.
    ///
    /// # Errors
    /// What the environment holds is no address; the error names the variable.
    pub fn of_environment() -> Result<Self, BaseError> {
        let [web, webcast, websocket] =
            [Self::WEB_VARIABLE, Self::WEBCAST_VARIABLE, Self::WS_VARIABLE].map(|name| std::env::var(name).ok());
        let bases = Self::new(web.as_deref(), webcast.as_deref(), websocket.as_deref())?;
        match std::env::var(Self::SIGN_VARIABLE) {
            Ok(sign) => bases.with_sign(&sign),
            Err(_) => Ok(bases),
        }
    }

    /// Takes each base from its text, `scheme://host[:port]`, or the real host where there is none.
    ///
    /// # Errors
    /// A text is no such address; the error names the variable.
    pub fn new(web: Option<&str>, webcast: Option<&str>, websocket: Option<&str>) -> Result<Self, BaseError> {
        Ok(Self {
            web: base(Self::WEB_VARIABLE, web.unwrap_or("https://www.tiktok.com"), &["https", "http"])?,
            webcast: base(Self::WEBCAST_VARIABLE, webcast.unwrap_or("https://webcast.tiktok.com"), &["https", "http"])?,
            websockets: websocket
                .unwrap_or(WEBSOCKETS)
                .split(',')
                .map(|text| base(Self::WS_VARIABLE, text, &["wss", "ws"]))
                .collect::<Result<_, _>>()?,
            sign: base(Self::SIGN_VARIABLE, SIGN, &["https", "http"])?,
        })
    }

    /// Puts another sign server in the place of the real one.
    ///
    /// # Errors
    /// The text is no address.
    pub fn with_sign(mut self, text: &str) -> Result<Self, BaseError> {
        self.sign = base(Self::SIGN_VARIABLE, text, &["https", "http"])?;
        Ok(self)
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

    /// An address on the sign server.
    pub(super) fn sign(&self, segments: &[&str]) -> Url {
        below(&self.sign, segments)
    }

    /// The addresses on the hosts of the WebSocket, in the order in which they are tried, as the HTTP addresses that are
    /// asked to upgrade.
    pub(super) fn websockets(&self, segments: &[&str]) -> Vec<Url> {
        self.websockets.iter().map(|base| as_http(below(base, segments))).collect()
    }

    /// The address of the page of that live.
    #[must_use]
    pub fn live_page(&self, handle: &Handle) -> Url {
        self.web(&[&format!("@{handle}"), "live"])
    }

    /// The address of the page on which people log in.
    #[must_use]
    pub fn login_page(&self) -> Url {
        self.web(&["login"])
    }

    /// The domain of the cookies of an account: all of TikTok's hosts, or the one host that stands in their place.
    #[must_use]
    pub fn cookie_domain(&self) -> &str {
        match self.web.host_str() {
            Some(host) if host != "tiktok.com" && !host.ends_with(TIKTOK) => host,
            Some(_) | None => TIKTOK,
        }
    }

    /// The hosts whose sockets are TikTok's, these bases among them.
    #[must_use]
    pub fn socket_hosts(&self) -> SocketHosts {
        let place = |url: &Url| {
            let port = url.port_or_known_default().unwrap_or_default();
            format!("{}:{port}", url.host_str().unwrap_or_default())
        };
        SocketHosts::with(self.websockets.iter().map(place).collect())
    }
}

/// The HTTP address that is asked to upgrade to that WebSocket.
pub(super) fn as_http(mut url: Url) -> Url {
    let scheme = if url.scheme() == "wss" { "https" } else { "http" };
    url.set_scheme(scheme).expect("WebSocket and HTTP schemes may replace each other");
    url
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
        let asked: Vec<String> = bases.websockets(&["im", ""]).iter().map(Url::to_string).collect();
        let expected = ["", ".eu", ".us"].map(|region| format!("https://webcast-ws{region}.tiktok.com/im/"));
        assert_eq!(asked, expected, "asked over HTTP, one host after the other");
        assert_eq!(bases.sign(&["webcast"]).as_str(), "https://api.eulerstream.com/webcast", "the sign server");
    }

    #[test]
    fn a_base_of_ones_own_gets_the_real_paths() {
        let (web, websocket) = (Some("http://127.0.0.1:4000/"), Some("ws://127.0.0.1:4001, ws://127.0.0.1:4002"));
        let bases = TikTokBases::new(web, web, websocket).expect("addresses");
        assert_eq!(bases.web(&[]).as_str(), "http://127.0.0.1:4000/", "the home page");
        assert_eq!(bases.web(&["@a b?"]).as_str(), "http://127.0.0.1:4000/@a%20b%3F", "nothing leaves its segment");
        let asked: Vec<String> = bases.websockets(&["im"]).iter().map(Url::to_string).collect();
        assert_eq!(asked, ["http://127.0.0.1:4001/im", "http://127.0.0.1:4002/im"], "without TLS where there is none");
        assert!(bases.socket_hosts().hold("ws://127.0.0.1:4002/im"), "a page may talk to it");
        let bases = bases.with_sign("http://127.0.0.1:4003").expect("an address");
        assert_eq!(bases.sign(&["webcast"]).as_str(), "http://127.0.0.1:4003/webcast", "another signer");
    }

    #[test]
    fn a_wrong_base_is_named_with_its_variable() {
        for (web, websocket, variable) in [
            (Some("127.0.0.1:4000"), None, "CUELIGHT_TIKTOK_WEB"),
            (Some("ftp://tiktok.example"), None, "CUELIGHT_TIKTOK_WEB"),
            (None, Some("http://127.0.0.1:4000"), "CUELIGHT_TIKTOK_WS"),
            (None, Some("ws://127.0.0.1:4000,"), "CUELIGHT_TIKTOK_WS"),
        ] {
            let error = TikTokBases::new(web, None, websocket).expect_err("no base");
            assert_eq!(error.variable, variable, "{error}");
        }
    }
}
