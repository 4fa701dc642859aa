//! The catalogue of texts: every text by its name, and one file for each language that says them all.

mod en;
mod es;
mod vi;

use cuelight_core::event::EventType;

use super::Language;

macro_rules! texts {
    ($($name:ident),+ $(,)?) => {
        /// The name of a text; what stands in braces in it is filled in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::report) enum Text { $($name),+ }

        impl Text {
            /// Every text there is.
            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$(Self::$name),+];
        }
    };
}

texts! {
    // The beginning.
    Title, Streamer, Started, SessionNamed, Unnamed, Services, WorkerActive, WorkerInProcess, WorkerElsewhere,
    ServicePaused, ServiceOff, WorkerInTrouble, WorkerStarted, WorkersStarted, Connecting, Reading, Capturing,
    WaitingForLive, Reconnecting, TipStop, TipStatistics, OldJobHeld, OldJobsHeld, OldJobRuns,
    OldJobsRun, OldJobDiscarded, OldJobsDiscarded, SessionGoesOn, PausedKeepsJob, PausedKeepsJobs,
    OffKeepsJob, OffKeepsJobs, Stopping,
    // Jobs.
    JobStarted, JobCompleted, JobFailed, JobDiscarded, JobRetried, JobInterrupted,
    // Statistics and the end.
    Statistics, End, Up, SessionNumber, Events, WorkersActive, Waiting, AsyncRunning, Ended, NothingWaits, JobWaits, JobsWait,
    // Events.
    Connected, Comment, Gift, GiftTo, UnknownGift, Like, Join, Follow, Share, Subscribe, SubscribeMonths, ViewerCount, Question,
    Emote, Envelope, BattleStarted, BattleUpdated, BattleEnded, Social, SuperFanJoined, SuperFanBox, SuperFanComment,
    GifterLevel, TeamLevel, Moderation, Delete, Pin, Unpin, Poll, Goal, Barrage, Rank, Shop, Caption, RoomMessage,
    LiveIntro, Custom, Gap, LiveStart, LivePause, LiveResume, LiveEnd, Disconnect, Unknown, Earlier,
}

/// The text with what stands in its braces.
pub(in crate::report) fn tell(language: Language, text: Text, values: &[(&str, &str)]) -> String {
    fill(catalogue(language, text), values)
}

/// What an event type is called.
pub(super) fn event_type(language: Language, event_type: EventType) -> &'static str {
    match language {
        Language::English => event_type.as_str(),
        Language::Spanish => es::event_type(event_type),
        Language::Vietnamese => vi::event_type(event_type),
    }
}

/// The text as its language has it.
pub(super) fn catalogue(language: Language, text: Text) -> &'static str {
    match language {
        Language::English => en::text(text),
        Language::Spanish => es::text(text),
        Language::Vietnamese => vi::text(text),
    }
}

/// Fills in one pass, so that braces in a comment stay what they are.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').expect("a brace in a text of ours is closed");
        let value = values.iter().find_map(|(known, value)| (*known == name).then_some(*value));
        filled.push_str(before);
        filled.push_str(value.expect("every placeholder of a text is given its value"));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}
