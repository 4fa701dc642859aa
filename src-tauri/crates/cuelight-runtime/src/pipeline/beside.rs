//! What reaches the lane beside its source: signals, changes that others made, services that are late.

use std::time::Duration;

use cuelight_core::decide::Occasion;
use cuelight_core::event::{Body, Custom, Event};
use cuelight_core::limits::EMITTED_AT_ONCE;
use cuelight_core::signal::Signal;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::viewer::Standing;

use super::deciding::Deciding;
use super::group::Group;
use super::late::LateWatch;
use super::running::RunningLane;
use crate::store::{Emission, Emitted, StoreError};

/// Something that happened beside the source.
pub(super) enum Beside {
    /// An occasion that is no event.
    Signal(Signal),
    /// Somebody else may have changed what is decided with.
    Change,
    /// A service may be later than rules want.
    Late,
}

/// Waits for something beside the source; for ever where nothing is decided.
pub(super) async fn next_beside(deciding: Option<&mut Deciding>, late: &LateWatch, now_ms: i64) -> Beside {
    let Some(deciding) = deciding else { return std::future::pending().await };
    let late_ms = late.next_ms(deciding.rulebook.rules(), &deciding.lateness.borrow());
    let until_late = Duration::from_millis(late_ms.map_or(0, |at_ms| u64::try_from(at_ms - now_ms).unwrap_or(0)));
    tokio::select! {
        () = deciding.changes.notified() => Beside::Change,
        Some(signal) = deciding.signals.recv() => Beside::Signal(signal),
        Ok(()) = deciding.lateness.changed() => Beside::Late,
        () = tokio::time::sleep(until_late), if late_ms.is_some() => Beside::Late,
    }
}

impl RunningLane {
    /// Takes in what happened beside the source.
    pub(super) fn meet(&mut self, beside: Beside, group: &mut Group) {
        let now_ms = self.now_ms();
        match beside {
            Beside::Signal(signal) => self.signal(&signal, now_ms, group),
            Beside::Late => {
                let Some(deciding) = &self.lane.deciding else { return };
                let (rules, lateness) = (deciding.rulebook.rules(), deciding.lateness.borrow().clone());
                for signal in self.late.passed(rules, &lateness, self.lane.clock.now_ms()) {
                    self.signal(&signal, now_ms, group);
                }
            }
            Beside::Change => {
                if let Err(error) = self.take_changes(group) {
                    tracing::error!(%error, "what was changed could not be read; what is known stays");
                }
            }
        }
    }

    pub(super) fn signal(&mut self, signal: &Signal, now_ms: i64, group: &mut Group) {
        if let Some((session, around)) = self.open() {
            session.decide(Occasion::Signal(signal), &Standing::default(), now_ms, &around, group);
        }
    }

    /// Reads what others changed: rules, services, values, muted viewers, what jobs emitted.
    fn take_changes(&mut self, group: &mut Group) -> Result<(), StoreError> {
        let Some(deciding) = &mut self.lane.deciding else { return Ok(()) };
        let refreshed = deciding.refresh()?;
        if let (Some(session), Some(muted)) = (&mut self.session, refreshed.muted) {
            session.state.set_muted(muted);
        }
        self.answer_emitted(group);
        Ok(())
    }

    /// Answers what jobs emitted for the open session, with the values as they are now; a page of it at once.
    pub(super) fn answer_emitted(&mut self, group: &mut Group) {
        let now_ms = self.now_ms();
        let (Some(session), Some(deciding)) = (&self.session, &self.lane.deciding) else { return };
        let emitted = match self.lane.reader.emitted(session.id, self.emitted_through) {
            Ok(emitted) => emitted,
            Err(error) => {
                tracing::error!(%error, "what rules emitted could not be read; it is tried again at the next change");
                return;
            }
        };
        if emitted.len() == EMITTED_AT_ONCE {
            // There may be more.
            deciding.changes.notify_one();
        }
        let Some((session, mut around)) = self.open() else { return };
        for Emitted { id, depth, what } in &emitted {
            group.emitted.push(*id);
            match what {
                Emission::Counter { name, from, to } => {
                    let occasion = Occasion::CounterChanged { name, from: *from, to: *to, depth: *depth };
                    session.decide(occasion, &Standing::default(), now_ms, &around, group);
                }
                Emission::Event { name, fields } => {
                    let custom = Custom { name: name.clone(), fields: fields.clone() };
                    let event = Event::own(Body::Custom(custom), Timestamp::from_ms(now_ms));
                    session.accept_emitted(event, *depth, now_ms, &mut around, group);
                }
            }
        }
        self.emitted_through = emitted.last().map_or(self.emitted_through, |last| last.id);
    }
}
