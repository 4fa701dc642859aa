//! The rows that people edit, as values that can be compared and put back.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

/// What can be edited on its own; put back in the order in which they stand here.
///
/// A rule's switch and place are apart from what it says, so that a running rule that switches it, or a rule that is moved
/// past it, keeps nobody from undoing a change of its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "of", content = "id", rename_all = "snake_case")]
pub(super) enum Subject {
    /// What a rule says, and where it comes from.
    Rule(String),
    /// Whether a rule is switched on.
    Switch(String),
    /// A rule's place in the list.
    Place(String),
    /// A group.
    Group(String),
    /// A service, but not whether its queue is paused.
    Service(String),
    /// A rule in the bin.
    Binned(String),
}

/// What everything that can be edited is, as JSON.
pub(super) type Rows = BTreeMap<Subject, String>;

/// How one of them changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Change {
    #[serde(flatten)]
    pub(super) subject: Subject,
    /// What it was; none: it was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<String>,
    /// What it is; none: it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<String>,
}

impl Change {
    /// The way back.
    pub(super) fn reversed(self) -> Self {
        Self { subject: self.subject, before: self.after, after: self.before }
    }

    /// Whether what it begins with is still there.
    pub(super) fn fits(&self, rows: &Rows) -> bool {
        let comes_or_goes = self.before.is_none() || self.after.is_none();
        // A rule comes and goes whole, wherever it stands and however it is switched by then.
        let belongs_to_row = matches!(self.subject, Subject::Switch(_) | Subject::Place(_));
        (comes_or_goes && belongs_to_row) || rows.get(&self.subject) == self.before.as_ref()
    }
}

type Named = fn(String) -> Subject;

const SELECTS: [(Named, &str); 6] = [
    (Subject::Rule, "SELECT id, json_array(body, origin, seeded) FROM rule"),
    (Subject::Switch, "SELECT id, json_array(enabled) FROM rule"),
    (Subject::Place, "SELECT id, json_array(position) FROM rule"),
    (Subject::Group, "SELECT name, json_array(position, body) FROM rule_group"),
    (Subject::Service, "SELECT id, json_array(position, kind, name, active, body, seeded) FROM service"),
    (Subject::Binned, "SELECT id, json_array(enabled, body, origin, seeded, binned_ms) FROM rule_binned"),
];

/// Everything that can be edited, as it is now.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Rows> {
    let mut rows = Rows::new();
    for (named, select) in SELECTS {
        let mut statement = connection.prepare_cached(select)?;
        let found = statement.query_map([], |row| Ok((named(row.get(0)?), row.get(1)?)))?;
        for row in found {
            let (subject, value) = row?;
            rows.insert(subject, value);
        }
    }
    Ok(rows)
}

/// What is different, in the order in which it is put back.
pub(super) fn changes(before: Rows, after: Rows) -> Vec<Change> {
    let mut before = before;
    let mut changes = Vec::new();
    for (subject, value) in after {
        let was = before.remove(&subject);
        if was.as_ref() != Some(&value) {
            changes.push(Change { subject, before: was, after: Some(value) });
        }
    }
    changes.extend(before.into_iter().map(|(subject, was)| Change { subject, before: Some(was), after: None }));
    changes.sort_by(|one, other| one.subject.cmp(&other.subject));
    changes
}

/// Makes it what it is after the change.
pub(super) fn put(connection: &Connection, change: &Change) -> rusqlite::Result<()> {
    let (id, value) = (change.subject.id(), change.after.as_deref());
    let sql = match (&change.subject, value) {
        // Its switch and place follow.
        (Subject::Rule(_), Some(_)) => {
            "INSERT INTO rule (id, position, enabled, body, origin, seeded) VALUES (?1, 0, 0, ?2 ->> 0, ?2 ->> 1, ?2 ->> 2)
             ON CONFLICT (id) DO UPDATE SET body = excluded.body, origin = excluded.origin, seeded = excluded.seeded"
        }
        (Subject::Rule(_), None) => "DELETE FROM rule WHERE id = ?1",
        (Subject::Switch(_), Some(_)) => "UPDATE rule SET enabled = ?2 ->> 0 WHERE id = ?1",
        (Subject::Place(_), Some(_)) => "UPDATE rule SET position = ?2 ->> 0 WHERE id = ?1",
        // They went with their rule.
        (Subject::Switch(_) | Subject::Place(_), None) => return Ok(()),
        (Subject::Group(_), Some(_)) => {
            "INSERT INTO rule_group (name, position, body) VALUES (?1, ?2 ->> 0, ?2 ->> 1)
             ON CONFLICT (name) DO UPDATE SET position = excluded.position, body = excluded.body"
        }
        (Subject::Group(_), None) => "DELETE FROM rule_group WHERE name = ?1",
        (Subject::Service(_), Some(_)) => {
            "INSERT INTO service (id, position, kind, name, active, body, seeded)
             VALUES (?1, ?2 ->> 0, ?2 ->> 1, ?2 ->> 2, ?2 ->> 3, ?2 ->> 4, ?2 ->> 5)
             ON CONFLICT (id) DO UPDATE SET position = excluded.position, kind = excluded.kind, name = excluded.name,
                                            active = excluded.active, body = excluded.body, seeded = excluded.seeded"
        }
        (Subject::Service(_), None) => "DELETE FROM service WHERE id = ?1",
        (Subject::Binned(_), Some(_)) => {
            "INSERT INTO rule_binned (id, enabled, body, origin, seeded, binned_ms)
             VALUES (?1, ?2 ->> 0, ?2 ->> 1, ?2 ->> 2, ?2 ->> 3, ?2 ->> 4)
             ON CONFLICT (id) DO UPDATE SET enabled = excluded.enabled, body = excluded.body, origin = excluded.origin,
                                            seeded = excluded.seeded, binned_ms = excluded.binned_ms"
        }
        (Subject::Binned(_), None) => "DELETE FROM rule_binned WHERE id = ?1",
    };
    let mut statement = connection.prepare_cached(sql)?;
    match value {
        Some(value) => statement.execute(params![id, value]),
        None => statement.execute([id]),
    }
    .map(drop)
}

impl Subject {
    /// The id or name of its row.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Rule(id)
            | Self::Switch(id)
            | Self::Place(id)
            | Self::Group(id)
            | Self::Service(id)
            | Self::Binned(id) => id,
        }
    }
}
