//! The global key combinations that are wanted: those of the settings and those of rules.

use std::collections::BTreeSet;
use std::time::Duration;

use cuelight_core::rule::Rule;
use cuelight_core::settings::{Hotkey, HotkeySettings};
use cuelight_core::trigger::Trigger;
use cuelight_runtime::store::Reader;
use tokio::time::MissedTickBehavior;

use crate::app::App;
use crate::dto::{Failure, FailureCode, HotkeyStatus};

/// How often it is looked whether rules changed: other processes change them too, and SQLite has no way to wait for that.
const LOOK: Duration = Duration::from_secs(1);

impl App {
    /// Asks the shell for every global key combination that is wanted now, and lets go of all others; says which are ours.
    /// To be called after hotkeys were set; [`App::keep_hotkeys`] follows the rules.
    ///
    /// # Errors
    /// The rules cannot be read, or the system takes no hotkeys at all.
    pub async fn take_hotkeys(&self) -> Result<Vec<HotkeyStatus>, Failure> {
        let _one_at_a_time = self.taking_hotkeys.lock().await;
        let rules = self.read(Reader::rules).await?;
        let keys = wanted(&self.settings.borrow().hotkeys, &rules);
        let taken = self.shell.take_hotkeys(&keys).await;
        taken.map_err(|error| Failure::new(FailureCode::NotNow, error.to_string()))
    }

    /// Takes them now, and anew after every change of rules, by whomever; ends with the app.
    pub async fn keep_hotkeys(&self) {
        let keeping = async {
            let mut look = tokio::time::interval(LOOK);
            look.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut taken = None;
            loop {
                look.tick().await;
                // What cannot be read now is read by the next look.
                let Ok(revisions) = self.read(Reader::revisions).await else { continue };
                if taken.replace(revisions.rules) != Some(revisions.rules)
                    && let Err(failure) = self.take_hotkeys().await
                {
                    tracing::warn!(%failure, "the hotkeys are not taken");
                }
            }
        };
        // Nothing comes of it but its end.
        let _: Option<()> = self.ended.run_until_cancelled(keeping).await;
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
