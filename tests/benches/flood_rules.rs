//! The same flood with rules: gifts become jobs as they come, and queues are full.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use cuelight_core::decision::Origin;
use cuelight_core::event::EventType;
use cuelight_core::id::{JobId, RunId};
use cuelight_core::job::JobState;
use cuelight_runtime::store::{JobFilter, StoredJob};

use crate::flood::{Sent, inversions};
use crate::journal::Journal;
use crate::process::{FakeTikTok, Program};
use crate::rounds::median;
use crate::table::{self, Wanted};
use crate::thankful;

/// How often each flood is sent.
const FLOODS: usize = 3;

/// How often the longest one is.
const FLOODS_AS_INSTALLED: usize = 1;

/// Rules that thank for gifts.
const RULES: usize = 10;

pub(crate) fn measure() {
    let sent = Sent::new();
    table::section(&format!("flood with {RULES} rules firing on gifts, {}", sent.describe()));
    let filled = floods(FLOODS, &sent, |place| thankful::folder(place, RULES), FakeTikTok::enqueue);
    let wanted = Wanted::AtLeast { goal: 100_000.0, floor: 40_000.0 };
    tell(&filled, wanted);
    table::section("the same with workers that run the jobs meanwhile");
    let worked = floods(FLOODS, &sent, |place| thankful::folder(place, RULES), FakeTikTok::run);
    tell(&worked, wanted);
    table::section("the same as installed: every event is a job of the overlays");
    tell(&floods(FLOODS_AS_INSTALLED, &sent, |_| (), FakeTikTok::enqueue), Wanted::Told);
}

/// What came of one flood.
struct Flooded {
    per_second: f64,
    cpu_us: f64,
    peak_mb: f64,
    /// Messages lost, doubled or out of order.
    wrong_messages: usize,
    jobs: usize,
    done: usize,
    discarded: usize,
    /// Runs that a decision stands for and that are not there, or the other way round.
    wrong_runs: usize,
    /// Jobs of gifts that were dropped, and jobs that were dropped without a reason.
    wrongly_discarded: usize,
}

fn tell(floods: &[Flooded], per_second: Wanted) {
    let of_floods = |value: fn(&Flooded) -> f64| median(floods.iter().map(value).collect());
    let sum = |value: fn(&Flooded) -> usize| floods.iter().map(value).sum::<usize>() as f64;
    table::figure("durable messages a second (wall)", per_second, of_floods(|flood| flood.per_second), "/s");
    table::figure("  CPU a message, whole program", Wanted::Told, of_floods(|flood| flood.cpu_us), "us");
    let peak_mb = floods.iter().map(|flood| flood.peak_mb).fold(0.0, f64::max);
    table::figure("peak resident memory", Wanted::AtMost { goal: 30.0, floor: 60.0 }, peak_mb, "MB");
    table::figure("messages lost, doubled or out of order", Wanted::None, sum(|flood| flood.wrong_messages), "");
    table::figure("runs lost or doubled", Wanted::None, sum(|flood| flood.wrong_runs), "");
    table::figure("gifts' jobs dropped, or any without a reason", Wanted::None, sum(|it| it.wrongly_discarded), "");
    table::figure("  jobs", Wanted::Told, of_floods(|flood| flood.jobs as f64), "");
    table::figure("  of them done meanwhile", Wanted::Told, of_floods(|flood| flood.done as f64), "");
    table::figure("  of them discarded, the queue being full", Wanted::Told, of_floods(|it| it.discarded as f64), "");
}

fn floods(count: usize, sent: &Sent, prepare: fn(&Path), command: fn(&FakeTikTok, &Path) -> Command) -> Vec<Flooded> {
    (0..count).map(|_| flood(sent, prepare, command)).collect()
}

fn flood(sent: &Sent, prepare: fn(&Path), command: fn(&FakeTikTok, &Path) -> Command) -> Flooded {
    let place = tempfile::tempdir().expect("a temporary folder");
    prepare(place.path());
    let tiktok = FakeTikTok::playing(&sent.recording);
    let program = Program::start(command(&tiktok, place.path()));
    let journal = Journal::of(place.path());
    let mut peak_mb: f64 = 0.0;
    let (first, before) = journal.wait_for(2, || {});
    let (last, after) =
        journal.wait_for(sent.messages.len() as u64 + 1, || peak_mb = peak_mb.max(program.peak_mb().unwrap_or(0.0)));
    let cpu_us = program.cpu_time().as_secs_f64() * 1e6 / after.journaled as f64;
    drop(program);
    let messages = journal.messages();
    let jobs = journal.jobs();
    let in_state = |state| jobs.iter().filter(|job| job.state == state).count();
    Flooded {
        per_second: (after.journaled - before.journaled) as f64 / (last - first).as_secs_f64(),
        cpu_us,
        peak_mb,
        wrong_messages: sent.messages.len().abs_diff(messages.len()) + inversions(&sent.messages, &messages),
        jobs: jobs.len(),
        done: in_state(JobState::Completed),
        discarded: in_state(JobState::Discarded),
        wrong_runs: wrong_runs(&jobs, journal.fired()),
        wrongly_discarded: jobs.iter().filter(|job| is_wrongly_discarded(job)).count(),
    }
}

/// Every firing of a rule is a run with jobs here; what default actions fired is not among the decisions.
fn wrong_runs(jobs: &[StoredJob], fired: u64) -> usize {
    let of_rules = jobs.iter().filter(|job| matches!(job.origin, Origin::Rule(_)));
    let runs: HashSet<RunId> = of_rules.map(|job| job.run).collect();
    usize::try_from(fired).unwrap_or(usize::MAX).abs_diff(runs.len())
}

fn is_wrongly_discarded(job: &StoredJob) -> bool {
    job.state == JobState::Discarded && (job.event_type == Some(EventType::Gift) || job.reason.is_none())
}

impl Journal {
    /// Every job.
    fn jobs(&self) -> Vec<StoredJob> {
        const PAGE: u32 = 10_000;
        let mut jobs: Vec<StoredJob> = Vec::new();
        loop {
            let before: Option<JobId> = jobs.last().map(|job| job.id);
            let page = self.reader.jobs(&JobFilter { before, ..JobFilter::default() }, PAGE).expect("readable");
            if page.is_empty() {
                return jobs;
            }
            jobs.extend(page);
        }
    }

    /// How often rules fired.
    fn fired(&self) -> u64 {
        let decisions = self.reader.decisions(self.session().id).expect("the journal can be read");
        let fired = decisions.iter().map(|(_, decisions)| {
            let decisions: serde_json::Value = serde_json::from_str(decisions).expect("decisions are JSON");
            let each = decisions["decisions"].as_array().into_iter().flatten();
            each.filter_map(|decision| decision["fired"].as_u64()).sum::<u64>()
        });
        fired.sum()
    }
}
