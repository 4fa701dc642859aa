//! Taking deeds back and doing them again, without ever overwriting what somebody else changed.

use cuelight_core::id::ServiceId;
use cuelight_core::rule_set::check;
use cuelight_core::service::Services;
use rusqlite::Connection;

use super::log::{self, Way};
use super::subject::{self, Change, Subject};
use super::{Undone, settle};
use crate::store::error::During as _;
use crate::store::{Store, StoreError, rules, services};

impl Store {
    /// Takes the newest deed back.
    ///
    /// # Errors
    /// A disk that does not take it; then nothing changed.
    pub fn undo(&self, now_ms: i64) -> Result<Undone, StoreError> {
        self.go(Way::Back, now_ms)
    }

    /// Does the deed again that was taken back last.
    ///
    /// # Errors
    /// As [`Store::undo`].
    pub fn redo(&self, now_ms: i64) -> Result<Undone, StoreError> {
        self.go(Way::Again, now_ms)
    }

    fn go(&self, way: Way, now_ms: i64) -> Result<Undone, StoreError> {
        self.change(|transaction, place| go(transaction, way, now_ms).during("write to", place))
    }
}

fn go(connection: &Connection, way: Way, now_ms: i64) -> rusqlite::Result<Undone> {
    let Some(log::Entry { id, deed, changes }) = log::next(connection, way)? else { return Ok(Undone::Nothing) };
    let rows = subject::all(connection)?;
    if !changes.iter().all(|change| change.fits(&rows)) || leaves_somebody_behind(connection, &changes)? {
        log::forget(connection, id)?;
        return Ok(Undone::ChangedMeanwhile(deed));
    }
    for service in gone_services(&changes) {
        if services::has_jobs(connection, &service)? {
            return Ok(Undone::JobsWait(deed));
        }
    }
    changes.iter().try_for_each(|change| subject::put(connection, change))?;
    log::pass(connection, id, way)?;
    settle(connection, &changes, now_ms)?;
    Ok(Undone::Done(deed))
}

fn gone_services(changes: &[Change]) -> Vec<ServiceId> {
    let gone = changes.iter().filter(|change| change.after.is_none());
    let service = |change: &Change| match &change.subject {
        Subject::Service(id) => Some(ServiceId::new(id)),
        Subject::Rule(_) | Subject::Switch(_) | Subject::Place(_) | Subject::Group(_) | Subject::Binned(_) => None,
    };
    gone.filter_map(service).collect()
}

/// Whether a group or service would go that a rule needs which somebody else put in.
fn leaves_somebody_behind(connection: &Connection, changes: &[Change]) -> rusqlite::Result<bool> {
    let goes = |subject: &Subject| changes.iter().any(|change| change.after.is_none() && change.subject == *subject);
    let touches = |subject: &Subject| changes.iter().any(|change| change.subject == *subject);
    let groups = rules::groups(connection)?;
    let all_services = services::services(connection)?;
    let remaining_groups: Vec<_> =
        groups.iter().filter(|group| !goes(&Subject::Group(group.name.clone()))).cloned().collect();
    let remaining_services: Vec<_> =
        all_services.iter().filter(|service| !goes(&Subject::Service(service.id.to_string()))).cloned().collect();
    if remaining_groups.len() == groups.len() && remaining_services.len() == all_services.len() {
        return Ok(false);
    }
    let (all_services, remaining_services) = (Services::new(all_services), Services::new(remaining_services));
    let mut others = rules::rules(connection)?;
    others.retain(|rule| !touches(&Subject::Rule(rule.id.to_string())));
    Ok(others.iter().any(|rule| {
        let now = check(rule, &groups, &all_services).len();
        check(rule, &remaining_groups, &remaining_services).len() > now
    }))
}
