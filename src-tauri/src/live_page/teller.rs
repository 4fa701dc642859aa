//! What happens in a webview, told from the desktop's own thread to whoever listens elsewhere.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// What may wait for whoever listens: at 20 frames a second, those of a minute.
pub(super) const HAPPENINGS: usize = 1_024;

/// What their texts may take in memory, in KiB; a frame of 8 MiB is 11 MiB of text.
const WAITING_KIB: usize = 64 * 1_024;

/// The same in characters, which have at least a byte each.
pub(super) const MOST_WAITING: f64 = (WAITING_KIB * 1_024) as f64;

/// What happens in a webview.
pub(super) enum Happening {
    /// Another document is being loaded, and was answered so.
    Committed { http_status: u16 },
    /// It is there with all its parts.
    Loaded,
    /// It shows that address from now on, be it in the same document.
    Moved { url: String },
    /// It could not be loaded.
    Failed { cause: String },
    /// The hook told something, in seconds since the webview was made.
    Told { batch: String, at_s: f64, _room: OwnedSemaphorePermit },
    /// What runs the page's scripts is gone.
    Crashed,
    /// The person closed it.
    Closed,
}

/// Tells what happens, without ever waiting: the desktop's own thread has other things to do.
#[derive(Clone)]
pub(super) struct Teller {
    /// None once more happened than can wait.
    out: Rc<RefCell<Option<mpsc::Sender<Happening>>>>,
    room: Arc<Semaphore>,
    began: Instant,
}

impl Teller {
    /// Tells it there from now on.
    pub(super) fn new(out: mpsc::Sender<Happening>) -> Self {
        Self {
            out: Rc::new(RefCell::new(Some(out))),
            room: Arc::new(Semaphore::new(WAITING_KIB)),
            began: Instant::now(),
        }
    }

    /// Tells that.
    pub(super) fn tell(&self, happening: Happening) {
        let mut out = self.out.borrow_mut();
        if out.as_ref().is_some_and(|out| out.try_send(happening).is_err()) {
            *out = None;
        }
    }

    /// Tells what the hook told.
    pub(super) fn tell_batch(&self, batch: String) {
        let kib = u32::try_from(batch.len() / 1_024 + 1).unwrap_or(u32::MAX);
        match Arc::clone(&self.room).try_acquire_many_owned(kib) {
            Ok(room) => self.tell(Happening::Told { batch, at_s: self.began.elapsed().as_secs_f64(), _room: room }),
            Err(_) => self.give_up(),
        }
    }

    /// Tells that the page tells more than can be taken.
    pub(super) fn give_up(&self) {
        *self.out.borrow_mut() = None;
    }
}
