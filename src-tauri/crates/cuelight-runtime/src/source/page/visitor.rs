//! Whom TikTok let in after a captcha: cookies that are worth something for this run, and lie nowhere but in memory.

use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use super::PageCookie;

/// The cookies of whoever solved a captcha; clones share them.
#[derive(Clone, Default)]
pub struct Visitor {
    cookies: Arc<Mutex<Vec<PageCookie>>>,
}

impl Visitor {
    /// Is that visitor from now on.
    pub fn become_that_of(&self, cookies: Vec<PageCookie>) {
        *self.cookies.lock() = cookies;
    }

    /// Is nobody any more, as after somebody else logged in.
    pub fn forget(&self) {
        self.cookies.lock().clear();
    }

    /// What TikTok's page is shown as that visitor; nothing as long as it is nobody.
    #[must_use]
    pub fn cookies(&self) -> Vec<PageCookie> {
        self.cookies.lock().clone()
    }
}

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visitor").finish_non_exhaustive()
    }
}
