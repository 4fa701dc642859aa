//! Making a value safe for where the text goes.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::speech::speakable;
use crate::clean::clean_to;
use crate::limits::FILLED_CHARACTERS;

/// Characters of one value in a Minecraft command; the chat takes 256 in a message.
const MINECRAFT_CHARACTERS: usize = 256;

/// Bytes of one value in a file name; file systems take 255 in a name, and more stands beside the value.
const FILE_NAME_BYTES: usize = 120;

/// Where a filled text goes, which decides how the values in it are escaped; the text around them stays as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To people, as text.
    Plain,
    /// Between the quotation marks of a JSON string.
    Json,
    /// Into a part of an address: a path segment or the value of a parameter.
    Url,
    /// Into HTML, as text or between the quotation marks of an attribute.
    Html,
    /// Into a Minecraft command, in quotation marks or outside.
    Minecraft,
    /// As one argument of a program that is started without a shell.
    Argument,
    /// To be spoken.
    Speech,
    /// Into the name of a file, as a part without folders.
    FileName,
}

impl Target {
    /// The value as people see it, where the target is for people; machines get it as it is. Bounded either way.
    pub(super) fn clean(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::Plain | Self::Html | Self::Argument | Self::Speech | Self::FileName => {
                clean_to(value, FILLED_CHARACTERS)
            }
            Self::Minecraft => clean_to(value, MINECRAFT_CHARACTERS),
            Self::Json | Self::Url => match value.char_indices().nth(FILLED_CHARACTERS) {
                Some((end, _)) => value[..end].into(),
                None => value.into(),
            },
        }
    }

    /// The cleaned value, escaped; `quotes` are the quotation marks around it, the outermost first.
    pub(super) fn escape<'a>(self, value: Cow<'a, str>, quotes: &[char]) -> Cow<'a, str> {
        match self {
            Self::Plain | Self::Argument => value,
            Self::Json => json(&value).into(),
            Self::Url => percent_encoded(&value).into(),
            Self::Html => html(&value).into(),
            Self::Minecraft => quotes.iter().rev().fold(value, |value, mark| behind_backslashes(&value, *mark).into()),
            Self::Speech => speakable(&value).into(),
            Self::FileName => file_name(&value).into(),
        }
    }
}

fn json(value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// Everything but the characters that RFC 3986 calls unreserved.
fn percent_encoded(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn html(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// For a string between such marks; the other mark stays, since JSON takes no backslash before an apostrophe.
fn behind_backslashes(value: &str, mark: char) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        if character == '\\' || character == mark {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A part of a name that every system takes; `_` where nothing remains of what was there.
fn file_name(value: &str) -> String {
    let replaced: String = value
        .chars()
        .map(|character| match character {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '_',
            _ => character,
        })
        .collect();
    let is_edge = |character: char| character == '.' || character.is_whitespace();
    let trimmed = replaced.trim_matches(is_edge);
    let part = trimmed[..trimmed.floor_char_boundary(FILE_NAME_BYTES)].trim_end_matches(is_edge);
    match part {
        "" if value.is_empty() => String::new(),
        "" => "_".to_owned(),
        _ if is_device_name(part) => format!("_{part}"),
        _ => part.to_owned(),
    }
}

/// Whether Windows gives that name to a device, whatever ending stands behind it.
#[must_use]
pub fn is_device_name(part: &str) -> bool {
    const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    const NUMBERED: [&str; 2] = ["COM", "LPT"];
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_ascii_uppercase();
    let is_port = |device: &str| {
        let number = stem.strip_prefix(device);
        number.is_some_and(|it| matches!(it, "¹" | "²" | "³") || it.len() == 1 && it.as_bytes()[0].is_ascii_digit())
    };
    DEVICES.contains(&stem.as_str()) || NUMBERED.iter().any(|device| is_port(device))
}
