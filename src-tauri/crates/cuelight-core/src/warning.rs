//! What works but is perhaps not meant: warnings about rules and services in plain words.
//!
//! What cannot work at all is a fault ([`crate::rule_set::RuleFault`]).

mod action;
mod overlap;
mod rule_loop;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;
use ts_rs::TS;

use crate::condition::Condition;
use crate::event::EventType;
use crate::id::{ActionKindId, RuleId, ServiceId};
use crate::key_combination::KeyCombination;
use crate::rule::{ComboMode, Rule, RuleGroup};
use crate::service::{Service, ServiceKind, Services};
use crate::settings::HotkeySettings;
use crate::trigger::Trigger;

/// The price in diamonds up to which people send a gift a hundred times in a row.
const CHEAP_GIFT_DIAMONDS: u32 = 10;

/// One warning, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Warning {
    /// What it is about.
    pub about: About,
    /// Where in the rule or service, as files spell it, such as `do[1].with.text`.
    pub place: String,
    /// What is perhaps not meant.
    #[serde(flatten)]
    pub concern: Concern,
}

/// What a warning is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "WarningAbout")]
pub enum About {
    /// A rule.
    Rule(RuleId),
    /// A service.
    Service(ServiceId),
}

/// What is perhaps not meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Concern {
    /// An earlier rule of the group always wins.
    Shadowed {
        /// That rule.
        by: RuleId,
    },
    /// An earlier rule answers the same event.
    SameEvent {
        /// That rule.
        as_rule: RuleId,
    },
    /// The settings give its keys to a deed of the app.
    SameKeys {
        /// The keys.
        keys: String,
    },
    /// A service does the same without any rule.
    SameAsDefault {
        /// The service.
        service: ServiceId,
        /// The event type.
        event_type: EventType,
    },
    /// The event does not have what a placeholder stands for.
    NotInEvent {
        /// The placeholder.
        placeholder: String,
        /// The event type.
        event_type: EventType,
    },
    /// Perhaps a placeholder with a slip of the pen; it stays as typed.
    UnknownPlaceholder {
        /// As it was typed.
        name: String,
    },
    /// A filter of a placeholder that does not exist.
    UnknownFilter {
        /// As it was typed.
        name: String,
    },
    /// A cheap gift may fire it hundreds of times.
    NoCap,
    /// The service is switched off.
    ServiceOff {
        /// The service.
        service: ServiceId,
    },
    /// The service takes no such events.
    EventTypeOff {
        /// The service.
        service: ServiceId,
        /// The event type.
        event_type: EventType,
    },
    /// This version does not know the kind of action.
    UnknownAction {
        /// The kind.
        kind: ActionKindId,
    },
    /// The action has no parameter of that name.
    UnknownParameter {
        /// The kind.
        kind: ActionKindId,
        /// As it was typed.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The service that a step names does not run such actions.
    WrongService {
        /// The kind.
        kind: ActionKindId,
        /// The service.
        service: ServiceId,
    },
    /// It runs or switches a rule that does not exist.
    NoSuchRule {
        /// That rule.
        rule: RuleId,
    },
    /// It runs itself, by way of these rules.
    Loop {
        /// The rules in a row, the first one again at the end.
        rules: Vec<RuleId>,
    },
    /// It does nothing.
    NoSteps,
    /// A condition asks for something that its events do not have, or is never true.
    NeverFires,
    /// What people pay for or do once may be dropped.
    Discardable {
        /// The event type.
        event_type: EventType,
    },
}

impl Concern {
    /// The sentence for consoles and logs.
    #[must_use]
    pub fn in_english(&self) -> String {
        match self {
            Self::Shadowed { by } => {
                format!("It never fires, because rule {by} of its group answers all of its events first.")
            }
            Self::SameEvent { as_rule } => format!("Rule {as_rule} answers the same event; both fire."),
            Self::SameKeys { keys } => {
                format!("{keys} is also set in Settings for something else; both happen.")
            }
            Self::SameAsDefault { service, event_type } => format!(
                "Service {service} does the same for every {} event by itself; switch one of the two off.",
                event_type.as_str()
            ),
            Self::NotInEvent { placeholder, event_type } => {
                format!("A {} event has nothing for {{{placeholder}}}; it will be empty.", event_type.as_str())
            }
            Self::UnknownPlaceholder { name } => {
                format!("There is no placeholder {{{name}}}; it stays as typed unless an earlier step gives it.")
            }
            Self::UnknownFilter { name } => format!("There is no filter {name} for placeholders; it does nothing."),
            Self::NoCap => "A cheap gift can fire it hundreds of times in one combo; set a limit.".into(),
            Self::ServiceOff { service } => format!("Service {service} is switched off, so this is not done."),
            Self::EventTypeOff { service, event_type } => {
                format!("Service {service} takes no {} events, so this is not done.", event_type.as_str())
            }
            Self::UnknownAction { kind } => format!("This version knows no action {kind}; it is kept and not run."),
            Self::UnknownParameter { kind, name, known } => {
                format!("Action {kind} has no parameter {name:?}; there are {}.", known.join(", "))
            }
            Self::WrongService { kind, service } => format!("Action {kind} cannot run in service {service}."),
            Self::NoSuchRule { rule } => format!("There is no rule {rule}."),
            Self::Loop { rules } => {
                let chain: Vec<&str> = rules.iter().map(RuleId::as_str).collect();
                format!("It runs itself ({}), which is stopped after a few rounds.", chain.join(" → "))
            }
            Self::NoSteps => "It has no steps, so it does nothing.".into(),
            Self::NeverFires => "This is never true for the events of the rule, so it never fires.".into(),
            Self::Discardable { event_type } => {
                format!(
                    "When the queue is full, {} events may be dropped; people expect an answer.",
                    event_type.as_str()
                )
            }
        }
    }
}

