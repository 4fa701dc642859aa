//! What the streamer does by hand while all of it goes on.

use cuelight_core::id::{JobId, ServiceId};
use cuelight_core::job::Ending;
use cuelight_core::reason::Reason;
use cuelight_runtime::store::Which;

use super::actions::Outcome;
use super::live::{MAY_BE_MUTED, viewer_id};
use super::rows::JobRow;
use super::services;
use super::world::World;

impl World {
    /// Something that people do to the queues, through any process that lives.
    pub(super) fn order(&mut self) {
        let Some(number) = (0..self.processes.len()).find(|number| self.processes[*number].is_some()) else { return };
        let service = self.dice.one_of(&services::IDS).0;
        match self.dice.below(11) {
            0 | 1 => self.set_paused(number, service, true),
            2..5 => self.set_paused(number, service, false),
            5 => self.skip(number),
            6 => self.discard(number, Which::Service(ServiceId::new(service))),
            7 => {
                let viewer = Which::Viewer(viewer_id(self.dice.below(5)));
                self.discard(number, viewer);
            }
            8 => self.move_up(number, service),
            9 => self.run_again(number),
            _ => self.mute(number),
        }
    }

    fn set_paused(&mut self, number: usize, service: &str, paused: bool) {
        let id = ServiceId::new(service);
        let process = self.processes[number].as_mut().expect("it lives");
        let ordered = process.work(|queues, _| if paused { queues.pause(&id) } else { queues.resume(&id) });
        ordered.expect("there is room");
        assert_eq!(self.rows.is_paused(service), paused, "{service} is as it was ordered");
    }

    /// Ends what runs, which fails as skipped.
    fn skip(&mut self, number: usize) {
        let passed_ms = self.passed_ms;
        let process = self.processes[number].as_mut().expect("it lives");
        for running in process.seats.values_mut().flat_map(|seat| &mut seat.running) {
            running.ends_ms = running.ends_ms.min(passed_ms);
            running.outcome = Outcome::Ended(Ending::Failed(Reason::SkippedByYou));
        }
    }

    pub(super) fn discard(&mut self, number: usize, which: Which) {
        self.log.stopped_runs = true;
        let process = self.processes[number].as_mut().expect("it lives");
        let before = self.rows.jobs();
        let reason = Reason::DiscardedByYou;
        let (count, _) = process.work(|queues, world| queues.discard(&which, &reason, world)).expect("there is room");
        let is_new = |job: &&JobRow| !before.iter().any(|it| it.id == job.id && !it.is_pending());
        let discarded = self.rows.jobs();
        let discarded = discarded.iter().filter(is_new).filter(|job| job.reason.as_ref() == Some(&reason)).count();
        assert_eq!(discarded, count as usize, "as many were discarded as it says");
    }

    /// The job changes places with the one before it, and nobody else does.
    fn move_up(&mut self, number: usize, service: &str) {
        let ready = |world: &Self| {
            let mut jobs: Vec<JobRow> = world.rows.active(service).into_iter().filter(JobRow::is_ready).collect();
            jobs.sort_by_key(JobRow::turn);
            jobs.iter().map(|job| (job.id, job.follows)).collect::<Vec<_>>()
        };
        let mut expected = ready(self);
        if expected.is_empty() {
            return;
        }
        let place = self.dice.below(expected.len());
        let job = JobId(expected[place].0);
        let process = self.processes[number].as_mut().expect("it lives");
        let (moved, _) = process.work(|queues, _| queues.move_up(job)).expect("there is room");
        assert_eq!(moved, place > 0 && expected[place].1 == expected[place - 1].1, "only the first cannot move up");
        if moved {
            self.log.moved.insert(job.0);
            expected.swap(place - 1, place);
        }
        assert_eq!(ready(self), expected, "one place, and nobody else");
    }

    fn run_again(&mut self, number: usize) {
        let ended: Vec<JobRow> = self.rows.jobs().into_iter().filter(|job| job.ended_ms.is_some()).collect();
        if ended.is_empty() {
            return;
        }
        let job = self.dice.one_of(&ended).clone();
        let now_ms = self.now_ms();
        let process = self.processes[number].as_mut().expect("it lives");
        let (copy, _) = process.work(|queues, _| queues.run_again(JobId(job.id), now_ms)).expect("there is room");
        let copy = self.rows.job(copy.expect("it has ended").0).expect("it is there");
        assert!(copy.is_pending() && copy.act == job.act && copy.id != job.id, "a job of its own: {copy:?}");
        assert_eq!(self.rows.job(job.id), Some(job), "what was stays as it was");
    }

    /// Mutes a viewer, or lets all of them speak again.
    fn mute(&mut self, number: usize) {
        // What fell due before was still heard.
        self.look();
        self.log.stopped_runs = true;
        let viewer = viewer_id(self.dice.below(MAY_BE_MUTED));
        let heard = std::mem::take(&mut self.oracle.muted);
        let process = self.processes[number].as_mut().expect("it lives");
        let ordered = process.work(|queues, world| {
            heard.iter().try_for_each(|viewer| queues.unmute(viewer).map(drop))?;
            if heard.is_empty() { queues.mute(&viewer, world).map(drop) } else { Ok(()) }
        });
        ordered.expect("there is room");
        if heard.is_empty() {
            self.oracle.muted.insert(viewer);
        }
        self.look();
    }
}
