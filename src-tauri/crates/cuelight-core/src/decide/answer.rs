//! What each kind of occasion brings about: which rules are asked, and what happens beside them.

use std::sync::Arc;

use super::Decided;
use super::judge::{judge, run_now};
use super::matching::{self, Matched};
use super::scene::Scene;
use super::state::RuleState;
use crate::combo::ComboKey;
use crate::decision::{Decision, Effect, Firing, Origin};
use crate::event::{Body, Event, Gift};
use crate::firing::ComboFirings;
use crate::limits::RULE_DEPTH;
use crate::reason::Reason;
use crate::rule::ComboMode;
use crate::rule_set::Named;
use crate::service::{EventConfig, Services};
use crate::signal::Signal;
use crate::step::{Act, Step};
use crate::totals::SessionTotals;

/// MemberMessage.10: muted, kicked out, banned by an administrator, kicked out by a viewer with that right.
const TAKEN_AWAY: [i32; 4] = [3, 7, 9, 11];

/// An event of the session.
pub(super) fn event(
    mut scene: Scene<'_>,
    services: &Services,
    totals: &SessionTotals,
    state: &mut RuleState,
    out: &mut Decided,
) {
    let Some(event) = scene.event.filter(|event| !event.stamp.history) else { return };
    state.notice_live(&event.body, scene.now_ms);
    out.effects.extend(moderation(event));
    let mut combo = scene.gift().filter(|gift| gift.gift.streakable).map(|gift| OfCombo::of(gift, &scene, state));
    if let Some(combo) = &mut combo {
        scene.standing.first_in_session |= combo.firings.first_in_session;
        scene.standing.first_ever |= combo.firings.first_ever;
        combo.follow(&scene, state, out);
    }
    // Asked for muted viewers too: what the whole live passes with their event is passed.
    let matched = matching::of_event(&scene, event, totals, state);
    if scene.standing.muted {
        out.muted = Some(Reason::Muted);
    } else {
        if !matched.is_empty() {
            if let Some(combo) = &mut combo {
                combo.is_answered = true;
            }
            judge(&scene, matched, combo.as_mut().map(|combo| &mut combo.firings), state, out);
        }
        default_actions(&scene, event, services, combo.as_mut(), state, out);
    }
    if let Some(combo) = combo {
        combo.put(state);
    }
}

/// Time passed.
pub(super) fn tick(scene: &Scene<'_>, state: &mut RuleState, out: &mut Decided) {
    let offset_s = state.session.utc_offset_s;
    let due = scene.rules.index().awaited.of_beats(|beat| state.beats.is_due(beat, offset_s, scene.now_ms));
    let due: Vec<usize> = due.collect();
    state.tell_beats(scene.now_ms, due.len());
    plain(scene, due.into_iter(), state, out);
}

/// Something that is no event of the live.
pub(super) fn signal(scene: Scene<'_>, signal: &Signal, state: &mut RuleState, out: &mut Decided) {
    let index = scene.rules.index();
    let named = |kind, name: &str| index.of_name(kind, name).iter().copied();
    match signal {
        Signal::Hotkey { keys } => plain(&scene, index.of_keys(keys).iter().copied(), state, out),
        Signal::Button { label } => plain(&scene, named(Named::Button, label), state, out),
        Signal::OverlayClosed { overlay } => plain(&scene, named(Named::Overlay, overlay), state, out),
        Signal::Call { name, fields } => {
            let scene = scene.with_fields(fields, state);
            plain(&scene, index.of_name(Named::Call, name).iter().copied(), state, out);
        }
        Signal::AppStart => plain(&scene, index.of_app_start().iter().copied(), state, out),
        Signal::ServiceLate { service, seconds } => {
            plain(&scene, index.of_lateness(service, *seconds), state, out);
        }
        Signal::Rule(id) => {
            if let Some(compiled) = scene.rules.by_id(id) {
                run_now(&scene, compiled, state, out);
            }
        }
        Signal::CooldownsOver(None) => state.reset_cooldowns(),
        Signal::CooldownsOver(Some(id)) => {
            let group = scene.rules.by_id(id).and_then(|compiled| compiled.group);
            state.reset_cooldowns_of(id, group.map(|place| scene.rules.group(place).name.as_str()));
        }
    }
}

