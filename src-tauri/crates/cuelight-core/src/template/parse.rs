//! Reading a text: which of its braces and percent signs are placeholders.

use super::filter::Filter;
use super::quotes::Quotes;
use super::{Asked, Piece, Placeholder, Slot, Template};

/// The last word or group that can be asked for; a comment has fewer.
const LAST_NUMBER: usize = 999;

pub(super) fn parse(text: &str) -> Template {
    let mut template = Template::default();
    let mut quotes = Quotes::default();
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(offset) = text[at..].find(['{', '%']) {
        let open = at + offset;
        at = open + 1;
        match read_slot(text, open) {
            Read::Slot { end, asked, filters } => {
                let plain = &text[plain_from..open];
                quotes.read(plain, true);
                if !plain.is_empty() {
                    template.pieces.push(Piece::Text(plain.to_owned()));
                }
                let typed = text[open..end].to_owned();
                template.pieces.push(Piece::Slot(Slot { typed, asked, filters, quotes: quotes.open() }));
                plain_from = end;
                at = end;
            }
            Read::UnknownFilter(filter) => {
                if !template.unknown_filters.contains(&filter) {
                    template.unknown_filters.push(filter);
                }
            }
            Read::Plain => {}
        }
    }
    if plain_from < text.len() {
        template.pieces.push(Piece::Text(text[plain_from..].to_owned()));
    }
    template
}

/// What begins at a brace or percent sign.
enum Read {
    /// A place to fill, up to `end`.
    Slot { end: usize, asked: Asked, filters: Vec<Filter> },
    /// A placeholder with a filter that does not exist.
    UnknownFilter(String),
    /// Text.
    Plain,
}

/// A search for the closing sign ends at the next opening one, so no part of a text is searched twice from like signs.
fn read_slot(text: &str, open: usize) -> Read {
    let Some((inside, end)) = enclosed(text, open) else { return Read::Plain };
    let (name, filter_list) = match inside.split_once('|') {
        Some((name, filters)) => (name.trim_end(), Some(filters)),
        None => (inside, None),
    };
    let Some(asked) = Asked::from_name(name) else { return Read::Plain };
    if matches!(asked, Asked::Other(_)) && text[open..].starts_with('%') && is_chance_pair(text, name, end) {
        return Read::Plain;
    }
    let mut filters = Vec::new();
    for typed in filter_list.into_iter().flat_map(|list| list.split('|')) {
        match Filter::parse(typed) {
            Some(filter) => filters.push(filter),
            None if asked.placeholder().is_some() => return Read::UnknownFilter(typed.trim().to_owned()),
            None => return Read::Plain,
        }
    }
    Read::Slot { end, asked, filters }
}

/// The text between the sign at `open` and its closing one, and where that ends.
fn enclosed(text: &str, open: usize) -> Option<(&str, usize)> {
    let rest = &text[open + 1..];
    let close = if text[open..].starts_with('{') { '}' } else { '%' };
    if !rest.starts_with(is_name_start) {
        return None;
    }
    let length = match close {
        '}' => rest.find(['{', '}', '\n'])?,
        _ => rest.find(['%', '{', '}', '\n'])?,
    };
    rest[length..].starts_with(close).then(|| (&rest[..length], open + 1 + length + 1))
}

/// Two percent signs that only look like a pair: a percent-encoded letter, or `5%off%nickname%`, where the second sign opens
/// the placeholder.
fn is_chance_pair(text: &str, name: &str, end: usize) -> bool {
    let is_encoded = name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let next = enclosed(text, end - 1).and_then(|(inside, _)| Asked::from_name(inside.split('|').next()?.trim_end()));
    is_encoded || next.is_some_and(|asked| asked.placeholder().is_some())
}

impl Asked {
    /// What that name asks for; `None` where it is no name.
    fn from_name(name: &str) -> Option<Self> {
        if let Some((family, own)) = name.split_once(':') {
            return match own {
                "" => None,
                _ if family.eq_ignore_ascii_case("counter") => Some(Self::Counter(own.to_owned())),
                _ if family.eq_ignore_ascii_case("variable") => Some(Self::Variable(own.to_owned())),
                _ => None,
            };
        }
        let lower = name.to_ascii_lowercase();
        if let Some(asked) = numbered(&lower) {
            return Some(asked);
        }
        if let Some(placeholder) = Placeholder::from_name(&lower) {
            return Some(Self::Known(placeholder, name.to_owned()));
        }
        (name.starts_with(is_name_start) && name.chars().all(is_name_part)).then(|| Self::Other(name.to_owned()))
    }
}

/// `arg1` and `match1` count from one, Streamer.bot's `input0` from zero; its `match[0]` is the whole match, which we do not
/// keep.
fn numbered(lower: &str) -> Option<Asked> {
    let number = |digits: &str| {
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse::<usize>().ok()).flatten().filter(|number| *number <= LAST_NUMBER)
    };
    let from_one = |digits| number(digits).and_then(|number| number.checked_sub(1));
    if let Some(digits) = lower.strip_prefix("arg") {
        return from_one(digits).map(Asked::Argument);
    }
    if let Some(digits) = lower.strip_prefix("input") {
        return number(digits).map(Asked::Argument);
    }
    let digits = lower.strip_prefix("match")?;
    let bare = digits.strip_prefix('[').and_then(|digits| digits.strip_suffix(']')).unwrap_or(digits);
    from_one(bare).map(Asked::Match)
}

fn is_name_start(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

fn is_name_part(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}
