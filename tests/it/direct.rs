//! `tiktok:direct` finds a live, stays in it, and says exactly why where it cannot.

pub(crate) mod capture;
mod parting;
mod staying;
mod way_in;

use cuelight_core::event::{Body, Event};
use system_tests::{Scenario, scenario};

fn named(name: &str) -> Scenario {
    scenario::named(name).expect("the scenario exists")
}

/// The comments among these events, as they were written.
pub(crate) fn comments(events: &[Event]) -> Vec<&str> {
    events
        .iter()
        .filter_map(|event| if let Body::Comment(it) = &event.body { Some(it.comment.as_str()) } else { None })
        .collect()
}
