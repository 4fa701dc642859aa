//! Trying a rule: what it would do because of something that happened or is made up, with nothing spent by it.
//!
//! It is decided by the same function as on a live, in a session that begins with nothing but the cooldowns that run. What
//! a rule waits for over many events, such as every so many likes, is taken as reached with the one event that is there.

mod example;
mod made_up;
mod placed;

pub use self::made_up::{MadeUp, suited_gift};
pub use self::placed::{PlacedJob, rehearse};

use crate::decide::{Decided, Occasion, RuleState, SessionFacts, decide};
use crate::decision::{Decision, Effect, Firing, Origin};
use crate::event::{Body, Connect, Event, EventType};
use crate::facts::Values;
use crate::id::RuleId;
use crate::reason::Reason;
use crate::rule_set::RuleSet;
use crate::service::Services;
use crate::signal::Signal;
use crate::timestamp::Timestamp;
use crate::totals::SessionTotals;
use crate::trigger::{TimeOfDay, Trigger};
use crate::viewer::Standing;

/// What a rule is tried with.
#[derive(Debug, Clone, PartialEq)]
pub enum TriedWith {
    /// An event.
    Event(Box<Event>),
    /// Something that is no event of the live.
    Signal(Signal),
    /// The moment of a timer.
    Timer {
        /// The time between two of its moments, in milliseconds.
        every_ms: i64,
    },
    /// A time of day.
    TimeOfDay(TimeOfDay),
    /// A counter reached a value from below.
    Counter {
        /// Its name.
        name: String,
        /// Its value now.
        value: i64,
    },
}

impl TriedWith {
    /// An event that happened, as the one that a rule of that trigger waits for: a gift with its whole combo, likes and goals
    /// with what they reach.
    #[must_use]
    pub fn event(mut event: Event, trigger: &Trigger) -> Self {
        event.stamp.history = false;
        suit(&mut event.body, trigger);
        Self::Event(Box::new(event))
    }

    /// The event, if it is one.
    #[must_use]
    pub fn as_event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            Self::Signal(_) | Self::Timer { .. } | Self::TimeOfDay(_) | Self::Counter { .. } => None,
        }
    }
}

/// What trying depends on beside the rule and what it is tried with.
#[derive(Debug, Clone, Copy)]
pub struct TryIn<'a> {
    /// All rules, the tried one among them.
    pub rules: &'a RuleSet,
    /// The services.
    pub services: &'a Services,
    /// The counters and variables.
    pub values: &'a Values,
    /// The session in which it would happen.
    pub session: &'a SessionFacts,
    /// The rows of that session's rule state; only cooldowns are read.
    pub rule_state: &'a [(String, String)],
    /// How the viewer of the event stands.
    pub standing: Standing,
    /// The number of the event, from which chance follows.
    pub number: u32,
    /// Now, ms since 1970.
    pub now_ms: i64,
}

/// What would happen.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// What becomes of the tried rule.
    pub decision: Decision,
    /// Its firings.
    pub firings: Vec<Firing>,
    /// What becomes of other rules and of default actions that answer too.
    pub others: Vec<Decision>,
}