/// What there is to know of a kind of action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKind {
    /// The kind of service that it runs in, the first of it where a step names none.
    pub service: ServiceKind,
    /// Every service that a step names runs it.
    pub runs_in_any_service: bool,
    /// The names of its parameters.
    pub parameters: Vec<String>,
}

impl KnownKind {
    fn runs_in(&self, service: &Service) -> bool {
        self.runs_in_any_service || service.kind == self.service
    }
}

/// All warnings about these rules and services: rules in their order, then services.
///
/// `kinds` holds every known kind of action, `hotkeys` the keys of the app's own deeds. Rules that are switched off get
/// only the warnings that concern themselves alone.
#[must_use]
pub fn warnings(
    rules: &[Rule],
    groups: &[RuleGroup],
    services: &Services,
    kinds: &BTreeMap<ActionKindId, KnownKind>,
    hotkeys: &HotkeySettings,
) -> Vec<Warning> {
    let ids: HashSet<&RuleId> = rules.iter().map(|rule| &rule.id).collect();
    let loops = rule_loop::find(rules);
    let overlaps = overlap::find(rules, groups);
    let mut found = Vec::new();
    for rule in rules {
        let mut warn = |place: &str, concern| {
            found.push(Warning { about: About::Rule(rule.id.clone()), place: place.to_owned(), concern });
        };
        if let Some(concern) = overlaps.get(&rule.id) {
            warn("when", concern.clone());
        }
        if let Some(keys) = keys_of_the_app(rule, hotkeys) {
            warn("when.keys", Concern::SameKeys { keys: keys.to_string() });
        }
        if has_no_cap(rule) {
            warn("combo", Concern::NoCap);
        }
        for (number, condition) in rule.only_if.iter().enumerate() {
            if never_holds(condition, &rule.when) {
                warn(&format!("only_if[{number}]"), Concern::NeverFires);
            }
        }
        if rule.steps.is_empty() {
            warn("do", Concern::NoSteps);
        }
        if let Some(chain) = loops.get(&rule.id) {
            warn("do", Concern::Loop { rules: chain.clone() });
        }
        action::Surroundings { rule, ids: &ids, services, kinds }.look(&rule.steps, &mut warn);
    }
    found.extend(discardable(services));
    found
}

/// The rule's keys, where the settings give them to something else too.
fn keys_of_the_app(rule: &Rule, hotkeys: &HotkeySettings) -> Option<KeyCombination> {
    let Trigger::Hotkey { keys } = &rule.when else { return None };
    let keys: KeyCombination = keys.parse().ok()?;
    (rule.enabled && hotkeys.combinations().any(|own| own == keys)).then_some(keys)
}

fn has_no_cap(rule: &Rule) -> bool {
    let endless = match rule.combo {
        ComboMode::EachGift { max_repeat } => max_repeat.is_none(),
        ComboMode::ComboEnd { repeat, max_repeat } => repeat && max_repeat.is_none(),
        ComboMode::ComboStart | ComboMode::WithCombo | ComboMode::EveryN { .. } => false,
    };
    let cheap = match &rule.when {
        // A gift whose price is not known may be a cheap one.
        Trigger::Gift { gifts, names } => {
            gifts.is_empty()
                || !names.is_empty()
                || gifts.iter().any(|gift| gift.diamond_count.is_none_or(|price| price <= CHEAP_GIFT_DIAMONDS))
        }
        Trigger::GiftValue { min_diamonds, .. } => min_diamonds.is_none_or(|least| least <= CHEAP_GIFT_DIAMONDS),
        other => other.event_type() == Some(EventType::Gift),
    };
    endless && cheap
}

/// Whether a condition can never hold for what the trigger answers.
fn never_holds(condition: &Condition, trigger: &Trigger) -> bool {
    let is_not = |event_type| trigger.event_type() != Some(event_type);
    match condition {
        Condition::GiftIn { .. } | Condition::Diamonds { .. } | Condition::ComboCount { .. } => is_not(EventType::Gift),
        Condition::CommentStartsWith { .. }
        | Condition::CommentIs { .. }
        | Condition::CommentContains { .. }
        | Condition::CommentMatches { .. }
        | Condition::CommentIsCommand { .. } => is_not(EventType::Comment),
        Condition::Chance { percent } => *percent <= 0.0,
        Condition::Who { .. }
        | Condition::TopGifter { .. }
        | Condition::TeamLevel { .. }
        | Condition::Viewers { .. }
        | Condition::NotViewers { .. }
        | Condition::GiftsGiven { .. }
        | Condition::FirstInSession
        | Condition::FirstEver
        | Condition::SessionAge { .. }
        | Condition::Counter { .. }
        | Condition::Variable { .. } => false,
    }
}

/// Services that may drop what people pay for or do once.
fn discardable(services: &Services) -> impl Iterator<Item = Warning> {
    let kept = [EventType::Gift, EventType::Subscribe, EventType::Follow];
    services.iter().flat_map(move |service| {
        kept.into_iter().filter(|event_type| service.event(Some(*event_type)).discardable).map(|event_type| Warning {
            about: About::Service(service.id.clone()),
            place: format!("{}.discardable", event_type.as_str()),
            concern: Concern::Discardable { event_type },
        })
    })
}
