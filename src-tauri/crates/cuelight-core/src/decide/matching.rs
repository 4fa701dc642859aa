//! Which rules' triggers an event matches, and what they found in it.

use super::scene::Scene;
use super::state::RuleState;
use crate::event::{Body, Comment, Event, EventType, Gift, Like};
use crate::rule_set::Named;
use crate::totals::SessionTotals;

/// A rule whose trigger matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matched {
    /// The rule's place in the list.
    pub(super) rule: usize,
    /// How often it matches: a milestone may be passed more than once by one message.
    pub(super) times: u64,
    pub(super) found: Found,
}

/// What a trigger found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    Nothing,
    /// The keyword, or the groups of the expression.
    Matches(Vec<String>),
    /// What followed the command.
    Arguments(String),
}

impl Matched {
    /// A rule that matches once, without anything to be found.
    pub(super) fn once(rule: usize) -> Self {
        Self { rule, times: 1, found: Found::Nothing }
    }

    fn with(rule: usize, found: Found) -> Self {
        Self { rule, times: 1, found }
    }
}

/// The rules whose trigger the event matches, in the order of the list, each once.
pub(super) fn of_event(
    scene: &Scene<'_>,
    event: &Event,
    totals: &SessionTotals,
    state: &mut RuleState,
) -> Vec<Matched> {
    let index = scene.rules.index();
    let mut matched = Vec::new();
    matched.extend(index.of_type(event.event_type()).iter().map(|&rule| Matched::once(rule)));
    match &event.body {
        Body::Gift(gift) => add_gift(scene, gift, &mut matched),
        Body::Comment(comment) => add_comment(scene, comment, &mut matched),
        Body::Like(like) => add_like(scene, like, state, &mut matched),
        Body::Follow(_) => {
            let (before, now) = state.pass_followers(totals.of_type(EventType::Follow));
            add_milestones(&index.every_followers, before, now, &mut matched);
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
pub(super) fn in_order(matched: &mut Vec<Matched>) {
    matched.sort_by_key(|matched| matched.rule);
    matched.dedup_by_key(|matched| matched.rule);
}

fn add_gift(scene: &Scene<'_>, gift: &Gift, matched: &mut Vec<Matched>) {
    let index = scene.rules.index();
    matched.extend(index.of_gift(gift.gift.id).iter().map(|&rule| Matched::once(rule)));
    if let Some(name) = &gift.gift.name {
        matched.extend(index.of_gift_name(name).iter().map(|&rule| Matched::once(rule)));
    }
    if let Some(price) = gift.gift.diamond_count {
        let fitting = index.gift_values.iter().filter(|(min, max, _)| (*min..=*max).contains(&price));
        matched.extend(fitting.map(|&(_, _, rule)| Matched::once(rule)));
    }
}

fn add_comment(scene: &Scene<'_>, comment: &Comment, matched: &mut Vec<Matched>) {
    let index = scene.rules.index();
    let text = comment.comment.as_str();
    index.commands.find(text, |rule, arguments| {
        matched.push(Matched::with(rule, Found::Arguments(arguments.to_owned())));
    });
    if let Some(keywords) = &index.keywords {
        // The automaton itself ignores the case of ASCII.
        let searched = if text.is_ascii() { Some(text) } else { scene.lowered() };
        if let Some(searched) = searched {
            keywords.find(searched, |rule, word| {
                matched.push(Matched::with(rule, Found::Matches(vec![word.to_owned()])));
            });
        }
    }
    for &rule in &index.regexes {
        let captures = scene.rules.at(rule).regex.as_ref().and_then(|regex| regex.captures(text));
        if let Some(captures) = captures {
            let groups = captures.iter().skip(1);
            let groups = groups.map(|group| group.map_or("", |group| group.as_str()).to_owned()).collect();
            matched.push(Matched::with(rule, Found::Matches(groups)));
        }
    }
}

fn add_like(scene: &Scene<'_>, like: &Like, state: &mut RuleState, matched: &mut Vec<Matched>) {
    let index = scene.rules.index();
    let (before, now) = state.pass_likes(like, !index.every_likes.is_empty());
    add_milestones(&index.every_likes, before, now, matched);
    if let Some(streak) = like.streak_count {
        let before = streak.saturating_sub(u64::from(like.count));
        let reached = index.like_streaks.iter().filter(|(count, _)| before < *count && *count <= streak);
        matched.extend(reached.map(|&(_, rule)| Matched::once(rule)));
    }
}

/// Every multiple of `every` above `before` and up to `now` is passed once.
fn add_milestones(milestones: &[(u64, usize)], before: u64, now: u64, matched: &mut Vec<Matched>) {
    for &(every, rule) in milestones {
        let times = now / every - before / every;
        if times > 0 {
            matched.push(Matched { rule, times, found: Found::Nothing });
        }
    }
}
