//! What a voice would read for minutes, taken out of a text.

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation as _;

/// Times that one character other than a digit is kept in a row; "sooo" is meant, thirty of them are not.
const REPEATED: usize = 3;

/// An address with its scheme or `www`, one with a path, or a bare one under an ending that people post.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:[a-z][a-z0-9+.-]*://|www\.)\S+",
        r"|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/\S*",
        r"|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|info|tv|gg|io|ly|xyz|link|shop|app|ru|de|uk)\b",
    ))
    .expect("a fixed expression that a test compiles")
});

static EMOJI: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|[0-9#*]\x{FE0F}?\x{20E3})")
        .expect("a fixed expression that a test compiles")
});

/// The cleaned text without links, with at most [`REPEATED`] of a letter or sign in a row, and one emoji of each run.
pub(super) fn speakable(text: &str) -> String {
    let without_links = LINK.replace_all(text, " ");
    let mut spoken = String::with_capacity(without_links.len());
    let mut last = "";
    let mut repeated = 0;
    let mut is_in_emoji = false;
    for character in without_links.graphemes(true) {
        if character.chars().all(char::is_whitespace) {
            if !spoken.is_empty() && !spoken.ends_with(' ') {
                spoken.push(' ');
            }
            last = "";
            continue;
        }
        let is_emoji = EMOJI.is_match(character);
        repeated = if character == last { repeated + 1 } else { 1 };
        last = character;
        let is_digit = character.chars().all(char::is_numeric);
        if (is_emoji && is_in_emoji) || (repeated > REPEATED && !is_digit) {
            continue;
        }
        is_in_emoji = is_emoji;
        spoken.push_str(character);
    }
    spoken.truncate(spoken.trim_end().len());
    spoken
}