/// Rules that match once, without an event.
pub(super) fn plain(scene: &Scene<'_>, rules: impl Iterator<Item = usize>, state: &mut RuleState, out: &mut Decided) {
    let mut matched: Vec<Matched> = rules.map(Matched::once).collect();
    matching::in_order(&mut matched);
    judge(scene, matched, None, state, out);
}

/// The combo that a gift is a part of, while it is answered.
struct OfCombo<'a> {
    gift: &'a Gift,
    key: ComboKey,
    firings: ComboFirings,
    /// It is kept already, or a rule or default action looked at it.
    is_answered: bool,
}

impl<'a> OfCombo<'a> {
    fn of(gift: &'a Gift, scene: &Scene<'_>, state: &RuleState) -> Self {
        let key = ComboKey::of(gift);
        let firings = state.combos.of(&key, gift, scene.number, &scene.standing);
        let is_answered = state.combos.get(&key).is_some();
        Self { gift, key, firings, is_answered }
    }

    /// Tells the runs that go along with the combo how it goes on; also those of rules that are gone by now.
    fn follow(&mut self, scene: &Scene<'_>, state: &RuleState, out: &mut Decided) {
        let is_over = !self.gift.streaking;
        if !is_over && self.gift.delta_count == Some(0) {
            return;
        }
        for origin in self.firings.running() {
            let Origin::Rule(rule) = origin else { continue };
            let (rule, cause) = (rule.clone(), self.firings.cause);
            let facts = Box::new(scene.facts(state).clone());
            out.effects.push(if is_over {
                Effect::Finish { rule, cause, facts }
            } else {
                Effect::Grow { rule, cause, facts }
            });
        }
    }

    fn put(mut self, state: &mut RuleState) {
        if !self.gift.streaking {
            self.firings.end();
        }
        if self.is_answered {
            state.put_combo(self.key, self.firings);
        }
    }
}

/// Fires the default action of every service that has one for this type of event; those of a gift at the end of its combo.
fn default_actions(
    scene: &Scene<'_>,
    event: &Event,
    services: &Services,
    mut combo: Option<&mut OfCombo<'_>>,
    state: &RuleState,
    out: &mut Decided,
) {
    if scene.depth > RULE_DEPTH {
        return;
    }
    for service in services.iter().filter(|service| service.active) {
        let Some(action) = default_action(service.event(Some(event.event_type()))) else { continue };
        let origin = Origin::Default(service.id.clone());
        let mut cause = scene.number;
        if let Some(combo) = &mut combo {
            combo.is_answered = true;
            cause = combo.firings.cause;
            if combo.firings.due(&origin, &ComboMode::default(), combo.gift).count == 0 {
                continue;
            }
            combo.firings.note_handled(origin.clone(), 1);
        }
        out.decisions.push(Decision { rule: origin.clone(), fired: 1, because: None });
        out.effects.push(Effect::Start(Box::new(Firing {
            origin,
            cause,
            firing: 1,
            event_type: Some(event.event_type()),
            msg_id: event.stamp.msg_id.clone(),
            facts: scene.facts(state).clone(),
            steps: Arc::from([Step::Act(action)]),
            priority: None,
            fold: None,
            combo_open: false,
            depth: scene.depth,
        })));
    }
}

fn default_action(config: &EventConfig) -> Option<Act> {
    let default = config.default_action.as_ref().filter(|default| config.enabled && default.enabled)?;
    let action = default.action.clone();
    Some(Act { action, at_the_same_time: false, go_on_if_this_fails: false, at_the_end: false })
}

/// What moderators took away.
fn moderation(event: &Event) -> Option<Effect> {
    if let Body::Delete(delete) = &event.body {
        return Some(Effect::Moderate { msg_ids: delete.msg_ids.clone(), user_ids: delete.user_ids.clone() });
    }
    let Body::Moderation(moderation) = &event.body else { return None };
    let user_id = &moderation.user.user_id;
    let is_taken_away = TAKEN_AWAY.contains(&moderation.action) && !user_id.as_str().is_empty();
    is_taken_away.then(|| Effect::Moderate { msg_ids: Vec::new(), user_ids: vec![user_id.clone()] })
}
