//! What people wish for the live: to begin one, to wait for it, to try it at once, to end it.

use std::ops::ControlFlow;

use super::Owner;
use crate::dto::{Failure, FailureCode, LiveSource, Phase};
use crate::live::plan::Tries;
use crate::live::{Answer, Beginning, Wish};

impl Owner {
    pub(super) async fn grant(&mut self, wish: Wish) -> ControlFlow<()> {
        match wish {
            Wish::Begin(beginning, answer) => self.begin_anew(beginning, answer).await,
            Wish::End(answer) => self.end(answer),
            Wish::WaitUntilLive(answer) => tell(answer, self.wait_until_live().await),
            Wish::RetryNow(answer) => tell(answer, self.retry_now().await),
            Wish::Leave(answer, published) => {
                self.wind_up().await;
                self.witness = None;
                tell(answer, Ok(()));
                while self.publishing.join_next().await.is_some() {}
                // Whoever asked may be gone.
                let _ = published.send(());
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    async fn begin_anew(&mut self, beginning: Beginning, answer: Answer) {
        if self.running.is_some() && matches!(self.standing.phase, Phase::Ended { .. }) {
            // Only what the last live caused still goes on, and it does so without its session.
            self.wind_up().await;
        }
        if self.is_busy() {
            return tell(answer, Err(already_live()));
        }
        let Beginning { plan, witness } = beginning;
        self.waits = plan.tries == Tries::UntilLive;
        (self.has_found_nobody, self.failures, self.looks) = (false, 0, 0);
        self.old_jobs = plan.old_jobs;
        self.witness = witness;
        self.plan = Some(plan);
        self.begun = Some(answer);
        self.begin().await;
    }

    fn end(&mut self, answer: Answer) {
        if let Some(running) = &mut self.running {
            running.is_stopped = true;
            running.capture.stopper().stop();
            self.enders.push(answer);
            return;
        }
        let is_on = self.standing.phase != Phase::Offline;
        self.stand_still(Phase::Offline);
        tell(answer, if is_on { Ok(()) } else { Err(not_now("nothing goes on that could be ended")) });
    }

    async fn wait_until_live(&mut self) -> Result<(), Failure> {
        if self.waits && self.retry.is_some() {
            return Ok(());
        }
        if self.is_busy() {
            return Err(already_live());
        }
        if self.plan.as_ref().is_none_or(|plan| plan.source != LiveSource::Tiktok) {
            return Err(not_now("nobody is known who could be waited for"));
        }
        self.waits = true;
        if self.standing.phase == Phase::NotLive {
            self.wait_for_the_live();
        } else {
            self.begin().await;
        }
        Ok(())
    }

    async fn retry_now(&mut self) -> Result<(), Failure> {
        if let Some(running) = &self.running {
            if !matches!(self.standing.phase, Phase::Reconnecting { .. }) {
                return Err(not_now("nothing waits for another try"));
            }
            running.capture.contact.retry_now();
            return Ok(());
        }
        if self.retry.is_none() && (self.plan.is_none() || self.standing.phase == Phase::Offline) {
            return Err(not_now("nothing waits for another try"));
        }
        self.begin().await;
        Ok(())
    }

    /// Something goes on that has to be ended first. Who waits for a live behind a captcha stands still in people's eyes, and
    /// may begin something else at once.
    fn is_busy(&self) -> bool {
        let waits_unseen = self.standing.phase == (Phase::Captcha { is_shown: false });
        self.running.is_some() || (self.retry.is_some() && !waits_unseen)
    }
}

pub(super) fn tell(answer: Answer, what: Result<(), Failure>) {
    // Whoever asked may be gone; it was done all the same.
    let _ = answer.send(what);
}

fn already_live() -> Failure {
    Failure::new(FailureCode::AlreadyLive, "a live, a rehearsal or a wait goes on already")
}

fn not_now(why: &str) -> Failure {
    Failure::new(FailureCode::NotNow, why)
}
