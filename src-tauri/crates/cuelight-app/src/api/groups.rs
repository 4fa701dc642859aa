//! Groups of rules.

use cuelight_core::rule::RuleGroup;
use cuelight_runtime::store::{Deed, DeedKind};
use serde::Deserialize;
use ts_rs::TS;

use super::Caller;
use super::editing::{edited, named};
use crate::dto::{Failure, FailureCode, Rulebook};

/// A group that is to be added or changed.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SaveGroup {
    group: RuleGroup,
}

/// Adds a group, or changes the one of that name.
pub(super) async fn save_group(caller: Caller<'_>, input: SaveGroup) -> Result<Rulebook, Failure> {
    let SaveGroup { group } = input;
    named(&group.name, "group.name")?;
    let seconds = group.cooldown_seconds;
    if !(seconds.is_finite() && seconds >= 0.0) {
        let problem = format!("seconds are 0 or more, not {seconds}");
        return Err(Failure::new(FailureCode::BadInput, problem).about("group.cooldown_seconds"));
    }
    edited(caller.app, move |edit| {
        if edit.there()?.unreadable_groups.contains(&group.name) {
            let problem = format!("group {} is of another version of Cuelight", group.name);
            return Err(Failure::new(FailureCode::NotNow, problem).about("group.name"));
        }
        edit.put_group(&group)?;
        Ok(Deed::new(DeedKind::GroupChanged, group.name))
    })
    .await
}
