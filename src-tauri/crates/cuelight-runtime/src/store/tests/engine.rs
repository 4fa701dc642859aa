//! A small engine for tests: services, firings, and the deeds of a worker.

use std::sync::Arc;

use cuelight_core::action::{Action, Prepare, Prepared, Replay};
use cuelight_core::decision::{Effect, Firing, FoldKey, Origin};
use cuelight_core::event::EventType;
use cuelight_core::facts::{Facts, Values, ViewerFact};
use cuelight_core::id::{ActionKindId, JobId, MsgId, RuleId, ServiceId, SessionId, UserId};
use cuelight_core::job::{Ending, JobState};
use cuelight_core::priority::Priority;
use cuelight_core::reason::Reason;
use cuelight_core::service::{Mode, Service, Services};
use cuelight_core::step::{Act, Step, Wait};
use cuelight_core::totals::SessionTotals;
use cuelight_core::world::World;
use serde_json::json;

use super::{Arrival, Home, LUNA, NOON_MS, comment, plain, reader};
use crate::store::{
    Claim, ClaimedJob, Commit, Effects, JobFilter, Journal, NumberedEffect, QueueTransaction, Store, StoreError,
    StoredJob, Touched,
};

/// Kinds whose name begins with `once` may run only once; all say how often they were folded.
pub(super) struct Kinds;

impl Prepare for Kinds {
    fn prepare(&self, action: &Action, facts: &Facts, _: &Values, _: &Services) -> Result<Prepared, Reason> {
        let is_once = action.kind.as_str().starts_with("once");
        Ok(Prepared {
            service: action.service.clone().unwrap_or_else(|| ServiceId::new("basics")),
            parameters: json!({ "count": facts.count, "text": facts.text }),
            replay: if is_once { Replay::AtMostOnce } else { Replay::Safe },
            time_limit_ms: 30_000,
        })
    }
}

pub(super) struct Engine {
    pub home: Home,
    pub store: Store,
    pub journal: Journal,
    pub session: SessionId,
    pub services: Services,
    pub values: Values,
    pub now_ms: i64,
    pub number: u32,
}

impl Engine {
    /// Two services: `voice` is sync and holds three jobs, `basics` is async and holds a hundred.
    pub(super) fn new() -> Self {
        let home = Home::new();
        let (store, mut journal) = home.journal();
        let mut services = cuelight_core::defaults::services();
        services.iter_mut().find(|service| service.id.as_str() == "voice").expect("it is one of them").max_queue_size =
            3;
        store.seed(&services, &[]).expect("there is room");
        let session = journal.open_session(&LUNA, NOON_MS).expect("it begins").session;
        let services = Services::new(services);
        Self { home, store, journal, session, services, values: Values::default(), now_ms: NOON_MS, number: 0 }
    }

    /// What a crash at this moment leaves: the same files, opened by nobody.
    pub(super) fn crash(&self) -> Home {
        let crashed = Home::new();
        for file in ["cuelight.db", "cuelight.db-wal"] {
            let to = crashed.folder.path().join(file);
            std::fs::copy(self.home.folder.path().join(file), to).expect("copied");
        }
        crashed
    }

    /// The same engine after a crash and a restart.
    pub(super) fn restarted(self) -> Self {
        let home = self.crash();
        let (store, mut journal) = home.journal();
        let session = journal.open_session(&LUNA, self.now_ms).expect("it goes on").session;
        Self { home, store, journal, session, ..self }
    }

    pub(super) fn service(&mut self, id: &str, change: impl FnOnce(&mut Service)) {
        let mut services: Vec<Service> = self.services.iter().cloned().collect();
        change(services.iter_mut().find(|service| service.id.as_str() == id).expect("it is there"));
        self.services = Services::new(services);
    }

    /// Commits an event of its own with that firing.
    pub(super) fn fire(&mut self, firing: Firing) -> Touched {
        self.number += 1;
        self.effects(vec![Effect::Start(Box::new(firing))])
    }

