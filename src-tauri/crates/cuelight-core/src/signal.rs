//! What reaches rules without an event of the live: keys, buttons, calls, and what the app itself notices.

use serde_json::{Map, Value};

use crate::id::{RuleId, ServiceId};
use crate::key_combination::KeyCombination;

/// Something that rules may answer and that is no event of the live.
#[derive(Debug, Clone, PartialEq)]
pub enum Signal {
    /// A global key combination was pressed.
    Hotkey {
        /// The keys.
        keys: KeyCombination,
    },
    /// A button on the streamer's screen was pressed.
    Button {
        /// What stands on it.
        label: String,
    },
    /// A call from outside through the local API.
    Call {
        /// Its name.
        name: String,
        /// Whatever the caller put in.
        fields: Map<String, Value>,
    },
    /// The engine begins to work for a session.
    AppStart,
    /// The last page that showed an overlay was closed.
    OverlayClosed {
        /// The overlay's name.
        overlay: String,
    },
    /// The oldest ready job of a service has waited for so long now.
    ///
    /// It is sent once for each wait and each of the bounds that [`crate::rule_set::RuleSet::late_bounds`] tells.
    ServiceLate {
        /// The service.
        service: ServiceId,
        /// The bound that was passed, in seconds.
        seconds: u32,
    },
    /// Somebody wants this rule to run now: neither its conditions nor its cooldowns are asked.
    Rule(RuleId),
    /// The streamer wants this rule, or all of them, to be ready again: what they wait for is over. Nothing fires.
    CooldownsOver(Option<RuleId>),
}
