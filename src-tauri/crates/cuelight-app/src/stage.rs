//! A running app in a data folder of its own for tests, with events and jobs as a live brings them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use cuelight_core::action::Action;
use cuelight_core::decision::{Effect, Firing, Origin};
use cuelight_core::event::{Body, Comment, Event, EventData, Gift, GiftDetails};
use cuelight_core::facts::{Facts, Values, ViewerFact};
use cuelight_core::id::{ActionKindId, EventId, JobId, RuleId, ServiceId, SessionId, UserId};
use cuelight_core::service::Services;
use cuelight_core::step::{Act, Step};
use cuelight_core::timestamp::Timestamp;
use cuelight_core::totals::{SessionTotals, counts};
use cuelight_core::user::User;
use cuelight_core::world::World;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::feed::Committed;
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::store::{Commit, Effects, EventRow, Journal, NumberedEffect, SessionStart};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::api::Door;
use crate::app::App;
use crate::dto::{CallerRole, Failure, PushBatch};
use crate::push::{PushReader, lines};
use crate::shell::NoShell;

/// The rule that the jobs here belong to.
pub(crate) const RULE: &str = "rose";

pub(crate) struct Stage {
    pub(crate) app: Arc<App>,
    pub(crate) door: Door,
    pub(crate) session: SessionId,
    live: Mutex<Live>,
    _place: TempDir,
}

struct Live {
    journal: Journal,
    number: u32,
}

impl Stage {
    /// An app whose services start nothing.
    pub(crate) async fn paused() -> Self {
        let stage = Self::new();
        for service in ["basics", "voice", "sounds"] {
            stage.ask("pause_service", json!({ "service": service })).await.expect("it can be paused");
        }
        stage
    }

    /// An app with an open session in which nothing has happened.
    pub(crate) fn new() -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let folder = DataFolder::new(place.path().join("data"));
        folder.create().expect("it can be made");
        let app = App::begin(&folder, Clock::system(), Arc::new(NoShell)).expect("it begins");
        let mut journal = app.store().journal().expect("it can be written");
        let luna = SessionStart {
            creator: "luna.plays",
            room_id: "7123456789012345678",
            source: "simulator",
            name: None,
            taken_in_ms: app.clock.now_ms(),
        };
        let session = journal.open_session(&luna, app.clock.now_ms()).expect("it begins").session;
        let live = Mutex::new(Live { journal, number: 0 });
        Self { door: Door::new(Arc::clone(&app)), app, session, live, _place: place }
    }

    pub(crate) async fn ask(&self, command: &str, input: Value) -> Result<Value, Failure> {
        self.door.call(CallerRole::Full, command, input).await
    }

    pub(crate) fn id(&self, number: u32) -> EventId {
        EventId { session: self.session, number }
    }

    /// Somebody writes something, and a rule writes it to the log in each of these services.
    pub(crate) fn comment(&self, by: &str, text: &str, services: &[&str]) -> Committed {
        self.bring(
            Body::Comment(Comment { user: user(by), comment: text.into(), ..Comment::default() }),
            text,
            services,
        )
    }

    /// Somebody whose picture lies there writes something that no rule answers.
    pub(crate) fn comment_with_picture(&self, by: &str, text: &str, uri: &str) -> Committed {
        let user = User { profile_picture: Some(uri.into()), ..user(by) };
        self.bring(Body::Comment(Comment { user, comment: text.into(), ..Comment::default() }), text, &[])
    }

    /// Somebody sends a rose, and a rule writes it to the log in each of these services.
    pub(crate) fn rose(&self, by: &str, text: &str, services: &[&str]) -> Committed {
        let gift = GiftDetails { id: 5655, name: Some("Rose".into()), ..GiftDetails::default() };
        self.bring(Body::Gift(Box::new(Gift { user: user(by), gift, ..Gift::default() })), text, services)
    }

    /// Commits an event with the run that it makes, as a capture does, and notes it.
    fn bring(&self, body: Body, text: &str, services: &[&str]) -> Committed {
        let mut live = self.live.lock();
        live.number += 1;
        let (number, now_ms) = (live.number, self.app.clock.now_ms());
        let event = Event::own(body, Timestamp::from_ms(now_ms));
        let data = serde_json::to_string(&EventData(&event)).expect("events have a JSON form");
        let rows = [EventRow {
            number,
            event_type: event.event_type(),
            msg_id: None,
            received_ms: now_ms,
            counted: counts(&event),
            data: &data,
            decisions: None,
        }];
        let known = Services::new(self.app.store().reader().and_then(|it| it.services()).expect("readable"));
        let world =
            World { services: &known, prepare: &*self.app.registry, values: &Values::default(), seed: 7, now_ms };
        let effect = Effect::Start(Box::new(firing(number, &event, text, services)));
        let list = if services.is_empty() { Vec::new() } else { vec![NumberedEffect { number, effect }] };
        let totals = SessionTotals::default();
        let commit = Commit {
            session: self.session,
            rows: &rows,
            combos: &[],
            totals: &totals,
            last_event_ms: now_ms,
            gifts: &[],
            received: &[],
            faults: &[],
            sheds: &[],
            viewers: None,
            effects: Some(Effects { list: &list, world: &world }),
            rule_state: &[],
            emitted: &[],
        };
        let touched = live.journal.commit(&commit).expect("there is room");
        self.app.engine.workers.bells().notify(&touched);
        let committed = Committed { id: self.id(number), event };
        lines::note_committed(&self.app.push, std::slice::from_ref(&committed));
        committed
    }

    /// Every job, the oldest first.
    pub(crate) fn jobs(&self) -> Vec<JobId> {
        let reader = self.app.store().reader().expect("readable");
        let mut jobs: Vec<JobId> =
            reader.jobs(&Default::default(), u32::MAX).expect("readable").iter().map(|job| job.id).collect();
        jobs.reverse();
        jobs
    }
}

