//! The simulator as a source: plays a scenario from now on, in real time or faster.

use compact_str::CompactString;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::scenario::Scenario;
use super::simulation::{Happening, ROOM_ID, STREAMER, SimulatedStep, Simulation};
use super::speed::Speed;
use super::witness::Witness;
use crate::source::{EventSender, EventSource, SourceEnd, SourceError, SourceFuture, SourceStatus};

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
        let start = Instant::now();
        let start_ms = out.clock().now_ms();
        let simulation = Simulation::of_streamer(&self.streamer, self.scenario, self.seed, start_ms, ROOM_ID);
        let mut witness = Witness::new(&self.streamer, ROOM_ID);
        // Nothing is asked back of a made-up TikTok, so nobody waits for the word that a batch is safe.
        drop(out.send(witness.enter(start_ms)).await?);
        self.report_connected(&witness, out);
        for step in simulation {
            let in_time = self.speed.reach(step.at_ms - start_ms, start);
            if cancel.run_until_cancelled(in_time).await.is_none() {
                return Ok(SourceEnd::Stopped);
            }
            self.report(&step, &witness, out);
            let handing_on = out.send(witness.see(step));
            match cancel.run_until_cancelled(handing_on).await {
                Some(receipt) => drop(receipt?),
                None => return Ok(SourceEnd::Stopped),
            }
        }
        Ok(SourceEnd::Ended)
    }

    fn report(&self, step: &SimulatedStep, witness: &Witness, out: &EventSender) {
        match &step.happening {
            Happening::Disconnect { wait_ms } => out.report(SourceStatus::Reconnecting {
                cause: "the simulated connection broke".to_owned(),
                wait_ms: *wait_ms,
                attempt: 1,
            }),
            Happening::Reconnect => self.report_connected(witness, out),
            Happening::Frame(_) | Happening::Own(_) => {}
        }
    }

    fn report_connected(&self, witness: &Witness, out: &EventSender) {
        out.report(SourceStatus::Connected { user: self.streamer.clone(), room_id: witness.room_id().clone() });
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
