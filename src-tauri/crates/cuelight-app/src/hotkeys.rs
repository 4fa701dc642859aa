//! The global key combinations that are wanted: those of the settings and those of rules.

use std::collections::HashSet;
use std::time::Duration;

use cuelight_core::key_combination::KeyCombination;
use cuelight_core::rule::Rule;
use cuelight_core::settings::HotkeySettings;
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

    /// Takes them now, and anew after every change of rules or of the settings, by whomever; where the system refuses,
    /// it is asked again with every look. Ends with the app.
    pub async fn keep_hotkeys(&self) {
        let keeping = async {
            let mut look = tokio::time::interval(LOOK);
            look.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let (mut taken, mut refused) = (None, None);
            loop {
                look.tick().await;
                // What cannot be read now is read by the next look.
                let Ok(revisions) = self.read(Reader::revisions).await else { continue };
                let goes_by = Some((revisions.rules, self.settings.borrow().hotkeys.clone()));
                if taken == goes_by {
                    continue;
                }
                match self.take_hotkeys().await {
                    Ok(_) => taken = goes_by,
                    Err(failure) if refused != goes_by => {
                        tracing::warn!(%failure, "the hotkeys are not taken");
                        refused = goes_by;
                    }
                    // It was said already.
                    Err(_) => {}
                }
            }
        };
        // Nothing comes of it but its end.
        let _: Option<()> = self.ended.run_until_cancelled(keeping).await;
    }
}

/// Every combination once, in the form in which hotkeys are written: those of the settings first, then those of rules that
/// are switched on. What is no combination is left out: no keyboard could press it.
fn wanted(settings: &HotkeySettings, rules: &[Rule]) -> Vec<String> {
    let keys_of = |rule: &Rule| if let Trigger::Hotkey { keys } = &rule.when { keys.parse().ok() } else { None };
    let of_rules = rules.iter().filter(|rule| rule.enabled).filter_map(keys_of);
    let mut seen: HashSet<KeyCombination> = HashSet::new();
    let all = settings.combinations().chain(of_rules);
    all.filter(|keys| seen.insert(keys.clone())).map(|keys| keys.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::SeqCst;

    use cuelight_core::id::RuleId;
    use cuelight_runtime::clock::Clock;
    use cuelight_runtime::paths::DataFolder;
    use cuelight_runtime::source::page::PageHost;
    use cuelight_runtime::store;
    use tokio::sync::watch;

    use super::*;
    use crate::shell::{NoShell, Shell, ShellError, ShellFuture};

    /// A desktop that gives whatever keys it is asked for, and shows which, once it no longer refuses.
    struct Keyboard {
        given: watch::Sender<Vec<String>>,
        refusals: AtomicUsize,
    }

    impl Keyboard {
        fn refusing(times: usize) -> (Arc<Self>, watch::Receiver<Vec<String>>) {
            let (given, taken) = watch::channel(vec!["nothing was asked".to_owned()]);
            (Arc::new(Self { given, refusals: AtomicUsize::new(times) }), taken)
        }
    }

    impl Shell for Keyboard {
        fn open_folder<'a>(&'a self, folder: &'a Path) -> ShellFuture<'a, ()> {
            NoShell.open_folder(folder)
        }

        fn save_text<'a>(&'a self, _: &'a str, _: &'a str) -> ShellFuture<'a, Option<PathBuf>> {
            Box::pin(async { Ok(None) })
        }

        fn take_hotkeys<'a>(&'a self, keys: &'a [String]) -> ShellFuture<'a, Vec<HotkeyStatus>> {
            if self.refusals.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok() {
                let refused = ShellError::Refused { what: "take the hotkeys", cause: "not yet".to_owned() };
                return Box::pin(async { Err(refused) });
            }
            self.given.send_replace(keys.to_vec());
            let ours = keys.iter().map(|keys| HotkeyStatus { keys: keys.clone(), registered: true }).collect();
            Box::pin(async { Ok(ours) })
        }

        fn start_with_system(&self, _: bool) -> ShellFuture<'_, ()> {
            Box::pin(async { Ok(()) })
        }

        fn restart(&self) -> ShellFuture<'_, ()> {
            Box::pin(async { Ok(()) })
        }

        fn pages(&self) -> Option<Arc<dyn PageHost>> {
            None
        }
    }

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

    #[tokio::test]
    async fn the_keys_of_a_rule_that_another_process_changes_are_taken_and_let_go_of() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let (keyboard, mut taken) = Keyboard::refusing(0);
        let app = App::begin(&folder, Clock::system(), keyboard).expect("it begins");
        let keeping = tokio::spawn({
            let app = Arc::clone(&app);
            async move { app.keep_hotkeys().await }
        });
        taken.wait_for(|keys| keys.is_empty()).await.expect("no rule begins with keys yet");
        let (beside, _) = store::open_beside_engine(&folder, &Clock::system()).expect("it can be opened");
        beside.put_rule(&rule(true, "Shift + ctrl + r")).expect("it can be written");
        taken.wait_for(|keys| *keys == ["Ctrl+Shift+R"]).await.expect("they are taken in the one form");
        beside.set_rule_enabled(&RuleId::new("shout"), false).expect("it can be written");
        taken.wait_for(|keys| keys.is_empty()).await.expect("and let go of");
        beside.set_setting("hotkey_silence", "F9").expect("it can be written");
        taken.wait_for(|keys| *keys == ["F9"]).await.expect("those of the settings are followed as well");
        app.end().await;
        keeping.await.expect("it ends with the app");
    }

    #[tokio::test]
    async fn keys_that_the_system_refuses_are_asked_for_again_though_nothing_changes() {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let (keyboard, mut taken) = Keyboard::refusing(1);
        let app = App::begin(&folder, Clock::system(), keyboard).expect("it begins");
        tokio::select! {
            () = app.keep_hotkeys() => panic!("it goes on as long as the app"),
            found = tokio::time::timeout(LOOK * 20, taken.wait_for(|keys| keys.is_empty())) => {
                found.expect("it is asked again").expect("the desktop is there");
            }
        }
    }
}
