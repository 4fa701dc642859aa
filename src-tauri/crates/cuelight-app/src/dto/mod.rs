//! What crosses the boundary: camelCase in JSON, 64-bit ids as text, times in milliseconds since 1970.
//!
//! Rules, steps, events, reasons and warnings cross in the forms that core gives them, which are those of files.

mod connection;
mod failure;
mod gift;
mod job;
mod live;
mod number_as_text;
mod push;
mod rulebook;
mod script;
mod service;
mod settings;
mod settings_areas;
mod start;
mod trial;

pub use self::connection::{AttemptLine, ConnectionStory, Phase};
pub use self::failure::{Failure, FailureCode};
pub use self::gift::{Gift, GiftOrder, GiftPage, GiftUser};
pub use self::job::{Job, JobCause, JobViewer};
pub use self::live::{
    DecisionLine, EventLine, EventStory, Gap, Health, HealthId, HealthState, LineFilter, LiveSource, LiveStatus,
    MutedViewer, NowAndNext, OldJobs, Outcome, OutcomeChange, Recording, Rehearsal, Scenario, StopPreview,
    StoryDecision, StoryRun, Totals,
};
pub use self::push::{Banner, PushBatch};
pub use self::rulebook::{
    Becomes, BinnedRule, CounterValue, Deed, DeedKind, ExportedRules, ImportFault, ImportPreview, ImportedRule,
    ListedDefault, ListedRule, NewRule, RuleVersion, Rulebook, RunningCooldown, Saved, Undo, Values, Variable,
    VariableValue,
};
pub use self::script::{OverlayToken, Skipped, StartedRun};
pub use self::service::{EventConfig, EventConfigChange, Queue, Service, ServiceChange, ServiceStatus, Worker};
pub use self::settings::{
    About, AreaChange, Backup, CallerRole, ConnectionSettings, DataFolder, Diagnostics, Finding, FolderName,
    HotkeySettings, HotkeyStatus, KeepingSettings, KeyStatus, KeyTest, KeyTested, Language, Login, SavedText,
    ServerConnection, ServerLink, ServerSettings, ServerStatus, Settings, Solved, Theme, Verdict, WhereKeyLies,
    WindowSettings,
};
pub use self::start::Opened;
pub use self::trial::{MadeUp, RealEvent, Trial, TriedStep, TryWith};
