//! From where pictures are fetched: TikTok's own hosts, or a test's.

use reqwest::Url;

/// The ends of the names of TikTok's picture hosts, such as `p16-webcast.tiktokcdn.com`.
const TIKTOK: [&str; 3] = [".tiktokcdn.com", ".tiktokcdn-us.com", ".tiktokcdn-eu.com"];

/// From where pictures are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hosts {
    /// TikTok's hosts, over HTTPS on its own port.
    Tiktok,
    /// One place alone, whatever its scheme, such as a server of a test.
    Only {
        /// An address there.
        base: Url,
    },
}

impl Hosts {
    /// Whether a picture of that address may be fetched.
    #[must_use]
    pub fn allow(&self, url: &Url) -> bool {
        match self {
            Self::Tiktok => {
                let is_theirs = |host: &str| TIKTOK.iter().any(|end| host.ends_with(end));
                url.scheme() == "https"
                    && url.port().is_none()
                    && url.username().is_empty()
                    && url.password().is_none()
                    && url.host_str().is_some_and(is_theirs)
            }
            Self::Only { base } => url.origin() == base.origin(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_picture_hosts_of_tiktok_are_asked_and_only_over_https() {
        for (url, expected) in [
            ("https://p16-webcast.tiktokcdn.com/img/rose.webp", true),
            ("https://p77-sign-va.tiktokcdn-us.com/img/mia.jpeg?x-expires=1", true),
            ("https://p16-sign.tiktokcdn-eu.com/a", true),
            ("https://P16.TIKTOKCDN.COM/a", true),
            ("http://p16-webcast.tiktokcdn.com/img/rose.webp", false),
            ("https://p16-webcast.tiktokcdn.com:8443/a", false),
            ("https://tiktokcdn.com/a", false),
            ("https://eviltiktokcdn.com/a", false),
            ("https://p16.tiktokcdn.com.example.org/a", false),
            ("https://p16.tiktokcdn.com@example.org/a", false),
            ("https://user@p16.tiktokcdn.com/a", false),
            ("https://127.0.0.1/a", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(Hosts::Tiktok.allow(&url.parse().expect("an address")), expected, "{url}");
        }
    }
}
