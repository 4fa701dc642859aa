//! What one commit of the journal holds, and the statements that write it.

use std::path::Path;

use cuelight_core::event::EventType;
use cuelight_core::gift_catalogue::KnownGift;
use cuelight_core::id::{EventId, GiftId, SessionId};
use cuelight_core::limits::FAULTS;
use cuelight_core::reason::Reason;
use cuelight_core::totals::SessionTotals;
use cuelight_core::viewer::ViewerFacts;
use rusqlite::{Transaction, params};

use super::firings::{self, Effects};
use super::queue::{QueueTransaction, Touched};
use super::{emitted, gifts, rule_state, viewers};

/// Everything that becomes durable together: all of it is on the disk afterwards, or nothing.
#[derive(Clone, Copy)]
pub struct Commit<'a> {
    /// The session that all of it belongs to.
    pub session: SessionId,
    /// New events, in order, their numbers above every earlier one of the session.
    pub rows: &'a [EventRow<'a>],
    /// Combos that changed or ended for good.
    pub combos: &'a [ComboChange<'a>],
    /// The session's sums with these events.
    pub totals: &'a SessionTotals,
    /// When the newest event of the session came, ms since 1970; a session is resumed and closed by it.
    pub last_event_ms: i64,
    /// What messages newly said of gifts.
    pub gifts: &'a [KnownGift],
    /// Units of gifts that these events brought.
    pub received: &'a [(GiftId, u64)],
    /// Messages that could not be read, kept for inspection.
    pub faults: &'a [Fault],
    /// What was left out because the live was too far behind.
    pub sheds: &'a [Shed],
    /// Viewers' sums, now and then.
    pub viewers: Option<ViewerFlush<'a>>,
    /// What is to be done because of the events.
    pub effects: Option<Effects<'a>>,
    /// What rules remember that changed: key and state as JSON; `None` forgets it.
    pub rule_state: &'a [(String, Option<String>)],
    /// What jobs emitted and what is answered with this commit, by [`super::Emitted::id`].
    pub emitted: &'a [i64],
}

/// One event as the journal keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventRow<'a> {
    /// Its number within the session, 1 first.
    pub number: u32,
    /// What happened.
    pub event_type: EventType,
    /// The source's number of the message.
    pub msg_id: Option<i64>,
    /// When it came, ms since 1970.
    pub received_ms: i64,
    /// Whether it is something that happened, once (`cuelight_core::totals::counts`).
    pub counted: bool,
    /// The JSON of `data`.
    pub data: &'a str,
    /// The JSON of the decisions of the rules whose trigger matched, with the rules' revision.
    pub decisions: Option<&'a str>,
}

/// One combo that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComboChange<'a> {
    /// The combo's key as text.
    pub key: &'a str,
    /// Its state as JSON; `None` forgets it.
    pub state: Option<&'a str>,
}

/// A message that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// When it came, ms since 1970.
    pub received_ms: i64,
    /// What was wrong with it.
    pub reason: Reason,
    /// Its bytes, as far as they are kept.
    pub raw: Vec<u8>,
}

/// Events that were left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shed {
    /// When, ms since 1970.
    pub at_ms: i64,
    /// How many, and why.
    pub reason: Reason,
}

/// Viewers' sums of the session up to an event.
#[derive(Debug, Clone, Copy)]
pub struct ViewerFlush<'a> {
    /// The number of the last event that the sums of every viewer of the session hold.
    pub through_number: u32,
    /// The viewers whose sums changed since the last flush.
    pub facts: &'a [ViewerFacts],
}

