//! The live that is followed: one task owns the one capture, and everybody else sends it wishes.

mod course;
mod deeds;
mod health;
mod listed_gifts;
mod owner;
mod person;
mod plan;
mod publishing;
mod recordings;
mod running;
mod signals;
mod standing;
mod witness;

use std::sync::Arc;

use cuelight_core::handle::Handle;
use cuelight_core::id::SessionId;
use cuelight_core::signal::Signal;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::{BetweenLives, Engine};
use cuelight_runtime::equipped::Equipment;
use cuelight_runtime::source::page::PageHost;
use cuelight_runtime::worker::QueueError;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot, watch};

pub use self::listed_gifts::GiftListWish;
pub use self::plan::{Opening, Plan, Publishes, Tries};
pub(crate) use self::publishing::PATIENCE;
pub use self::standing::Standing;
pub use self::witness::{CaptureView, Ended, PublishingView, Then, Witness};

use self::owner::Owner;
use self::witness::Telling;
use crate::app::App;
use crate::dto::{Failure, FailureCode, LiveStatus, OldJobs, Rehearsal};

/// Wishes that may wait for the task; people press buttons, so a few are plenty.
const WISHES: usize = 16;

/// The way to the task that owns the capture.
#[derive(Debug)]
pub struct Live {
    wishes: mpsc::Sender<Wish>,
    standing: watch::Receiver<Standing>,
    lane: WayToLane,
    /// What keys, buttons and calls are decided with while no session is open, once one was.
    between_lives: tokio::sync::Mutex<Option<BetweenLives>>,
}

/// Where signals go while a session is open.
type WayToLane = Arc<Mutex<Option<(SessionId, mpsc::Sender<Signal>)>>>;

/// Who waits to hear what became of a wish.
type Answer = oneshot::Sender<Result<(), Failure>>;

/// What people want of the capture.
#[derive(Debug)]
enum Wish {
    Begin(Beginning, Answer),
    WaitUntilLive(Answer),
    RetryNow(Answer),
    End(Answer),
    /// The app ends: so does the task. Who asked hears of the end of the capture, then of the end of its publishing.
    Leave(Answer, oneshot::Sender<()>),
}

/// What begins, and who watches it.
#[derive(Debug)]
struct Beginning {
    plan: Arc<Plan>,
    witness: Option<Telling>,
}

impl Live {
    /// The way to a task that has not started yet.
    pub(crate) fn new(engine: &Engine, clock: &Clock) -> (Self, Owner) {
        let (wishes, wished) = mpsc::channel(WISHES);
        let (board, standing) = watch::channel(Standing::default());
        let lane = WayToLane::default();
        let owner = Owner::new(wished, board, Arc::clone(&lane), engine.workers.health(), clock.clone());
        (Self { wishes, standing, lane, between_lives: tokio::sync::Mutex::default() }, owner)
    }

    /// How it stands, from now on; a change of the phase is told at once, totals a few times a second.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Looks for the creator again and again, until they are live.
    ///
    /// # Errors
    /// [`FailureCode::NotNow`] where nobody is known to wait for, [`FailureCode::AlreadyLive`] where something goes on.
    pub async fn wait_until_live(&self) -> Result<(), Failure> {
        self.wish(Wish::WaitUntilLive).await
    }

    /// Tries at once instead of at the time that was told, or once more what was refused.
    ///
    /// # Errors
    /// [`FailureCode::NotNow`] where nothing waits.
    pub async fn retry_now(&self) -> Result<(), Failure> {
        self.wish(Wish::RetryNow).await
    }

    /// Ends the live, the waiting or the rehearsal; afterwards all of it is committed and the session is closed.
    ///
    /// # Errors
    /// [`FailureCode::NotNow`] where nothing goes on.
    pub async fn end(&self) -> Result<(), Failure> {
        self.wish(Wish::End).await
    }

    /// Ends what goes on, and the task. What is given then waits until what is left of it is published, or given up.
    pub(crate) async fn leave(&self) -> impl Future<Output = ()> + use<> {
        let (told, published) = oneshot::channel();
        // It has left already: nothing goes on.
        let _ = self.wish(|answer| Wish::Leave(answer, told)).await;
        async {
            // An end without a word is an end.
            let _ = published.await;
        }
    }

