//! Where events come from: one trait, and the sender through which every source reaches the journal.

pub mod chrome;
mod contact;
mod fault;
pub mod pace;
pub mod page;
pub mod recording;
pub mod redis;
mod retry;
pub mod simulator;
pub mod spec;
pub mod tikfinity;
pub mod tiktok;
mod untold;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use compact_str::CompactString;
use cuelight_core::attempt::Attempt;
use cuelight_core::event::Event;
use cuelight_core::id::RoomId;
use cuelight_core::way::Way;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

pub use self::contact::Contact;
pub use self::fault::Fault;
use self::tiktok::refusal::Refusal;
use self::untold::Untold;
use crate::clock::Clock;

/// Something that yields events until it ends, fails or is told to stop.
///
/// The first event of every source is `connect`: it opens the session. A source reads from its own far side in order and
/// hands everything on in that order.
pub trait EventSource: Send {
    /// Runs until the far side ends, it fails for good, or `cancel` is set; then within seconds.
    ///
    /// # Errors
    /// [`SourceError`] says what stopped it and whether only the streamer can mend that.
    fn run<'a>(&'a mut self, out: &'a EventSender, cancel: &'a CancellationToken) -> SourceFuture<'a>;

    /// Whether events happen now, so that being late matters; a recording or the simulator is never shed.
    fn is_live(&self) -> bool;
}

/// What [`EventSource::run`] gives.
pub type SourceFuture<'a> = Pin<Box<dyn Future<Output = Result<SourceEnd, SourceError>> + Send + 'a>>;

/// What one read of the far side brought: one frame, or one piece of a recording.
#[derive(Debug, Default)]
pub struct Batch {
    /// The events, in order.
    pub events: Vec<Event>,
    /// What could not be read whole.
    pub faults: Vec<Fault>,
    /// What was tried to get at it.
    pub attempts: Vec<Attempt>,
    /// When it arrived, ms since 1970; for wire recordings the running maximum of the messages' own times.
    pub received_ms: i64,
}

impl Batch {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.faults.is_empty() && self.attempts.is_empty()
    }
}

/// How a source ended when nothing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceEnd {
    /// The streamer ended the live, or the recording is through.
    Ended,
    /// We were told to stop.
    Stopped,
}

/// How far a source is, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceStatus {
    /// Nothing was tried yet.
    Idle,
    /// Asking whether this streamer is live.
    LookingForRoom {
        /// The streamer's handle.
        user: CompactString,
    },
    /// The streamer is live; opening the connection.
    Connecting {
        /// The streamer's handle.
        user: CompactString,
    },
    /// In the room; events flow.
    Connected {
        /// The streamer's handle.
        user: CompactString,
        /// The room.
        room_id: RoomId,
        /// The way in; `None` for what has only one.
        way: Option<Way>,
    },
    /// One way did not lead in; the next one is tried at once.
    Climbing {
        /// The way that failed.
        from: Way,
        /// The way that is tried now.
        to: Way,
        /// Why it failed.
        cause: String,
    },
    /// TikTok wants a captcha solved, and the person at the screen was shown it.
    AskingPerson {
        /// The streamer's handle.
        user: CompactString,
    },
    /// The connection broke; the next try comes by itself.
    Reconnecting {
        /// What broke it.
        cause: String,
        /// How long until the next try, in milliseconds.
        wait_ms: u64,
        /// Which try in a row, 1 first.
        attempt: u32,
    },
}

/// Why a source could not go on.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The streamer is not live now.
    #[error("@{user} is not currently live")]
    NotLive {
        /// The handle asked for.
        user: String,
    },
    /// TikTok knows no such user.
    #[error("TikTok knows no user @{user}")]
    NoSuchUser {
        /// The handle asked for.
        user: String,
    },
    /// TikTok knows the live and does not let us in: another identity, another way or time mends it.
    #[error("TikTok refused the connection: {refusal}")]
    Refused {
        /// What it has against us.
        refusal: Refusal,
    },
    /// The live is there and shown to others only.
    #[error("the live of @{user} is private, or not shown in this region")]
    NotPublic {
        /// The handle asked for.
        user: String,
    },
    /// TikTok answers, but not us: it takes us for a machine. Waiting mends it.
    #[error("TikTok blocked the request to {place}: {cause}")]
    Blocked {
        /// The host that was asked.
        place: String,
        /// What came in place of an answer.
        cause: String,
        /// When asking again may help, ms since 1970.
        until_ms: i64,
    },
    /// A host counts too many requests from here (HTTP 429). Waiting mends it.
    #[error("{place} takes no more requests for now: {cause}")]
    RateLimited {
        /// The host that was asked.
        place: String,
        /// What came in place of an answer.
        cause: String,
        /// When asking again may help, ms since 1970.
        until_ms: i64,
    },
    /// A way cannot be gone: what it needs is not there or does not do.
    #[error("the way {way} cannot be used: {cause}")]
    WayClosed {
        /// The way.
        way: Way,
        /// What is missing or wrong.
        cause: String,
    },
    /// Every way that may be used was tried, and none led in.
    #[error("no way leads into the live of @{user}: {}", told(tried))]
    NoWayLeft {
        /// The handle asked for.
        user: String,
        /// Each way and why it failed, in the order in which they were tried.
        tried: Vec<(Way, String)>,
        /// When trying again may help, ms since 1970.
        until_ms: i64,
    },
    /// TikTok wants a person to solve a captcha in a browser first.
    #[error("TikTok asks for a captcha before it tells about @{user}")]
    Captcha {
        /// The handle asked for.
        user: String,
    },
    /// The live is shown to logged-in adults only.
    #[error("the live of @{user} is age-restricted, so TikTok shows it to logged-in adults only")]
    AgeRestricted {
        /// The handle asked for.
        user: String,
    },
    /// TikTok did not accept what we asked; a fault of this program.
    #[error("TikTok did not understand the question about @{user}: code {code}, {message}")]
    NotUnderstood {
        /// The handle asked for.
        user: String,
        /// TikTok's code.
        code: i64,
        /// TikTok's words.
        message: String,
    },
    /// The far side could not be reached, or broke off too often.
    #[error("could not reach {place}: {cause}")]
    Unreachable {
        /// What we tried to reach.
        place: String,
        /// What stopped us.
        cause: String,
    },
    /// The far side is there and has nothing for us: a wrong password, or another streamer's live.
    #[error("{place} cannot be read: {cause}")]
    Denied {
        /// What we tried to read.
        place: String,
        /// What is wrong.
        cause: String,
    },
    /// The recording cannot be read.
    #[error("could not read {place}: {cause}")]
    Unreadable {
        /// The file.
        place: String,
        /// What stopped us.
        cause: String,
    },
    /// The journal is gone; nothing can be received any more.
    #[error(transparent)]
    Closed(#[from] Closed),
}

