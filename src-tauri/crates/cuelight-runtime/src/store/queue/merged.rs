//! Taking somebody's part out of runs: what was merged with it and is of others stays.

use cuelight_core::facts::Facts;
use cuelight_core::id::RunId;
use cuelight_core::reason::Reason;
use cuelight_core::run::Run;
use cuelight_core::world::World;

use super::QueueTransaction;

/// How the runs of somebody, or of a message, are found.
pub(super) struct Found {
    /// Open runs of their own.
    open: &'static str,
    /// What was merged into runs that may be open still.
    merged: &'static str,
}

// Open runs are looked through where somebody takes things back, so that ending a run, which happens all the time, costs
// one entry of an index and no index of strangers in no order.
pub(in crate::store) const OPEN_OF_VIEWER: &str =
    "SELECT id FROM run INDEXED BY run_open WHERE viewer = ?1 AND ended_ms IS NULL";

// What was merged came later than the run that it was merged into.
pub(super) const OF_VIEWER: Found = Found {
    open: OPEN_OF_VIEWER,
    merged: "UPDATE run SET state = 'stopped' WHERE viewer = ?1 AND state = 'folded'
                AND id > (SELECT min(id) FROM run WHERE state = 'open' AND foldable = 1) RETURNING folded_into",
};

pub(super) const OF_MESSAGE: Found = Found {
    open: "SELECT id FROM run INDEXED BY run_open WHERE msg_id = ?1 AND ended_ms IS NULL",
    merged: "UPDATE run SET state = 'stopped' WHERE msg_id = ?1 AND state = 'folded'
                AND id > (SELECT min(id) FROM run WHERE state = 'open' AND foldable = 1) RETURNING folded_into",
};

impl QueueTransaction<'_> {
    /// Takes out what is theirs: runs of which nothing is left are stopped, the others go on with what is of others. Says
    /// how many jobs were discarded.
    pub(super) fn take_out(
        &mut self,
        found: &Found,
        whose: &str,
        reason: &Reason,
        world: &World<'_>,
    ) -> rusqlite::Result<u32> {
        let own = self.runs_of(found.open, [whose])?;
        let mut others = self.runs_of(found.merged, [whose])?;
        others.sort_unstable();
        others.dedup();
        others.retain(|run| !own.contains(run));
        let mut discarded = 0;
        for run in own {
            if !self.goes_on_without(run, Run::take_back_own, world)? {
                discarded += self.stop_run(run, reason, world.now_ms)?;
            }
        }
        for run in others {
            if !self.goes_on_without(run, |_| (), world)? {
                discarded += self.stop_run(run, reason, world.now_ms)?;
            }
        }
        Ok(discarded)
    }

    /// Merges anew what is left after `take_back`; false where nothing is.
    fn goes_on_without(
        &mut self,
        run: RunId,
        take_back: impl FnOnce(&mut Run),
        world: &World<'_>,
    ) -> rusqlite::Result<bool> {
        let Some(mut row) = self.load(run, world.now_ms)? else { return Ok(true) };
        let others = if row.run.has_merged() { self.merged_into(run)? } else { Vec::new() };
        take_back(&mut row.run);
        if !row.run.merge_again(&others) {
            return Ok(false);
        }
        self.prepare_again(&row, world)?;
        self.save(&row, world.now_ms)?;
        Ok(true)
    }

    fn merged_into(&self, run: RunId) -> rusqlite::Result<Vec<Facts>> {
        let mut select = self.connection.prepare_cached(
            "SELECT body FROM run WHERE id > ?1 AND folded_into = ?1 AND state = 'folded' ORDER BY id",
        )?;
        let merged = select.query_map([run.0], |row| {
            // What cannot be read is left out.
            Ok(serde_json::from_str::<Run>(row.get_ref(0)?.as_str()?).ok().map(|merged| merged.facts().clone()))
        })?;
        merged.filter_map(Result::transpose).collect()
    }
}
