//! Texts made safe to show and to speak; what was sent is kept beside them.

mod code_points;

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::limits::{CLEAN_MARKS_PER_CHARACTER, CLEAN_TEXT_CHARACTERS};
use code_points::{
    ENCLOSING_KEYCAP, JOINER, is_flag_tag, is_invisible, is_keycap_base, is_line_break, is_pictograph, is_skin_tone,
    is_variation_selector,
};

/// Code points in one character as people count them; families of emoji have eleven, endless chains are attacks.
const CODE_POINTS_PER_CHARACTER: usize = 32;

/// Black flag, on which the flags of regions are built with tags.
const TAGGED_FLAG_BASE: char = '\u{1F3F4}';

/// Ends the tags of such a flag.
const TAG_END: char = '\u{E007F}';

/// The text for consoles, commands and speech, at most [`CLEAN_TEXT_CHARACTERS`] long; borrowed where it was clean.
///
/// Without control and invisible characters and those that turn the direction of writing; at most
/// [`CLEAN_MARKS_PER_CHARACTER`] marks on one character; a space for a line break. Joiners and variation selectors stay
/// where they build an emoji.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    clean_to(text, CLEAN_TEXT_CHARACTERS)
}

/// Like [`clean`], with a length of one's own, in characters as people count them.
#[must_use]
pub fn clean_to(text: &str, max_characters: usize) -> Cow<'_, str> {
    if text.len() <= max_characters && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut cleaned = String::with_capacity(text.len().min(max_characters.saturating_mul(8)));
    for character in visible(text).graphemes(true).take(max_characters) {
        if character.chars().nth(CODE_POINTS_PER_CHARACTER).is_none() {
            cleaned.push_str(character);
        } else {
            cleaned.push(char::REPLACEMENT_CHARACTER);
        }
    }
    if cleaned == text { Cow::Borrowed(text) } else { Cow::Owned(cleaned) }
}

/// What may stay of the text.
fn visible(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut last = None;
    let mut marks = 0;
    let mut rest = text.chars();
    while let Some(code_point) = rest.next() {
        let next = rest.clone().next();
        let stays = if is_line_break(code_point) {
            if code_point == '\r' && next == Some('\n') {
                continue;
            }
            Some(' ')
        } else if code_point == JOINER {
            (last.is_some_and(can_be_joined) && next.is_some_and(is_pictograph)).then_some(code_point)
        } else if is_variation_selector(code_point) {
            last.is_some_and(|base| is_pictograph(base) || is_keycap_base(base) && next == Some(ENCLOSING_KEYCAP))
                .then_some(code_point)
        } else if is_invisible(code_point) {
            None
        } else if is_combining_mark(code_point) {
            marks += 1;
            (last.is_some() && marks <= CLEAN_MARKS_PER_CHARACTER).then_some(code_point)
        } else {
            marks = 0;
            Some(code_point)
        };
        let Some(code_point) = stays else { continue };
        kept.push(code_point);
        last = Some(code_point);
        if code_point == TAGGED_FLAG_BASE {
            let tags = flag_tags(rest.as_str());
            kept.push_str(tags);
            rest = rest.as_str()[tags.len()..].chars();
        }
    }
    kept
}

/// An emoji with or without what changes its look.
fn can_be_joined(code_point: char) -> bool {
    is_pictograph(code_point) || is_skin_tone(code_point) || is_variation_selector(code_point)
}

/// The tags that make a region's flag of the black flag before them; empty where they are none.
fn flag_tags(rest: &str) -> &str {
    /// Letters of the longest region code.
    const TAGS: usize = 6;
    let tags = rest.find(|code_point| !is_flag_tag(code_point)).unwrap_or(rest.len());
    let count = rest[..tags].chars().count();
    if (1..=TAGS).contains(&count) && rest[tags..].starts_with(TAG_END) {
        &rest[..tags + TAG_END.len_utf8()]
    } else {
        ""
    }
}

#[cfg(test)]
mod tests;
