//! Codes for everything that people are told why, and the one table that says it in English.
//!
//! Rows hold the code and its parameters; the words are made when somebody reads them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why something was dropped, kept aside or stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "code", content = "params", rename_all = "snake_case")]
pub enum Reason {
    /// The message's bytes end or break in the middle.
    MessageBroken {
        /// TikTok's name of the message.
        method: String,
    },
    /// A frame could not be opened at all.
    FrameBroken {
        /// What stopped it.
        error: String,
    },
    /// A line or entry of a recording could not be read.
    RecordingBroken {
        /// Where it stands.
        place: String,
        /// What stopped it.
        error: String,
    },
    /// Events left out because the live was too far behind.
    Shed {
        /// Joins left out.
        joins: u64,
        /// Like messages left out.
        likes: u64,
        /// Viewer counts left out.
        viewer_counts: u64,
        /// How late the live was, in milliseconds.
        late_ms: i64,
    },
    /// The disk that holds the journal is full or gone.
    DiskFull {
        /// The journal's file.
        place: String,
        /// What the system said.
        error: String,
    },
    /// The database was damaged and moved aside.
    DatabaseDamaged {
        /// Where the damaged file lies now.
        moved_to: String,
        /// What was found.
        error: String,
    },
    /// The settings came from their checked copy.
    SettingsRestored {
        /// The copy's file.
        place: String,
    },
    /// The viewer is muted.
    Muted,
    /// The rule's condition does not hold.
    ConditionFailed {
        /// Which of its conditions, 1 first.
        number: u32,
        /// The condition, in its file form.
        condition: String,
    },
    /// The rule fired too recently.
    Cooldown {
        /// How long it still waits, in milliseconds.
        left_ms: i64,
        /// For everybody, this viewer, or the whole group.
        of: CooldownOf,
    },
    /// The rule fires at the end of the combo.
    WaitingForComboEnd,
    /// The combo has not reached the next full number.
    WaitingForMore {
        /// Gifts of the combo so far.
        seen: u32,
        /// When it fires next.
        next: u32,
    },
    /// The combo fires it once only, and did.
    FiredForCombo,
    /// More firings than the rule allows in one combo.
    Capped {
        /// How often it fired in this combo.
        fired: u32,
        /// How often it would have.
        of: u32,
    },
    /// Another rule of the group says it more exactly.
    LessSpecific {
        /// That rule.
        than: String,
    },
    /// The dice said no.
    ChanceMissed {
        /// How often it would be yes, in percent, rounded.
        percent: u32,
    },
    /// Rules that run or emit each other, without an end.
    TooDeep {
        /// How many in a row are allowed.
        limit: u8,
    },
    /// The service is switched off.
    ServiceOff {
        /// The service.
        service: String,
    },
    /// The service takes no jobs of this event type.
    EventTypeOff {
        /// The service.
        service: String,
        /// The event type.
        event_type: String,
    },
    /// There is no such service.
    NoSuchService {
        /// The service that was named.
        service: String,
    },
    /// This version knows no such kind of action.
    NoSuchAction {
        /// The kind that was named.
        kind: String,
    },
    /// That kind of action does not run in that service.
    WrongService {
        /// The kind of action.
        kind: String,
        /// The service that was named.
        service: String,
    },
    /// The parameters are not what the kind of action takes.
    BadParameters {
        /// The kind of action.
        kind: String,
        /// What is wrong with them.
        error: String,
    },
    /// The queue was full, and nothing less important waited.
    QueueFull {
        /// The service.
        service: String,
        /// Jobs that may wait there.
        size: u32,
    },
    /// The queue was full, and something more important came.
    Displaced {
        /// The service.
        service: String,
        /// The priority of the newcomer.
        by: u8,
    },
    /// It waited for longer than makes sense.
    TooLate {
        /// How long it was ready while a worker ran, in milliseconds.
        waited_ms: i64,
        /// How long it could have been.
        limit_ms: i64,
    },
    /// Moderators took the comment or the viewer away, or the viewer was muted.
    Moderated,
    /// The streamer stopped everything.
    StoppedByYou,
    /// The streamer skipped it while it ran.
    SkippedByYou,
    /// The streamer took it out of the queue.
    DiscardedByYou,
    /// The streamer silenced it.
    SilencedByYou,
    /// It belongs to an earlier session, and the streamer did not want it any more.
    OldJob,
    /// It ran for longer than it may.
    TimedOut {
        /// How long it may run, in milliseconds.
        limit_ms: u64,
    },
    /// A crash or a stop cut it off, and running it again could do it twice.
    Interrupted,
    /// The action says what stopped it.
    ActionFailed {
        /// What happened.
        error: String,
        /// What the streamer can do.
        advice: String,
    },
    /// The job's own code broke; a defect.
    ActionBroke {
        /// The kind of action.
        kind: String,
    },
    /// Merged into a job that was still waiting.
    Folded,
    /// The session ended before it could begin.
    SessionOver,
    /// More firings than one event may cause.
    TooOften {
        /// How often it fired for the event.
        fired: u32,
        /// How often it would have.
        of: u32,
    },
    /// The service does nothing that no event caused.
    NoEventOff {
        /// The service.
        service: String,
    },
    /// Rules that run rules, more of them than one firing may lead to.
    TooMany {
        /// How many runs one firing may lead to.
        limit: u32,
    },
    /// An event was to be sent, and no live is there to take it.
    NoSessionOpen,
    /// Its row does not read as what was written there.
    Unreadable,
    /// What the rule was tried with is nothing that its trigger waits for.
    NotAnswered,
}

