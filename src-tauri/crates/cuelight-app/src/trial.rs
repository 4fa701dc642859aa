//! Trying a rule as it is edited: on a copy of everything that it depends on, so that nothing is spent.

use cuelight_core::decide::SessionFacts;
use cuelight_core::decision::{Decision, Firing, Origin};
use cuelight_core::event::{Body, Event, EventType};
use cuelight_core::facts::Values;
use cuelight_core::gift_catalogue::{GiftCatalogue, KnownGift};
use cuelight_core::id::{EventId, RuleId, SessionId};
use cuelight_core::rule::Rule;
use cuelight_core::rule_set::{RuleFault, RuleSet};
use cuelight_core::service::Services;
use cuelight_core::trigger::Trigger;
use cuelight_core::trying::{MadeUp, Tried, TriedWith, TryIn, rehearse, suited_gift};
use cuelight_core::viewer::Standing;
use cuelight_core::world::World;
use cuelight_runtime::actions::Registry;
use cuelight_runtime::pipeline::seed_of;
use cuelight_runtime::store::{Happening, Reader, StoreError, StoredSession};

use crate::dto::{self, DecisionLine, Failure, FailureCode, Trial, TriedStep, TryWith};

/// Everything that trying one rule depends on, as it is at this moment.
#[derive(Debug)]
pub(crate) struct Stage {
    rule: RuleId,
    rules: RuleSet,
    services: Services,
    values: Values,
    session: SessionFacts,
    rule_state: Vec<(String, String)>,
    with: TriedWith,
    standing: Standing,
    number: u32,
    now_ms: i64,
}

/// What trying came to: what is told, and what would run.
pub(crate) struct Shown {
    pub(crate) trial: Trial,
    pub(crate) firings: Vec<Firing>,
}

/// The session in which something would happen, and the time there.
struct Moment {
    session: SessionFacts,
    rule_state: Vec<(String, String)>,
    now_ms: i64,
}

impl Stage {
    /// Reads what trying this rule depends on. The rule stands in the place of the saved one; switched off, it is tried all the
    /// same.
    pub(crate) fn set(reader: &Reader, rule: Rule, with: &TryWith, clock_ms: i64) -> Result<Self, Failure> {
        let (trigger, id) = (rule.when.clone(), rule.id.clone());
        let services = Services::new(reader.services()?);
        let rules = with_edited(reader.rules()?, Rule { enabled: true, ..rule });
        let (rules, faults) = RuleSet::new(0, rules, reader.groups()?, &services);
        refuse_faulty(&id, faults)?;
        let stage = match with {
            TryWith::Real { session, number } => {
                let place = EventId { session: *session, number: *number };
                let found = reader.happening(place)?;
                let happening = found.ok_or_else(|| Failure::not_found(format!("event {number} of {session}")))?;
                Self::real(reader, happening, &trigger, clock_ms)?
            }
            TryWith::MadeUp(made_up) => Self::made_up(reader, made_up, &trigger, clock_ms)?,
        };
        let (Moment { session, rule_state, now_ms }, with, standing, number) = stage;
        let values = reader.values()?;
        Ok(Self { rule: id, rules, services, values, session, rule_state, with, standing, number, now_ms })
    }

    /// Decides, without doing anything.
    pub(crate) fn decide(&self) -> Tried {
        let around = TryIn {
            rules: &self.rules,
            services: &self.services,
            values: &self.values,
            session: &self.session,
            rule_state: &self.rule_state,
            standing: self.standing,
            number: self.number,
            now_ms: self.now_ms,
        };
        around.decide(&self.rule, &self.with)
    }

    /// What would happen, with the steps of the first firing as they would be sent.
    pub(crate) fn show(&self, registry: &Registry) -> Shown {
        let Tried { decision, firings, others } = self.decide();
        let Self { services, values, now_ms, .. } = self;
        // The seed with which the queues begin runs of no session, so that chance picks the same here and there.
        let world = World { services, prepare: registry, values, seed: 0, now_ms: *now_ms };
        let placed = firings.first().map(|firing| rehearse(firing, &world)).unwrap_or_default();
        let steps = placed.into_iter().map(|job| TriedStep {
            place: job.place,
            summary: registry.summary(&job.kind, &job.parameters),
            kind: job.kind,
            service: job.service,
            because: job.because,
        });
        let trial = Trial {
            fired: decision.fired,
            because: decision.because,
            steps: steps.collect(),
            others: others.into_iter().map(|other| self.line(other)).collect(),
            run: None,
        };
        Shown { trial, firings }
    }

    /// The event that it is tried with, if it is one.
    pub(crate) fn event(&self) -> Option<&Event> {
        self.with.as_event()
    }

    fn line(&self, decision: Decision) -> DecisionLine {
        let name = match &decision.rule {
            Origin::Rule(id) => self.rules.get(id).map(|rule| rule.name.clone()),
            Origin::Default(id) => self.services.get(id).map(|service| service.name.clone()),
            Origin::Asked => None,
        };
        let origin = decision.rule.to_string();
        let name = name.unwrap_or_else(|| origin.clone());
        DecisionLine { origin, name, fired: decision.fired, because: decision.because }
    }