impl TryIn<'_> {
    /// Decides what that rule would do.
    #[must_use]
    pub fn decide(&self, rule: &RuleId, with: &TriedWith) -> Tried {
        let tried = Origin::Rule(rule.clone());
        let decided = self.decided(rule, with);
        let (own, others): (Vec<_>, Vec<_>) = decided.decisions.into_iter().partition(|it| it.rule == tried);
        let silent = || Decision {
            rule: tried.clone(),
            fired: 0,
            because: Some(decided.muted.clone().unwrap_or(Reason::NotAnswered)),
        };
        let firings = decided.effects.into_iter().filter_map(|effect| match effect {
            Effect::Start(firing) => (firing.origin == tried).then_some(*firing),
            Effect::Grow { .. } | Effect::Finish { .. } | Effect::Moderate { .. } => None,
        });
        Tried { firings: firings.collect(), decision: own.into_iter().next().unwrap_or_else(silent), others }
    }

    fn decided(&self, rule: &RuleId, with: &TriedWith) -> Decided {
        let mut state = RuleState::new(self.session.clone());
        match with {
            TriedWith::Event(event) => {
                if let Body::Goal(goal) = &event.body {
                    state.await_goal(goal);
                }
                let totals = self.totals(rule, event.event_type());
                let occasion = Occasion::Event { event, number: self.number, totals: &totals, depth: 0 };
                self.ask(state, occasion, self.values)
            }
            TriedWith::Signal(signal) => self.ask(state, Occasion::Signal(signal), self.values),
            TriedWith::Timer { every_ms } => {
                self.wait(&mut state, *every_ms);
                self.ask(state, Occasion::Tick, self.values)
            }
            TriedWith::TimeOfDay(at) => {
                let wanted_s = i64::from(at.minutes()) * 60 - self.now_ms.div_euclid(1000);
                let utc_offset_s = i32::try_from(wanted_s.rem_euclid(24 * 60 * 60)).unwrap_or(0);
                let mut state = RuleState::new(SessionFacts { utc_offset_s, ..self.session.clone() });
                self.wait(&mut state, 2_000);
                self.ask(state, Occasion::Tick, self.values)
            }
            TriedWith::Counter { name, value } => {
                let mut values = self.values.clone();
                values.counters.insert(name.clone(), *value);
                let occasion = Occasion::CounterChanged { name, from: value.saturating_sub(1), to: *value, depth: 0 };
                self.ask(state, occasion, &values)
            }
        }
    }

    /// Lets a live go on for so long up to the moment that is tried; what fires meanwhile is not looked at.
    fn wait(&self, state: &mut RuleState, wait_ms: i64) {
        let connected = Event::own(Body::Connect(Connect::default()), Timestamp::from_ms(self.now_ms - wait_ms));
        let (totals, standing) = (SessionTotals::default(), Standing::default());
        let connect = Occasion::Event { event: &connected, number: 0, totals: &totals, depth: 0 };
        // A time of day is told to the second.
        for (occasion, ago_ms) in [(connect, wait_ms), (Occasion::Tick, 1_000)] {
            let Self { rules, services, values, now_ms, .. } = *self;
            decide(rules, services, values, state, &standing, occasion, now_ms - ago_ms, &mut Decided::default());
        }
        state.reset_cooldowns();
    }

    fn ask(&self, mut state: RuleState, occasion: Occasion<'_>, values: &Values) -> Decided {
        state.restore_cooldowns(self.rule_state);
        let mut decided = Decided::default();
        let Self { rules, services, standing, now_ms, .. } = self;
        decide(rules, services, values, &mut state, standing, occasion, *now_ms, &mut decided);
        decided
    }

    /// Sums with which a follower is the one that the rule waits for.
    fn totals(&self, rule: &RuleId, event_type: EventType) -> SessionTotals {
        let mut totals = SessionTotals::default();
        let trigger = self.rules.get(rule).map(|rule| &rule.when);
        let count = if let Some(Trigger::EveryFollowers { every }) = trigger { *every } else { 1 };
        totals.by_type.insert(event_type, count);
        totals
    }
}

/// Makes the event the one that the trigger waits for, where its type and its words are right.
fn suit(body: &mut Body, trigger: &Trigger) {
    if let Body::Gift(gift) = body {
        // One event stands for the whole combo, as it is when it ends.
        gift.streaking = false;
        gift.repeat_count = gift.repeat_count.max(1);
        gift.delta_count = Some(gift.repeat_count);
        gift.total_diamonds = gift.gift.diamond_count.map(|price| u64::from(price) * u64::from(gift.repeat_count));
        gift.delta_diamonds = gift.total_diamonds;
    }
    if let Body::Like(like) = body {
        like.count = like.count.max(1);
        if let Trigger::EveryLikes { every } = trigger {
            like.total_likes = like.total_likes.max(1).checked_next_multiple_of(*every).unwrap_or(*every);
        }
        if let Trigger::LikeStreak { count } = trigger {
            like.streak_count = Some(*count);
        }
    }
    if let (Body::Goal(goal), Trigger::GoalReached) = (body, trigger) {
        goal.target = goal.target.max(1);
        goal.progress = goal.progress.max(goal.target);
    }
}

#[cfg(test)]
mod tests;
