//! The streamer's handle, from whatever people type or paste.

use std::fmt;

use compact_str::CompactString;

/// The longest handle that TikTok gives out, in characters.
const HANDLE_CHARACTERS: usize = 24;

/// A streamer's handle without `@`, such as `luna.plays`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handle(CompactString);

impl Handle {
    /// Reads a handle out of what people type or paste: `x`, `@x`, `x/live`, or a link to the profile or the live.
    ///
    /// # Errors
    /// [`HandleError`] says what in the text can be part of no handle.
    pub fn parse(text: &str) -> Result<Self, HandleError> {
        let text = text.trim_matches(|it: char| it.is_whitespace() || is_invisible(it));
        let address = without_scheme(text);
        let path = address.unwrap_or(text);
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let first = segments.next().unwrap_or_default();
        let name = if is_tiktok_host(first) {
            let profile = segments.find(|segment| segment.starts_with('@'));
            profile.ok_or_else(|| HandleError::NoHandleInLink { link: text.into() })?
        } else if address.is_some() {
            return Err(HandleError::NoHandleInLink { link: text.into() });
        } else {
            match segments.next() {
                None | Some("live") => first,
                Some(_) => return Err(HandleError::Forbidden { character: '/' }),
            }
        };
        Self::from_name(name.strip_prefix('@').unwrap_or(name))
    }

    /// The handle as text, without `@`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn from_name(name: &str) -> Result<Self, HandleError> {
        if name.is_empty() {
            return Err(HandleError::Empty);
        }
        if let Some(character) = name.chars().find(|it| !is_of_a_handle(*it)) {
            return Err(HandleError::Forbidden { character });
        }
        let characters = name.chars().count();
        if characters > HANDLE_CHARACTERS {
            return Err(HandleError::TooLong { characters });
        }
        Ok(Self(CompactString::new(name)))
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no handle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandleError {
    /// There is nothing in it.
    #[error("a TikTok user name cannot be empty")]
    Empty,
    /// A character that no handle has.
    #[error("a TikTok user name has only letters, digits, `_` and `.`, so {} cannot be in it", shown(*.character))]
    Forbidden {
        /// The first such character.
        character: char,
    },
    /// More characters than TikTok allows.
    #[error("a TikTok user name has at most {HANDLE_CHARACTERS} characters, and this one has {characters}")]
    TooLong {
        /// How many it has.
        characters: usize,
    },
    /// A link that leads to no profile, such as a short link.
    #[error("the link `{link}` names no TikTok user; it must contain `tiktok.com/@name`")]
    NoHandleInLink {
        /// The link as given.
        link: String,
    },
}

/// Letters of every script, since TikTok lets some countries use theirs.
fn is_of_a_handle(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '.')
}

/// Marks that chat programs wrap around a pasted name.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn without_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")).then_some(rest)
}

fn is_tiktok_host(segment: &str) -> bool {
    let host = segment.to_ascii_lowercase();
    host == "tiktok.com" || host.ends_with(".tiktok.com") && !host.starts_with('@')
}

fn shown(character: char) -> String {
    match character {
        ' ' => "a space".to_owned(),
        _ if character.is_control() => format!("the control character U+{:04X}", character as u32),
        _ => format!("`{character}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_people_paste_leads_to_the_handle() {
        for text in [
            "luna.plays",
            "@luna.plays",
            "  @luna.plays\n",
            "\u{2068}@luna.plays\u{2069}",
            "luna.plays/live",
            "@luna.plays/live?lang=en",
            "tiktok.com/@luna.plays",
            "www.tiktok.com/@luna.plays/live",
            "https://www.tiktok.com/@luna.plays",
            "HTTPS://WWW.TIKTOK.COM/@luna.plays/live/",
            "https://m.tiktok.com/@luna.plays?is_from_webapp=1&sender_device=pc",
            "https://www.tiktok.com/@luna.plays/video/7312345678901234567#top",
        ] {
            let handle = Handle::parse(text).map(|it| it.to_string());
            assert_eq!(handle.as_deref(), Ok("luna.plays"), "{text:?} names luna.plays");
        }
    }

    #[test]
    fn letters_of_other_scripts_are_taken() {
        assert_eq!(Handle::parse("@ルナ_1").map(|it| it.to_string()), Ok("ルナ_1".to_owned()), "TikTok has such users");
    }

    #[test]
    fn what_can_be_no_handle_is_refused_with_its_reason() {
        let link = |link: &str| HandleError::NoHandleInLink { link: link.into() };
        let forbidden = |character| HandleError::Forbidden { character };
        for (text, expected) in [
            ("", HandleError::Empty),
            ("   ", HandleError::Empty),
            ("@", HandleError::Empty),
            ("luna plays", forbidden(' ')),
            ("luna🌙", forbidden('🌙')),
            ("@@luna", forbidden('@')),
            ("luna/plays", forbidden('/')),
            ("luna\u{7}", forbidden('\u{7}')),
            ("https://www.tiktok.com/", link("https://www.tiktok.com/")),
            ("https://vm.tiktok.com/ZMabc123/", link("https://vm.tiktok.com/ZMabc123/")),
            ("https://example.org/@luna", link("https://example.org/@luna")),
            ("abcdefghijklmnopqrstuvwxy", HandleError::TooLong { characters: 25 }),
        ] {
            assert_eq!(Handle::parse(text), Err(expected), "{text:?} must be refused for its own reason");
        }
    }

    #[test]
    fn every_refusal_is_a_sentence_that_shows_what_is_wrong() {
        let told = |text| Handle::parse(text).expect_err("refused").to_string();
        assert!(told("luna plays").contains("a space"), "a bare space between backticks would be invisible");
        assert!(told("a\u{7}b").contains("U+0007"), "a control character must not reach the console");
        assert!(told(&"x".repeat(300)).contains("300"), "the length says what is wrong");
    }
}
