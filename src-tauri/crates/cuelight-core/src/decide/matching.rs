//! Which rules' triggers an event matches, and what they found in it.

use super::scene::Scene;
use super::state::RuleState;
use crate::event::{Body, Comment, Event, EventType, Gift, Like};
use crate::rule_set::Named;
use crate::totals::SessionTotals;

/// A rule whose trigger matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Matched<'a> {
    /// The rule's place in the list.
    pub(super) rule: usize,
    /// How often it matches: a milestone may be passed more than once by one message.
    pub(super) times: u64,
    pub(super) found: Found<'a>,
}

/// What a trigger found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found<'a> {
    Nothing,
    /// The keyword as the rule writes it.
    Keyword(&'a str),
    /// The rule's expression; its groups are asked for when the rule fires.
    Expression,
    /// What followed the command.
    Arguments(&'a str),
}

impl<'a> Matched<'a> {
    /// A rule that matches once, without anything to be found.
    pub(super) fn once(rule: usize) -> Self {
        Self { rule, times: 1, found: Found::Nothing }
    }

    fn with(rule: usize, found: Found<'a>) -> Self {
        Self { rule, times: 1, found }
    }

    fn often(rule: usize, times: u64) -> Self {
        Self { rule, times, found: Found::Nothing }
    }
}

/// The rules whose trigger the event matches, in the order of the list, each once.
pub(super) fn of_event<'a>(
    scene: &Scene<'a>,
    event: &'a Event,
    totals: &SessionTotals,
    state: &mut RuleState,
) -> Vec<Matched<'a>> {
    let index = scene.rules.index();
    let mut matched = Vec::new();
    matched.extend(index.of_type(event.event_type()).iter().map(|&rule| Matched::once(rule)));
    match &event.body {
        Body::Gift(gift) => add_gift(scene, gift, &mut matched),
        Body::Comment(comment) => add_comment(scene, comment, &mut matched),
        Body::Like(like) => add_like(scene, like, state, &mut matched),
        Body::Follow(_) => {
            let now = totals.of_type(EventType::Follow);
            let before = now.saturating_sub(1);
            index.every_followers.passed(before, now, |rule, times| matched.push(Matched::often(rule, times)));
        }
        Body::Goal(goal) => {
            if state.pass_goal(goal) {
                matched.extend(index.goals.iter().map(|&rule| Matched::once(rule)));
            }
        }
        Body::Custom(custom) => {
            matched.extend(index.of_name(Named::Custom, &custom.name).iter().map(|&rule| Matched::once(rule)));
        }
        // Nothing but their type is asked for.
        Body::Connect(_)
        | Body::Join(_)
        | Body::Share(_)
        | Body::Subscribe(_)
        | Body::ViewerCount(_)
        | Body::Question(_)
        | Body::Emote(_)
        | Body::Envelope(_)
        | Body::Battle(_)
        | Body::Social(_)
        | Body::SuperFan(_)
        | Body::LevelUp(_)
        | Body::Moderation(_)
        | Body::Delete(_)
        | Body::Pin(_)
        | Body::Unpin(_)
        | Body::Poll(_)
        | Body::Barrage(_)
        | Body::Rank(_)
        | Body::Shop(_)
        | Body::Caption(_)
        | Body::RoomMessage(_)
        | Body::LiveIntro(_)
        | Body::Gap(_)
        | Body::LiveStart(_)
        | Body::LivePause(_)
        | Body::LiveResume(_)
        | Body::LiveEnd(_)
        | Body::Disconnect(_)
        | Body::Unknown(_) => {}
    }
    in_order(&mut matched);
    matched
}

/// Puts them in the order of the list; of several finds of one rule the first stands.
pub(super) fn in_order(matched: &mut Vec<Matched<'_>>) {
    matched.sort_by_key(|matched| matched.rule);
    matched.dedup_by_key(|matched| matched.rule);
}

fn add_gift<'a>(scene: &Scene<'a>, gift: &Gift, matched: &mut Vec<Matched<'a>>) {
    let index = scene.rules.index();
    matched.extend(index.of_gift(gift.gift.id).iter().map(|&rule| Matched::once(rule)));
    for name in gift.gift.name.iter().chain(&*gift.gift.names) {
        matched.extend(index.of_gift_name(name).iter().map(|&rule| Matched::once(rule)));
    }
    if let Some(price) = gift.gift.diamond_count {
        index.prices.find(price, |rule| matched.push(Matched::once(rule)));
    }
}

fn add_comment<'a>(scene: &Scene<'a>, comment: &'a Comment, matched: &mut Vec<Matched<'a>>) {
    let index = scene.rules.index();
    let text = comment.comment.as_str();
    index.commands.find(text, |rule, arguments| matched.push(Matched::with(rule, Found::Arguments(arguments))));
    if let Some((keywords, searched)) = index.keywords.as_ref().zip(scene.nearly_lowered()) {
        keywords.find(searched, |rule, word| matched.push(Matched::with(rule, Found::Keyword(word))));
    }
    let first_tried = matched.len();
    index.patterns.find(text, |rule| matched.push(Matched::with(rule, Found::Expression)));
    if matched.len() > first_tried {
        let mut tried = matched.split_off(first_tried);
        in_order(&mut tried);
        tried.retain(|tried| scene.rules.at(tried.rule).regex.as_ref().is_some_and(|regex| regex.is_match(text)));
        matched.append(&mut tried);
    }
}

fn add_like<'a>(scene: &Scene<'a>, like: &Like, state: &mut RuleState, matched: &mut Vec<Matched<'a>>) {
    let index = scene.rules.index();
    if let Some((before, now)) = state.pass_likes(like, &index.every_likes) {
        index.every_likes.passed(before, now, |rule, times| matched.push(Matched::often(rule, times)));
    }
    if let Some(streak) = like.streak_count {
        let before = streak.saturating_sub(u64::from(like.count));
        matched.extend(index.of_like_streak(before, streak).map(Matched::once));
    }
}
