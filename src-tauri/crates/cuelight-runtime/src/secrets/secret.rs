//! A password or key in memory: never shown, and wiped when it is let go.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

/// The longest key, in bytes: what every system's keychain takes.
const SECRET_BYTES: usize = 2_000;

/// A password or key. Nothing prints it, and its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// Why something cannot be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// It is empty.
    #[error("a secret cannot be empty")]
    Empty,
    /// It is longer than a keychain takes.
    #[error("a secret cannot be longer than {SECRET_BYTES} bytes")]
    TooLong,
    /// It has line breaks or other control characters in it, as when too much was copied.
    #[error("a secret is one line without control characters")]
    NotOneLine,
}

impl Secret {
    /// Takes the text over, without the white space that copying puts around it.
    #[must_use]
    pub fn new(text: String) -> Self {
        let text = Zeroizing::new(text);
        Self(Zeroizing::new(text.trim().to_owned()))
    }

    /// The text, for whoever must send it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    pub(super) fn check(&self) -> Result<(), SecretFault> {
        if self.0.is_empty() {
            return Err(SecretFault::Empty);
        }
        if self.0.len() > SECRET_BYTES {
            return Err(SecretFault::TooLong);
        }
        if self.0.contains(char::is_control) {
            return Err(SecretFault::NotOneLine);
        }
        Ok(())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // What serde says of something else would repeat it.
        let text = String::deserialize(deserializer).map_err(|_| D::Error::custom("a secret is a text"));
        text.map(Self::new)
    }
}
