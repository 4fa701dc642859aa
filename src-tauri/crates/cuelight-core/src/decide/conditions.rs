//! Whether the conditions of a rule hold.

use ahash::AHashSet;

use super::scene::Scene;
use super::state::SessionFacts;
use crate::chance::Chance;
use crate::condition::{Condition, Since};
use crate::reason::Reason;
use crate::rule_set::{CompiledCondition, CompiledRule, begins_with};
use crate::user::User;

/// Chances are drawn in hundred-millionths, so that a hundredth of a percent is still exact.
const DRAWS: u64 = 100_000_000;

/// The first condition that does not hold, as the reason why the rule does not fire.
pub(super) fn first_failed(compiled: &CompiledRule, scene: &Scene<'_>, session: &SessionFacts) -> Option<Reason> {
    let place = compiled.conditions.iter().position(|condition| !holds(condition, compiled, scene, session))?;
    if let Condition::Chance { percent } = &compiled.rule.only_if[place] {
        return Some(Reason::ChanceMissed { percent: percent.round() as u32 });
    }
    Some(Reason::ConditionFailed { number: place as u32 + 1, condition: compiled.condition_texts[place].clone() })
}

fn holds(condition: &CompiledCondition, compiled: &CompiledRule, scene: &Scene<'_>, session: &SessionFacts) -> bool {
    let comment = |asks: &dyn Fn(&str) -> bool| scene.lowered().is_some_and(|text| asks(text.trim()));
    match condition {
        CompiledCondition::Plain(condition) => plain_holds(condition, compiled, scene, session),
        CompiledCondition::CommentStartsWith(start) => comment(&|text| text.starts_with(start.as_str())),
        CompiledCondition::CommentIs(whole) => comment(&|text| text == whole),
        CompiledCondition::CommentContains(part) => comment(&|text| text.contains(part.as_str())),
        CompiledCondition::CommentMatches(regex) => scene.comment().is_some_and(|text| regex.is_match(text)),
        CompiledCondition::CommentIsCommand(names) => scene.comment().is_some_and(|text| begins_with(text, names)),
        CompiledCondition::Viewers(names) => scene.user().is_some_and(|user| is_one_of(user, scene, names)),
        CompiledCondition::NotViewers(names) => scene.user().is_some_and(|user| !is_one_of(user, scene, names)),
    }
}

fn plain_holds(condition: &Condition, compiled: &CompiledRule, scene: &Scene<'_>, session: &SessionFacts) -> bool {
    let standing = &scene.standing;
    match condition {
        Condition::GiftIn { ids } => scene.gift().is_some_and(|gift| ids.contains(&gift.gift.id)),
        Condition::Diamonds { min, max } => {
            let price = scene.gift().and_then(|gift| gift.gift.diamond_count);
            price.is_some_and(|price| lies_within(u64::from(price), *min, *max))
        }
        Condition::ComboCount { min, max } => {
            scene.gift().is_some_and(|gift| lies_within(u64::from(gift.repeat_count), *min, *max))
        }
        Condition::Who { any_of } => any_of.iter().any(|role| scene.is(*role, session)),
        Condition::TopGifter { places } => {
            let rank = standing.roles.top_gifter_rank.or(scene.user().and_then(|user| user.top_gifter_rank));
            rank.is_some_and(|rank| (1..=*places).contains(&rank))
        }
        Condition::TeamLevel { min } => {
            let level = standing.roles.team_level.or(scene.user().and_then(|user| user.team_level));
            level.is_some_and(|level| level >= *min)
        }
        Condition::GiftsGiven { min, since } => {
            let earlier = match since {
                Since::Session => 0,
                Since::Ever => standing.earlier_gift_units,
            };
            scene.user().is_some() && standing.gift_units.saturating_add(earlier) >= *min
        }
        Condition::FirstInSession => standing.first_in_session,
        Condition::FirstEver => standing.first_ever,
        Condition::Chance { percent } => is_drawn(*percent, compiled, scene, session),
        Condition::SessionAge { min_minutes, max_minutes } => {
            let age_ms = scene.now_ms.saturating_sub(session.started_ms).max(0).unsigned_abs();
            let in_ms = |minutes: &Option<u64>| minutes.map(|minutes| minutes.saturating_mul(60_000));
            lies_within(age_ms, in_ms(min_minutes), in_ms(max_minutes))
        }
        Condition::Counter { name, is, than } => is.holds_between(scene.values.counter(name), *than),
        Condition::Variable { name, is, than } => is.holds(scene.values.variable(name), than),
        // Compiled to a form of their own.
        Condition::CommentStartsWith { .. }
        | Condition::CommentIs { .. }
        | Condition::CommentContains { .. }
        | Condition::CommentMatches { .. }
        | Condition::CommentIsCommand { .. }
        | Condition::Viewers { .. }
        | Condition::NotViewers { .. } => false,
    }
}

/// The same session, event and rule always draw the same, whatever other rules there are. Where no event is the occasion,
/// its time stands for it.
fn is_drawn(percent: f64, compiled: &CompiledRule, scene: &Scene<'_>, session: &SessionFacts) -> bool {
    let occasion = Chance::of(session.seed).number(u64::from(scene.number));
    let occasion = if scene.event.is_some() { occasion } else { occasion.number(scene.now_ms as u64) };
    let drawn = occasion.text(compiled.rule.id.as_str()).below(DRAWS);
    (drawn as f64) < percent / 100.0 * DRAWS as f64
}

fn lies_within(value: u64, min: Option<u64>, max: Option<u64>) -> bool {
    min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max)
}

fn is_one_of(user: &User, scene: &Scene<'_>, names: &AHashSet<String>) -> bool {
    let is_named = |name: &str| !name.is_empty() && names.contains(name);
    is_named(scene.handle()) || is_named(user.user_id.as_str())
}