    fn real(
        reader: &Reader,
        happening: Happening,
        trigger: &Trigger,
        clock_ms: i64,
    ) -> Result<(Moment, TriedWith, Standing, u32), Failure> {
        let Happening { id, received_ms, mut event } = happening;
        let moment = match open_moment(reader, clock_ms)? {
            Some(open) => open,
            None => {
                let stored = reader.session(id.session)?;
                Moment { session: facts_of(stored.as_ref(), received_ms), rule_state: Vec::new(), now_ms: received_ms }
            }
        };
        let standing = standing_of(reader, &event, id.session, received_ms)?;
        if let Body::Gift(gift) = &mut event.body {
            GiftCatalogue::new(reader.gifts()?).complete(gift);
        }
        Ok((moment, TriedWith::event(event, trigger), standing, id.number))
    }

    fn made_up(
        reader: &Reader,
        chosen: &dto::MadeUp,
        trigger: &Trigger,
        clock_ms: i64,
    ) -> Result<(Moment, TriedWith, Standing, u32), Failure> {
        let moment = match open_moment(reader, clock_ms)? {
            Some(open) => open,
            None => {
                let session = facts_of(reader.newest_session()?.as_ref(), clock_ms);
                Moment { session, rule_state: Vec::new(), now_ms: clock_ms }
            }
        };
        let is_gift = trigger.event_type() == Some(EventType::Gift);
        let catalogue = if is_gift { reader.gifts()? } else { Vec::new() };
        let gift = match chosen.gift_id.filter(|_| is_gift) {
            Some(id) => {
                let known = catalogue.into_iter().find(|known| known.id == id);
                known.unwrap_or_else(|| KnownGift { id, ..KnownGift::default() })
            }
            None => suited_gift(trigger, &catalogue),
        };
        let made_up = MadeUp {
            nickname: &chosen.nickname,
            gift: &gift,
            count: chosen.count,
            comment: &chosen.comment,
            months: chosen.months,
            follower: chosen.follower,
            subscriber: chosen.subscriber,
            moderator: chosen.moderator,
        };
        let with = TriedWith::made_up(trigger, &made_up, moment.now_ms);
        let standing = Standing {
            first_in_session: true,
            first_ever: true,
            gift_units: if is_gift { u64::from(chosen.count) } else { 0 },
            ..Standing::default()
        };
        // Each try draws anew where the rule leaves something to chance.
        let number = clock_ms as u32;
        Ok((moment, with, standing, number))
    }
}

/// The rules with one of them as it is edited, in its place or last.
fn with_edited(mut rules: Vec<Rule>, edited: Rule) -> Vec<Rule> {
    match rules.iter_mut().find(|rule| rule.id == edited.id) {
        Some(rule) => *rule = edited,
        None => rules.push(edited),
    }
    rules
}

/// Refuses a rule that cannot be followed; what is wrong with others is not asked here.
pub(crate) fn refuse_faulty(rule: &RuleId, faults: Vec<RuleFault>) -> Result<(), Failure> {
    match faults.into_iter().find(|fault| fault.rule == *rule) {
        Some(fault) => {
            let field = format!("rule.{}", fault.place);
            Err(Failure::new(FailureCode::BadInput, fault.problem).about(field))
        }
        None => Ok(()),
    }
}

/// The moment in the open session; `None` where none is open.
fn open_moment(reader: &Reader, clock_ms: i64) -> Result<Option<Moment>, StoreError> {
    let Some(open) = reader.newest_session()?.filter(|session| session.ended_ms.is_none()) else { return Ok(None) };
    let now_ms = now_in(&open, clock_ms);
    let rule_state = reader.rule_state(open.id)?;
    Ok(Some(Moment { session: facts_of(Some(&open), now_ms), rule_state, now_ms }))
}

/// The time of an open session: ours for a live; what is rehearsed has a clock of its own, which stands at its last event.
pub(crate) fn now_in(open: &StoredSession, clock_ms: i64) -> i64 {
    let is_live = ["tiktok", "tikfinity", "redis"].iter().any(|name| open.source.starts_with(name));
    if is_live { clock_ms } else { open.last_event_ms }
}

/// What decisions depend on of that session, or of the first one to come.
fn facts_of(session: Option<&StoredSession>, now_ms: i64) -> SessionFacts {
    let id = session.map_or(SessionId(1), |session| session.id);
    SessionFacts {
        id,
        creator: session.map(|session| session.creator.as_str().into()).unwrap_or_default(),
        started_ms: session.map_or(now_ms, |session| session.started_ms),
        seed: seed_of(id),
        // A time of day is tried as if it were that time.
        utc_offset_s: 0,
    }
}

/// How the viewer of an event stood, as far as the database still knows it.
fn standing_of(reader: &Reader, event: &Event, session: SessionId, received_ms: i64) -> Result<Standing, StoreError> {
    let Some(user) = event.user() else { return Ok(Standing::default()) };
    let past = reader.past_of(&user.user_id, session)?;
    let known = reader.viewer_in(&user.user_id, session)?;
    let first_in_session = known.as_ref().is_some_and(|known| known.first_seen_ms == received_ms);
    let given = if let Body::Gift(gift) = &event.body { gift.total_count } else { None };
    Ok(Standing {
        muted: reader.muted()?.contains(&user.user_id),
        first_in_session,
        first_ever: first_in_session && !past.seen_before,
        gift_units: given.or(known.as_ref().map(|known| known.gift_units)).unwrap_or(0),
        earlier_gift_units: past.gift_units,
        roles: known.map(|known| known.roles).unwrap_or_default(),
    })
}
