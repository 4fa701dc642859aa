//! A token: 32 bytes of chance that let their holder in.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

const TOKEN_BYTES: usize = 32;

/// Too long to guess; shown nowhere but in links, and never in a log.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Token([u8; TOKEN_BYTES]);

/// The text is no token at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is no token: 43 letters, digits, dashes and underscores")]
pub(crate) struct NotAToken;

impl Token {
    /// A new one.
    ///
    /// # Panics
    /// Where the system has no source of chance; nothing can be kept safe there.
    pub(super) fn random() -> Self {
        let mut bytes = [0; TOKEN_BYTES];
        OsRng.try_fill_bytes(&mut bytes).expect("an operating system has a source of chance");
        Self(bytes)
    }

    /// Reads what somebody showed.
    pub(super) fn parse(text: &str) -> Result<Self, NotAToken> {
        let mut bytes = [0; TOKEN_BYTES];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(TOKEN_BYTES) => Ok(Self(bytes)),
            Ok(_) | Err(_) => Err(NotAToken),
        }
    }

    /// Whether both are the same; how long that takes does not tell how much of them is.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// As it stands in links and headers: 43 characters of base64 for addresses.
    pub(super) fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl TryFrom<String> for Token {
    type Error = NotAToken;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Token> for String {
    fn from(token: Token) -> Self {
        token.to_text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_from_its_text_and_no_two_are_alike() {
        let (one, other) = (Token::random(), Token::random());
        let back = Token::parse(&one.to_text()).expect("its own text");
        assert!(one.is(&back), "the same token");
        assert!(!one.is(&other), "chance does not repeat itself");
        assert_eq!(one.to_text().len(), 43, "256 bits");
    }

    #[test]
    fn what_is_too_short_too_long_or_no_base64_is_no_token() {
        let text = Token::random().to_text();
        for bad in ["", &text[1..], &format!("{text}AAAA"), &format!("{}=", &text[1..]), &text.replace(&text[..1], "!")]
        {
            assert_eq!(Token::parse(bad).err(), Some(NotAToken), "{} characters", bad.len());
        }
    }

    #[test]
    fn a_token_does_not_show_itself_in_a_log() {
        let token = Token::random();
        assert!(!format!("{token:?}").contains(&token.to_text()), "it would let in whoever reads the log");
    }
}