    /// Takes the lane of a capture that a test began by itself for that of the open session.
    #[cfg(test)]
    pub(crate) fn take_lane(&self, session: SessionId, lane: mpsc::Sender<Signal>) {
        *self.lane.lock() = Some((session, lane));
    }

    /// Follows what is planned; whoever began it watches it.
    ///
    /// # Errors
    /// [`FailureCode::AlreadyLive`] where something goes on, and what stops the first capture from beginning.
    pub async fn follow(&self, plan: Plan) -> Result<Witness, Failure> {
        let (telling, witness) = Telling::new();
        self.begin(plan, Some(telling)).await?;
        Ok(witness)
    }

    async fn begin(&self, plan: Plan, witness: Option<Telling>) -> Result<(), Failure> {
        self.wish(|answer| Wish::Begin(Beginning { plan: Arc::new(plan), witness }, answer)).await
    }

    async fn wish(&self, wish: impl FnOnce(Answer) -> Wish) -> Result<(), Failure> {
        let ending = || Failure::new(FailureCode::NotNow, "the app is ending");
        let (answer, answered) = oneshot::channel();
        self.wishes.send(wish(answer)).await.map_err(|_| ending())?;
        answered.await.map_err(|_| ending())?
    }
}

impl App {
    /// Follows the live of that creator, who is remembered.
    ///
    /// # Errors
    /// [`FailureCode::AlreadyLive`] where something goes on; what stops the capture itself is told as a phase.
    pub async fn go_live(&self, creator: Handle) -> Result<(), Failure> {
        let plan = Plan::tiktok(creator.clone(), self.equipment(), self.clock.clone());
        self.live.begin(plan, None).await?;
        if let Err(failure) = self.remember_creator(creator).await {
            // The live runs all the same; only the next one is not offered this name.
            tracing::warn!(%failure, "the creator is not remembered");
        }
        Ok(())
    }

    /// What a live is captured with.
    fn equipment(&self) -> Equipment {
        Equipment {
            store: self.store().clone(),
            secrets: self.secrets.clone(),
            page: Arc::clone(&self.pages) as Arc<dyn PageHost>,
            bases: self.tiktok.clone(),
            visitor: self.visitor.clone(),
        }
    }

    /// Plays an invented live or a recording through the same engine.
    ///
    /// # Errors
    /// [`FailureCode::AlreadyLive`] where something goes on, [`FailureCode::BadInput`] for a speed that is none and for what
    /// is no recording.
    pub async fn rehearse(&self, rehearsal: Rehearsal) -> Result<(), Failure> {
        self.live.begin(Plan::of(rehearsal)?, None).await
    }

    /// Everything that the head of the Live screen shows.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn live_status(&self) -> Result<LiveStatus, Failure> {
        let standing = self.live.standing.borrow().clone();
        let open = standing.session;
        let read = self.read(move |reader| Ok((reader.stored_services()?, reader.old_jobs(open)?)));
        let (services, old_jobs) = read.await?;
        let creator = || self.settings.borrow().connection.tiktok_user.clone();
        let old_jobs = old_jobs
            .first()
            .map(|newest| OldJobs { count: old_jobs.iter().map(|old| old.count).sum(), session: newest.session });
        Ok(LiveStatus {
            phase: standing.phase,
            creator: standing.creator.or_else(creator),
            session: standing.session,
            source: standing.source,
            way: standing.way,
            totals: standing.totals,
            last_gap: standing.last_gap,
            paused: !services.is_empty() && services.iter().all(|service| service.paused),
            silenced: *self.engine.workers.orders().silenced().borrow(),
            behind_ms: standing.behind_ms,
            old_jobs,
        })
    }

    async fn remember_creator(&self, creator: Handle) -> Result<(), Failure> {
        let set = move |store: &cuelight_runtime::store::Store| {
            let set = store.set_setting("tiktok_user", creator.as_str());
            set.map_err(|error| Failure::new(FailureCode::Defect, error.to_string()))
        };
        let _turn = self.saving_settings.lock().await;
        let settings = self.change(set).await?;
        self.settings.send_replace(settings);
        self.push.note(|gathered| gathered.settings = true);
        Ok(())
    }
}

/// Why the queues did not do it.
fn refused(error: QueueError) -> Failure {
    match error {
        QueueError::Store(error) => error.into(),
        QueueError::Stopped => Failure::new(FailureCode::NotNow, error.to_string()),
    }
}
