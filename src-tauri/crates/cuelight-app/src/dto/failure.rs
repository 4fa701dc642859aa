//! What a command answers when it cannot do what was asked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `code` picks the sentence that people read, `message` is for the log, `field` names what is wrong with the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, TS)]
#[error("{message}")]
pub struct Failure {
    /// What kind of failure it is.
    pub code: FailureCode,
    /// What was tried, on what, and what stopped it; for the log.
    pub message: String,
    /// The part of the input that is wrong, such as `rule.cooldown.seconds`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<String>,
}

/// What kind of failure it is: one sentence and one helping button each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The input is not what the command takes.
    BadInput,
    /// What it speaks of is not there (any more).
    NotFound,
    /// Somebody else changed it since it was read.
    ChangedMeanwhile,
    /// The caller's role may not do this.
    NotAllowed,
    /// The token that was shown lets nobody in: the link it came with is old.
    TokenRefused,
    /// It makes no sense as things stand, such as ending what does not run.
    NotNow,
    /// A live, rehearsal or wait goes on already.
    AlreadyLive,
    /// Another program's engine works in this data folder.
    EngineElsewhere,
    /// The disk does not take it.
    DiskFull,
    /// The data folder cannot be used at all.
    FolderUnusable,
    /// The database cannot be read or written.
    DatabaseDamaged,
    /// The database was damaged; it was set aside and a new one was begun.
    DatabaseSetAside,
    /// The database was made by a newer Cuelight.
    DatabaseNewer,
    /// The system has no keychain.
    KeychainMissing,
    /// The keychain is locked.
    KeychainLocked,
    /// The far side did not accept the key.
    KeyRefused,
    /// The far side cannot be reached.
    Unreachable,
    /// A page of TikTok's could not be shown to the person.
    PageNotShown,
    /// A page of TikTok's was shown to the person for as long as it may be, and they did not finish.
    PageTimedOut,
    /// It is larger than what is taken.
    TooLarge,
    /// There is no such command.
    UnknownCommand,
    /// A defect of Cuelight.
    Defect,
}

impl Failure {
    /// A failure of that kind.
    #[must_use]
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None }
    }

    /// The same, because of that part of the input.
    #[must_use]
    pub fn about(self, field: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..self }
    }

    /// What was asked for is not there.
    #[must_use]
    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(FailureCode::NotFound, format!("there is no {what}"))
    }
}
