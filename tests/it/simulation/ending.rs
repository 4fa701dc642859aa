//! What must hold when the evening is over and all queues are empty.

use std::collections::BTreeMap;

use cuelight_core::event::EventType;
use cuelight_core::limits::MAX_ATTEMPTS;
use cuelight_core::reason::Reason;
use cuelight_core::rule::ComboMode;
use cuelight_core::service::{EventConfig, Mode, Service, Services};
use cuelight_core::step::Step;

use super::log::JobLog;
use super::oracle::Expected;
use super::paths::{self, Group};
use super::replayed;
use super::rows::{JobRow, RunRow};
use super::rules;
use super::world::World;

impl World {
    /// Everything that can be told from the tables and from what the workers did.
    pub(super) fn check_ending(&self) {
        let (runs, jobs) = (self.rows.runs(), self.rows.jobs());
        let mut of_run: BTreeMap<i64, Vec<JobRow>> = BTreeMap::new();
        for job in &jobs {
            self.check_job(job);
            of_run.entry(job.run).or_default().push(job.clone());
        }
        self.check_firings(&runs, &jobs);
        for run in &runs {
            let jobs = of_run.get(&run.id).map(Vec::as_slice).unwrap_or_default();
            self.check_run(run, jobs, &runs);
        }
        self.check_held_together(&of_run);
        let counted = jobs.iter().filter(|job| job.kind == "counter_change" && job.state == "completed").count();
        assert_eq!(self.rows.counter(rules::COUNTER), counted as i64, "each completed change counted once");
        let known = Services::new(self.services.clone());
        for session in 1..=self.rows.newest_session() {
            let events = self.rows.events_after(session, 0);
            let is_over = events.last().is_some_and(|event| event.event_type == "live_end");
            self.confirmed.check(session, &events, is_over);
            replayed::check(session, &events, &self.rules, &known, &self.oracle);
        }
    }

    /// Each firing that had to be has its run, and no run is without a firing.
    fn check_firings(&self, runs: &[RunRow], jobs: &[JobRow]) {
        let caused = runs.iter().filter(|run| run.cause > 0);
        let caused: BTreeMap<_, _> = caused.map(|run| (key(run), run)).collect();
        for (key, expected) in &self.oracle.expected {
            let run = caused.get(key).unwrap_or_else(|| panic!("{key:?} should have fired: {expected:?}"));
            assert_eq!(
                (run.event, run.event_ms, run.event_type.as_deref(), run.viewer.as_ref()),
                (Some(expected.event), expected.event_ms, Some(expected.event_type.as_str()), expected.viewer.as_ref()),
                "the run is about its event: {run:?}"
            );
        }
        for (key, run) in &caused {
            assert!(self.oracle.expected.contains_key(key), "{key:?} should not have fired: {run:?}");
        }
        for session in 1..=self.rows.newest_session() {
            let of = |origin: &str| {
                let own = |run: &&RunRow| run.cause == 0 && run.origin == origin && run.session == Some(session);
                runs.iter().filter(own).count()
            };
            assert_eq!(of("on-start"), 1, "a session begins once, however often it is continued");
            assert_eq!(of("on-key") as u32, self.log.keys.get(&session).copied().unwrap_or(0), "a run for each press");
            assert!(of("on-count") <= 1, "the counter only grows, so it reaches its value once");
        }
        let done = |kind: &str| jobs.iter().filter(|job| job.kind == kind && job.state == "completed").count();
        let called = runs.iter().filter(|run| run.origin == rules::CALLED && run.cause < 0 && run.again_of.is_none());
        assert_eq!(called.count(), done("run_rule"), "a rule that another one runs runs once");
    }

    fn check_job(&self, job: &JobRow) {
        let nothing = JobLog::default();
        let log = self.log.jobs.get(&job.id).unwrap_or(&nothing);
        assert!(job.ended_ms.is_some(), "it waits or runs for ever: {job:?}");
        assert!(job.state == "completed" || job.reason.is_some(), "it ended without a reason: {job:?}");
        // What it changes may be refused, and then it failed: nobody is there to take its event.
        let is_refused = job.reason == Some(Reason::NoSessionOpen);
        let is_done = job.state == "completed" || is_refused;
        assert_eq!(u32::from(is_done), log.completions, "what completed was done: {job:?} {log:?}");
        assert_eq!(job.attempt, log.claims + log.retries, "every try that was to begin counts: {job:?} {log:?}");
        assert!(job.attempt <= MAX_ATTEMPTS, "it was tried too often: {job:?}");
        assert!(job.state != "completed" || log.tries > 0, "it completed without a try: {job:?}");
        assert!(!job.is_once || log.perhaps_done <= 1, "it may have been done twice: {job:?} {log:?}");
        let was_given_back = self.log.parted.contains(&job.id);
        assert!(
            log.claims <= 1 || job.interrupted || was_given_back || !job.is_sync,
            "it ran twice without saying so: {job:?} {log:?}"
        );
        if let Some(reason) = &job.reason
            && job.state == "discarded"
        {
            let is_dropped =
                matches!(reason, Reason::QueueFull { .. } | Reason::Displaced { .. } | Reason::TooLate { .. });
            assert!(job.discardable || !is_dropped, "what must not be dropped was: {job:?}");
            assert!(job.attempt == 0 || !matches!(reason, Reason::QueueFull { .. }), "it had its place: {job:?}");
        }
    }

