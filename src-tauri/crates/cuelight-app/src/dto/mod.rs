//! What crosses the boundary: camelCase in JSON, 64-bit ids as text, times in milliseconds since 1970.
//!
//! Rules, steps, events, reasons and warnings cross in the forms that core gives them, which are those of files.

mod failure;
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

pub use self::failure::{Failure, FailureCode};
pub use self::job::{Job, JobCause, JobViewer};
pub use self::live::{
    AttemptLine, ConnectionStory, DecisionLine, EventLine, EventStory, Gap, Health, HealthId, HealthState, LineFilter,
    LiveSource, LiveStatus, MutedViewer, NowAndNext, OldJobs, Outcome, OutcomeChange, Phase, Recording, Rehearsal,
    Scenario, StopPreview, StoryDecision, StoryRun, Totals,
};
pub use self::push::{Banner, PushBatch};
pub use self::rulebook::{
    Becomes, BinnedRule, CounterValue, Deed, DeedKind, ExportedRules, Gift, GiftOrder, GiftPage, GiftUser, ImportFault,
    ImportPreview, ImportedRule, ListedDefault, ListedRule, MadeUp, NewRule, RealEvent, RuleVersion, Rulebook,
    RunningCooldown, Saved, Trial, TriedStep, TryWith, Undo, Values, Variable, VariableValue,
};
pub use self::script::{OverlayToken, Skipped, StartedRun};
pub use self::service::{EventConfig, EventConfigChange, Queue, Service, ServiceChange, ServiceStatus, Worker};
pub use self::settings::{
    About, AreaChange, Backup, CallerRole, ConnectionSettings, DataFolder, Diagnostics, Finding, FolderName,
    HotkeySettings, HotkeyStatus, KeepingSettings, KeyStatus, KeyTest, KeyTested, Language, Login, SavedText,
    ServerConnection, ServerLink, ServerSettings, ServerStatus, Settings, Theme, Verdict, WhereKeyLies, WindowSettings,
};
pub use self::start::Opened;
