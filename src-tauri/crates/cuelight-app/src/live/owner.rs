//! The task that owns the capture: it begins, watches, tries again and ends, and tells everybody how the live stands.

mod over;
mod telling;
mod wishes;

use std::sync::{Arc, Weak};
use std::time::Duration;

use cuelight_runtime::clock::Clock;
use cuelight_runtime::disk::DiskHealth;
use cuelight_runtime::engine::{OldJobs, settle_held_jobs};
use cuelight_runtime::feed::Committed;
use cuelight_runtime::secrets::SecretName;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, Interval, MissedTickBehavior};

use super::plan::{Plan, Publishes, Tries};
use super::running::{Moved, Running};
use super::witness::Telling;
use super::{Answer, Standing, WayToLane, Wish};
use crate::app::App;
use crate::dto::{Banner, Failure, FailureCode, LiveSource, Phase};
use crate::push::lines;

/// How often totals are told while a live goes on: often enough to look alive, seldom enough to cost nothing.
const TELL: Duration = Duration::from_millis(250);

/// The task's own.
pub(crate) struct Owner {
    app: Weak<App>,
    wishes: mpsc::Receiver<Wish>,
    board: watch::Sender<Standing>,
    lane: WayToLane,
    queues: watch::Receiver<DiskHealth>,
    clock: Clock,
    standing: Standing,
    /// What is followed, or was last.
    plan: Option<Arc<Plan>>,
    /// Tells whoever watches what is followed; none where nobody does, or nothing more will come.
    witness: Option<Telling>,
    /// What is still to become of jobs of earlier sessions.
    old_jobs: Option<OldJobs>,
    /// A creator who is not live is waited for.
    waits: bool,
    /// The creator was not live when it was tried, and nothing came since.
    has_found_nobody: bool,
    running: Option<Running>,
    /// When it is tried again.
    retry: Option<Instant>,
    /// Tries in a row that found nobody at the other end, and when the first of them began.
    failures: usize,
    lost_ms: i64,
    /// Looks in a row that found a creator not live.
    looks: u32,
    /// Who waits to hear that a recording can be read.
    begun: Option<Answer>,
    /// Who waits for the end.
    enders: Vec<Answer>,
    /// Captures that have ended and whose last events Redis still takes.
    publishing: JoinSet<()>,
    tell: Interval,
    tells: u32,
    banner: Option<Banner>,
}

/// What the task wakes for.
enum Woken {
    Wish(Option<Wish>),
    Moved(Moved),
    Disk,
    Retry,
    Tell,
}

