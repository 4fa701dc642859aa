//! From a rule whose trigger matches to its decision and its firings.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Decided;
use super::conditions::first_failed;
use super::matching::{Found, Matched};
use super::scene::Scene;
use super::state::RuleState;
use crate::condition::Role;
use crate::cooldown::Waiting;
use crate::decision::{Decision, Effect, Firing, FoldKey, Origin};
use crate::facts::Facts;
use crate::firing::{ComboFirings, Due};
use crate::id::UserId;
use crate::limits::{FIRINGS_PER_EVENT, RULE_DEPTH};
use crate::reason::{CooldownOf, Reason};
use crate::rule::{ComboMode, Exempt, GroupMode, Rule};
use crate::rule_set::CompiledRule;

/// A rule whose trigger matches, on its way.
struct Candidate<'a> {
    compiled: &'a CompiledRule,
    found: Found<'a>,
    due: Due,
    /// A condition that does not hold, or too many rules in a row.
    stopped: Option<Reason>,
}

/// Decides about each of the rules and notes what they did. `combo` is the combo that the event is a part of.
pub(super) fn judge<'a>(
    scene: &Scene<'a>,
    matched: Vec<Matched<'a>>,
    mut combo: Option<&mut ComboFirings>,
    state: &mut RuleState,
    out: &mut Decided,
) {
    let candidate = |matched| candidate(scene, matched, combo.as_deref(), state);
    let candidates: Vec<Candidate<'a>> = matched.into_iter().map(candidate).collect();
    let winners = winners(scene, &candidates);
    let mut begun = Vec::new();
    for candidate in candidates {
        let compiled = candidate.compiled;
        let rule = &compiled.rule;
        let origin = Origin::Rule(rule.id.clone());
        if candidate.due.count == 0 {
            out.decisions.push(Decision { rule: origin, fired: 0, because: candidate.due.because });
            continue;
        }
        if let Some(combo) = &mut combo {
            // What is held back counts as handled, else a later message would fire it after all.
            combo.note_handled(origin.clone(), candidate.due.before.saturating_add(candidate.due.count));
        }
        let held_back = candidate.stopped.clone().or_else(|| less_specific(compiled, &winners));
        if let Some(reason) = held_back.or_else(|| cooldown(scene, compiled, state)) {
            out.decisions.push(Decision { rule: origin, fired: 0, because: Some(reason) });
            continue;
        }
        let fired = candidate.due.count.min(FIRINGS_PER_EVENT);
        let too_many = || Reason::TooOften { fired, of: candidate.due.count };
        let because = if fired < candidate.due.count { Some(too_many()) } else { candidate.due.because.clone() };
        out.decisions.push(Decision { rule: origin, fired, because });
        fire(scene, &candidate, fired, combo.as_deref_mut(), state, out);
        begun.extend(cooldowns(scene, compiled));
    }
    // Only now, so that rules of one group that answer the same event do not hold each other back.
    for (waiting, length_ms) in begun {
        state.begin_cooldown(waiting, length_ms, scene.now_ms);
    }
}

/// Runs a rule that somebody asked for: its conditions, its cooldowns and its group are not asked.
pub(super) fn run_now(scene: &Scene<'_>, compiled: &CompiledRule, state: &mut RuleState, out: &mut Decided) {
    let due = Due { count: 1, before: 0, because: None };
    let candidate = Candidate { compiled, found: Found::Nothing, due, stopped: None };
    out.decisions.push(Decision { rule: Origin::Rule(compiled.rule.id.clone()), fired: 1, because: None });
    fire(scene, &candidate, 1, None, state, out);
}