/// Ways and causes in one line.
fn told(tried: &[(Way, String)]) -> String {
    if tried.is_empty() {
        return "every one is switched off".to_owned();
    }
    tried.iter().map(|(way, cause)| format!("{way}: {cause}")).collect::<Vec<_>>().join("; ")
}

/// The journal takes nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the journal is closed")]
pub struct Closed;

/// The way into the journal: bounded, in order, and honest about when something is safe.
#[derive(Debug, Clone)]
pub struct EventSender {
    inbox: mpsc::Sender<Delivery>,
    status: watch::Sender<SourceStatus>,
    clock: Clock,
    contact: Contact,
    untold: Untold,
}

/// A batch on its way, with the word to give back once it is safe.
#[derive(Debug)]
pub struct Delivery {
    pub(crate) batch: Batch,
    pub(crate) committed: oneshot::Sender<()>,
}

impl Delivery {
    /// Takes the batch out; sending `()` gives the word that it is safe, dropping the sender that it never will be.
    #[must_use]
    pub fn into_parts(self) -> (Batch, oneshot::Sender<()>) {
        (self.batch, self.committed)
    }
}

impl EventSender {
    /// Makes the sending end of an inbox.
    #[must_use]
    pub fn new(inbox: mpsc::Sender<Delivery>, status: watch::Sender<SourceStatus>, clock: Clock) -> Self {
        Self { inbox, status, clock, contact: Contact::default(), untold: Untold::default() }
    }

    /// Hands a batch on; waits while the inbox is full, which is what slows a source down.
    ///
    /// Nothing may be acknowledged to the far side before the [`Receipt`] says that the batch is safe.
    ///
    /// # Errors
    /// [`Closed`] when the journal has ended.
    pub async fn send(&self, mut batch: Batch) -> Result<Receipt, Closed> {
        self.contact.hear(self.clock.now_ms());
        batch.attempts.splice(..0, self.untold.take());
        let (committed, receipt) = oneshot::channel();
        self.inbox.send(Delivery { batch, committed }).await.map_err(|_| Closed)?;
        Ok(Receipt(receipt))
    }

    /// Tells the journal of an attempt, at once or with the next batch, where the inbox is full: nobody waits for it. It does
    /// not count as a word of the far side.
    ///
    /// # Errors
    /// [`Closed`] when the journal has ended.
    pub fn tell(&self, attempt: Attempt) -> Result<(), Closed> {
        let mut attempts = self.untold.take();
        attempts.push(attempt);
        let batch = Batch { attempts, received_ms: self.clock.now_ms(), ..Batch::default() };
        // Nothing is acknowledged for it, so nobody waits for the word.
        let (committed, _) = oneshot::channel();
        match self.inbox.try_send(Delivery { batch, committed }) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(delivery)) => {
                self.untold.keep(delivery.batch.attempts);
                Ok(())
            }
            Err(TrySendError::Closed(_)) => Err(Closed),
        }
    }

    /// Tells people how far the source is.
    pub fn report(&self, status: SourceStatus) {
        self.status.send_replace(status);
    }

    /// What people are told of how far the source is.
    pub(crate) fn watch(&self) -> watch::Receiver<SourceStatus> {
        self.status.subscribe()
    }

    /// When the far side was heard last, and the wish to try again at once.
    #[must_use]
    pub fn contact(&self) -> &Contact {
        &self.contact
    }

    /// The clock that stamps what arrives.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// Word that a batch is safe.
#[derive(Debug)]
pub struct Receipt(oneshot::Receiver<()>);

impl Receipt {
    /// Waits until the batch is committed.
    ///
    /// # Errors
    /// [`Closed`] when the journal ended without committing it.
    pub async fn committed(self) -> Result<(), Closed> {
        self.await
    }
}

/// The same as [`Receipt::committed`], for a source that goes on reading while it waits.
impl Future for Receipt {
    type Output = Result<(), Closed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map_err(|_| Closed)
    }
}
