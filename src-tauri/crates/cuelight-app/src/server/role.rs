//! What the holder of a token may do, and where from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::limits;
use crate::dto::CallerRole;

/// What the holder of a token may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    /// Everything but keys and files of this machine, and only from this machine.
    Full,
    /// Watch, pause, skip, silence, stop.
    Remote,
    /// Read.
    Overlay(OverlayName),
}

impl Role {
    /// As whom commands are carried out.
    pub(super) fn caller(&self) -> CallerRole {
        match self {
            Self::Full => CallerRole::Full,
            Self::Remote | Self::Overlay(_) => CallerRole::Remote,
        }
    }

    /// Whether its holder may ask for more than to be shown something.
    pub(super) fn may_act(&self) -> bool {
        match self {
            Self::Full | Self::Remote => true,
            Self::Overlay(_) => false,
        }
    }

    /// Whether other machines may have it.
    pub(super) fn may_be_elsewhere(&self) -> bool {
        match self {
            Self::Full => false,
            Self::Remote | Self::Overlay(_) => true,
        }
    }

    /// Whether both count against the same bound.
    pub(super) fn is_kin_of(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// Conversations of it and its kin at once.
    pub(super) fn conversations(&self) -> usize {
        match self {
            Self::Full => limits::FULL_CONVERSATIONS,
            Self::Remote => limits::REMOTE_CONVERSATIONS,
            Self::Overlay(_) => limits::OVERLAY_CONVERSATIONS,
        }
    }
}

/// As links and lists name it: `full`, `remote`, `overlay:alerts`.
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("full"),
            Self::Remote => f.write_str("remote"),
            Self::Overlay(name) => write!(f, "overlay:{name}"),
        }
    }
}

/// What an overlay is called: at most 40 lower-case letters, digits and dashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct OverlayName(String);

/// The text is no name of an overlay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the name of an overlay has 1 to 40 lower-case letters, digits and dashes")]
pub(crate) struct BadOverlayName;

impl FromStr for OverlayName {
    type Err = BadOverlayName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if (1..=40).contains(&text.len()) && text.bytes().all(is_fine) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadOverlayName)
        }
    }
}

impl TryFrom<String> for OverlayName {
    type Error = BadOverlayName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<OverlayName> for String {
    fn from(name: OverlayName) -> Self {
        name.0
    }
}

impl fmt::Display for OverlayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_overlays_need_no_escaping_anywhere() {
        for good in ["alerts", "goal-2", "a"] {
            assert_eq!(good.parse::<OverlayName>().map(String::from).as_deref(), Ok(good), "{good:?} is fine");
        }
        for bad in ["", "Alerts", "a/b", "..", "a b", "ä", &"a".repeat(41)] {
            assert_eq!(bad.parse::<OverlayName>(), Err(BadOverlayName), "{bad:?} is not");
        }
    }
}
