//! The start: one answer that fills every screen, so that the first picture is whole.

use cuelight_runtime::actions::KindSchema;
use serde::Serialize;
use ts_rs::TS;

use super::live::{EventLine, Health, LiveStatus, NowAndNext};
use super::push::Banner;
use super::rulebook::Rulebook;
use super::service::{Service, ServiceStatus};
use super::settings::{About, Settings};

/// Everything that the window needs to begin.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Opened {
    /// The push batches that follow begin at `seq + 1`.
    pub seq: u64,
    /// The app.
    pub about: About,
    /// All settings.
    pub settings: Settings,
    /// The head of the Live screen.
    pub live: LiveStatus,
    /// All healths.
    pub health: Vec<Health>,
    /// All services.
    pub services: Vec<Service>,
    /// How they stand.
    pub statuses: Vec<ServiceStatus>,
    /// What runs and what comes next.
    pub now_and_next: NowAndNext,
    /// The rules.
    pub rulebook: Rulebook,
    /// The newest events of the open session, oldest first.
    pub lines: Vec<EventLine>,
    /// The kinds of action.
    #[ts(type = "Array<ActionKind>")]
    pub action_kinds: Vec<KindSchema>,
    /// What must be known everywhere, if anything.
    pub banner: Option<Banner>,
}
