//! Services and starter rules that the app brings along: put in once, and never again after somebody deleted them.

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
    /// Puts in those services and rules that this data folder has never had; changes nothing that exists. Says how many
    /// were new.
    ///
    /// # Errors
    /// A disk that does not take them.
    pub fn seed(&self, given_services: &[Service], starter_rules: &[Rule]) -> Result<u32, StoreError> {
        self.change(|transaction, place| seed(transaction, given_services, starter_rules).during("write to", place))
    }
}

fn seed(connection: &Connection, given_services: &[Service], starter_rules: &[Rule]) -> rusqlite::Result<u32> {
    let mut new = 0;
    for service in given_services {
        if is_first_time(connection, &format!("service:{}", service.id))? {
            services::insert(connection, service)?;
            new += 1;
        }
    }
    for rule in starter_rules {
        if is_first_time(connection, &format!("rule:{}", rule.id))? {
            let mut insert = connection.prepare_cached(
                "INSERT INTO rule (id, position, enabled, body, origin, seeded)
                 VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM rule), ?2, ?3, 'starter', ?3)
                 ON CONFLICT (id) DO NOTHING",
            )?;
            insert.execute(params![rule.id.as_str(), rule.enabled, as_json(rule)])?;
            new += 1;
        }
    }
    if new > 0 {
        revision::raise(connection, Revised::Services)?;
        revision::raise(connection, Revised::Rules)?;
    }
    Ok(new)
}

fn is_first_time(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    let mut insert =
        connection.prepare_cached("INSERT INTO seed (name, revision) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?;
    Ok(insert.execute(params![name, PUT_IN])? == 1)
}