fn firing(number: u32, event: &Event, text: &str, services: &[&str]) -> Firing {
    let viewer = event.user().map(|user| ViewerFact { user_id: user.user_id.clone(), ..ViewerFact::default() });
    let step = |service: &&str| {
        let parameters = json!({ "text": text }).as_object().expect("fields").clone();
        let service = Some(ServiceId::new(service));
        let action = Action { kind: ActionKindId::new("log_write"), service, parameters };
        Step::Act(Act { action, at_the_same_time: true, go_on_if_this_fails: false, at_the_end: false })
    };
    Firing {
        origin: Origin::Rule(RuleId::new(RULE)),
        cause: number,
        firing: 1,
        event_type: Some(event.event_type()),
        msg_id: None,
        facts: Facts { viewer, ..Facts::default() },
        steps: services.iter().map(step).collect(),
        priority: None,
        fold: None,
        combo_open: false,
        depth: 0,
    }
}

fn user(name: &str) -> User {
    User { unique_id: name.into(), nickname: name.to_uppercase().into(), user_id: UserId::new(name), ..User::default() }
}

/// Lets something go on until it was woken that many times, and leaves it there: what it waited for last is done, and it has
/// not heard of it.
pub(crate) async fn leave_after<T>(mut deed: Pin<&mut impl Future<Output = T>>, wakes: usize) {
    for _ in 0..wakes {
        let woken = Arc::<Woken>::default();
        let waker = Waker::from(Arc::clone(&woken));
        assert!(deed.as_mut().poll(&mut Context::from_waker(&waker)).is_pending(), "it is not done yet");
        woken.0.notified().await;
    }
}

/// Waits until a task has ended, or somebody holds what it waits for.
pub(crate) async fn ended_or_waiting<T>(task: &JoinHandle<T>, turn: &tokio::sync::Mutex<()>) {
    while !task.is_finished() && turn.try_lock().is_ok() {
        tokio::task::yield_now().await;
    }
}

#[derive(Default)]
struct Woken(Notify);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.notify_one();
    }
}

/// The next batches until one of them has what is looked for; all of them.
pub(crate) async fn until(heard: &mut PushReader, has: impl Fn(&PushBatch) -> bool) -> Vec<Arc<PushBatch>> {
    let mut batches = Vec::new();
    let look = async {
        loop {
            let batch = heard.next().await.expect("the app goes on");
            batches.push(Arc::clone(&batch));
            if has(&batch) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), look).await.expect("it is told soon");
    batches
}
