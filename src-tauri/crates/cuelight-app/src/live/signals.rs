//! What makes rules fire by hand: on-screen buttons, hotkeys, calls, events from outside, and a rule that is to run now.
//!
//! While a session is open they go through its lane; else the same rules decide, and the runs belong to no session.

use cuelight_core::id::RuleId;
use cuelight_core::key_combination::{KeyCombination, NoKeyCombination};
use cuelight_core::signal::Signal;
use cuelight_core::trigger::Trigger;
use serde_json::{Map, Value};

use super::refused;
use crate::app::App;
use crate::dto::{Failure, FailureCode};

impl App {
    /// Presses the on-screen button of that rule; its conditions and cooldowns are asked.
    ///
    /// # Errors
    /// There is no such rule, it begins with no button, or it is switched off.
    pub async fn press_button(&self, rule: RuleId) -> Result<(), Failure> {
        let rules = self.read(|reader| reader.rules()).await?;
        let Some(rule) = rules.into_iter().find(|it| it.id == rule) else {
            return Err(Failure::not_found(format!("rule {rule}")).about("rule"));
        };
        let Trigger::Button { label } = rule.when else {
            let message = format!("rule {} does not begin with a button", rule.id);
            return Err(Failure::new(FailureCode::BadInput, message).about("rule"));
        };
        if !rule.enabled {
            return Err(Failure::new(FailureCode::NotNow, format!("rule {} is switched off", rule.id)));
        }
        self.signal(Signal::Button { label }).await
    }

    /// Does what that global key combination stands for: silence or its end, stop everything, pause all or its end, and
    /// every rule that begins with it.
    ///
    /// # Errors
    /// That is no key combination, the queues cannot be written, or the rules not be read.
    pub async fn press_hotkey(&self, keys: &str) -> Result<(), Failure> {
        let bad_input = |error: NoKeyCombination| Failure::new(FailureCode::BadInput, error.to_string()).about("keys");
        let keys: KeyCombination = keys.parse().map_err(bad_input)?;
        let own = self.settings.borrow().hotkeys.clone();
        let is_pressed = |own: &Option<String>| own.as_deref().and_then(|own| own.parse().ok()).as_ref() == Some(&keys);
        if is_pressed(&own.silence) {
            let is_silent = *self.engine.workers.orders().silenced().borrow();
            if is_silent { self.unsilence() } else { self.silence().await? }
        }
        if is_pressed(&own.stop_everything) {
            self.stop_everything().await?;
        }
        if is_pressed(&own.pause_all) {
            if self.live_status().await?.paused { self.resume_all().await? } else { self.pause_all().await? }
        }
        self.signal(Signal::Hotkey { keys }).await
    }

    /// Takes a call from outside: every rule that begins with one of that name answers it.
    ///
    /// # Errors
    /// The queues cannot be written, or the rules not be read.
    pub async fn call(&self, name: String, fields: Map<String, Value>) -> Result<(), Failure> {
        self.signal(Signal::Call { name, fields }).await
    }

    /// Runs a rule now: neither its conditions nor its cooldowns are asked.
    ///
    /// # Errors
    /// There is no such rule.
    pub async fn run_rule(&self, rule: RuleId) -> Result<(), Failure> {
        let rules = self.read(|reader| reader.rules()).await?;
        if rules.iter().all(|it| it.id != rule) {
            return Err(Failure::not_found(format!("rule {rule}")).about("rule"));
        }
        self.signal(Signal::Rule(rule)).await
    }

    /// Brings up an event of type `custom` in the open session.
    ///
    /// # Errors
    /// [`FailureCode::NotNow`] where no session is open.
    pub async fn emit(&self, name: String, fields: Map<String, Value>) -> Result<(), Failure> {
        let not_now = || Failure::new(FailureCode::NotNow, "no session is open that would take the event");
        let session = self.live.lane.lock().as_ref().map(|(session, _)| *session).ok_or_else(not_now)?;
        let was_taken = self.engine.workers.orders().emit(session, name, fields).await.map_err(refused)?;
        if was_taken { Ok(()) } else { Err(not_now()) }
    }

    /// Has the rules decide about something that is no event of the live.
    ///
    /// # Errors
    /// The queues cannot be written, or the rules not be read.
    pub async fn signal(&self, signal: Signal) -> Result<(), Failure> {
        let lane = self.live.lane.lock().as_ref().map(|(_, lane)| lane.clone());
        let signal = match lane {
            Some(lane) => match lane.send(signal).await {
                Ok(()) => return Ok(()),
                // The session ended just now.
                Err(unsent) => unsent.0,
            },
            None => signal,
        };
        let mut kept = self.live.between_lives.lock().await;
        let mut between_lives = match kept.take() {
            Some(between_lives) => between_lives,
            None => self.engine.between_lives(&self.clock)?,
        };
        let firings = between_lives.decide(&signal);
        *kept = Some(between_lives);
        for firing in firings? {
            self.engine.workers.orders().ask(firing).await.map_err(refused)?;
        }
        Ok(())
    }
}