fn candidate<'a>(
    scene: &Scene<'a>,
    matched: Matched<'a>,
    combo: Option<&ComboFirings>,
    state: &RuleState,
) -> Candidate<'a> {
    let compiled = scene.rules.at(matched.rule);
    let rule = &compiled.rule;
    let due = match (combo, scene.gift()) {
        (Some(combo), Some(gift)) => combo.due(&Origin::Rule(rule.id.clone()), &rule.combo, gift),
        _ => {
            let count = u32::try_from(matched.times).unwrap_or(u32::MAX);
            Due { count, before: 0, because: None }
        }
    };
    let may_win = group_of_one(scene, compiled).is_some();
    let stopped = if scene.depth > RULE_DEPTH {
        Some(Reason::TooDeep { limit: RULE_DEPTH })
    } else if due.count > 0 || may_win {
        first_failed(compiled, scene, &state.session)
    } else {
        None
    };
    Candidate { compiled, found: matched.found, due, stopped }
}

/// The rule that fires of each group of which only one does, by the group's place. A rule that waits for the end of the
/// combo matches already, so a less exact one does not fire in its place.
fn winners<'a>(scene: &Scene<'_>, candidates: &[Candidate<'a>]) -> BTreeMap<usize, &'a CompiledRule> {
    let mut winners: BTreeMap<usize, &CompiledRule> = BTreeMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.stopped.is_none()) {
        let compiled = candidate.compiled;
        let Some(group) = group_of_one(scene, compiled) else { continue };
        let winner = winners.entry(group).or_insert(compiled);
        if compiled.exactness > winner.exactness {
            *winner = compiled;
        }
    }
    winners
}

/// The place of the rule's group, if only one of its rules fires.
fn group_of_one(scene: &Scene<'_>, compiled: &CompiledRule) -> Option<usize> {
    compiled.group.filter(|&place| scene.rules.group(place).fires == GroupMode::MostSpecific)
}

fn less_specific(compiled: &CompiledRule, winners: &BTreeMap<usize, &CompiledRule>) -> Option<Reason> {
    let winner = winners.get(&compiled.group?)?;
    (winner.rule.id != compiled.rule.id).then(|| Reason::LessSpecific { than: winner.rule.id.to_string() })
}

/// The cooldown that holds the rule back, if one does.
fn cooldown(scene: &Scene<'_>, compiled: &CompiledRule, state: &RuleState) -> Option<Reason> {
    let cooldown = cooldowns(scene, compiled).find_map(|(waiting, length_ms)| {
        let left_ms = state.cooldowns.left_ms(&waiting, length_ms, scene.now_ms)?;
        let of = match waiting {
            Waiting::Rule(_) => CooldownOf::Rule,
            Waiting::Viewer(..) => CooldownOf::Viewer,
            Waiting::Group(_) => CooldownOf::Group,
        };
        Some(Reason::Cooldown { left_ms, of })
    })?;
    let exempts = |exempt, role| compiled.rule.cooldown.exempts(exempt) && scene.is(role, &state.session);
    let is_exempt = exempts(Exempt::Streamer, Role::Streamer) || exempts(Exempt::Moderators, Role::Moderator);
    (!is_exempt).then_some(cooldown)
}

/// Every cooldown that a firing of the rule begins, with its length in milliseconds; those who never wait begin them for
/// others too.
fn cooldowns(scene: &Scene<'_>, compiled: &CompiledRule) -> impl Iterator<Item = (Waiting, i64)> {
    let CompiledRule { rule, group, .. } = compiled;
    let asked = |seconds: f64| (seconds > 0.0).then(|| in_ms(seconds));
    let of_rule = asked(rule.cooldown.seconds).map(|length_ms| (Waiting::Rule(rule.id.clone()), length_ms));
    let of_viewer = asked(rule.cooldown.per_viewer_seconds).zip(known_viewer(scene));
    let of_viewer = of_viewer.map(|(length_ms, viewer)| (Waiting::Viewer(rule.id.clone(), viewer), length_ms));
    let of_group = group.and_then(|place| {
        let group = scene.rules.group(place);
        asked(group.cooldown_seconds).map(|length_ms| (Waiting::Group(group.name.as_str().into()), length_ms))
    });
    [of_rule, of_viewer, of_group].into_iter().flatten()
}

