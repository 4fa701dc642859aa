//! The lane at work: takes what comes, groups it, commits it, and only then lets the source know.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use cuelight_core::decide::{RuleState, SessionFacts};
use cuelight_core::event::Body;
use cuelight_core::gift_catalogue::GiftCatalogue;
use cuelight_core::id::SessionId;
use cuelight_core::limits::TICKS_PER_JUMP;
use cuelight_core::shed::shed;
use cuelight_core::signal::Signal;

use super::beside::next_beside;
use super::group::Group;
use super::late::LateWatch;
use super::prepared::Prepared;
use super::session::{Around, OpenSession};
use super::{Lane, LaneEnd, seed_of};
use crate::source::{Batch, Delivery};
use crate::store::{Fault, SessionStart, Shed, StoreError, Which};

/// Old rows deleted at once when nothing else is to do; small, so that an event never waits long behind it.
const PRUNE_ROWS: u32 = 2_000;

/// Silence after which the journal's log is moved into the database, so that it does not lie around for hours.
const TIDY_AFTER: Duration = Duration::from_secs(2);

/// Deliveries taken out of the inbox at once, so that a source that waits for room is woken once for all of them.
const DELIVERIES: usize = 32;

/// The lane while it runs.
pub(super) struct RunningLane {
    pub(super) lane: Lane,
    pub(super) catalogue: GiftCatalogue,
    pub(super) session: Option<OpenSession>,
    /// `received_ms` of the newest batch, and when we saw it: together the time that the lane lives in, which for a
    /// recording is not ours.
    pub(super) last_received_ms: i64,
    received_at: Instant,
    /// The last of what jobs emitted that was answered.
    pub(super) emitted_through: i64,
    /// What was told of services that are late.
    pub(super) late: LateWatch,
}

impl RunningLane {
    pub(super) fn new(lane: Lane) -> Result<Self, StoreError> {
        Ok(Self {
            catalogue: GiftCatalogue::new(lane.reader.gifts()?),
            session: None,
            last_received_ms: lane.clock.now_ms(),
            received_at: Instant::now(),
            emitted_through: 0,
            late: LateWatch::default(),
            lane,
        })
    }

    /// Runs until the inbox closes.
    pub(super) async fn run(mut self) -> Result<LaneEnd, StoreError> {
        let mut group = Group::new(self.lane.feed.clone());
        let mut deliveries = Vec::with_capacity(DELIVERIES);
        let mut prune_due = true;
        let mut tidy_due = false;
        loop {
            let wake = self.until_wake();
            let now_ms = self.lane.clock.now_ms();
            tokio::select! {
                biased;
                beside = next_beside(self.lane.deciding.as_mut(), &self.late, now_ms) => self.meet(beside, &mut group),
                taken = self.lane.inbox.recv_many(&mut deliveries, DELIVERIES) => {
                    if taken == 0 {
                        break;
                    }
                    self.gather(&mut deliveries, &mut group).await?;
                    tidy_due = true;
                }
                () = tokio::time::sleep(wake.unwrap_or_default()), if wake.is_some() => self.tick(&mut group),
                () = std::future::ready(()), if prune_due => prune_due = self.prune(),
                () = tokio::time::sleep(TIDY_AFTER), if tidy_due => {
                    self.lane.journal.tidy_log();
                    tidy_due = false;
                }
            }
            if self.lane.inbox.is_empty() || group.is_due() {
                self.commit(&mut group).await?;
            }
        }
        if self.lane.session_over.is_cancelled() {
            self.finish(&mut group).await?;
        }
        let session = self.session.as_ref();
        Ok(LaneEnd {
            session: session.map(|it| it.id),
            totals: session.map(|it| it.state.totals().clone()).unwrap_or_default(),
        })
    }

    /// Deletes a few of the events that were kept for long enough; true if there may be more.
    fn prune(&mut self) -> bool {
        let days = self.lane.request.settings.keeping.keep_minor_events_days;
        match self.lane.journal.prune(self.lane.clock.now_ms(), days, PRUNE_ROWS) {
            Ok(pruned) => pruned.more,
            Err(error) => {
                tracing::warn!(%error, "old events stay until the next start");
                false
            }
        }
    }

    /// Takes what came, with a commit whenever one is full or old enough.
    async fn gather(&mut self, deliveries: &mut Vec<Delivery>, group: &mut Group) -> Result<(), StoreError> {
        for delivery in deliveries.drain(..) {
            self.take(delivery, group).await?;
            if group.is_due() {
                self.commit(group).await?;
            }
        }
        Ok(())
    }

