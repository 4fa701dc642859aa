//! The ways into a live, in the order in which they are tried, and which of them may be used.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One way into a live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// TikTok's socket, opened as a browser would open it.
    Direct,
    /// The same, with the cookie that a real browser was given.
    Cookie,
    /// TikTok's own page in a browser, which holds the connection itself.
    Page,
    /// TikTok's socket under an address that a sign server has signed; needs the streamer's key for it.
    Sign,
    /// What TikFinity hears, if it runs on this machine.
    Tikfinity,
}

/// A text that names no way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no way {name:?}; there are {}", Way::ALL.map(Way::as_str).join(", "))]
pub struct NoWay {
    name: String,
}

impl Way {
    /// Every way, in the order in which they are tried.
    pub const ALL: [Self; 5] = [Self::Direct, Self::Cookie, Self::Page, Self::Sign, Self::Tikfinity];

    /// Whether it leads in by what somebody else has or pays for, and not by TikTok alone.
    #[must_use]
    pub fn is_borrowed(self) -> bool {
        match self {
            Self::Direct | Self::Cookie | Self::Page => false,
            Self::Sign | Self::Tikfinity => true,
        }
    }

    /// Its name in settings and after `tiktok:`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Cookie => "cookie",
            Self::Page => "page",
            Self::Sign => "sign",
            Self::Tikfinity => "tikfinity",
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Way {
    type Err = NoWay;

    fn from_str(text: &str) -> Result<Self, NoWay> {
        Self::ALL.into_iter().find(|way| way.as_str() == text).ok_or_else(|| NoWay { name: text.to_owned() })
    }
}

/// Which ways may be used. A way that needs something that is not there is passed over even if it is switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WaySwitches {
    /// [`Way::Direct`].
    pub direct: bool,
    /// [`Way::Cookie`].
    pub cookie: bool,
    /// [`Way::Page`].
    pub page: bool,
    /// [`Way::Sign`].
    pub sign: bool,
    /// [`Way::Tikfinity`].
    pub tikfinity: bool,
}

impl Default for WaySwitches {
    fn default() -> Self {
        Self { direct: true, cookie: true, page: true, sign: true, tikfinity: true }
    }
}

impl WaySwitches {
    /// That way and no other.
    #[must_use]
    pub fn only(way: Way) -> Self {
        Self {
            direct: way == Way::Direct,
            cookie: way == Way::Cookie,
            page: way == Way::Page,
            sign: way == Way::Sign,
            tikfinity: way == Way::Tikfinity,
        }
    }

    /// Whether that way may be used.
    #[must_use]
    pub fn allows(self, way: Way) -> bool {
        match way {
            Way::Direct => self.direct,
            Way::Cookie => self.cookie,
            Way::Page => self.page,
            Way::Sign => self.sign,
            Way::Tikfinity => self.tikfinity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_leads_from_its_name_back_to_itself_and_can_be_the_only_one() {
        for way in Way::ALL {
            assert_eq!(way.to_string().parse(), Ok(way), "{way}");
            let allowed = Way::ALL.map(|other| WaySwitches::only(way).allows(other));
            assert_eq!(allowed, Way::ALL.map(|other| other == way), "only {way}");
            assert!(WaySwitches::default().allows(way), "on the first day {way} may be used");
        }
        assert!("Direct".parse::<Way>().is_err(), "names are written small");
    }

    #[test]
    fn switches_that_an_older_app_did_not_write_are_on() {
        let read: WaySwitches = serde_json::from_str(r#"{"page":false}"#).expect("one is enough");
        assert_eq!(read, WaySwitches { page: false, ..WaySwitches::default() }, "the others are as on the first day");
    }
}
