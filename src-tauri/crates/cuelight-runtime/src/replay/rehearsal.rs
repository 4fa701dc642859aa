//! A session that is only decided: the same core as a live, with time as the recording tells it.

use std::collections::BTreeMap;

use compact_str::CompactString;
use cuelight_core::decide::{Decided, Occasion, RuleState, SessionFacts, decide};
use cuelight_core::decision::{Effect, Firing, Origin};
use cuelight_core::event::{Body, Event};
use cuelight_core::facts::Values;
use cuelight_core::gift_catalogue::GiftCatalogue;
use cuelight_core::id::SessionId;
use cuelight_core::job::Ending;
use cuelight_core::limits::TICKS_PER_JUMP;
use cuelight_core::run::{Run, RunState};
use cuelight_core::session::{SessionOptions, SessionState};
use cuelight_core::viewer::Standing;
use cuelight_core::world::World;

use super::{ReplayWith, ReplayedDecision, ReplayedJob};

/// The session's number in a replay, which is in no journal.
const SESSION: SessionId = SessionId(1);

pub(super) struct Rehearsal<'a> {
    with: ReplayWith<'a>,
    values: &'a Values,
    session: SessionState,
    catalogue: GiftCatalogue,
    rules: Option<RuleState>,
    last_number: u32,
    last_ms: i64,
    accepted: Vec<Event>,
    decided: Decided,
}

impl<'a> Rehearsal<'a> {
    pub(super) fn new(with: ReplayWith<'a>, values: &'a Values) -> Self {
        Self {
            with,
            values,
            session: SessionState::new(SessionOptions { combo_idle_ms: with.combo_idle_ms }),
            catalogue: GiftCatalogue::new(with.gifts.iter().cloned()),
            rules: None,
            last_number: 0,
            last_ms: 0,
            accepted: Vec::new(),
            decided: Decided::default(),
        }
    }

    /// Takes one event of the source.
    pub(super) fn take(&mut self, event: Event, received_ms: i64, visit: &mut dyn FnMut(ReplayedDecision)) {
        if self.rules.is_none() {
            let creator = match &event.body {
                Body::Connect(connect) => connect.unique_id.clone(),
                _ => CompactString::default(),
            };
            self.rules = Some(RuleState::new(SessionFacts {
                id: SESSION,
                creator,
                started_ms: received_ms,
                seed: self.with.seed,
                utc_offset_s: self.with.utc_offset_s,
            }));
        }
        self.pass_time(received_ms, visit);
        self.last_ms = self.last_ms.max(received_ms);
        let mut accepted = std::mem::take(&mut self.accepted);
        self.session.accept(event, received_ms, &mut self.catalogue, &mut accepted);
        self.decide_all(&mut accepted, received_ms, visit);
        self.accepted = accepted;
    }

    /// The end of the recording: what is open ends.
    pub(super) fn finish(&mut self, visit: &mut dyn FnMut(ReplayedDecision)) {
        let mut ended = std::mem::take(&mut self.accepted);
        self.session.finish(self.last_ms, &mut ended);
        self.decide_all(&mut ended, self.last_ms, visit);
    }

    /// Makes the ticks that a live would have had up to that moment, each at its own time.
    fn pass_time(&mut self, now_ms: i64, visit: &mut dyn FnMut(ReplayedDecision)) {
        for _ in 0..TICKS_PER_JUMP {
            let session_wake = self.session.next_wake_ms();
            let rules_wake = self.rules.as_ref().and_then(|rules| rules.next_wake_ms(self.with.rules));
            let Some(wake_ms) = session_wake.into_iter().chain(rules_wake).min().filter(|wake| *wake <= now_ms) else {
                return;
            };
            self.tick(wake_ms, visit);
        }
        self.tick(now_ms, visit);
    }

    fn tick(&mut self, now_ms: i64, visit: &mut dyn FnMut(ReplayedDecision)) {
        let mut ended = std::mem::take(&mut self.accepted);
        self.session.tick(now_ms, &mut ended);
        self.decide_all(&mut ended, now_ms, visit);
        self.accepted = ended;
        self.decide(Occasion::Tick, &Standing::default(), now_ms);
        self.tell(None, now_ms, visit);
    }

    fn decide_all(&mut self, events: &mut Vec<Event>, now_ms: i64, visit: &mut dyn FnMut(ReplayedDecision)) {
        for event in events.drain(..) {
            self.last_number += 1;
            let standing = self.session.standing(&event);
            let totals = self.session.totals().clone();
            let occasion = Occasion::Event { event: &event, number: self.last_number, totals: &totals, depth: 0 };
            self.decide(occasion, &standing, now_ms);
            self.tell(Some(&event), now_ms, visit);
        }
    }

    fn decide(&mut self, occasion: Occasion<'_>, standing: &Standing, now_ms: i64) {
        let Some(state) = &mut self.rules else { return };
        let ReplayWith { rules, services, .. } = self.with;
        decide(rules, services, self.values, state, standing, occasion, now_ms, &mut self.decided);
    }

    /// Hands on what was decided, rule by rule, with the jobs that it would make.
    fn tell(&mut self, event: Option<&Event>, now_ms: i64, visit: &mut dyn FnMut(ReplayedDecision)) {
        let mut jobs: BTreeMap<Origin, (u32, Vec<ReplayedJob>)> = BTreeMap::new();
        for effect in std::mem::take(&mut self.decided.effects) {
            if let Effect::Start(firing) = effect {
                let (count, jobs) = jobs.entry(firing.origin.clone()).or_default();
                *count += 1;
                jobs.extend(self.jobs(&firing, now_ms));
            }
        }
        let line = |rule, fired, because, jobs| ReplayedDecision {
            event: self.last_number,
            event_type: event.map(Event::event_type),
            viewer: event.and_then(Event::user).map(|user| user.handle().to_owned()),
            rule,
            fired,
            because,
            jobs,
        };
        for decision in std::mem::take(&mut self.decided.decisions) {
            let its_jobs = jobs.remove(&decision.rule).map(|(_, jobs)| jobs).unwrap_or_default();
            visit(line(decision.rule, decision.fired, decision.because, its_jobs));
        }
        for (rule, (count, jobs)) in jobs {
            visit(line(rule, count, None, jobs));
        }
    }

    /// All jobs of a run, as if each of them did what it should at once.
    fn jobs(&self, firing: &Firing, now_ms: i64) -> Vec<ReplayedJob> {
        let ReplayWith { services, registry, seed, .. } = self.with;
        let world = World { services, prepare: registry, values: self.values, seed, now_ms };
        let mut run = Run::of(firing, Some(SESSION), seed);
        let (mut handed_off, mut replayed) = (Vec::new(), Vec::new());
        run.begin(&world, &mut handed_off);
        loop {
            let mut done = Vec::new();
            for job in handed_off.drain(..) {
                let because = job.ended.as_ref().and_then(Ending::reason).cloned();
                if job.ended.is_none() {
                    done.push(job.step);
                }
                replayed.push(ReplayedJob {
                    service: job.service,
                    action: job.kind,
                    priority: job.priority,
                    parameters: job.parameters,
                    because,
                });
            }
            for step in done {
                let completed = Ending::Completed { outputs: Vec::new(), changes: Vec::new() };
                run.job_ended(step, &completed, &world, &mut handed_off);
            }
            if handed_off.is_empty() {
                match (run.state(), run.due_ms()) {
                    (RunState::Open, Some(_)) => run.wait_over(&world, &mut handed_off),
                    (RunState::Open | RunState::Done | RunState::Stopped, _) => return replayed,
                }
            }
        }
    }
}