    fn check_run(&self, run: &RunRow, jobs: &[JobRow], runs: &[RunRow]) {
        if run.again_of.is_some() {
            assert_eq!((jobs.len(), run.state == "open"), (1, false), "a run again is one job: {run:?}");
            return;
        }
        if let Some(into) = run.folded_into {
            let into = runs.iter().find(|it| it.id == into).expect("it was merged into one that is there");
            let fold = self.oracle.rule(&run.origin).and_then(|rule| rule.fold.as_ref()).expect("its rule folds");
            let within_ms = (fold.within_seconds * 1000.0) as i64;
            let fits = into.origin == run.origin
                && into.session == run.session
                && into.folded_into.is_none()
                && (!fold.per_viewer || into.viewer == run.viewer)
                && run.event_ms - into.event_ms <= within_ms;
            assert!(fits && jobs.is_empty(), "{run:?} was merged into {into:?}");
            return;
        }
        let steps_of_default;
        let (steps, mode): (&[Step], Option<&ComboMode>) = match self.oracle.rule(&run.origin) {
            Some(rule) => (&rule.steps, Some(&rule.combo)),
            None => {
                steps_of_default = self.default_steps(run);
                (&steps_of_default, None)
            }
        };
        let expected = self.oracle.expected.get(&key(run));
        let combo_open = expected.is_some_and(|expected| expected.combo_open);
        let ways = paths::ways(steps, combo_open);
        let taken = ways.iter().find_map(|way| {
            let taken = paths::taken(way, jobs)?;
            (run.state != "done" || taken.len() == way.len()).then_some(taken)
        });
        let taken = taken.unwrap_or_else(|| panic!("no way of its rule leads there: {run:?} {jobs:#?}"));
        self.check_groups(run, &taken);
        match run.state.as_str() {
            "done" => {}
            "stopped" => {
                assert!(self.log.stopped_runs || taken.iter().any(stops), "it stopped without cause: {run:?} {jobs:#?}")
            }
            _ => {
                let goes_on = mode == Some(&ComboMode::WithCombo) && combo_open;
                let is_ended = run.session.is_some_and(|session| self.oracle.is_ended(session, run.cause));
                assert!(goes_on && !is_ended && run.due_ms.is_none(), "it never ends: {run:?} {jobs:#?}");
            }
        }
        self.check_wishes(run, jobs, expected, mode);
    }

