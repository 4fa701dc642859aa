//! Numbers that grow with every change, by which other processes and the engine notice it.

use rusqlite::Connection;

/// What has a number of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Revised {
    /// Events that rules brought up.
    Emitted,
    /// Jobs waiting, paused or held.
    Queues,
    /// Rules and their groups.
    Rules,
    /// Services and their wishes.
    Services,
    /// Counters and variables.
    Values,
    /// Who is muted.
    Viewers,
}

/// The numbers as they are now; a greater one means that something changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revisions {
    /// Of events that rules brought up.
    pub emitted: i64,
    /// Of jobs waiting, paused or held.
    pub queues: i64,
    /// Of rules and their groups.
    pub rules: i64,
    /// Of services and their wishes.
    pub services: i64,
    /// Of counters and variables.
    pub values: i64,
    /// Of who is muted.
    pub viewers: i64,
}

/// Raises the number; in the same transaction as the change.
pub(super) fn raise(connection: &Connection, revised: Revised) -> rusqlite::Result<()> {
    let name = match revised {
        Revised::Emitted => "emitted",
        Revised::Queues => "queues",
        Revised::Rules => "rules",
        Revised::Services => "services",
        Revised::Values => "values",
        Revised::Viewers => "viewers",
    };
    connection.prepare_cached("UPDATE revision SET number = number + 1 WHERE name = ?1")?.execute([name]).map(drop)
}

/// Reads all numbers at once.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Revisions> {
    let mut statement = connection.prepare_cached("SELECT number FROM revision ORDER BY name")?;
    let numbers = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    let [emitted, queues, rules, services, values, viewers] = numbers[..] else {
        return Err(rusqlite::Error::QueryReturnedNoRows);
    };
    Ok(Revisions { emitted, queues, rules, services, values, viewers })
}
