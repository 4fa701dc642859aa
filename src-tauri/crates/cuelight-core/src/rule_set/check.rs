//! What makes a rule impossible to follow, found before it is compiled.

use super::RuleFault;
use super::command::name_of;
use super::compiled::CompiledRule;
use super::groups::Groups;
use crate::action::Action;
use crate::condition::Condition;
use crate::id::RuleId;
use crate::key_combination::KeyCombination;
use crate::limits::{RULE_ID_CHARACTERS, STEP_DEPTH, STEPS};
use crate::rule::{ComboMode, Rule, RuleGroup};
use crate::service::Services;
use crate::step::Step;
use crate::trigger::Trigger;

/// Everything in the rule that cannot be followed; empty for a rule that works.
#[must_use]
pub fn check(rule: &Rule, groups: &[RuleGroup], services: &Services) -> Vec<RuleFault> {
    CompiledRule::new(rule.clone(), &Groups::new(groups.to_vec()), services).err().unwrap_or_default()
}

/// Finds every fault but those of regular expressions, which compiling them finds.
pub(super) fn check_rule(rule: &Rule, groups: &Groups, services: &Services, faults: &mut Vec<RuleFault>) {
    let mut check = Check { rule: &rule.id, services, faults };
    check.id();
    check.trigger(&rule.when);
    for (number, condition) in rule.only_if.iter().enumerate() {
        check.condition(condition, &format!("only_if[{number}]"));
    }
    check.combo(&rule.combo);
    check.seconds(rule.cooldown.seconds, "cooldown.seconds");
    check.seconds(rule.cooldown.per_viewer_seconds, "cooldown.per_viewer_seconds");
    if let Some(fold) = &rule.fold {
        check.seconds(fold.within_seconds, "fold.within_seconds");
    }
    if let Some(name) = &rule.group {
        match groups.place(name) {
            Some(place) => check.seconds(groups.at(place).cooldown_seconds, "group"),
            None => check.fault("group", format!("there is no group {name:?}")),
        }
    }
    let mut count = 0;
    check.steps(&rule.steps, "do", 0, &mut count);
    if count > STEPS {
        check.fault("do", format!("a rule has at most {STEPS} steps, and this one has {count}"));
    }
}

struct Check<'a> {
    rule: &'a RuleId,
    services: &'a Services,
    faults: &'a mut Vec<RuleFault>,
}

