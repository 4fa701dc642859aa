//! The services with their wishes, and whether they are paused.

use std::collections::BTreeMap;

use cuelight_core::defaults::with_newer_default_actions;
use cuelight_core::event::EventType;
use cuelight_core::id::ServiceId;
use cuelight_core::service::{EventConfig, Service, ServiceKind};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::commit::as_json;
use super::error::{During as _, unreadable};
use super::revision::{self, Revised};
use super::{Reader, Store, StoreError};
use crate::paths::DataFolder;

/// A service and whether its queue is paused.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredService {
    /// The service.
    pub service: Service,
    /// Its worker starts no job until it is resumed.
    pub paused: bool,
}

/// What a service's row holds as JSON.
#[derive(Serialize, Deserialize)]
struct Body {
    max_queue_size: u32,
    max_parallel: u32,
    events: BTreeMap<EventType, EventConfig>,
    others: EventConfig,
}

impl Reader {
    /// Every service, in the order in which people see them.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn services(&self) -> Result<Vec<Service>, StoreError> {
        self.say(services(&self.connection))
    }

    /// The services with whether they are paused.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn stored_services(&self) -> Result<Vec<StoredService>, StoreError> {
        self.say(all(&self.connection))
    }
}

impl Store {
    /// Changes a service that is there.
    ///
    /// # Errors
    /// There is no such service, or a disk that does not take it.
    pub fn set_service(&self, service: &Service) -> Result<(), StoreError> {
        self.change(|transaction, place| {
            let set = || {
                let changed = update(transaction, service)?;
                revision::raise(transaction, Revised::Services)?;
                // Default actions are listed among the rules.
                revision::raise(transaction, Revised::Rules)?;
                Ok(changed)
            };
            let changed = set().during("write to", place)?;
            if changed == 1 { Ok(()) } else { Err(StoreError::NoService(service.id.clone())) }
        })
    }
}

/// The ids of the services in the database of that folder, as far as it can be read: to make sure that nobody works there.
pub(crate) fn services_in(folder: &DataFolder) -> Vec<ServiceId> {
    let database = folder.database();
    if !database.exists() {
        return Vec::new();
    }
    // Where nothing can be read, no worker can begin either.
    let Ok(reader) = Reader::open(&database) else { return Vec::new() };
    reader.services().unwrap_or_default().into_iter().map(|service| service.id).collect()
}

pub(super) fn services(connection: &Connection) -> rusqlite::Result<Vec<Service>> {
    Ok(all(connection)?.into_iter().map(|stored| stored.service).collect())
}

/// Changes a service that is there; says how many that were.
pub(super) fn update(connection: &Connection, service: &Service) -> rusqlite::Result<usize> {
    let mut update =
        connection.prepare_cached("UPDATE service SET kind = ?2, name = ?3, active = ?4, body = ?5 WHERE id = ?1")?;
    update.execute(params![service.id.as_str(), name(service.kind), service.name, service.active, body(service)])
}

/// Adds a service of the user's behind the others, whose id is free.
pub(super) fn add(connection: &Connection, service: &Service) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO service (id, position, kind, name, active, body)
         VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM service), ?2, ?3, ?4, ?5)",
    )?;
    let kind = name(service.kind);
    insert.execute(params![service.id.as_str(), kind, service.name, service.active, body(service)]).map(drop)
}

/// Whether jobs of a service wait or run.
pub(super) fn has_jobs(connection: &Connection, service: &ServiceId) -> rusqlite::Result<bool> {
    let mut select = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM job WHERE service = ?1 AND state = 'pending')
             OR EXISTS (SELECT 1 FROM job WHERE service = ?1 AND state = 'processing')",
    )?;
    select.query_row([service.as_str()], |row| row.get(0))
}

/// Puts in a service behind the others, unless it is there; says how many that were.
pub(super) fn insert(connection: &Connection, service: &Service) -> rusqlite::Result<usize> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO service (id, position, kind, name, active, body, seeded)
         VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM service), ?2, ?3, ?4, ?5, ?5)
         ON CONFLICT (id) DO NOTHING",
    )?;
    let kind = name(service.kind);
    insert.execute(params![service.id.as_str(), kind, service.name, service.active, body(service)])
}

/// Gives a service that is there the default actions that the app brings along now, where nobody edited them; says how
/// many services that changed.
pub(super) fn bring_up_to_date(connection: &Connection, given: &Service) -> rusqlite::Result<usize> {
    let mut select = connection
        .prepare_cached("SELECT id, kind, name, active, body, seeded FROM service WHERE id = ?1 AND seeded <> ?2")?;
    let both = |row: &Row<'_>| Ok((service(row, 4)?, service(row, 5)?));
    let both = select.query_row(params![given.id.as_str(), body(given)], both).optional()?;
    let Some((stored, before)) = both else { return Ok(0) };
    let upgraded = with_newer_default_actions(stored, &before, given);
    let mut update = connection.prepare_cached("UPDATE service SET body = ?2, seeded = ?3 WHERE id = ?1")?;
    update.execute(params![given.id.as_str(), body(&upgraded), body(given)])
}

fn all(connection: &Connection) -> rusqlite::Result<Vec<StoredService>> {
    let mut statement =
        connection.prepare_cached("SELECT id, kind, name, active, body, paused FROM service ORDER BY position, id")?;
    statement.query_map([], stored_service)?.collect()
}

fn stored_service(row: &Row<'_>) -> rusqlite::Result<StoredService> {
    Ok(StoredService { service: service(row, 4)?, paused: row.get(5)? })
}

/// The service of a row that begins with id, kind, name and active, with the body of that column.
fn service(row: &Row<'_>, column: usize) -> rusqlite::Result<Service> {
    let kind = serde_json::from_value(row.get::<_, String>(1)?.into()).map_err(|error| unreadable(1, error))?;
    let body: Body = serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| unreadable(column, error))?;
    Ok(Service {
        id: ServiceId::new(row.get_ref(0)?.as_str()?),
        kind,
        name: row.get(2)?,
        active: row.get(3)?,
        max_queue_size: body.max_queue_size,
        max_parallel: body.max_parallel,
        events: body.events,
        others: body.others,
    })
}

fn body(service: &Service) -> String {
    as_json(&Body {
        max_queue_size: service.max_queue_size,
        max_parallel: service.max_parallel,
        events: service.events.clone(),
        others: service.others.clone(),
    })
}

fn name(kind: ServiceKind) -> String {
    as_json(&kind).trim_matches('"').to_owned()
}