/// Writes all of it but the commit itself; `None` if the session does not exist (any more).
pub(super) fn write(
    transaction: &Transaction<'_>,
    commit: &Commit<'_>,
    place: &Path,
) -> rusqlite::Result<Option<Touched>> {
    if !update_session(transaction, commit)? {
        return Ok(None);
    }
    insert_events(transaction, commit)?;
    change_combos(transaction, commit)?;
    gifts::learn(transaction, commit.gifts, commit.last_event_ms)?;
    gifts::receive(transaction, commit.session, commit.received)?;
    insert_faults(transaction, commit)?;
    insert_sheds(transaction, commit)?;
    if let Some(flush) = commit.viewers {
        viewers::flush(transaction, commit.session, flush)?;
    }
    rule_state::change(transaction, commit.session, commit.rule_state)?;
    emitted::take_in(transaction, commit.emitted)?;
    let touched = match commit.effects {
        Some(effects) => firings::write(QueueTransaction::new(transaction, place), commit, effects)?,
        None => Touched::default(),
    };
    Ok(Some(touched))
}

fn update_session(transaction: &Transaction<'_>, commit: &Commit<'_>) -> rusqlite::Result<bool> {
    let mut statement = transaction.prepare_cached(
        "UPDATE session SET totals = ?2, last_event_ms = ?3, last_number = max(last_number, ?4) WHERE id = ?1",
    )?;
    let last_number = commit.rows.last().map_or(0, |row| row.number);
    let changed =
        statement.execute(params![commit.session.0, as_json(commit.totals), commit.last_event_ms, last_number])?;
    Ok(changed == 1)
}

fn insert_events(transaction: &Transaction<'_>, commit: &Commit<'_>) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO event (key, event_type, msg_id, received_ms, counted, data, decisions)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for row in commit.rows {
        let key = EventId { session: commit.session, number: row.number }.to_key();
        let event_type = row.event_type.as_str();
        statement.execute(params![
            key,
            event_type,
            row.msg_id,
            row.received_ms,
            row.counted,
            row.data,
            row.decisions
        ])?;
    }
    Ok(())
}

fn change_combos(transaction: &Transaction<'_>, commit: &Commit<'_>) -> rusqlite::Result<()> {
    if commit.combos.is_empty() {
        return Ok(());
    }
    let mut keep = transaction.prepare_cached(
        "INSERT INTO combo (session, key, state) VALUES (?1, ?2, ?3)
         ON CONFLICT (session, key) DO UPDATE SET state = excluded.state",
    )?;
    let mut forget = transaction.prepare_cached("DELETE FROM combo WHERE session = ?1 AND key = ?2")?;
    for combo in commit.combos {
        match combo.state {
            Some(state) => keep.execute(params![commit.session.0, combo.key, state])?,
            None => forget.execute(params![commit.session.0, combo.key])?,
        };
    }
    Ok(())
}

fn insert_faults(transaction: &Transaction<'_>, commit: &Commit<'_>) -> rusqlite::Result<()> {
    if commit.faults.is_empty() {
        return Ok(());
    }
    let mut insert =
        transaction.prepare_cached("INSERT INTO fault (session, received_ms, reason, raw) VALUES (?1, ?2, ?3, ?4)")?;
    for fault in commit.faults {
        insert.execute(params![commit.session.0, fault.received_ms, as_json(&fault.reason), fault.raw])?;
    }
    let mut forget = transaction.prepare_cached("DELETE FROM fault WHERE id <= (SELECT max(id) FROM fault) - ?1")?;
    forget.execute([FAULTS as i64])?;
    Ok(())
}

fn insert_sheds(transaction: &Transaction<'_>, commit: &Commit<'_>) -> rusqlite::Result<()> {
    if commit.sheds.is_empty() {
        return Ok(());
    }
    let mut insert = transaction.prepare_cached("INSERT INTO shed (session, at_ms, reason) VALUES (?1, ?2, ?3)")?;
    for shed in commit.sheds {
        insert.execute(params![commit.session.0, shed.at_ms, as_json(&shed.reason)])?;
    }
    Ok(())
}

/// Our own types of numbers and texts, which always have a JSON form.
pub(super) fn as_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("numbers, texts and maps with text keys have a JSON form")
}
