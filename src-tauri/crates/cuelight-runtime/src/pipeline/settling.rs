//! The end of a session that rules follow: what its jobs still emit is answered before it is closed.

use super::beside::next_beside;
use super::group::Group;
use super::running::RunningLane;
use crate::store::StoreError;

impl RunningLane {
    /// Answers what jobs emit until the workers have nothing left to do and nothing is unanswered.
    ///
    /// Time does not pass for the rules meanwhile, or a timer would never let it come to an end. Where nobody works beside the
    /// lane, or a live goes on in another room, only what was emitted so far is answered; who stops the capture is not kept
    /// waiting.
    pub(super) async fn settle(&mut self, group: &mut Group) -> Result<(), StoreError> {
        let Some(deciding) = &mut self.lane.deciding else { return Ok(()) };
        let mut idleness = deciding.idleness.take();
        let give_up = self.lane.disk.give_up.clone();
        let waits = idleness.is_some() && (!self.lane.request.is_live || self.lane.session_over.is_cancelled());
        let mut is_idle = !waits;
        loop {
            self.answer_emitted(group);
            if !group.is_empty() {
                self.commit(group).await?;
                is_idle = !waits;
                continue;
            }
            let Some(idleness) = idleness.as_mut().filter(|_| !is_idle) else { break };
            let now_ms = self.lane.clock.now_ms();
            tokio::select! {
                biased;
                () = give_up.cancelled() => break,
                beside = next_beside(self.lane.deciding.as_mut(), &self.late, now_ms) => self.meet(beside, group),
                reached = idleness.reached() => {
                    if let Err(error) = reached {
                        tracing::debug!(%error, "the workers were not waited for any longer");
                    }
                    is_idle = true;
                }
            }
        }
        if let Some(deciding) = &mut self.lane.deciding {
            deciding.idleness = idleness;
        }
        Ok(())
    }
}