    async fn take(&mut self, delivery: Delivery, group: &mut Group) -> Result<(), StoreError> {
        let Delivery { mut batch, committed } = delivery;
        if batch.events.is_empty() && batch.faults.is_empty() && !batch.attempts.is_empty() {
            // Nothing of the live: when it was heard last, and how far behind it we are, stay as they are.
            group.attempts.append(&mut batch.attempts);
            self.note_attempts(group);
            // The source may have ended meanwhile; then nobody waits for the word.
            let _ = committed.send(());
            return Ok(());
        }
        self.last_received_ms = match self.session {
            Some(_) => self.last_received_ms.max(batch.received_ms),
            // A new session has a clock of its own: a recording's may be years behind ours.
            None => batch.received_ms,
        };
        self.received_at = Instant::now();
        self.tick(group);
        self.shed(&mut batch, group);
        for event in batch.events {
            if let Body::Connect(connect) = &event.body {
                let (creator, room) = (connect.unique_id.clone(), connect.room_id.clone());
                self.enter(&creator, room.as_str(), group).await?;
            }
            match &mut self.session {
                Some(session) => {
                    let mut around = Around {
                        catalogue: &mut self.catalogue,
                        deciding: self.lane.deciding.as_ref(),
                        reader: &self.lane.reader,
                    };
                    session.accept(event, batch.received_ms, &mut around, group);
                }
                None => tracing::warn!(event_type = %event.event_type(), "an event before connect was left out"),
            }
        }
        if let Some(session) = &mut self.session {
            session.state.note_faults(batch.faults.len() as u64);
        }
        group.attempts.append(&mut batch.attempts);
        let received_ms = batch.received_ms;
        group.faults.extend(batch.faults.into_iter().map(|fault| {
            let (reason, raw) = fault.into_parts();
            Fault { received_ms, reason, raw }
        }));
        group.confirm(committed);
        Ok(())
    }

    /// Makes sure that the session of this creator's room is open: the running one, one to be continued, or a new one.
    async fn enter(&mut self, creator: &str, room_id: &str, group: &mut Group) -> Result<(), StoreError> {
        if self.session.as_ref().is_some_and(|it| it.is_of(creator, room_id)) {
            return Ok(());
        }
        self.finish(group).await?;
        let request = &self.lane.request;
        let (source, name) = (request.source.clone(), request.session_name.clone());
        let taken_in_ms = self.lane.clock.now_ms();
        let start = SessionStart { creator, room_id, source: &source, name: name.as_deref(), taken_in_ms };
        self.close_cut_off(&start).await?;
        let opened = loop {
            // A live goes on where it broke off; a recording and the simulator begin anew.
            let opened = if self.lane.request.is_live {
                self.lane.journal.open_session(&start, self.last_received_ms)
            } else {
                self.lane.journal.begin_session(&start, self.last_received_ms)
            };
            match opened {
                Ok(opened) => break opened,
                Err(error) => self.lane.disk.wait(error).await?,
            }
        };
        self.lane.disk.succeeded();
        let facts = SessionFacts {
            id: opened.session,
            creator: creator.into(),
            started_ms: opened.resumed.as_ref().map_or(self.last_received_ms, |parts| parts.started_ms),
            seed: seed_of(opened.session),
            utc_offset_s: self.lane.deciding.as_ref().map_or(0, |deciding| deciding.utc_offset_s),
        };
        let (id, is_resumed) = (opened.session, opened.resumed.is_some());
        let rules = self.lane.deciding.is_some().then(|| RuleState::new(facts));
        let mut session = OpenSession::new(&start, opened, self.combo_idle_ms(), &self.lane.reader, rules)?;
        if self.lane.deciding.is_some() {
            session.state.set_muted(self.lane.reader.muted()?);
        }
        self.session = Some(session);
        if is_resumed {
            self.release_held(id).await?;
            self.answer_emitted(group);
        } else {
            let now_ms = self.last_received_ms;
            self.signal(&Signal::AppStart, now_ms, group);
        }
        Ok(())
    }

    /// What waits of a session that goes on is not old.
    async fn release_held(&mut self, session: SessionId) -> Result<(), StoreError> {
        let Some(bells) = self.lane.deciding.as_ref().map(|deciding| deciding.bells.clone()) else { return Ok(()) };
        let now_ms = self.lane.clock.now_ms();
        let which = Which::Session(session);
        let touched = loop {
            match self.lane.journal.work(|queues| queues.release_held(&which, now_ms)) {
                Ok((_, touched)) => break touched,
                Err(error) => self.lane.disk.wait(error).await?,
            }
        };
        bells.notify(&touched);
        Ok(())
    }

