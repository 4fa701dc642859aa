//! The composition root of the running app: what every command works with.

use std::sync::Arc;
use std::time::Duration;

use cuelight_core::defaults;
use cuelight_runtime::actions::Registry;
use cuelight_runtime::clock::Clock;
use cuelight_runtime::engine::{self, Engine};
use cuelight_runtime::paths::DataFolder;
use cuelight_runtime::runtime::{OpenError, Runtime};
use cuelight_runtime::secrets::Secrets;
use cuelight_runtime::source::pace::FAREWELL;
use cuelight_runtime::source::page::visitor::Visitor;
use cuelight_runtime::source::tiktok::bases::{BaseError, TikTokBases};
use cuelight_runtime::store::{Reader, Settings, Store, StoreError};
use cuelight_runtime::worker::{QueueError, StartError};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::catching::Catching;
use crate::dto::{Failure, FailureCode};
use crate::live::{self, GiftListWish, Live};
use crate::pages::Pages;
use crate::pictures::{Hosts, Pictures};
use crate::push::{self, Push};
use crate::rulebook::{KnownKinds, known_kinds};
use crate::server::Server;
use crate::shell::Shell;
use crate::view::KnownNames;

/// Reading connections kept open between commands: as many as screens usually ask at once.
const READERS: usize = 4;

/// A running app. It is the one engine of its data folder.
pub struct App {
    /// The open data folder.
    pub runtime: Runtime,
    /// The workers, and what a capture needs to feed them.
    pub engine: Engine,
    /// The kinds of action.
    pub registry: Arc<Registry>,
    /// What warnings need to know of them.
    pub known_kinds: Arc<KnownKinds>,
    /// The clock that stamps what happens.
    pub clock: Clock,
    /// What changed, for whoever listens.
    pub push: Push,
    /// What people set; whoever goes by it may subscribe.
    pub settings: watch::Sender<Settings>,
    /// Passwords and keys.
    pub secrets: Secrets,
    /// Pictures of gifts and viewers.
    pub pictures: Pictures,
    /// The gift that somebody waits for.
    pub catching: Catching,
    /// The wish for TikTok's own list of gifts.
    pub(crate) gift_list_wish: GiftListWish,
    /// What only a desktop can do.
    pub shell: Arc<dyn Shell>,
    /// The names of rules and services.
    pub(crate) names: Arc<KnownNames>,
    /// The live that is followed, or is not.
    pub live: Live,
    /// Set once the app has ended: what goes on beside it ends too.
    pub ended: CancellationToken,
    /// What shows TikTok's page.
    pub(crate) pages: Arc<Pages>,
    /// Where TikTok is.
    pub(crate) tiktok: TikTokBases,
    /// What a captcha that somebody solved in this run is worth.
    pub(crate) visitor: Visitor,
    /// The local server.
    pub server: Server,
    /// Held while settings are saved and told, so that what was saved last is told last.
    pub(crate) saving_settings: tokio::sync::Mutex<()>,
    /// Held while what can be undone is read and told, for the same.
    pub(crate) telling_undo: tokio::sync::Mutex<()>,
    /// Held while hotkeys are taken, so that the last who asks is the last who takes.
    pub(crate) taking_hotkeys: tokio::sync::Mutex<()>,
    readers: Mutex<Vec<Reader>>,
    _end: DropGuard,
}