fn fire(
    scene: &Scene<'_>,
    candidate: &Candidate<'_>,
    count: u32,
    combo: Option<&mut ComboFirings>,
    state: &mut RuleState,
    out: &mut Decided,
) {
    let Candidate { compiled, due, .. } = candidate;
    let rule = &compiled.rule;
    let cause = combo.as_ref().map_or(scene.number, |combo| combo.cause);
    let combo_open = rule.combo == ComboMode::WithCombo && scene.gift().is_some_and(|gift| gift.streaking);
    let facts = facts(scene, candidate, combo.is_some(), state);
    if let Some(combo) = combo.filter(|_| combo_open) {
        combo.note_run(Origin::Rule(rule.id.clone()));
    }
    for number in 1..=count {
        // Without an event all firings of the session share one cause.
        let firing =
            if scene.event.is_some() { due.before.saturating_add(number) } else { state.next_firing(&rule.id) };
        out.effects.push(Effect::Start(Box::new(Firing {
            origin: Origin::Rule(rule.id.clone()),
            cause,
            firing,
            event_type: scene.event.map(|event| event.event_type()),
            msg_id: scene.event.and_then(|event| event.stamp.msg_id.clone()),
            facts: facts.clone(),
            steps: Arc::clone(&compiled.steps),
            priority: rule.priority,
            fold: fold_key(scene, rule).filter(|_| !combo_open),
            combo_open,
            depth: scene.depth,
        })));
    }
}

/// What the run's steps may speak of. A firing for some gifts of a combo counts those, so that the firings add up.
fn facts(scene: &Scene<'_>, candidate: &Candidate<'_>, is_combo: bool, state: &RuleState) -> Facts {
    let mut facts = scene.facts(state).clone();
    match candidate.found {
        Found::Nothing => {}
        Found::Keyword(word) => facts.matches = vec![word.to_owned()],
        Found::Expression => facts.matches = groups(candidate.compiled, scene),
        Found::Arguments(arguments) => facts.arguments = Some(arguments.to_owned()),
    }
    let units = match candidate.compiled.rule.combo {
        ComboMode::EachGift { .. } | ComboMode::ComboEnd { repeat: true, .. } => Some(1),
        ComboMode::EveryN { n } => Some(u64::from(n)),
        ComboMode::ComboEnd { repeat: false, .. } | ComboMode::ComboStart | ComboMode::WithCombo => None,
    };
    if let (true, Some(units), Some(gift)) = (is_combo, units, scene.gift()) {
        facts.count = Some(units);
        facts.diamonds = gift.gift.diamond_count.map(|price| u64::from(price) * units);
    }
    facts
}

/// The groups of the rule's expression in the comment; one that took no part is empty.
fn groups(compiled: &CompiledRule, scene: &Scene<'_>) -> Vec<String> {
    let captures = compiled.regex.as_ref().zip(scene.comment()).and_then(|(regex, text)| regex.captures(text));
    let group = |group: Option<regex::Match<'_>>| group.map_or("", |group| group.as_str()).to_owned();
    captures.map(|captures| captures.iter().skip(1).map(group).collect()).unwrap_or_default()
}

fn fold_key(scene: &Scene<'_>, rule: &Rule) -> Option<FoldKey> {
    let fold = rule.fold.as_ref()?;
    // Who cannot be told from others is merged with nobody.
    let viewer = if fold.per_viewer { Some(known_viewer(scene)?) } else { None };
    Some(FoldKey { viewer, since_ms: scene.now_ms.saturating_sub(in_ms(fold.within_seconds)) })
}

/// The viewer, if they can be told from others.
fn known_viewer(scene: &Scene<'_>) -> Option<UserId> {
    scene.user().map(|user| &user.user_id).filter(|id| !id.as_str().is_empty()).cloned()
}

fn in_ms(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}
