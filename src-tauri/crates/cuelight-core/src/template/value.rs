//! Where the value of a placeholder is found.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

use super::{Asked, Placeholder};
use crate::event::EventType;
use crate::facts::{Facts, Values, ViewerFact};

/// What was found for a slot.
pub(super) enum Found<'a> {
    /// This.
    Value(Cow<'a, str>),
    /// The name is known, but this occasion has nothing for it.
    Nothing,
    /// Nobody knows the name.
    Unknown,
}

impl Asked {
    /// The value; what a step or a custom event gives fills any name that the occasion itself leaves empty.
    pub(super) fn find<'a>(&self, facts: &'a Facts, values: &'a Values) -> Found<'a> {
        let found = match self {
            Self::Known(placeholder, typed) => placeholder.value(facts, values).or_else(|| match given(typed, facts) {
                Found::Value(value) => Some(value),
                Found::Nothing | Found::Unknown => None,
            }),
            Self::Argument(place) => word(facts, *place),
            Self::Match(place) => facts.matches.get(*place).map(Cow::from),
            Self::Counter(name) => Some(named(&values.counters, name).copied().unwrap_or(0).to_string().into()),
            Self::Variable(name) => variable(values, name),
            Self::Other(name) => return given(name, facts),
        };
        found.map_or(Found::Nothing, Found::Value)
    }
}

impl Placeholder {
    fn value<'a>(self, facts: &'a Facts, values: &'a Values) -> Option<Cow<'a, str>> {
        let viewer = facts.viewer.as_ref();
        let gift = facts.gift.as_ref();
        let emote = facts.emote.as_ref();
        match self {
            Self::Nickname => viewer.and_then(|it| with_others(first_of([&it.nickname, &it.unique_id])?, facts)),
            Self::Username => viewer.and_then(|it| with_others(first_of([&it.unique_id, &it.nickname])?, facts)),
            Self::UserId => viewer.map(|it| it.user_id.as_str().into()),
            Self::ProfilePicture => text(viewer?.profile_picture.as_ref()),
            Self::Others => viewer.map(|_| facts.others.len().to_string().into()),
            Self::Comment => text(facts.text.as_ref()),
            Self::Arguments => text(facts.arguments.as_ref()),
            Self::GiftName => gift.map(|it| it.name.as_str().into()),
            Self::GiftId => number(gift.map(|it| it.id)),
            Self::GiftPicture => text(gift?.image_url.as_ref()),
            Self::GiftPrice => number(gift?.diamond_count),
            Self::Count => number(count(facts)),
            Self::Diamonds => number(facts.diamonds),
            Self::Amount => number(facts.diamonds.or_else(|| count(facts))),
            Self::LikeCount => number(facts.count.filter(|_| facts.event_type == Some(EventType::Like))),
            Self::TotalLikes => number(facts.total_likes),
            Self::Viewers => number(facts.viewers),
            Self::Months => number(facts.months),
            Self::EmoteId => emote.map(|it| it.id.as_str().into()),
            Self::EmotePicture => text(emote?.image_url.as_ref()),
            Self::FollowRole => number(viewer?.follow_role),
            Self::IsModerator => number(viewer?.is_moderator),
            Self::IsSubscriber => number(viewer?.is_subscriber),
            Self::Level => number(viewer.and_then(level)),
            Self::TeamLevel => number(viewer?.team_level),
            Self::GifterLevel => number(viewer?.gifter_level),
            Self::Rank => number(viewer?.top_gifter_rank),
            Self::Event => facts.event_type.map(|it| it.as_str().into()),
            Self::Session => number(facts.session),
            Self::Creator => Some(facts.creator.as_str().into()).filter(|it: &Cow<'_, str>| !it.is_empty()),
            Self::Reply => text(named(&facts.outputs, "reply")),
            Self::Score => text(named(&facts.outputs, "score")),
            Self::PlayerName => variable(values, "playername"),
            Self::Points => variable(values, "points"),
            Self::CurrencyName => variable(values, "currencyname"),
            Self::Destination => variable(values, "destination"),
            // Read with the number or the name of their own.
            Self::Argument | Self::Match | Self::Counter | Self::Variable => None,
        }
    }
}

fn number<'a>(value: Option<impl ToString>) -> Option<Cow<'a, str>> {
    value.map(|it| it.to_string().into())
}

fn text(value: Option<&String>) -> Option<Cow<'_, str>> {
    value.map(Cow::from)
}

fn first_of(names: [&str; 2]) -> Option<&str> {
    names.into_iter().find(|name| !name.is_empty())
}

fn with_others<'a>(name: &'a str, facts: &Facts) -> Option<Cow<'a, str>> {
    Some(match facts.others.len() {
        0 => name.into(),
        others => format!("{name} and {others} more").into(),
    })
}

/// What a viewer did once counts as one.
fn count(facts: &Facts) -> Option<u64> {
    facts.count.or(facts.viewer.as_ref().map(|_| 1))
}

fn level(viewer: &ViewerFact) -> Option<u32> {
    viewer.team_level.or(viewer.gifter_level)
}

fn word(facts: &Facts, place: usize) -> Option<Cow<'_, str>> {
    facts.arguments.as_ref()?.split_whitespace().nth(place).map(Cow::from)
}

fn variable<'a>(values: &'a Values, name: &str) -> Option<Cow<'a, str>> {
    text(named(&values.variables, name)).filter(|it| !it.is_empty())
}

/// An output of an earlier step, else a field of a custom event.
fn given<'a>(name: &str, facts: &'a Facts) -> Found<'a> {
    if let Some(output) = named(&facts.outputs, name) {
        return Found::Value(output.into());
    }
    let field = facts
        .fields
        .get(name)
        .or_else(|| facts.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| field));
    match field {
        None => Found::Unknown,
        Some(Value::Null) => Found::Nothing,
        Some(Value::String(field)) => Found::Value(field.into()),
        Some(field @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_))) => {
            Found::Value(field.to_string().into())
        }
    }
}

/// The value of that name, else the first whose name differs only in case.
fn named<'a, T>(by_name: &'a BTreeMap<String, T>, name: &str) -> Option<&'a T> {
    by_name
        .get(name)
        .or_else(|| by_name.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}