/// Why the app could not begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// The data folder cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The workers cannot be started.
    #[error(transparent)]
    Workers(#[from] StartError),
    /// The environment leads to no TikTok.
    #[error(transparent)]
    TikTok(#[from] BaseError),
}

impl App {
    /// How long [`App::end`] takes at most: a source has its time for the parting and as much again for a disk that is slow,
    /// then Redis has its time, beside which the workers have theirs, which is shorter.
    pub const LONGEST_END: Duration = FAREWELL.saturating_mul(2).saturating_add(live::PATIENCE);

    /// Opens the data folder, puts in what a new one needs, and starts its workers on the tasks of the runtime that this is
    /// called in. Jobs of earlier sessions are held until somebody decides.
    ///
    /// # Errors
    /// Another engine works there, or the database, the disk or the system refused.
    pub fn begin(folder: &DataFolder, clock: Clock, shell: Arc<dyn Shell>) -> Result<Arc<Self>, BeginError> {
        Self::begin_with(folder, clock, shell, TikTokBases::of_environment()?)
    }

    /// The same with another TikTok than that of the environment.
    ///
    /// # Errors
    /// As [`App::begin`].
    pub fn begin_with(
        folder: &DataFolder,
        clock: Clock,
        shell: Arc<dyn Shell>,
        tiktok: TikTokBases,
    ) -> Result<Arc<Self>, BeginError> {
        Self::begin_on(Runtime::open(folder, clock.clone())?, clock, shell, tiktok)
    }

    /// The same in a data folder that is open already.
    ///
    /// # Errors
    /// As [`App::begin`], but for what opening the folder can meet.
    pub fn begin_on(
        runtime: Runtime,
        clock: Clock,
        shell: Arc<dyn Shell>,
        tiktok: TikTokBases,
    ) -> Result<Arc<Self>, BeginError> {
        let store = runtime.store();
        let folder = store.folder();
        store.seed(&defaults::services(), &defaults::starter_rules())?;
        engine::hold_old_jobs(store, &clock)?;
        let services = store.reader()?.services()?;
        let settings = store.settings()?;
        let engine = Engine::start(store, &services, &clock)?;
        let registry = Arc::new(Registry::built_in());
        let push = Push::default();
        let pictures = Pictures::new(folder.pictures(), Hosts::Tiktok);
        let catching = Catching::new(store.clone(), pictures.clone(), push.clone());
        let (live, owner) = Live::new(&engine, &clock);
        let app = Arc::new(Self {
            server: Server::new(folder, clock.clone(), push.clone()),
            runtime,
            engine,
            known_kinds: Arc::new(known_kinds(&registry)),
            registry,
            clock,
            settings: watch::Sender::new(settings),
            secrets: Secrets::of_this_user(),
            pictures,
            catching,
            gift_list_wish: GiftListWish::default(),
            pages: Arc::new(Pages::of(shell.as_ref())),
            shell,
            live,
            ended: CancellationToken::new(),
            tiktok,
            visitor: Visitor::default(),
            names: Arc::default(),
            saving_settings: tokio::sync::Mutex::default(),
            telling_undo: tokio::sync::Mutex::default(),
            taking_hotkeys: tokio::sync::Mutex::default(),
            readers: Mutex::default(),
            _end: push.end_with(),
            push,
        });
        push::begin(&app)?;
        owner.start(&app);
        Ok(app)
    }

    /// Ends the live in order, lets what runs end for a moment while the last events are published, and writes what became of
    /// all of it. Afterwards nothing can be asked of the live or the queues any more, and whoever listens hears that the app
    /// ended.
    pub async fn end(&self) {
        let published = self.live.leave().await;
        tokio::join!(published, self.engine.workers.stop());
        self.ended.cancel();
        self.pages.are_gone().await;
        self.push.end();
    }

    /// The store, for changes that concern no queue.
    #[must_use]
    pub fn store(&self) -> &Store {
        self.runtime.store()
    }

    /// Reads something from the database, away from the tasks that must not wait.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let kept = self.readers.lock().pop();
        let store = self.store().clone();
        let reading = tokio::task::spawn_blocking(move || {
            let reader = kept.map_or_else(|| store.reader(), Ok)?;
            let result = read(&reader)?;
            Ok::<_, StoreError>((reader, result))
        });
        let (reader, result) = reading.await.map_err(broke)??;
        let mut readers = self.readers.lock();
        if readers.len() < READERS {
            readers.push(reader);
        }
        Ok(result)
    }

    /// Changes something in the database, away from the tasks that must not wait, and lets the engine look again.
    ///
    /// # Errors
    /// What stopped the change.
    pub async fn change<T: Send + 'static, E: Into<Failure> + Send + 'static>(
        &self,
        change: impl FnOnce(&Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Failure> {
        let store = self.store().clone();
        let changed = tokio::task::spawn_blocking(move || change(&store)).await.map_err(broke)?;
        self.engine.look_again();
        changed.map_err(Into::into)
    }
}

fn broke(error: tokio::task::JoinError) -> Failure {
    Failure::new(FailureCode::Defect, format!("a task broke off: {error}"))
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        (&error).into()
    }
}

impl From<&StoreError> for Failure {
    fn from(error: &StoreError) -> Self {
        let code = match error {
            StoreError::NoRule(_) | StoreError::NoService(_) | StoreError::NoSession(_) => FailureCode::NotFound,
            StoreError::TooManyRules { .. } => FailureCode::TooLarge,
            _ if error.is_disk_full() => FailureCode::DiskFull,
            StoreError::Busy { .. } | StoreError::Locked(_) | StoreError::File { .. } => FailureCode::NotNow,
            _ => FailureCode::DatabaseDamaged,
        };
        Self::new(code, error.to_string())
    }
}

impl From<QueueError> for Failure {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Store(error) => error.into(),
            QueueError::Stopped => Self::new(FailureCode::NotNow, error.to_string()),
        }
    }
}
