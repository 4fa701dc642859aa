//! Lines of the feed, what became of events, and the whole story of one.

use std::collections::BTreeSet;

use cuelight_core::decision::{Decision, Origin};
use cuelight_core::event::Event;
use cuelight_core::id::{EventId, JobId, SessionId};
use cuelight_runtime::store::{Lines, StoreError, StoredLine, StoredOutcome, StoredRun};

use super::View;
use crate::dto::{DecisionLine, EventLine, EventStory, Outcome, OutcomeChange, StoryDecision, StoryRun};

/// Lines that are given at once: some screens full; who scrolls on asks again.
pub(crate) const LINES_AT_ONCE: u32 = 500;

impl View<'_> {
    /// The newest `limit` lines from one event to another one, both included, oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn lines(
        &self,
        which: Lines,
        from: EventId,
        to: EventId,
        limit: u32,
    ) -> Result<Vec<EventLine>, StoreError> {
        let lines = self.reader.lines(which, from, to, limit)?;
        Ok(lines.into_iter().filter_map(|line| self.line(line)).collect())
    }

    /// The newest `limit` lines of the open session, oldest first; none where none is open.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn lines_of_open_session(&self, limit: u32) -> Result<Vec<EventLine>, StoreError> {
        let Some(session) = self.reader.open_session()? else { return Ok(Vec::new()) };
        let [from, to] = whole(session);
        self.lines(Lines::All, from, to, limit)
    }

    /// What became of these events.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn outcomes<'a>(
        &self,
        events: impl IntoIterator<Item = &'a EventId>,
    ) -> Result<Vec<OutcomeChange>, StoreError> {
        let change = |(id, outcome): (EventId, StoredOutcome)| OutcomeChange {
            session: id.session,
            number: id.number,
            outcome: self.outcome(outcome),
        };
        Ok(self.reader.outcomes(events)?.into_iter().map(change).collect())
    }

    /// The events whose runs these jobs belong to.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn events_of_jobs<'a>(
        &self,
        jobs: impl IntoIterator<Item = &'a JobId>,
    ) -> Result<BTreeSet<EventId>, StoreError> {
        self.reader.events_of_jobs(jobs)
    }

    /// The whole story of one event, if there is one of that number.
    ///
    /// # Errors
    /// The database cannot be read.
    pub(crate) fn story(&self, id: EventId) -> Result<Option<EventStory>, StoreError> {
        let Some(line) = self.reader.line(id)?.and_then(|line| self.line(line)) else { return Ok(None) };
        let runs = self.reader.runs_of_event(id)?;
        // Runs are written in the commit of their event, so the first of them says when that was; of an event without
        // runs nobody noted it.
        let committed_ms = runs.iter().filter(|run| run.is_first).map(|run| run.created_ms).min();
        let stamp = &line.event.stamp;
        let created_ms = stamp.msg_id.is_some().then(|| stamp.timestamp.as_ms());
        Ok(Some(EventStory {
            decisions: self.verdicts(&line)?,
            runs: runs.into_iter().map(|run| self.run(run)).collect::<Result<_, _>>()?,
            received_ms: line.received_ms,
            committed_ms,
            created_ms,
            line,
        }))
    }

    /// Every rule of today with what was decided about it then; default actions where the event's type has one.
    fn verdicts(&self, line: &EventLine) -> Result<Vec<StoryDecision>, StoreError> {
        let mut verdicts: Vec<StoryDecision> =
            line.outcome.decisions.iter().map(|line| StoryDecision { line: line.clone(), matched: true }).collect();
        let rules = self.reader.rules()?.into_iter().map(|rule| Origin::Rule(rule.id));
        let event_type = Some(line.event.event_type());
        let services = self.reader.services()?.into_iter();
        let defaults = services
            .filter(|service| service.event(event_type).default_action.is_some())
            .map(|service| Origin::Default(service.id));
        for origin in rules.chain(defaults) {
            let line = self.decision(Decision { rule: origin, fired: 0, because: None });
            if !verdicts.iter().any(|verdict| verdict.line.origin == line.origin) {
                verdicts.push(StoryDecision { line, matched: false });
            }
        }
        Ok(verdicts)
    }

    fn run(&self, run: StoredRun) -> Result<StoryRun, StoreError> {
        Ok(StoryRun {
            id: run.id.0,
            name: self.names.of(&run.origin),
            origin: run.origin.to_string(),
            firing: run.firing,
            jobs: self.shown(run.jobs)?,
        })
    }

    /// An event that cannot be read is left out; the journal keeps it.
    fn line(&self, line: StoredLine) -> Option<EventLine> {
        let event: Event = match line.event.to_event() {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(session = %line.id.session, number = line.id.number, %error, "a stored event could not be read");
                return None;
            }
        };
        Some(EventLine {
            session: line.id.session,
            number: line.id.number,
            received_ms: line.event.received_ms,
            picture: event.user().and_then(|user| self.pictures.url_for(user.profile_picture.as_deref()?)),
            event,
            outcome: self.outcome(line.outcome),
        })
    }

    /// Events have no test: what *Try* runs has no event of the journal.
    fn outcome(&self, outcome: StoredOutcome) -> Outcome {
        let StoredOutcome { decisions, muted, pending, processing, completed, failed, discarded, took_ms, reason } =
            outcome;
        Outcome {
            decisions: decisions.into_iter().map(|decision| self.decision(decision)).collect(),
            pending,
            processing,
            completed,
            failed,
            discarded,
            took_ms,
            reason: muted.or(reason),
            test: false,
        }
    }

    fn decision(&self, decision: Decision) -> DecisionLine {
        DecisionLine {
            name: self.names.of(&decision.rule),
            origin: decision.rule.to_string(),
            fired: decision.fired,
            because: decision.because,
        }
    }
}

/// From the first to the last event that a session can have.
fn whole(session: SessionId) -> [EventId; 2] {
    [EventId { session, number: 1 }, EventId { session, number: u32::MAX }]
}
