//! The lines that decoding writes, each message alone or as part of one live.

use std::collections::BTreeMap;
use std::io::{self, Write};

use cuelight_core::event::{Event, EventData, EventType};
use cuelight_core::gift_catalogue::GiftCatalogue;
use cuelight_core::session::{SessionOptions, SessionState};
use serde::Serialize;

use super::Options;

/// Where decoded messages go: numbered, through a session where one is wanted, and written.
pub(super) struct Output<'a> {
    out: &'a mut dyn Write,
    session: Option<Box<Session>>,
    writes_index: bool,
    line: Vec<u8>,
    /// The position of the next message in the input.
    next_index: u64,
    messages: u64,
    by_type: BTreeMap<EventType, u64>,
}

/// The input as one live.
struct Session {
    state: SessionState,
    catalogue: GiftCatalogue,
    happened: Vec<Event>,
    latest_ms: i64,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    event_type: EventType,
    data: EventData<'a>,
}

impl<'a> Output<'a> {
    pub(super) fn new(options: Options, out: &'a mut dyn Write) -> Self {
        let session = options.session.then(|| {
            Box::new(Session {
                state: SessionState::new(SessionOptions::default()),
                catalogue: GiftCatalogue::default(),
                happened: Vec::new(),
                latest_ms: 0,
            })
        });
        Self {
            out,
            session,
            writes_index: options.index,
            line: Vec::new(),
            next_index: 0,
            messages: 0,
            by_type: BTreeMap::new(),
        }
    }

    /// Takes the next message of the input as the event that it is by itself.
    pub(super) fn message(&mut self, event: Event, received_ms: i64) -> io::Result<()> {
        let index = self.next_index;
        self.next_index += 1;
        self.messages += 1;
        let Some(session) = &mut self.session else {
            return self.write(&event, Some(index));
        };
        let stamp = event.stamp.clone();
        session.latest_ms = session.latest_ms.max(received_ms);
        let mut happened = std::mem::take(&mut session.happened);
        session.state.accept(event, session.latest_ms, &mut session.catalogue, &mut happened);
        for event in &happened {
            // A combo that ended by its silence belongs to no message at this place.
            self.write(event, (event.stamp == stamp).then_some(index))?;
        }
        self.keep(happened);
        Ok(())
    }

    /// Leaves out a message that could not be read; the others keep their positions.
    pub(super) fn skip_message(&mut self) {
        self.next_index += 1;
    }

    /// Ends the live, and tells how many messages were read and which events were written.
    pub(super) fn finish(mut self) -> io::Result<(u64, BTreeMap<EventType, u64>)> {
        if let Some(session) = &mut self.session {
            let mut happened = std::mem::take(&mut session.happened);
            session.state.finish(session.latest_ms, &mut happened);
            for event in &happened {
                self.write(event, None)?;
            }
        }
        self.out.flush()?;
        Ok((self.messages, self.by_type))
    }

    fn write(&mut self, event: &Event, index: Option<u64>) -> io::Result<()> {
        *self.by_type.entry(event.event_type()).or_default() += 1;
        let index = index.filter(|_| self.writes_index);
        self.line.clear();
        serde_json::to_writer(&mut self.line, &Line { index, event_type: event.event_type(), data: EventData(event) })?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }

    /// Keeps the room that the list took, for the next message.
    fn keep(&mut self, mut happened: Vec<Event>) {
        happened.clear();
        if let Some(session) = &mut self.session {
            session.happened = happened;
        }
    }
}
