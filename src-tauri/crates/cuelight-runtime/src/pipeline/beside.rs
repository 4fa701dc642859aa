//! What reaches the lane beside its source: signals, changes that others made, services that are late.

use std::time::Duration;

use cuelight_core::decide::Occasion;
use cuelight_core::event::{Body, Custom, Event};
use cuelight_core::signal::Signal;
use cuelight_core::timestamp::Timestamp;
use cuelight_core::viewer::Standing;

use super::deciding::Deciding;
use super::group::Group;
use super::late::LateWatch;
use super::running::RunningLane;
use crate::store::StoreError;

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
                if let Err(error) = self.take_changes(now_ms, group) {
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

    /// Reads what others changed: rules, services, values, muted viewers, events emitted by rules.
    fn take_changes(&mut self, now_ms: i64, group: &mut Group) -> Result<(), StoreError> {
        let Some(deciding) = &mut self.lane.deciding else { return Ok(()) };
        let refreshed = deciding.refresh()?;
        let counters = refreshed.values_before.map(|before| deciding.changed_counters(&before)).unwrap_or_default();
        let Some(session) = self.session.as_mut() else { return Ok(()) };
        if refreshed.viewers {
            session.state.set_muted(self.lane.reader.muted()?);
        }
        let mut emitted = if refreshed.emitted { self.lane.reader.emitted()? } else { Vec::new() };
        emitted.retain(|event| event.session == Some(session.id) && event.id > self.emitted_through);
        if let Some(last) = emitted.last() {
            self.emitted_through = last.id;
        }
        let Some((session, mut around)) = self.open() else { return Ok(()) };
        for (name, from, to) in counters {
            let occasion = Occasion::CounterChanged { name: &name, from, to };
            session.decide(occasion, &Standing::default(), now_ms, &around, group);
        }
        for emitted in emitted {
            group.emitted.push(emitted.id);
            let custom = Custom { name: emitted.name, fields: emitted.fields };
            let event = Event::own(Body::Custom(custom), Timestamp::from_ms(now_ms));
            session.accept_emitted(event, emitted.depth, now_ms, &mut around, group);
        }
        Ok(())
    }
}
