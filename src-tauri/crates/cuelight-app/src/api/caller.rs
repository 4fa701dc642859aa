//! Who asks, and what that allows.

use crate::app::App;
use crate::dto::{CallerRole, Failure, FailureCode};

/// Who asks, and of which app.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    /// The app that is asked.
    pub app: &'a App,
    /// What the caller may do.
    pub role: CallerRole,
}

/// What a command asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Whoever may watch: nothing is changed but what pauses, skips, silences or stops.
    Remote,
    /// Who may change rules, services and settings of this machine.
    Full,
    /// The window itself: keys, and files of this machine.
    Window,
}

impl Needs {
    /// Lets the caller in, or says why not.
    pub(super) fn admit(self, command: &str, role: CallerRole) -> Result<(), Failure> {
        let admitted = match self {
            Self::Remote => true,
            Self::Full => matches!(role, CallerRole::Full | CallerRole::Window),
            Self::Window => role == CallerRole::Window,
        };
        if admitted {
            return Ok(());
        }
        Err(Failure::new(FailureCode::NotAllowed, format!("{command} is not for the role {role:?}")))
    }
}
