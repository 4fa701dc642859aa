//! The simulator as a source: plays a scenario from now on, in real time or faster.

use compact_str::CompactString;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::scenario::Scenario;
use super::simulation::{Happening, ROOM_ID, STREAMER, SimulatedStep, Simulation};
use super::speed::Speed;
use super::witness::{BREAK, Witness};
use crate::source::{Batch, Closed, EventSender, EventSource, SourceEnd, SourceError, SourceFuture, SourceStatus};

/// A live that is made up, for trying things out and for tests.
#[derive(Debug, Clone)]
pub struct SimulatorSource {
    scenario: Scenario,
    seed: u64,
    streamer: CompactString,
    speed: Speed,
}

impl SimulatorSource {
    /// That scenario in real time, by [`STREAMER`].
    #[must_use]
    pub fn new(scenario: Scenario, seed: u64) -> Self {
        Self { scenario, seed, streamer: STREAMER.into(), speed: Speed::REAL_TIME }
    }

    /// The same, streamed by somebody else (a handle without `@`).
    #[must_use]
    pub fn streamed_by(self, streamer: impl Into<CompactString>) -> Self {
        Self { streamer: streamer.into(), ..self }
    }

    /// The same at another speed; the events' times stay those of the simulated live.
    #[must_use]
    pub fn at_speed(self, speed: Speed) -> Self {
        Self { speed, ..self }
    }

    async fn play(&self, out: &EventSender, cancel: &CancellationToken) -> Result<SourceEnd, SourceError> {
        out.report(SourceStatus::Connecting { user: self.streamer.clone() });
        let mut witness = Witness::new(&self.streamer, ROOM_ID);
        match cancel.run_until_cancelled(self.watch(&mut witness, out)).await {
            Some(watched) => {
                watched?;
                // The end of a live is not to be cut off: its session is to be closed.
                hand_on(witness.leave("the live ended"), out).await?;
                Ok(SourceEnd::Ended)
            }
            // We leave; nothing happened on the live.
            None => Ok(SourceEnd::Stopped),
        }
    }

    /// Plays the live to its end.
    async fn watch(&self, witness: &mut Witness, out: &EventSender) -> Result<(), Closed> {
        let start = Instant::now();
        let start_ms = out.clock().now_ms();
        let simulation = Simulation::of_streamer(&self.streamer, self.scenario, self.seed, start_ms, ROOM_ID);
        hand_on(Some(witness.enter(start_ms)), out).await?;
        self.report_connected(witness, out);
        for step in simulation {
            self.speed.reach(step.at_ms - start_ms, start).await;
            self.report(&step, witness, out);
            hand_on(Some(witness.see(step)), out).await?;
        }
        Ok(())
    }

    fn report(&self, step: &SimulatedStep, witness: &Witness, out: &EventSender) {
        match &step.happening {
            Happening::Disconnect { wait_ms } => {
                out.report(SourceStatus::Reconnecting { cause: BREAK.to_owned(), wait_ms: *wait_ms, attempt: 1 })
            }
            Happening::Reconnect => self.report_connected(witness, out),
            Happening::Frame(_) | Happening::Own(_) => {}
        }
    }

    fn report_connected(&self, witness: &Witness, out: &EventSender) {
        let room_id = witness.room_id().clone();
        out.report(SourceStatus::Connected { user: self.streamer.clone(), room_id, way: None });
    }
}

impl EventSource for SimulatorSource {
    fn run<'a>(&'a mut self, out: &'a EventSender, cancel: &'a CancellationToken) -> SourceFuture<'a> {
        Box::pin(self.play(out, cancel))
    }

    fn is_live(&self) -> bool {
        false
    }
}

/// Gives the journal what there is. A made-up TikTok asks for no ack, so nobody waits for the word that it is safe.
async fn hand_on(batch: Option<Batch>, out: &EventSender) -> Result<(), Closed> {
    match batch {
        Some(batch) => out.send(batch).await.map(drop),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use cuelight_core::event::EventType;
    use cuelight_core::limits::INBOX_BATCHES;
    use tokio::sync::{mpsc, watch};

    use super::*;
    use crate::clock::Clock;
    use crate::source::Delivery;

    const NOW_MS: i64 = 1_768_210_200_000;

    fn inbox() -> (EventSender, mpsc::Receiver<Delivery>, watch::Receiver<SourceStatus>) {
        let (inbox, deliveries) = mpsc::channel(INBOX_BATCHES);
        let (status, seen) = watch::channel(SourceStatus::Idle);
        (EventSender::new(inbox, status, Clock::manual(NOW_MS)), deliveries, seen)
    }

    #[tokio::test]
    async fn a_script_is_played_from_connect_to_live_end() {
        let (out, mut deliveries, status) = inbox();
        let mut source = SimulatorSource::new(Scenario::ReconnectInCombo, 1).at_speed(Speed::MAX);
        let cancel = CancellationToken::new();
        let end = source.run(&out, &cancel).await.expect("the inbox is open");
        assert_eq!(end, SourceEnd::Ended, "the script has an end");
        drop(out);
        let mut types = Vec::new();
        while let Some(delivery) = deliveries.recv().await {
            assert!(delivery.batch.received_ms >= NOW_MS, "it plays from now on");
            types.extend(delivery.batch.events.iter().map(|event| event.event_type()));
        }
        assert_eq!(types.first(), Some(&EventType::Connect), "connect opens the session");
        let ending = [EventType::LiveEnd, EventType::Disconnect];
        assert!(types.ends_with(&ending), "the live ends, and then the connection: {types:?}");
        let connected = matches!(&*status.borrow(), SourceStatus::Connected { user, .. } if user == STREAMER);
        assert!(connected, "people see that it came back");
    }

    #[tokio::test]
    async fn an_endless_live_stops_when_told_to_though_the_inbox_is_full() {
        let (out, deliveries, _status) = inbox();
        let mut source = SimulatorSource::new(Scenario::Busy, 1).at_speed(Speed::MAX).streamed_by("mia_draws");
        let cancel = CancellationToken::new();
        let journal = async {
            while deliveries.len() < INBOX_BATCHES {
                tokio::task::yield_now().await;
            }
            cancel.cancel();
        };
        let (end, ()) = tokio::join!(source.run(&out, &cancel), journal);
        assert_eq!(end.expect("the inbox is open"), SourceEnd::Stopped, "being told is not the end of the live");
    }
}