impl Owner {
    /// The task before it starts; nothing is followed.
    pub(super) fn new(
        wishes: mpsc::Receiver<Wish>,
        board: watch::Sender<Standing>,
        lane: WayToLane,
        queues: watch::Receiver<DiskHealth>,
        clock: Clock,
    ) -> Self {
        let mut tell = tokio::time::interval(TELL);
        tell.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            app: Weak::new(),
            wishes,
            board,
            lane,
            queues,
            clock,
            standing: Standing::default(),
            plan: None,
            witness: None,
            old_jobs: None,
            waits: false,
            has_found_nobody: false,
            running: None,
            retry: None,
            failures: 0,
            looks: 0,
            lost_ms: 0,
            begun: None,
            enders: Vec::new(),
            publishing: JoinSet::new(),
            tell,
            tells: 0,
            banner: None,
        }
    }

    /// Starts the task for that app; it ends with it.
    pub(crate) fn start(mut self, app: &Arc<App>) {
        self.app = Arc::downgrade(app);
        self.banner = app.banner(&self.standing);
        tokio::spawn(self.work());
    }

    async fn work(mut self) {
        loop {
            match self.woken().await {
                Woken::Wish(Some(wish)) => {
                    if self.grant(wish).await.is_break() {
                        return;
                    }
                }
                // The app is gone without a word: what is captured ends, and its session goes on another time.
                Woken::Wish(None) => return self.abandon(),
                Woken::Moved(moved) => self.follow(moved).await,
                Woken::Disk => self.show_banner(),
                Woken::Retry => self.begin().await,
                Woken::Tell => self.tell_numbers(),
            }
        }
    }

    async fn woken(&mut self) -> Woken {
        let Self { wishes, queues, tell, running, retry, .. } = self;
        let is_running = running.is_some();
        let moved = async {
            match running {
                Some(running) => running.moved().await,
                None => std::future::pending().await,
            }
        };
        let until_retry = async {
            match retry {
                Some(retry) => tokio::time::sleep_until(*retry).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            wish = wishes.recv() => Woken::Wish(wish),
            Ok(()) = queues.changed() => Woken::Disk,
            _ = tell.tick(), if is_running => Woken::Tell,
            moved = moved => Woken::Moved(moved),
            () = until_retry => Woken::Retry,
        }
    }

    /// Begins the capture of the plan.
    async fn begin(&mut self) {
        self.retry = None;
        let (Some(app), Some(plan)) = (self.app.upgrade(), self.plan.clone()) else { return };
        self.standing = Standing {
            creator: plan.creator.as_ref().map(|it| it.as_str().to_owned()),
            source: Some(plan.source),
            ..Standing::default()
        };
        let password = match plan.publishes {
            Publishes::AsSet if app.settings.borrow().connection.redis_url.is_some() => {
                app.secrets.get(SecretName::RedisPassword).await
            }
            Publishes::AsSet | Publishes::Nothing | Publishes::This(_) => None,
        };
        let (opening, store) = (Arc::clone(&plan), app.store().clone());
        let begun = tokio::task::spawn_blocking(move || Running::begin(&opening, password.as_ref(), &app)).await;
        let begun = begun.unwrap_or_else(|error| Err(Failure::new(FailureCode::Defect, error.to_string())));
        match begun {
            Ok(mut running) => {
                if let Some(witness) = &self.witness {
                    witness.show(running.view(&store));
                }
                self.running = Some(running);
                // Whether a recording can be read shows with its first events, or is seen by who watches.
                if plan.source != LiveSource::Recording || self.witness.is_some() {
                    self.answer_begun(Ok(()));
                }
                self.show();
            }
            // It was not the first try: nobody gives up waiting for a live because a disk was full for a moment.
            Err(failure) if self.begun.is_none() && self.is_tried_again() => {
                tracing::warn!(%failure, "nothing could be captured; it is tried again");
                self.wait_for_the_live();
            }
            Err(failure) => {
                tracing::error!(%failure, "nothing could be captured");
                if let Some(witness) = &self.witness {
                    witness.show(Err(failure.clone()));
                }
                self.stand_still(Phase::Offline);
                self.answer_begun(Err(failure));
            }
        }
    }

    async fn follow(&mut self, moved: Moved) {
        let now_ms = self.clock.now_ms();
        match moved {
            Moved::Status => {
                if let Some(running) = &mut self.running {
                    running.take_status(now_ms);
                }
                self.show();
            }
            Moved::Health => self.show(),
            Moved::Committed(events) => {
                self.take(&events, now_ms);
                self.settle_old_jobs().await;
                self.show();
                if let Some(app) = self.app.upgrade() {
                    lines::note_committed(&app.push, &events);
                    events.iter().for_each(|committed| app.catching.offer(&committed.event));
                    if let Some(running) = &mut self.running {
                        events.iter().for_each(|committed| running.listed_gifts.offer(&committed.event, &app));
                    }
                }
            }
            Moved::Over(unreadable) => self.take_apart(unreadable).await,
        }
    }

    /// Takes events into the sums, and opens the way for signals with the first of them.
    fn take(&mut self, events: &[Committed], now_ms: i64) {
        let Some(running) = &mut self.running else { return };
        if let Some(session) = running.course.takes_up(events) {
            let stored = self.app.upgrade().map(|app| app.store().reader().and_then(|reader| reader.session(session)));
            match stored {
                Some(Ok(Some(stored))) => running.course.take_up(stored),
                Some(Err(error)) => tracing::error!(%error, "what the session held before the break is not counted"),
                Some(Ok(None)) | None => {}
            }
        }
        running.course.take(events, now_ms);
        let way = running.course.session.map(|session| (session, running.signals.clone()));
        let mut lane = self.lane.lock();
        if lane.as_ref().map(|(session, _)| *session) != running.course.session {
            *lane = way;
        }
        drop(lane);
        // Who was waited for is live.
        (self.has_found_nobody, self.failures, self.looks) = (false, 0, 0);
        self.waits &= self.plan.as_ref().is_none_or(|plan| plan.tries != Tries::UntilLive);
        self.answer_begun(Ok(()));
    }

    /// Decides once about jobs of earlier sessions, where that was planned; a session that goes on has taken its own back by then.
    async fn settle_old_jobs(&mut self) {
        let (Some(old_jobs), Some(app)) = (self.old_jobs.take(), self.app.upgrade()) else { return };
        let settling = move || settle_held_jobs(app.store(), old_jobs, &app.clock);
        let settled = match tokio::task::spawn_blocking(settling).await {
            Ok(settled) => settled,
            Err(error) => return tracing::error!(%error, "what became of jobs of earlier lives is not known"),
        };
        if let Err(error) = &settled {
            tracing::error!(%error, "jobs of earlier lives are left as they are");
        }
        if let Some(witness) = &mut self.witness {
            witness.tell_old_jobs(settled);
        }
        self.note(|gathered| gathered.live = true);
    }

    /// Ends what goes on, and waits for its end.
    async fn wind_up(&mut self) {
        if let Some(running) = &mut self.running {
            running.is_stopped = true;
            running.capture.stopper().stop();
        }
        while let Some(running) = &mut self.running {
            let moved = running.moved().await;
            self.follow(moved).await;
        }
        self.retry = None;
    }

    /// Nobody is left to tell.
    fn abandon(self) {
        if let Some(running) = self.running {
            running.capture.stopper().stop();
        }
    }
}