impl Check<'_> {
    fn fault(&mut self, place: &str, problem: impl Into<String>) {
        let fault = RuleFault { rule: self.rule.clone(), place: place.to_owned(), problem: problem.into() };
        self.faults.push(fault);
    }

    fn id(&mut self) {
        let id = self.rule.as_str();
        let is_of_an_id = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '-' | '_');
        if id.is_empty() || id.len() > RULE_ID_CHARACTERS || !id.chars().all(is_of_an_id) {
            let problem = format!(
                "an id is 1 to {RULE_ID_CHARACTERS} lower-case letters, digits, dashes and underscores; {id:?} is none"
            );
            self.fault("id", problem);
        }
    }

    fn trigger(&mut self, trigger: &Trigger) {
        match trigger {
            Trigger::Event { .. } | Trigger::Comment | Trigger::GoalReached | Trigger::AppStart => {}
            // The expression is compiled with the rule.
            Trigger::Regex { .. } => {}
            Trigger::CounterReached { counter, .. } => self.text(counter, "when.counter"),
            Trigger::Gift { names, .. } => self.texts(names, "when.names"),
            Trigger::GiftValue { min_diamonds, max_diamonds } => {
                self.bounds(min_diamonds.as_ref(), max_diamonds.as_ref(), "when");
            }
            Trigger::Keyword { words } => self.some_texts(words, "when.words"),
            Trigger::Command { names, .. } => self.commands(names, "when.names"),
            Trigger::EveryLikes { every } | Trigger::EveryFollowers { every } => self.not_zero(*every, "when.every"),
            Trigger::LikeStreak { count } => self.not_zero(*count, "when.count"),
            Trigger::Timer { every_seconds } => self.not_zero(u64::from(*every_seconds), "when.every_seconds"),
            Trigger::TimeOfDay { .. } => {}
            Trigger::Custom { name } | Trigger::Call { name } => self.text(name, "when.name"),
            Trigger::Hotkey { keys } => {
                if let Err(no_keys) = keys.parse::<KeyCombination>() {
                    self.fault("when.keys", no_keys.to_string());
                }
            }
            Trigger::Button { label } => self.text(label, "when.label"),
            Trigger::OverlayClosed { overlay } => self.text(overlay, "when.overlay"),
            Trigger::ServiceLate { service, seconds } => {
                self.not_zero(u64::from(*seconds), "when.seconds");
                if self.services.get(service).is_none() {
                    self.fault("when.service", format!("there is no service {service}"));
                }
            }
        }
    }

    fn condition(&mut self, condition: &Condition, place: &str) {
        let inside = |field: &str| format!("{place}.{field}");
        match condition {
            Condition::GiftIn { ids } => self.some(ids, &inside("ids")),
            Condition::Diamonds { min, max } | Condition::ComboCount { min, max } => {
                self.bounds(min.as_ref(), max.as_ref(), place);
            }
            Condition::SessionAge { min_minutes, max_minutes } => {
                self.bounds(min_minutes.as_ref(), max_minutes.as_ref(), place);
            }
            Condition::Who { any_of } => self.some(any_of, &inside("any_of")),
            Condition::TopGifter { places } => self.not_zero(u64::from(*places), &inside("places")),
            Condition::TeamLevel { .. } | Condition::GiftsGiven { .. } => {}
            Condition::FirstInSession | Condition::FirstEver => {}
            Condition::Viewers { names } | Condition::NotViewers { names } => self.some_texts(names, &inside("names")),
            Condition::CommentStartsWith { text }
            | Condition::CommentIs { text }
            | Condition::CommentContains { text } => self.text(text, &inside("text")),
            // The expression is compiled with the rule.
            Condition::CommentMatches { .. } => {}
            Condition::CommentIsCommand { names } => self.commands(names, &inside("names")),
            Condition::Chance { percent } => {
                if !(0.0..=100.0).contains(percent) {
                    self.fault(&inside("percent"), format!("a chance is 0 to 100 percent, not {percent}"));
                }
            }
            Condition::Counter { name, .. } | Condition::Variable { name, .. } => self.text(name, &inside("name")),
        }
    }

    fn combo(&mut self, mode: &ComboMode) {
        match mode {
            ComboMode::ComboEnd { max_repeat: Some(most), .. } | ComboMode::EachGift { max_repeat: Some(most) } => {
                self.not_zero(u64::from(*most), "combo.max_repeat");
            }
            ComboMode::EveryN { n } => self.not_zero(u64::from(*n), "combo.n"),
            ComboMode::ComboEnd { max_repeat: None, .. }
            | ComboMode::EachGift { max_repeat: None }
            | ComboMode::ComboStart
            | ComboMode::WithCombo => {}
        }
    }

    /// Counts the steps, those inside choices included; below the deepest level allowed it does not look.
    fn steps(&mut self, steps: &[Step], place: &str, depth: usize, count: &mut usize) {
        *count += steps.len();
        if depth > STEP_DEPTH {
            self.fault(place, format!("choices stand inside choices more than {STEP_DEPTH} deep"));
            return;
        }
        for (number, step) in steps.iter().enumerate() {
            let place = format!("{place}[{number}]");
            match step {
                Step::Act(act) => self.action(&act.action, &place),
                Step::Choose(choose) => {
                    self.steps(&choose.then, &format!("{place}.then"), depth + 1, count);
                    self.steps(&choose.otherwise, &format!("{place}.otherwise"), depth + 1, count);
                }
                Step::PickOne(pick) => {
                    self.some(&pick.pick_one, &format!("{place}.pick_one"));
                    for (way, steps) in pick.pick_one.iter().enumerate() {
                        self.steps(steps, &format!("{place}.pick_one[{way}]"), depth + 1, count);
                    }
                }
                Step::Wait(_) => {}
            }
        }
    }

    /// An unknown kind of action is no fault: it is kept and not run.
    fn action(&mut self, action: &Action, place: &str) {
        if let Some(service) = &action.service
            && self.services.get(service).is_none()
        {
            self.fault(&format!("{place}.service"), format!("there is no service {service}"));
        }
    }

    fn not_zero(&mut self, number: u64, place: &str) {
        if number == 0 {
            self.fault(place, "it must be at least 1");
        }
    }

    fn seconds(&mut self, seconds: f64, place: &str) {
        if !(seconds.is_finite() && seconds >= 0.0) {
            self.fault(place, format!("seconds are 0 or more, not {seconds}"));
        }
    }

    fn bounds<T: PartialOrd>(&mut self, min: Option<&T>, max: Option<&T>, place: &str) {
        match (min, max) {
            (None, None) => self.fault(place, "neither a least nor a most is given"),
            (Some(min), Some(max)) if min > max => self.fault(place, "the least is more than the most"),
            _ => {}
        }
    }

    fn some<T>(&mut self, list: &[T], place: &str) {
        if list.is_empty() {
            self.fault(place, "nothing is listed");
        }
    }

    fn text(&mut self, text: &str, place: &str) {
        if text.trim().is_empty() {
            self.fault(place, "it is empty");
        }
    }

    fn texts(&mut self, texts: &[String], place: &str) {
        for (number, text) in texts.iter().enumerate() {
            self.text(text, &format!("{place}[{number}]"));
        }
    }

    fn some_texts(&mut self, texts: &[String], place: &str) {
        self.some(texts, place);
        self.texts(texts, place);
    }

    fn commands(&mut self, names: &[String], place: &str) {
        self.some(names, place);
        for (number, name) in names.iter().enumerate() {
            let name = name_of(name);
            if name.is_empty() || name.contains(char::is_whitespace) {
                self.fault(&format!("{place}[{number}]"), "a command is one word");
            }
        }
    }
}