    /// Groups follow each other, and nothing follows what stops a run.
    fn check_groups(&self, run: &RunRow, taken: &[(Group<'_>, &[JobRow])]) {
        for (place, (group, jobs)) in taken.iter().enumerate() {
            let earlier = &taken[..place];
            if !self.went_back
                && let Some(ended_ms) = earlier.last().and_then(|(_, jobs)| jobs.iter().map(|job| job.ended_ms).max())
            {
                let early = jobs.iter().find(|job| Some(job.created_ms) < ended_ms.map(|it| it + group.after_ms));
                assert_eq!(early, None, "it came before its wait was over: {run:?}");
            }
            assert!(!earlier.iter().any(stops), "it went on after a failure: {run:?}");
            if let Some((_, [before])) = earlier.last()
                && group.after_ms == 0
                && !group.acts.iter().any(|act| act.at_the_end)
                && before.is_sync
                && before.state != "discarded"
            {
                let parted = jobs.iter().find(|job| {
                    let goes_on = job.is_sync && job.service == before.service && !self.log.parted.contains(&job.id);
                    goes_on && !job.follows
                });
                assert_eq!(parted, None, "it goes on where {before:?} ended");
            }
            let did_something = earlier.iter().flat_map(|(_, jobs)| *jobs).any(|job| job.state == "completed");
            for job in *jobs {
                let may_be_dropped = self.config(run, job).discardable && !did_something;
                let may_be_dropped = match self.begun_beside(job, jobs) {
                    Some(true) => false,
                    Some(false) => may_be_dropped,
                    // It never ran, so nobody knows what came first.
                    None => job.discardable && may_be_dropped,
                };
                let is_no_job = matches!(job.reason, Some(Reason::BadParameters { .. } | Reason::NoSuchAction { .. }));
                // A run that was stopped is told of no more endings; what is under way comes to its own end.
                let is_untold = run.state == "stopped" && job.discardable;
                assert!(
                    job.discardable == may_be_dropped || is_no_job || is_untold,
                    "what was begun is brought to its end: {job:?} of {run:?}"
                );
            }
            let ended =
                earlier.iter().flat_map(|(_, jobs)| *jobs).filter_map(|job| self.log.jobs.get(&job.id)?.ended).max();
            for start in self.log.starts.iter().filter(|start| jobs.iter().any(|job| job.id == start.job)) {
                assert!(
                    ended.is_none_or(|ended| ended < start.moment),
                    "it started before the step before ended: {start:?}"
                );
            }
        }
    }

    /// Whether a job of its group had completed before that one ended; `None` where that cannot be told.
    fn begun_beside(&self, job: &JobRow, group: &[JobRow]) -> Option<bool> {
        let ended = |job: &JobRow| self.log.jobs.get(&job.id).and_then(|log| log.ended);
        let mut completed = group.iter().filter(|it| it.id != job.id && it.state == "completed").peekable();
        if completed.peek().is_none() {
            return Some(false);
        }
        let own = ended(job)?;
        Some(completed.any(|it| ended(it).is_some_and(|ended| ended < own)))
    }

    /// What the rule and the service wish of the jobs.
    fn check_wishes(&self, run: &RunRow, jobs: &[JobRow], expected: Option<&Expected>, mode: Option<&ComboMode>) {
        let rule = self.oracle.rule(&run.origin);
        for job in jobs {
            let config = self.config(run, job);
            assert_eq!(job.is_sync, config.mode == Mode::Sync, "as its service wishes: {job:?}");
            let priority = rule.and_then(|rule| rule.priority).unwrap_or(config.priority);
            let is_so = job.priority == priority.get() || self.log.moved.contains(&job.id);
            assert!(is_so, "its rule's priority, else its service's: {job:?}");
            let is_off = matches!(
                job.reason,
                Some(Reason::ServiceOff { .. } | Reason::EventTypeOff { .. } | Reason::NoEventOff { .. })
            );
            assert_eq!(
                is_off,
                !self.service(&job.service).active || !config.enabled,
                "a service that is off gets no job: {job:?}"
            );
            let is_plain = mode != Some(&ComboMode::WithCombo) && rule.is_none_or(|rule| rule.fold.is_none());
            if let Some(count) =
                expected.and_then(|expected| expected.count).filter(|_| is_plain && !job.act.is_empty())
            {
                assert_eq!(job.count, count.to_string(), "the count that it fired for: {job:?}");
            }
        }
    }

    /// Between two steps of a run that follow each other on a sync service nobody else starts.
    fn check_held_together(&self, of_run: &BTreeMap<i64, Vec<JobRow>>) {
        for (place, start) in self.log.starts.iter().enumerate() {
            let job = of_run[&start.run].iter().find(|job| job.id == start.job).expect("it is there");
            if !job.follows {
                continue;
            }
            let before = self.log.starts[..place].iter().rev().find(|it| it.service == start.service);
            let before = before.unwrap_or_else(|| panic!("it follows nobody: {start:?}"));
            assert_eq!(before.run, start.run, "somebody got between: {before:?} before {start:?}");
        }
    }

    fn service(&self, id: &str) -> &Service {
        self.services.iter().find(|service| service.id.as_str() == id).expect("it is known")
    }

    fn config(&self, run: &RunRow, job: &JobRow) -> &EventConfig {
        self.config_of(run, &job.service)
    }

    fn config_of(&self, run: &RunRow, service: &str) -> &EventConfig {
        let service = self.service(service);
        let event_type = run.event_type.as_deref().and_then(EventType::from_name);
        event_type.and_then(|it| service.events.get(&it)).unwrap_or(&service.others)
    }

    fn default_steps(&self, run: &RunRow) -> Vec<Step> {
        let service = run.origin.strip_prefix("default:").unwrap_or_else(|| panic!("nobody's run: {run:?}"));
        let action = self.config_of(run, service).default_action.as_ref().expect("it has one").action.clone();
        vec![serde_json::from_value(serde_json::to_value(action).expect("JSON")).expect("an action is a step")]
    }
}

fn key(run: &RunRow) -> super::oracle::Key {
    (run.session.unwrap_or(0), run.origin.clone(), run.cause, run.firing)
}

/// Whether a job of the group ended so that nothing comes after the group.
fn stops((group, jobs): &(Group<'_>, &[JobRow])) -> bool {
    group.acts.iter().zip(*jobs).any(|(act, job)| {
        let is_off = matches!(
            job.reason,
            Some(Reason::ServiceOff { .. } | Reason::EventTypeOff { .. } | Reason::NoEventOff { .. })
        );
        job.state != "completed" && !is_off && !act.go_on_if_this_fails
    })
}
