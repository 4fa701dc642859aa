//! How an evening goes: messages, time, crashes and people, in an order that only the seed knows.

use cuelight_core::reason::Reason;
use cuelight_runtime::engine::OldJobs;
use cuelight_runtime::store::Which;

use super::rows::RunRow;
use super::world::{DECIDES, STEP_MS, WORKS, World};

/// Steps that emptying the queues may take; more mean that something waits for ever.
const DRAIN_STEPS: usize = 2_000;

impl World {
    /// Plays it from the first connection until every queue is empty.
    pub(super) fn play(&mut self) {
        self.start_deciding(OldJobs::Hold);
        for _ in 0..self.dice.between(10, 40) {
            self.step();
        }
        self.close();
    }

    /// All that was decided and done, as texts. Between two batches the lane counts real time, some milliseconds of it.
    pub(super) fn told(&self) -> Vec<String> {
        let round = |time_ms: i64| time_ms - time_ms.rem_euclid(STEP_MS);
        let events = (1..=self.rows.newest_session()).flat_map(|session| self.rows.events_after(session, 0));
        let events = events.map(|it| {
            format!("{} {} {:?} {} {:?}", it.number, it.event_type, it.msg_id, round(it.received_ms), it.decisions)
        });
        let runs =
            self.rows.runs().into_iter().map(|run| format!("{:?}", RunRow { event_ms: round(run.event_ms), ..run }));
        let jobs = self.rows.jobs().into_iter().map(|job| format!("{job:?}"));
        events.chain(runs).chain(jobs).collect()
    }

    fn step(&mut self) {
        let time_ms = *self.dice.one_of(&[0, 0, 1, 1, 2, 6, 20, 40]) * STEP_MS;
        self.pass(time_ms);
        if self.dice.chance(4) {
            let by_steps = *self.dice.one_of(&[-120, -20, -1, 1, 60, 240]);
            self.jump(by_steps * STEP_MS);
        }
        if self.processes[DECIDES].is_none() && self.dice.chance(60) {
            let old_jobs = *self.dice.one_of(&[OldJobs::Hold, OldJobs::Run, OldJobs::Discard]);
            self.start_deciding(old_jobs);
        }
        match self.dice.below(100) {
            0..58 => {
                let events = self.live.messages(self.now_ms(), &mut self.dice);
                self.take(events);
            }
            58..64 => self.press(),
            64..84 => self.order(),
            84..87 => self.work_and_die(DECIDES),
            87..90 => {
                let events = self.live.messages(self.now_ms(), &mut self.dice);
                self.kill(DECIDES, events);
            }
            90..93 => self.work_and_die(WORKS),
            93..97 if self.processes[WORKS].is_none() => self.start_working(),
            97 => self.live.next_room(),
            98 => self.come_back_late(),
            _ => self.kill(WORKS, Vec::new()),
        }
        if self.dice.chance(70) {
            self.work();
        }
        self.look();
    }

    /// Everything dies, and comes back when the session cannot go on any more.
    fn come_back_late(&mut self) {
        self.kill(DECIDES, Vec::new());
        self.kill(WORKS, Vec::new());
        self.pass(20 * 60_000);
    }

    /// The live ends, and all that waits is done or thrown away.
    fn close(&mut self) {
        if self.processes[DECIDES].is_none() {
            self.start_deciding(OldJobs::Hold);
        }
        if self.dice.chance(80) {
            let end = self.live.end(self.now_ms());
            self.take(vec![end]);
        }
        if self.dice.chance(50) {
            self.kill(WORKS, Vec::new());
        }
        self.sit_everywhere();
        let runs_old = self.dice.chance(50);
        self.log.stopped_runs |= !runs_old;
        let services: Vec<_> = self.services.iter().map(|service| service.id.clone()).collect();
        let process = self.processes[DECIDES].as_mut().expect("it runs");
        let opened = process.work(|queues, world| {
            for service in &services {
                queues.resume(service)?;
            }
            if runs_old {
                queues.release_held(&Which::Held, world.now_ms).map(drop)
            } else {
                queues.discard(&Which::Held, &Reason::OldJob, world).map(drop)
            }
        });
        opened.expect("there is room");
        self.drain();
    }

    fn drain(&mut self) {
        for _ in 0..DRAIN_STEPS {
            self.work();
            self.look();
            let is_active = self.services.iter().any(|service| !self.rows.active(service.id.as_str()).is_empty());
            if !is_active && self.rows.next_due_ms().is_none() {
                assert_eq!(self.rows.emitted(self.rows.newest_session()), 0, "what rules brought up is in the journal");
                return;
            }
            self.pass(self.until_next_ms());
        }
        panic!(
            "the queues never empty: {:#?}",
            self.services.iter().map(|it| self.rows.active(it.id.as_str())).collect::<Vec<_>>()
        );
    }

    /// How long until the next job ends or becomes due, in whole steps.
    fn until_next_ms(&self) -> i64 {
        let seats = self.processes.iter().flatten().flat_map(|process| process.seats.values());
        let ends = seats.flat_map(|seat| &seat.running).map(|running| running.ends_ms - self.passed_ms);
        let due = self.rows.next_due_ms().map(|due_ms| due_ms - self.now_ms());
        let next_ms = ends.chain(due).min().unwrap_or(STEP_MS).max(1);
        (next_ms + STEP_MS - 1) / STEP_MS * STEP_MS
    }
}
