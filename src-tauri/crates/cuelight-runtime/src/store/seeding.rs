//! Services and starter rules that the app brings along: put in once, never again after somebody deleted them, and brought
//! up to date where nobody edited them.

use cuelight_core::rule::Rule;
use cuelight_core::service::Service;
use rusqlite::{Connection, params};

use super::commit::as_json;
use super::error::During as _;
use super::revision::{self, Revised};
use super::{Store, StoreError, services};

/// What an entry of the table means: it was put in once; the gift catalogue counts its revisions there.
const PUT_IN: i64 = 1;

impl Store {
    /// Puts in those services and rules that this data folder has never had, and gives starter rules and default actions
    /// that nobody edited the form that the app brings along now. Says how many were new or changed.
    ///
    /// # Errors
    /// A disk that does not take them.
    pub fn seed(&self, given_services: &[Service], starter_rules: &[Rule]) -> Result<u32, StoreError> {
        self.change(|transaction, place| seed(transaction, given_services, starter_rules).during("write to", place))
    }
}

fn seed(connection: &Connection, given_services: &[Service], starter_rules: &[Rule]) -> rusqlite::Result<u32> {
    let mut changed = 0;
    for service in given_services {
        let is_first = is_first_time(connection, &format!("service:{}", service.id))?;
        changed += if is_first {
            services::insert(connection, service)?
        } else {
            services::bring_up_to_date(connection, service)?
        };
    }
    for rule in starter_rules {
        let is_first = is_first_time(connection, &format!("rule:{}", rule.id))?;
        changed += if is_first { insert(connection, rule)? } else { bring_up_to_date(connection, rule)? };
    }
    if changed > 0 {
        revision::raise(connection, Revised::Services)?;
        revision::raise(connection, Revised::Rules)?;
    }
    Ok(u32::try_from(changed).unwrap_or(u32::MAX))
}

fn insert(connection: &Connection, rule: &Rule) -> rusqlite::Result<usize> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO rule (id, position, enabled, body, origin, seeded)
         VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM rule), ?2, ?3, 'starter', ?3)
         ON CONFLICT (id) DO NOTHING",
    )?;
    insert.execute(params![rule.id.as_str(), rule.enabled, as_json(rule)])
}

/// Whether it is switched on stays as it was set.
fn bring_up_to_date(connection: &Connection, rule: &Rule) -> rusqlite::Result<usize> {
    let mut update = connection
        .prepare_cached("UPDATE rule SET body = ?2, seeded = ?2 WHERE id = ?1 AND body = seeded AND seeded <> ?2")?;
    update.execute(params![rule.id.as_str(), as_json(rule)])
}

fn is_first_time(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    let mut insert =
        connection.prepare_cached("INSERT INTO seed (name, revision) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    Ok(insert.execute(params![name, PUT_IN])? == 1)
}
