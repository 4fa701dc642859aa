//! Warnings about what a rule's steps do: placeholders, services, kinds of action, other rules.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::{Concern, KnownKind};
use crate::action::Action;
use crate::action_kind::{ENABLE_RULE, LOG_WRITE, RUN_RULE};
use crate::id::{ActionKindId, RuleId};
use crate::rule::Rule;
use crate::service::{Service, Services};
use crate::step::{Step, for_each_step};
use crate::template::Template;

/// What the steps of a rule are looked at with.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) rule: &'a Rule,
    pub(super) ids: &'a HashSet<&'a RuleId>,
    pub(super) services: &'a Services,
    pub(super) kinds: &'a BTreeMap<ActionKindId, KnownKind>,
}

impl Surroundings<'_> {
    /// Looks at steps and at those inside them.
    pub(super) fn look(self, steps: &[Step], warn: &mut impl FnMut(&str, Concern)) {
        for_each_step(steps, "do", &mut |step, place| match step {
            Step::Act(act) => self.look_at_action(&act.action, place, warn),
            Step::Choose(choose) => {
                for (number, test) in choose.all.iter().enumerate() {
                    self.look_at_text(&test.value, &format!("{place}.if[{number}].value"), warn);
                    self.look_at_text(&test.than, &format!("{place}.if[{number}].than"), warn);
                }
            }
            Step::PickOne(_) | Step::Wait(_) => {}
        });
    }

    fn look_at_action(self, action: &Action, place: &str, warn: &mut impl FnMut(&str, Concern)) {
        let own = self.kinds.get(&action.kind);
        match own {
            Some(kind) => look_at_parameters(action, kind, place, warn),
            None => warn(&format!("{place}.action"), Concern::UnknownAction { kind: action.kind.clone() }),
        }
        let service = match &action.service {
            Some(id) => self.services.get(id),
            None => own.and_then(|kind| self.services.of_kind(kind.service)),
        };
        if let Some(service) = service {
            self.look_at_service(service, action, place, warn);
            if own.is_some_and(|kind| !kind.runs_in(service)) {
                let concern = Concern::WrongService { kind: action.kind.clone(), service: service.id.clone() };
                warn(&format!("{place}.service"), concern);
            }
        }
        if let Some(id) = rule_in(action).map(RuleId::new).filter(|id| !self.ids.contains(id)) {
            warn(&format!("{place}.with.rule"), Concern::NoSuchRule { rule: id });
        }
        for (name, value) in &action.parameters {
            self.look_at_value(value, &format!("{place}.with.{name}"), warn);
        }
    }

    fn look_at_service(self, service: &Service, action: &Action, place: &str, warn: &mut impl FnMut(&str, Concern)) {
        if !service.active {
            warn(&format!("{place}.service"), Concern::ServiceOff { service: service.id.clone() });
        }
        let event_type = self.rule.when.event_type();
        let config = service.event(event_type);
        let Some(event_type) = event_type else { return };
        if !config.enabled {
            warn(&format!("{place}.service"), Concern::EventTypeOff { service: service.id.clone(), event_type });
        }
        let default = config.default_action.as_ref().filter(|default| default.enabled && self.rule.enabled);
        let same = default.is_some_and(|default| {
            default.action.kind == action.kind
                // A line of the log stands for what a service will do one day, so only the same line is the same.
                && (action.kind.as_str() != LOG_WRITE || default.action.parameters == action.parameters)
        });
        if same {
            warn(place, Concern::SameAsDefault { service: service.id.clone(), event_type });
        }
    }

    fn look_at_value(self, value: &Value, place: &str, warn: &mut impl FnMut(&str, Concern)) {
        match value {
            Value::String(text) => self.look_at_text(text, place, warn),
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    self.look_at_value(item, &format!("{place}[{number}]"), warn);
                }
            }
            Value::Object(fields) => {
                for (name, field) in fields {
                    self.look_at_value(field, &format!("{place}.{name}"), warn);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn look_at_text(self, text: &str, place: &str, warn: &mut impl FnMut(&str, Concern)) {
        let template = Template::parse(text);
        if let Some(event_type) = self.rule.when.event_type() {
            for placeholder in template.placeholders().into_iter().filter(|it| !it.given_by(event_type)) {
                warn(place, Concern::NotInEvent { placeholder: placeholder.name().to_owned(), event_type });
            }
        }
        for name in template.unknown_names() {
            warn(place, Concern::UnknownPlaceholder { name: name.to_owned() });
        }
        for name in template.unknown_filters() {
            warn(place, Concern::UnknownFilter { name: name.clone() });
        }
    }
}

fn look_at_parameters(action: &Action, kind: &KnownKind, place: &str, warn: &mut impl FnMut(&str, Concern)) {
    for name in action.parameters.keys().filter(|name| !kind.parameters.contains(name)) {
        let (kind, known) = (action.kind.clone(), kind.parameters.clone());
        warn(&format!("{place}.with.{name}"), Concern::UnknownParameter { kind, name: name.clone(), known });
    }
}

/// The rule that an action runs or switches.
fn rule_in(action: &Action) -> Option<&str> {
    match action.kind.as_str() {
        RUN_RULE | ENABLE_RULE => action.parameters.get("rule")?.as_str(),
        _ => None,
    }
}
