//! Whose turn it is to write: within one process writers come in one after the other, in the order in which they asked.

use parking_lot::{Mutex, MutexGuard};

/// The turn of one database. SQLite's own waiting is by chance: a writer who commits again and again can keep another one
/// out for seconds.
#[derive(Debug, Default)]
pub(super) struct Turn {
    writing: Mutex<()>,
}

impl Turn {
    /// Waits for the turn, does the deed, and hands the turn to whoever waits for longest.
    pub(super) fn take<T>(&self, deed: impl FnOnce() -> T) -> T {
        let turn = self.writing.lock();
        let result = deed();
        MutexGuard::unlock_fair(turn);
        result
    }
}
