//! `capture --enqueue`: the queues are filled, and nobody works them here.

use cuelight_core::id::JobId;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::Engine;
use cuelight_runtime::pipeline::Deciding;
use cuelight_runtime::runtime::Runtime;
use cuelight_runtime::store::Reader;

use crate::console::TextTo;
use crate::failure::Failure;

/// An engine without workers.
pub(super) struct Filling {
    engine: Engine,
    reader: Reader,
    after_job: JobId,
}

impl Filling {
    pub(super) fn start(runtime: &Runtime) -> Result<Self, Failure> {
        let reader = runtime.store().reader()?;
        let after_job = reader.newest_job()?;
        let engine = Engine::start(runtime.store(), &[], &Clock::system()).map_err(Failure::failed)?;
        Ok(Self { engine, reader, after_job })
    }

    pub(super) fn deciding(&self) -> Result<Deciding, Failure> {
        // Nobody is here to press buttons.
        let (deciding, _signals) = self.engine.deciding(None, Clock::system().utc_offset_s())?;
        Ok(deciding)
    }

    /// Ends, and tells what waits now.
    pub(super) async fn end(self, text: TextTo) -> Result<(), Failure> {
        self.engine.workers.stop().await;
        let counts = self.reader.queue_counts(self.after_job)?;
        let waiting: u64 = counts.values().map(|counts| counts.pending).sum();
        let discarded: u64 = counts.values().map(|counts| counts.discarded).sum();
        let wait = if waiting == 1 { "1 job waits".to_owned() } else { format!("{waiting} jobs wait") };
        text.line(&format!("📥 {wait} in the queues; discarded: {discarded} (cuelight jobs list)"));
        Ok(())
    }
}
