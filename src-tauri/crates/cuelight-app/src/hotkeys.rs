//! The global key combinations that are wanted: those of the settings and those of rules.

use std::collections::BTreeSet;

use cuelight_core::rule::Rule;
use cuelight_core::settings::{Hotkey, HotkeySettings};
use cuelight_core::trigger::Trigger;

use crate::app::App;
use crate::dto::{Failure, FailureCode, HotkeyStatus};

impl App {
    /// Asks the shell for every global key combination that is wanted now, and lets go of all others; says which are ours.
    /// To be called when the app has begun, and after hotkeys or rules changed.
    ///
    /// # Errors
    /// The rules cannot be read, or the system takes no hotkeys at all.
    pub async fn take_hotkeys(&self) -> Result<Vec<HotkeyStatus>, Failure> {
        let rules = self.read(cuelight_runtime::store::Reader::rules).await?;
        let keys = wanted(&self.settings.borrow().hotkeys, &rules);
        let taken = self.shell.take_hotkeys(&keys).await;
        taken.map_err(|error| Failure::new(FailureCode::NotNow, error.to_string()))
    }
}

/// Every combination once, in the form in which hotkeys are written: those of the settings first, then those of rules that
/// are switched on. What is no combination is left out: no keyboard could press it.
fn wanted<'a>(settings: &'a HotkeySettings, rules: &'a [Rule]) -> Vec<String> {
    let keys_of = |rule: &'a Rule| if let Trigger::Hotkey { keys } = &rule.when { Some(keys.as_str()) } else { None };
    let of_rules = rules.iter().filter(|rule| rule.enabled).filter_map(keys_of);
    let mut seen = BTreeSet::new();
    let all = settings.all().chain(of_rules).filter_map(|keys| keys.parse::<Hotkey>().ok());
    all.map(|hotkey| hotkey.to_string()).filter(|keys| seen.insert(keys.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(enabled: bool, keys: &str) -> Rule {
        serde_json::from_value(serde_json::json!({
            "id": "shout", "name": "Shout", "enabled": enabled,
            "when": { "on": "hotkey", "keys": keys }, "do": [],
        }))
        .expect("a rule")
    }

    #[test]
    fn each_combination_is_wanted_once_and_only_for_rules_that_are_on() {
        let settings = HotkeySettings { silence: Some("Ctrl+Shift+M".into()), ..HotkeySettings::default() };
        let rules = [rule(true, "shift + ctrl + m"), rule(true, "F9"), rule(false, "F10"), rule(true, "nonsense")];
        assert_eq!(wanted(&settings, &rules), ["Ctrl+Shift+M", "F9"], "each once");
    }
}
