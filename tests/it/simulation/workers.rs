//! Workers by a clock that is set by hand: the same transactions as the real ones, one at a time.

use cuelight_core::id::{ServiceId, SessionId};
use cuelight_runtime::store::{Claim, StoreError};

use super::actions::{Outcome, Running};
use super::process;
use super::turns;
use super::world::World;

/// Turns in a row at one moment; more mean that something goes round in circles.
const TURNS: usize = 500;

/// Where a process dies in a turn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Nowhere.
    None,
    /// Before its transaction commits: all of it is taken back.
    BeforeCommit,
    /// After it: what was claimed never begins.
    AfterCommit,
}

impl World {
    /// Lets every worker take turns until nothing more happens at this moment.
    pub(super) fn work(&mut self) {
        for _ in 0..TURNS {
            let mut has_worked = false;
            for number in 0..self.processes.len() {
                for service in self.seats(number) {
                    has_worked |= self.turn(number, &service, Cut::None);
                }
            }
            if !has_worked {
                return;
            }
        }
        panic!("the workers go round in circles");
    }

    /// One process works and dies in the middle of it.
    pub(super) fn work_and_die(&mut self, number: usize) {
        let seats = self.seats(number);
        if !seats.is_empty() {
            let service = self.dice.one_of(&seats).clone();
            let cut = *self.dice.one_of(&[Cut::BeforeCommit, Cut::AfterCommit]);
            self.turn(number, &service, cut);
        }
        self.kill(number, Vec::new());
    }

    fn seats(&self, number: usize) -> Vec<String> {
        self.processes[number].as_ref().map(|process| process.seats.keys().cloned().collect()).unwrap_or_default()
    }

    /// Outcomes are written and the next jobs claimed in one transaction; true where that changed something.
    fn turn(&mut self, number: usize, id: &str, cut: Cut) -> bool {
        let (passed_ms, now_ms, seed) = (self.passed_ms, self.now_ms(), self.seed);
        let before = self.rows.active(id);
        let is_paused = self.rows.is_paused(id);
        let process = self.processes[number].as_mut().expect("it lives");
        let ended = process.seats.get_mut(id).expect("it sits there").ended(passed_ms);
        let due_ms = self.rows.next_due_ms();
        if ended.is_empty() && !before.iter().any(|job| job.is_ready()) && due_ms.is_none_or(|due_ms| due_ms > now_ms) {
            return false;
        }
        let service = ServiceId::new(id);
        let worked = process.work(|queues, world| {
            let stopped = ended.iter().map(|ended| process::write(queues, ended, world));
            let stopped = stopped.collect::<Result<Vec<_>, _>>()?;
            let mut claimed = Vec::new();
            while let Claim::Started(job) = queues.claim(&service, world)?.0 {
                claimed.push(*job);
            }
            queues.release_due(world)?;
            match cut {
                Cut::BeforeCommit => Err(StoreError::NoSession(SessionId(0))),
                Cut::None | Cut::AfterCommit => Ok((claimed, stopped)),
            }
        });
        let after = self.rows.active(id);
        if cut == Cut::BeforeCommit {
            assert_eq!(before, after, "what did not commit did not happen");
            ended.iter().for_each(|ended| self.log.cut_off(ended, passed_ms));
            return true;
        }
        let (claimed, stopped) = worked.expect("there is room");
        let returned = ended.iter().filter(|ended| matches!(ended.outcome, Outcome::Again { .. })).count();
        let has_ended = !ended.is_empty();
        let mut go_on = Vec::new();
        for (ended, stopped) in ended.into_iter().zip(stopped) {
            self.log.end(&ended);
            match (ended.outcome.clone(), stopped) {
                (_, Some(stopped)) => go_on.push(ended.give_up(stopped, passed_ms)),
                (Outcome::BacksOff { due_ms, .. }, None) => go_on.push(ended.wait(due_ms, passed_ms, now_ms)),
                (Outcome::TriesAgain, None) => {
                    self.log.try_again(&ended);
                    go_on.push(ended.try_once(seed, passed_ms, now_ms));
                }
                (Outcome::Ended(_) | Outcome::Again { .. }, None) => {}
            }
        }
        if cut == Cut::None {
            process.seats.get_mut(id).expect("it sits there").running.extend(go_on);
        }
        let started: Vec<i64> = claimed.iter().map(|job| job.id.0).collect();
        for job in claimed {
            let running = Running::begin(job, seed, passed_ms, now_ms);
            self.log.start(id, &running);
            if cut == Cut::None {
                process.seats.get_mut(id).expect("it sits there").running.push(running);
            }
        }
        let service = self.services.iter().find(|service| service.id.as_str() == id).expect("it is known");
        turns::check_turn(service, is_paused, &before, &after, &started);
        self.bounds.check(&self.services, &self.rows, returned);
        self.log.parted.extend(after.iter().filter(|job| job.is_held).map(|job| job.id));
        has_ended || !started.is_empty() || before != after || due_ms.is_some_and(|due_ms| due_ms <= now_ms)
    }
}
