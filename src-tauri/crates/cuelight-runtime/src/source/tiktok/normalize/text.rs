//! Text from the wire made our own, and TikTok's sentences with their values filled in.

use compact_str::CompactString;
use webcast_proto::Str;
use webcast_proto::read::{Image, Text, TextPiece};

/// A text that is mostly short.
pub(super) fn short(text: Str<'_>) -> CompactString {
    CompactString::from_utf8(text.as_bytes()).unwrap_or_else(|_| CompactString::from(text.to_str()))
}

/// A text that is mostly short, if there is one.
pub(super) fn short_if_sent(text: Str<'_>) -> Option<CompactString> {
    (!text.is_empty()).then(|| short(text))
}

/// A text of any length.
pub(super) fn long(text: Str<'_>) -> String {
    text.to_str().into_owned()
}

/// The first address of the first picture that has one.
pub(super) fn first_url<'r, 'a: 'r>(pictures: impl IntoIterator<Item = Option<&'r Image<'a>>>) -> Option<String> {
    let urls = pictures.into_iter().flatten().flat_map(|picture| &picture.url_list);
    urls.copied().find(|url| !url.is_empty()).map(long)
}

/// The sentence with its values in place of `{0:user}`, `{1:string}` and so on (Text.2 and 4).
///
/// A value that is a picture, or missing, leaves nothing; what only looks like a placeholder stays.
pub(super) fn filled(text: &Text<'_>) -> String {
    let pattern = text.default_pattern.to_str();
    let mut sentence = String::with_capacity(pattern.len());
    let mut rest = pattern.as_ref();
    while let Some((before, after)) = rest.split_once('{') {
        sentence.push_str(before);
        match placeholder(after) {
            Some((position, behind)) => {
                if let Some(piece) = text.pieces.get(position) {
                    sentence.push_str(&value(piece));
                }
                rest = behind;
            }
            None => {
                sentence.push('{');
                rest = after;
            }
        }
    }
    sentence.push_str(rest);
    sentence
}

/// The position in `0:user}`, and what stands behind it.
fn placeholder(text: &str) -> Option<(usize, &str)> {
    let (inside, behind) = text.split_once('}')?;
    let (position, _kind) = inside.split_once(':')?;
    Some((position.parse().ok()?, behind))
}

fn value(piece: &TextPiece<'_>) -> CompactString {
    let user = piece.user_value.as_ref().and_then(|value| value.user.as_ref());
    if let Some(user) = user {
        return short(if user.nickname.is_empty() { user.display_id } else { user.nickname });
    }
    let gift = piece.gift_value.as_ref().and_then(|value| value.name_ref.as_ref());
    if let Some(sentence) = gift.or(piece.pattern_ref_value.as_ref()) {
        return short(sentence.default_pattern);
    }
    short(piece.string_value)
}