    /// Leaves out what a live that is too far behind can do without, and says so.
    fn shed(&mut self, batch: &mut Batch, group: &mut Group) {
        let at_ms = self.lane.clock.now_ms();
        let late_ms = at_ms.saturating_sub(batch.received_ms);
        let Some(session) = self.session.as_mut().filter(|_| self.lane.request.is_live) else { return };
        let counts = shed(&mut batch.events, late_ms);
        if counts.sum() > 0 {
            session.state.note_shed(counts.sum());
            group.sheds.push(Shed { at_ms, reason: counts.reason(late_ms) });
        }
    }

    fn tick(&mut self, group: &mut Group) {
        let now_ms = self.now_ms();
        let is_live = self.lane.request.is_live;
        let Some((session, mut around)) = self.open() else { return };
        if is_live {
            session.tick(now_ms, &mut around, group);
            return;
        }
        // Nobody waits between the events of a recording, so what was due there comes now, each at its own time.
        for _ in 0..TICKS_PER_JUMP {
            let wake_ms = session.next_wake_ms(around.deciding).filter(|wake_ms| *wake_ms <= now_ms);
            let Some(wake_ms) = wake_ms else { return };
            session.tick(wake_ms, &mut around, group);
        }
        session.tick(now_ms, &mut around, group);
    }

    /// The open session, and what it works with.
    pub(super) fn open(&mut self) -> Option<(&mut OpenSession, Around<'_>)> {
        let around =
            Around { catalogue: &mut self.catalogue, deciding: self.lane.deciding.as_ref(), reader: &self.lane.reader };
        Some((self.session.as_mut()?, around))
    }

    /// What a session works with that is not the open one.
    pub(super) fn around(&mut self) -> Around<'_> {
        Around { catalogue: &mut self.catalogue, deciding: self.lane.deciding.as_ref(), reader: &self.lane.reader }
    }

    /// Silence after which a combo is ended without its end message, in milliseconds.
    pub(super) fn combo_idle_ms(&self) -> i64 {
        self.lane.request.settings.connection.combo_idle_ms()
    }

    /// Ends the open session, if there is one: its combos, what follows from them, its sums, its row.
    async fn finish(&mut self, group: &mut Group) -> Result<(), StoreError> {
        let now_ms = self.now_ms();
        let Some(id) = self.end_combos(now_ms, group) else { return Ok(()) };
        self.commit(group).await?;
        self.settle(group).await?;
        let now_ms = self.now_ms();
        while let Err(error) = self.lane.journal.end_session(id, now_ms) {
            self.lane.disk.wait(error).await?;
        }
        Ok(())
    }

    fn end_combos(&mut self, now_ms: i64, group: &mut Group) -> Option<SessionId> {
        let (session, mut around) = self.open()?;
        session.finish(now_ms, &mut around, group);
        Some(session.id)
    }

    pub(super) async fn commit(&mut self, group: &mut Group) -> Result<(), StoreError> {
        let bells = self.lane.deciding.as_ref().map(|deciding| deciding.bells.clone());
        if let Some(session) = &mut self.session {
            let deciding = self.lane.deciding.as_ref();
            let world = deciding.map(|deciding| deciding.world(seed_of(session.id), self.lane.clock.now_ms()));
            if let Some(prepared) = Prepared::of(group, session, &mut self.catalogue, self.last_received_ms, world) {
                let touched = loop {
                    match prepared.write(&mut self.lane.journal) {
                        Ok(touched) => break touched,
                        Err(error) => self.lane.disk.wait(error).await?,
                    }
                };
                self.lane.disk.succeeded();
                if let Some(bells) = bells {
                    bells.notify(&touched);
                }
            }
        }
        if self.lane.request.is_live && group.holds_deliveries() {
            let behind_ms = self.lane.clock.now_ms().saturating_sub(self.last_received_ms);
            self.lane.behind_ms.store(behind_ms.max(0), Ordering::Relaxed);
        }
        group.committed();
        self.note_attempts(group);
        Ok(())
    }

    /// Writes the story of the connection, which nobody waits for: what cannot be written is left out of it.
    fn note_attempts(&mut self, group: &mut Group) {
        let attempts = std::mem::take(&mut group.attempts);
        if attempts.is_empty() {
            return;
        }
        if let Err(error) = self.lane.journal.note_attempts(&attempts) {
            tracing::warn!(%error, attempts = attempts.len(), "the story of the connection has a hole");
        }
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.last_received_ms.saturating_add(i64::try_from(self.received_at.elapsed().as_millis()).unwrap_or(0))
    }

    fn until_wake(&self) -> Option<Duration> {
        let wake_ms = self.session.as_ref()?.next_wake_ms(self.lane.deciding.as_ref())?;
        Some(Duration::from_millis(u64::try_from(wake_ms.saturating_sub(self.now_ms())).unwrap_or(0)))
    }
}