    /// Commits these effects with the newest event.
    pub(super) fn effects(&mut self, effects: Vec<Effect>) -> Touched {
        let number = self.number;
        let stored = reader(&self.store).session(self.session).expect("readable").expect("it is open").last_number;
        let arrival = Arrival::new(number, self.now_ms, comment("mira"));
        let rows = [arrival.row()];
        let totals = SessionTotals::default();
        let list: Vec<NumberedEffect> = effects.into_iter().map(|effect| NumberedEffect { number, effect }).collect();
        let Self { services, values, now_ms, journal, session, .. } = self;
        let world = World { services, prepare: &Kinds, values, seed: 7, now_ms: *now_ms };
        let rows = if number > stored { &rows[..] } else { &[] };
        let commit = Commit {
            effects: Some(Effects { list: &list, world: &world }),
            last_event_ms: *now_ms,
            ..plain(*session, rows, &totals)
        };
        journal.commit(&commit).expect("there is room")
    }

    pub(super) fn work<T>(
        &mut self,
        deed: impl FnOnce(&mut QueueTransaction<'_>, &World<'_>) -> Result<T, StoreError>,
    ) -> T {
        let Self { services, values, now_ms, journal, .. } = self;
        let world = World { services, prepare: &Kinds, values, seed: 7, now_ms: *now_ms };
        journal.work(|queues| deed(queues, &world)).expect("there is room")
    }

    pub(super) fn claim(&mut self, service: &str) -> Claim {
        self.work(|queues, world| queues.claim(&ServiceId::new(service), world)).0
    }

    /// Claims a job that has to be there.
    pub(super) fn started(&mut self, service: &str) -> ClaimedJob {
        match self.claim(service) {
            Claim::Started(job) => *job,
            other => panic!("a job of {service} must start, not {other:?}"),
        }
    }

    pub(super) fn end(&mut self, job: JobId, ending: &Ending) -> Touched {
        self.work(|queues, world| queues.end(job, ending, world))
    }

    pub(super) fn complete(&mut self, job: JobId) -> Touched {
        self.end(job, &Ending::Completed { outputs: Vec::new(), changes: Vec::new() })
    }

    /// Runs everything that is ready in that service, in order, and gives the texts.
    pub(super) fn run_all(&mut self, service: &str) -> Vec<String> {
        let mut texts = Vec::new();
        while let Claim::Started(job) = self.claim(service) {
            texts.push(job.parameters["text"].as_str().unwrap_or_default().to_owned());
            self.complete(job.id);
        }
        texts
    }

    /// Every job, the oldest first.
    pub(super) fn jobs(&self) -> Vec<StoredJob> {
        let mut jobs = reader(&self.store).jobs(&JobFilter::default(), u32::MAX).expect("readable");
        jobs.reverse();
        jobs
    }

    pub(super) fn states(&self) -> Vec<JobState> {
        self.jobs().iter().map(|job| job.state).collect()
    }
}

pub(super) fn act(kind: &str, service: &str) -> Step {
    let action = Action {
        kind: ActionKindId::new(kind),
        service: Some(ServiceId::new(service)),
        parameters: Default::default(),
    };
    Step::Act(Act { action, at_the_same_time: false, go_on_if_this_fails: false, at_the_end: false })
}

pub(super) fn at_the_same_time(mut step: Step) -> Step {
    if let Step::Act(act) = &mut step {
        act.at_the_same_time = true;
    }
    step
}

pub(super) fn wait(wait_ms: u64) -> Step {
    Step::Wait(Wait { wait_ms })
}

/// A firing of rule `thanks` for an event that says `text`.
pub(super) fn firing(cause: u32, event_type: EventType, text: &str, steps: &[Step]) -> Firing {
    let viewer = ViewerFact { user_id: UserId::new("mira"), ..ViewerFact::default() };
    Firing {
        origin: Origin::Rule(RuleId::new("thanks")),
        cause,
        firing: 1,
        event_type: Some(event_type),
        msg_id: Some(MsgId::new(format!("70{cause}"))),
        facts: Facts { viewer: Some(viewer), text: Some(text.to_owned()), count: Some(1), ..Facts::default() },
        steps: Arc::from(steps),
        priority: None,
        fold: None,
        combo_open: false,
        depth: 0,
    }
}

pub(super) fn foldable(firing: Firing, since_ms: i64) -> Firing {
    Firing { fold: Some(FoldKey { viewer: None, since_ms }), ..firing }
}

pub(super) fn with_priority(firing: Firing, priority: u8) -> Firing {
    Firing { priority: Some(Priority::new(priority).expect("1 to 10")), ..firing }
}

/// Lets jobs of every event type run beside each other in that service.
pub(super) fn all_async(service: &mut Service) {
    service.others.mode = Mode::Async;
    service.events.values_mut().for_each(|config| config.mode = Mode::Async);
}
