//! One transaction in the making: rows, what goes with them, and whom to tell when they are safe.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

use cuelight_core::attempt::Attempt;
use cuelight_core::decision::Effect;
use cuelight_core::event::{Body, Event, EventData, EventType};
use cuelight_core::id::{EventId, GiftId};
use cuelight_core::limits;
use cuelight_core::totals::counts;
use tokio::sync::oneshot;

use crate::feed::{Committed, Feed};
use crate::store::{EventRow, Fault, NumberedEffect, Shed};

/// What the next commit will make durable.
pub(super) struct Group {
    feed: Feed,
    rows: Vec<Row>,
    /// The JSON of all rows, end to end.
    json: Vec<u8>,
    shown: Vec<Committed>,
    /// What the rules make of it, in order.
    effects: Vec<NumberedEffect>,
    /// What jobs emitted and what is answered with it.
    pub(super) emitted: Vec<i64>,
    pub(super) faults: Vec<Fault>,
    pub(super) sheds: Vec<Shed>,
    /// What was tried to get at the live. It is noted beside the commit, so that it is never in the way of events.
    pub(super) attempts: Vec<Attempt>,
    /// Units of gifts that were given.
    received: BTreeMap<GiftId, u64>,
    confirm: Vec<oneshot::Sender<()>>,
    /// When the first of it came.
    began: Option<Instant>,
}

struct Row {
    number: u32,
    event_type: EventType,
    msg_id: Option<i64>,
    received_ms: i64,
    counted: bool,
    json: Range<usize>,
    decisions: Option<String>,
}

impl Group {
    pub(super) fn new(feed: Feed) -> Self {
        Self {
            feed,
            rows: Vec::new(),
            json: Vec::new(),
            shown: Vec::new(),
            effects: Vec::new(),
            emitted: Vec::new(),
            faults: Vec::new(),
            sheds: Vec::new(),
            attempts: Vec::new(),
            received: BTreeMap::new(),
            confirm: Vec::new(),
            began: None,
        }
    }

    /// Whether it is full, or the first of it has waited for long enough.
    pub(super) fn is_due(&self) -> bool {
        let is_old = |began: Instant| began.elapsed() >= Duration::from_millis(limits::COMMIT_WAIT_MS);
        self.rows.len() >= limits::COMMIT_EVENTS || self.began.is_some_and(is_old)
    }

    /// Remembers whom to tell when all that was added so far is safe.
    pub(super) fn confirm(&mut self, committed: oneshot::Sender<()>) {
        self.began.get_or_insert_with(Instant::now);
        self.confirm.push(committed);
    }

    /// Adds what is to be done because of the event of that number, or of something else after it.
    pub(super) fn cause(&mut self, number: u32, effects: Vec<Effect>) {
        self.effects.extend(effects.into_iter().map(|effect| NumberedEffect { number, effect }));
    }

    /// Adds an event under its number, with what was decided about it.
    pub(super) fn add(&mut self, id: EventId, event: Event, received_ms: i64, decisions: Option<String>) {
        if let Body::Gift(gift) = &event.body
            && let Some(units) = gift.delta_count.filter(|units| *units > 0 && !event.stamp.history)
        {
            *self.received.entry(gift.gift.id).or_default() += u64::from(units);
        }
        let begin = self.json.len();
        serde_json::to_writer(&mut self.json, &EventData(&event)).expect("an event is JSON: its maps have text keys");
        self.rows.push(Row {
            number: id.number,
            event_type: event.event_type(),
            msg_id: event.stamp.msg_id.as_ref().and_then(|id| id.to_number()?.try_into().ok()),
            received_ms,
            counted: counts(&event),
            json: begin..self.json.len(),
            decisions,
        });
        if self.feed.is_watched() {
            self.shown.push(Committed { id, event });
        }
    }

    /// Whether a source waits for the word that something of it is safe.
    pub(super) fn holds_deliveries(&self) -> bool {
        !self.confirm.is_empty()
    }

    /// Whether nothing was gathered.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
            && self.effects.is_empty()
            && self.emitted.is_empty()
            && self.faults.is_empty()
            && self.sheds.is_empty()
    }

    /// The gathered events as the journal takes them.
    pub(super) fn rows(&self) -> Vec<EventRow<'_>> {
        let text = |range: &Range<usize>| std::str::from_utf8(&self.json[range.clone()]).expect("JSON is UTF-8");
        let rows = self.rows.iter().map(|row| EventRow {
            number: row.number,
            event_type: row.event_type,
            msg_id: row.msg_id,
            received_ms: row.received_ms,
            counted: row.counted,
            data: text(&row.json),
            decisions: row.decisions.as_deref(),
        });
        rows.collect()
    }

    /// Units of gifts that were given.
    pub(super) fn received(&self) -> impl Iterator<Item = (GiftId, u64)> {
        self.received.iter().map(|(gift, units)| (*gift, *units))
    }

    /// What the rules make of the gathered events.
    pub(super) fn effects(&self) -> &[NumberedEffect] {
        &self.effects
    }

    /// Tells everybody that what was gathered is safe, and begins anew.
    pub(super) fn committed(&mut self) {
        self.began = None;
        self.rows.clear();
        self.json.clear();
        self.effects.clear();
        self.emitted.clear();
        self.faults.clear();
        self.sheds.clear();
        self.received.clear();
        for committed in self.confirm.drain(..) {
            // The source may have ended meanwhile; then nobody waits for the word.
            let _ = committed.send(());
        }
        let next = Vec::with_capacity(self.shown.len());
        self.feed.publish(std::mem::replace(&mut self.shown, next));
    }
}
