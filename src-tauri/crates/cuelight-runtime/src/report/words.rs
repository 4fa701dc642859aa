//! Codes with their parameters become sentences: reasons and warnings, in the words of the catalogues.
//!
//! English keeps the sentences of core, which scripts may look for in the console.

use cuelight_core::reason::Reason;
use cuelight_core::warning::Concern;
use serde_json::Value;

use super::catalogue::{Catalogue, fill};
use super::story::Language;

/// Why something was dropped, kept aside or stopped.
#[must_use]
pub fn reason(language: Language, reason: &Reason) -> String {
    match language {
        Language::English => reason.in_english(),
        Language::Spanish | Language::Vietnamese => {
            by_code(language, "reason", &json(reason)).unwrap_or_else(|| reason.in_english())
        }
    }
}

/// What is perhaps not meant.
#[must_use]
pub fn concern(language: Language, concern: &Concern) -> String {
    match language {
        Language::English => concern.in_english(),
        Language::Spanish | Language::Vietnamese => {
            by_code(language, "warning", &json(concern)).unwrap_or_else(|| concern.in_english())
        }
    }
}

fn json(coded: &impl serde::Serialize) -> Value {
    serde_json::to_value(coded).expect("a code with its parameters is JSON")
}

/// The sentence of `{code, params}`; `None` where the catalogue has none, as for the words of an action that failed.
fn by_code(language: Language, topic: &str, coded: &Value) -> Option<String> {
    let code = coded.get("code")?.as_str()?;
    let catalogue = Catalogue::of(language);
    let params = coded.get("params").and_then(Value::as_object);
    // A cooldown says it in its own words for each of those it holds for.
    let of = params.and_then(|params| params.get("of")).and_then(Value::as_str);
    let key = of.map_or_else(|| format!("{topic}.{code}"), |of| format!("{topic}.{code}.{of}"));
    let text = catalogue.text(&key)?;
    let params = params.into_iter().flatten();
    let values: Vec<(&str, String)> = params.map(|(name, value)| param(language, catalogue, name, value)).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(fill(text, &values))
}

/// A parameter by the name that the catalogues have for it, as people read it.
fn param<'a>(language: Language, catalogue: &Catalogue, name: &'a str, value: &Value) -> (&'a str, String) {
    match (name, value) {
        ("event_type", Value::String(event)) => {
            ("event", catalogue.text(&format!("event.{event}")).unwrap_or(event).to_owned())
        }
        ("viewer_counts", value) => ("viewers", number(language, value)),
        ("as_rule", Value::String(rule)) => ("rule", rule.clone()),
        ("rules", Value::Array(rules)) => (name, joined(rules, " → ")),
        (_, Value::Array(all)) => (name, joined(all, ", ")),
        (_, Value::String(text)) => (name, text.clone()),
        (_, value) => match (name.strip_suffix("_ms"), value.as_f64()) {
            (Some(name), Some(ms)) => (name, span(language, catalogue, ms)),
            (Some(_) | None, _) => (name, number(language, value)),
        },
    }
}

fn joined(all: &[Value], between: &str) -> String {
    all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(between)
}

fn number(language: Language, value: &Value) -> String {
    value.as_u64().map_or_else(|| value.to_string(), |number| language.number(number))
}

/// A time span as people say it when it matters how long: 310 ms, 1.9 s, 42 s, 3 min.
fn span(language: Language, catalogue: &Catalogue, ms: f64) -> String {
    let (unit, value) = match ms {
        ms if ms < 995.0 => ("unit.ms", format!("{:.0}", ms.max(0.0))),
        ms if ms < 9_950.0 => ("unit.s", short(language, ms / 1000.0)),
        ms if ms < 119_500.0 => ("unit.s", format!("{:.0}", ms / 1000.0)),
        ms if ms < 7_170_000.0 => ("unit.min", format!("{:.0}", ms / 60_000.0)),
        ms => ("unit.h", short(language, ms / 3_600_000.0)),
    };
    fill(catalogue.text(unit).unwrap_or("{value}"), &[("value", &value)])
}