/// For whom a cooldown holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CooldownOf {
    /// For everybody.
    Rule,
    /// For this viewer.
    Viewer,
    /// For all rules of the group.
    Group,
}

impl Reason {
    /// The sentence for consoles and logs.
    #[must_use]
    pub fn in_english(&self) -> String {
        match self {
            Self::MessageBroken { method } => {
                format!("A {method} message was cut or garbled; what could be read was used.")
            }
            Self::FrameBroken { error } => format!("A frame from TikTok could not be opened: {error}."),
            Self::RecordingBroken { place, error } => format!("{place} could not be read: {error}. It was skipped."),
            Self::Shed { joins, likes, viewer_counts, late_ms } => format!(
                "The live was {:.1} s behind, so {joins} joins, {likes} likes and {viewer_counts} viewer counts were left out.",
                *late_ms as f64 / 1000.0
            ),
            Self::DiskFull { place, error } => format!(
                "{place} cannot be written ({error}). Free some space there; nothing is lost while Cuelight waits."
            ),
            Self::DatabaseDamaged { moved_to, error } => {
                format!("The database was damaged ({error}). It was moved to {moved_to} and a new one was begun.")
            }
            Self::SettingsRestored { place } => format!("The settings were restored from {place}."),
            Self::Muted => "The viewer is muted.".into(),
            Self::ConditionFailed { number, condition } => format!("Condition {number} does not hold: {condition}."),
            Self::Cooldown { left_ms, of } => {
                let whose = match of {
                    CooldownOf::Rule => "It",
                    CooldownOf::Viewer => "For this viewer it",
                    CooldownOf::Group => "Its group",
                };
                format!("{whose} fired a moment ago and waits {:.1} s more.", *left_ms as f64 / 1000.0)
            }
            Self::WaitingForComboEnd => "It waits for the end of the combo.".into(),
            Self::WaitingForMore { seen, next } => format!("The combo is at {seen}; it fires at {next}."),
            Self::FiredForCombo => "It fired for this combo already.".into(),
            Self::Capped { fired, of } => format!("It fired {fired} of {of} times, which is as often as it may in one combo."),
            Self::LessSpecific { than } => format!("Rule {than} of its group says it more exactly."),
            Self::ChanceMissed { percent } => format!("The dice said no ({percent} %)."),
            Self::TooDeep { limit } => format!("Rules ran each other more than {limit} times in a row."),
            Self::ServiceOff { service } => format!("Service {service} is switched off."),
            Self::EventTypeOff { service, event_type } => format!("Service {service} takes no {event_type} events."),
            Self::NoSuchService { service } => format!("There is no service {service}."),
            Self::NoSuchAction { kind } => format!("This version knows no action {kind}; it was kept and not run."),
            Self::WrongService { kind, service } => format!("Action {kind} cannot run in service {service}."),
            Self::BadParameters { kind, error } => format!("Action {kind} could not be prepared: {error}."),
            Self::QueueFull { service, size } => {
                format!("The queue of {service} was full ({size} waiting) and nothing less important was in it.")
            }
            Self::Displaced { service, by } => {
                format!("The queue of {service} was full and something more important came (priority {by}).")
            }
            Self::TooLate { waited_ms, limit_ms } => format!(
                "It was ready for {:.0} s and only makes sense within {:.0} s.",
                *waited_ms as f64 / 1000.0,
                *limit_ms as f64 / 1000.0
            ),
            Self::Moderated => "The comment or its viewer was taken away or muted.".into(),
            Self::StoppedByYou => "Stopped by you.".into(),
            Self::SkippedByYou => "Skipped by you.".into(),
            Self::DiscardedByYou => "Discarded by you.".into(),
            Self::SilencedByYou => "Silenced by you.".into(),
            Self::OldJob => "It belonged to an earlier session.".into(),
            Self::TimedOut { limit_ms } => format!("Timed out after {:.0} s.", *limit_ms as f64 / 1000.0),
            Self::Interrupted => {
                "It was interrupted, and running it again by itself could do it twice; run it again if it did not happen.".into()
            }
            Self::ActionFailed { error, advice } if advice.is_empty() => format!("{error}."),
            Self::ActionFailed { error, advice } => format!("{error}. {advice}"),
            Self::ActionBroke { kind } => format!("Action {kind} broke off; please report this."),
            Self::Folded => "It was merged with what was still waiting.".into(),
            Self::SessionOver => "The session ended before it could begin.".into(),
            Self::TooOften { fired, of } => {
                format!("It fired {fired} of {of} times, which is as often as it may for one event.")
            }
            Self::NoEventOff { service } => {
                format!("Service {service} takes no jobs without an event, such as those of timers and hotkeys.")
            }
            Self::TooMany { limit } => format!("Rules ran each other {limit} times because of one firing; it ends there."),
            Self::NoSessionOpen => "The live that would take the event is over, or none has begun.".into(),
            Self::Unreadable => {
                "It cannot be read in the database, perhaps because a newer Cuelight wrote it; nothing was done.".into()
            }
            Self::NotAnswered => "Its trigger waits for something else.".into(),
        }
    }
}