/// With one decimal, unless that is a nought.
fn short(language: Language, number: f64) -> String {
    let text = language.tenths(number);
    text.strip_suffix(".0").or_else(|| text.strip_suffix(",0")).map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use cuelight_core::event::EventType;
    use cuelight_core::id::{RuleId, ServiceId};
    use cuelight_core::reason::CooldownOf;

    use super::*;

    #[test]
    fn a_reason_is_told_in_the_language_that_was_asked_for() {
        #[track_caller]
        fn check(because: &Reason, spanish: &str) {
            assert_eq!(reason(Language::Spanish, because), spanish);
            assert_eq!(reason(Language::English, because), because.in_english(), "English is a contract");
        }
        let cooldown = Reason::Cooldown { left_ms: 8_000, of: CooldownOf::Viewer };
        check(&cooldown, "en espera para este espectador, faltan 8 s");
        let late = Reason::TooLate { waited_ms: 1_940, limit_ms: 120_000 };
        check(&late, "llevaba 1,9 s listo y solo tiene sentido en 2 min");
        let failed = Reason::ActionFailed { error: "no such file".into(), advice: "Choose another.".into() };
        check(&failed, "no such file. Choose another.");
        let off = Reason::EventTypeOff { service: "voice".into(), event_type: "gift".into() };
        check(&off, "voice no acepta estos eventos (Regalo)");
        let shed = Reason::Shed { joins: 12_000, likes: 3, viewer_counts: 1, late_ms: 125_000 };
        let told = reason(Language::Spanish, &shed);
        assert!(told.contains("2 min") && told.contains("12.000"), "{told} writes numbers as Spanish does");
    }

    #[test]
    fn a_warning_names_what_it_is_about() {
        let told = |language, concern: &Concern| super::concern(language, concern);
        let placeholder = Concern::NotInEvent { placeholder: "gift".into(), event_type: EventType::Follow };
        assert!(told(Language::Spanish, &placeholder).contains("{gift}"), "as it was typed, in braces");
        let rules = ["a", "b", "a"].map(RuleId::new).to_vec();
        assert!(told(Language::Spanish, &Concern::Loop { rules }).contains("(a → b → a)"), "the whole circle");
        let off = Concern::ServiceOff { service: ServiceId::new("voice") };
        assert_eq!(told(Language::English, &off), off.in_english(), "English is a contract");
    }

    #[test]
    fn no_sentence_is_left_with_a_gap_in_it() {
        let reasons = [
            Reason::MessageBroken { method: "m".into() },
            Reason::FrameBroken { error: "e".into() },
            Reason::RecordingBroken { place: "p".into(), error: "e".into() },
            Reason::Shed { joins: 1, likes: 2, viewer_counts: 3, late_ms: 4 },
            Reason::DiskFull { place: "p".into(), error: "e".into() },
            Reason::DatabaseDamaged { moved_to: "p".into(), error: "e".into() },
            Reason::SettingsRestored { place: "p".into() },
            Reason::Muted,
            Reason::ConditionFailed { number: 1, condition: "c".into() },
            Reason::Cooldown { left_ms: 1, of: CooldownOf::Rule },
            Reason::Cooldown { left_ms: 1, of: CooldownOf::Group },
            Reason::WaitingForMore { seen: 1, next: 2 },
            Reason::Capped { fired: 1, of: 2 },
            Reason::LessSpecific { than: "r".into() },
            Reason::ChanceMissed { percent: 3 },
            Reason::TooDeep { limit: 3 },
            Reason::ServiceOff { service: "s".into() },
            Reason::NoSuchService { service: "s".into() },
            Reason::NoSuchAction { kind: "k".into() },
            Reason::WrongService { kind: "k".into(), service: "s".into() },
            Reason::BadParameters { kind: "k".into(), error: "e".into() },
            Reason::QueueFull { service: "s".into(), size: 3 },
            Reason::Displaced { service: "s".into(), by: 3 },
            Reason::TooLate { waited_ms: 1, limit_ms: 2 },
            Reason::TimedOut { limit_ms: 2 },
            Reason::ActionBroke { kind: "k".into() },
            Reason::TooOften { fired: 1, of: 2 },
            Reason::NoEventOff { service: "s".into() },
            Reason::TooMany { limit: 2 },
            Reason::Unreadable,
        ];
        for because in &reasons {
            for language in [Language::Spanish, Language::Vietnamese] {
                let told = reason(language, because);
                assert!(!told.contains(['{', '}']), "{told:?} has a gap");
                assert_ne!(told, because.in_english(), "{because:?} is translated in {language}");
            }
        }
    }
}
