//! Which way into a live is tried next, and when: a table without clock, network or chance.

#[cfg(test)]
mod tests;

use std::time::Duration;

use cuelight_core::way::{Way, WaySwitches};

use super::pace::{Pace, round_wait};
use crate::source::SourceError;

/// The ways of one capture, from the first that is tried to the last.
#[derive(Debug)]
pub(super) struct Ladder {
    rungs: Vec<Rung>,
    at: usize,
    /// How often all of them failed in a row.
    rounds: usize,
    /// What the last of those rounds came to, until one of the ways is tried again.
    in_vain: Option<InVain>,
}

/// What a round in vain came to.
#[derive(Debug)]
struct InVain {
    /// What stood in the way, as people should read it.
    cause: String,
    /// A captcha did, in one of the ways.
    met_a_captcha: bool,
}

/// One way, and what it has come to in this round.
#[derive(Debug)]
struct Rung {
    way: Way,
    failures: usize,
    failure: Option<SourceError>,
}

/// What is done after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// The same way again after that wait.
    Again(Duration),
    /// Another way at once.
    To(Way),
    /// From the first way on after that wait, since every one has failed.
    Rest(Duration),
    /// Nothing more: trying on does not help.
    Stop,
}

/// The situation in which a way failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Situation {
    /// We were in the room before.
    pub(super) was_in: bool,
    /// Now, ms since 1970.
    pub(super) now_ms: i64,
}

/// What may mend a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// Nothing that we could do.
    Nothing,
    /// The same again as somebody else, once.
    AnotherIdentity,
    /// The same again, once.
    OnceMore,
    /// A way that asks somebody else.
    AnotherHost,
    /// Any other way.
    AnotherWay,
}

/// Whom a way asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Host {
    Tiktok,
    Signer,
    ThisMachine,
}

impl Rung {
    fn new(way: Way) -> Self {
        Self { way, failures: 0, failure: None }
    }

    /// It needs something that is not there.
    fn is_closed(&self) -> bool {
        matches!(self.failure, Some(SourceError::WayClosed { .. }))
    }

    /// A captcha stood in it.
    fn met_a_captcha(&self) -> bool {
        matches!(self.failure, Some(SourceError::Captcha { .. }))
    }

    /// Its failure is all that people need to know of a round.
    fn says_it_all(&self) -> bool {
        self.failure.as_ref().is_some_and(|error| match error {
            SourceError::NotPublic { .. } | SourceError::Captcha { .. } => true,
            error => remedy(self.way, error) == Remedy::Nothing,
        })
    }
}

impl Ladder {
    /// The allowed ways in their order.
    pub(super) fn new(switches: WaySwitches) -> Self {
        let rungs = Way::ALL.into_iter().filter(|way| switches.allows(*way)).map(Rung::new).collect();
        Self { rungs, at: 0, rounds: 0, in_vain: None }
    }

    /// The same, with the way first that led in the last time, where it is allowed.
    pub(super) fn beginning_with(mut self, led_in: Option<Way>) -> Self {
        self.rungs.sort_by_key(|rung| (Some(rung.way) != led_in, rung.way));
        self
    }

    /// The way that is to be tried; `None` where every one is switched off.
    pub(super) fn way(&self) -> Option<Way> {
        self.rungs.get(self.at).map(|rung| rung.way)
    }

    /// Whether there is no other way that could be gone.
    pub(super) fn is_alone(&self) -> bool {
        self.rungs.iter().filter(|rung| !rung.is_closed()).count() <= 1
    }

    /// How many failures there were in a row on the way that we are at.
    pub(super) fn failures(&self) -> usize {
        self.rungs.get(self.at).map_or(0, |rung| rung.failures)
    }

    /// Why the way that we are at failed last, or why all of them did just now.
    pub(super) fn cause(&self) -> Option<String> {
        let failure = self.rungs.get(self.at)?.failure.as_ref();
        failure.map(SourceError::to_string).or_else(|| self.in_vain.as_ref().map(|round| round.cause.clone()))
    }

    /// Whether a captcha stood in one of the ways.
    pub(super) fn met_a_captcha(&self) -> bool {
        self.in_vain.as_ref().is_some_and(|round| round.met_a_captcha) || self.rungs.iter().any(Rung::met_a_captcha)
    }

    /// Whether no way could be gone at all, for want of what it needs.
    pub(super) fn is_closed(&self) -> bool {
        self.rungs.iter().all(Rung::is_closed)
    }

    /// Keeps the ways that lead in although the room could not be looked up; false, and nothing changes, where none does.
    pub(super) fn do_without_the_room(&mut self, error: &SourceError, has_session: bool) -> bool {
        let helps = |way: Way| match error {
            SourceError::Blocked { .. } | SourceError::Captcha { .. } => {
                matches!(way, Way::Page | Way::Sign)
            }
            // The page asks the host that counts our requests.
            SourceError::RateLimited { .. } => way == Way::Sign,
            SourceError::AgeRestricted { .. } => way == Way::Page && has_session,
            SourceError::NotLive { .. }
            | SourceError::NoSuchUser { .. }
            | SourceError::Refused { .. }
            | SourceError::NotPublic { .. }
            | SourceError::WayClosed { .. }
            | SourceError::NoWayLeft { .. }
            | SourceError::NotUnderstood { .. }
            | SourceError::Unreachable { .. }
            | SourceError::Denied { .. }
            | SourceError::Unreadable { .. }
            | SourceError::Closed(_) => false,
        };
        if !self.rungs.iter().any(|rung| helps(rung.way)) {
            return false;
        }
        self.rungs.retain(|rung| helps(rung.way));
        self.at = 0;
        true
    }

    /// The way that we are at led into the room and held: it goes first from now on, and nothing is held against the others.
    pub(super) fn has_held(&mut self) {
        let held = self.way();
        self.rungs.sort_by_key(|rung| (Some(rung.way) != held, rung.way));
        self.rounds = 0;
        self.begin_anew();
    }

    /// Begins with that way, as if nothing had been tried; false where it is not allowed.
    pub(super) fn begin_with(&mut self, way: Way) -> bool {
        let at = self.rungs.iter().position(|rung| rung.way == way);
        if let Some(at) = at {
            self.begin_anew();
            self.at = at;
        }
        at.is_some()
    }

    /// What is done after that failure of the way that we are at.
    pub(super) fn after(&mut self, error: SourceError, situation: Situation, pace: &Pace) -> Move {
        self.in_vain = None;
        let Some(rung) = self.rungs.get_mut(self.at) else { return Move::Stop };
        let (way, remedy) = (rung.way, remedy(rung.way, &error));
        rung.failure = Some(error);
        rung.failures += 1;
        let failures = rung.failures;
        let is_open = |(_, rung): &(usize, &Rung)| !rung.is_closed();
        let open: Vec<usize> = self.rungs.iter().enumerate().filter(is_open).map(|(index, _)| index).collect();
        match (open.as_slice(), remedy) {
            ([], _) | (_, Remedy::Nothing) => Move::Stop,
            ([only], _) => self.alone(*only, situation, pace),
            (_, Remedy::AnotherIdentity) if failures == 1 => Move::Again(pace.refused_wait),
            (_, Remedy::OnceMore) if failures == 1 => Move::Again(first_wait(pace)),
            (_, Remedy::AnotherHost) => self.climb(|other| host_of(other) != host_of(way), situation, pace),
            (_, Remedy::AnotherIdentity | Remedy::OnceMore | Remedy::AnotherWay) => {
                self.climb(|_| true, situation, pace)
            }
        }
    }

    /// What stopped us in the end: the one cause that says it all where there is one, else each way with its own.
    pub(super) fn last_word(&mut self, user: &str, now_ms: i64) -> SourceError {
        let position = if self.rungs.len() == 1 { Some(0) } else { self.rungs.iter().position(Rung::says_it_all) };
        if let Some(error) = position.and_then(|index| self.rungs[index].failure.take()) {
            return error;
        }
        let until_ms = now_ms.saturating_add(ms(round_wait(self.rounds))).max(self.ready_ms());
        let tried = self.rungs.iter().filter_map(|rung| Some((rung.way, cause_of(rung.failure.as_ref()?))));
        SourceError::NoWayLeft { user: user.to_owned(), tried: tried.collect(), until_ms }
    }

    /// Goes on to the next way that may help, or rests and begins anew.
    fn climb(&mut self, helps: impl Fn(Way) -> bool, situation: Situation, pace: &Pace) -> Move {
        let next = (self.at + 1..self.rungs.len()).find(|index| helps(self.rungs[*index].way));
        if let Some(next) = next {
            self.at = next;
            return Move::To(self.rungs[next].way);
        }
        self.rounds += 1;
        if !situation.was_in || (!pace.never_gives_up && self.rounds > pace.retry_waits.len()) {
            return Move::Stop;
        }
        let wait_ms = ms(round_wait(self.rounds)).max(self.ready_ms().saturating_sub(situation.now_ms));
        let in_vain = self.in_vain();
        self.begin_anew();
        self.in_vain = in_vain;
        Move::Rest(Duration::from_millis(wait_ms.unsigned_abs()))
    }

    /// What is done where only one way can be gone at all: it has as many tries as there are waits.
    fn alone(&mut self, only: usize, situation: Situation, pace: &Pace) -> Move {
        let (has_moved, rung) = (self.at != only, &self.rungs[only]);
        self.at = only;
        let Some(error) = &rung.failure else { return Move::To(rung.way) };
        let tries = rung.failures.saturating_sub(1);
        let wait = match pace.retry_waits.get(tries) {
            Some(wait) => *wait,
            None if situation.was_in && pace.never_gives_up => pace.retry_waits.last().copied().unwrap_or_default(),
            None => return Move::Stop,
        };
        let is_patient = tries >= pace.retry_waits.len();
        match error {
            // It was left early, for the sake of ways that turned out not to be there.
            SourceError::Refused { .. } | SourceError::Blocked { .. } if has_moved => Move::To(rung.way),
            SourceError::Refused { .. } if !is_patient => Move::Again(pace.refused_wait),
            // Before the first visit the streamer waits at the screen, and eight pages without a cookie say it all.
            SourceError::Blocked { until_ms, .. } | SourceError::RateLimited { until_ms, .. } if situation.was_in => {
                let ready_in_ms = until_ms.saturating_sub(situation.now_ms).max(ms(wait));
                Move::Again(Duration::from_millis(ready_in_ms.unsigned_abs()))
            }
            SourceError::NotPublic { .. } if situation.was_in => Move::Again(wait),
            SourceError::Refused { .. } | SourceError::Unreachable { .. } => Move::Again(wait),
            SourceError::Blocked { .. }
            | SourceError::RateLimited { .. }
            | SourceError::NotPublic { .. }
            | SourceError::WayClosed { .. }
            | SourceError::NoWayLeft { .. }
            | SourceError::NotLive { .. }
            | SourceError::NoSuchUser { .. }
            | SourceError::Captcha { .. }
            | SourceError::AgeRestricted { .. }
            | SourceError::NotUnderstood { .. }
            | SourceError::Denied { .. }
            | SourceError::Unreadable { .. }
            | SourceError::Closed(_) => Move::Stop,
        }
    }

    /// What this round came to: the cause that says it all, else that of the first way that could be gone.
    fn in_vain(&self) -> Option<InVain> {
        let could_be_gone = |rung: &&Rung| rung.failure.is_some() && !rung.is_closed();
        let telling = self.rungs.iter().find(|rung| rung.says_it_all());
        let cause = telling.or_else(|| self.rungs.iter().find(could_be_gone))?.failure.as_ref()?.to_string();
        Some(InVain { cause, met_a_captcha: self.rungs.iter().any(Rung::met_a_captcha) })
    }

    fn begin_anew(&mut self) {
        (self.at, self.in_vain) = (0, None);
        for rung in &mut self.rungs {
            *rung = Rung::new(rung.way);
        }
    }

    /// The earliest moment at which a host that sent us away may be asked again, ms since 1970.
    fn ready_ms(&self) -> i64 {
        let until_ms = |rung: &Rung| match rung.failure {
            Some(SourceError::Blocked { until_ms, .. } | SourceError::RateLimited { until_ms, .. }) => Some(until_ms),
            _ => None,
        };
        self.rungs.iter().filter_map(until_ms).min().unwrap_or(i64::MIN)
    }
}

/// The table: what may mend that failure of that way.
fn remedy(way: Way, error: &SourceError) -> Remedy {
    match (error, way) {
        (SourceError::Refused { .. }, Way::Direct) => Remedy::AnotherIdentity,
        // A signature is good for half a minute, so a refused one may have been too old.
        (SourceError::Refused { .. }, Way::Sign) => Remedy::OnceMore,
        (SourceError::Refused { .. }, Way::Cookie | Way::Page | Way::Tikfinity) => Remedy::AnotherWay,
        (SourceError::Unreachable { .. }, _) => Remedy::OnceMore,
        (SourceError::RateLimited { .. }, _) => Remedy::AnotherHost,
        (
            SourceError::Blocked { .. }
            | SourceError::NotPublic { .. }
            | SourceError::WayClosed { .. }
            | SourceError::Captcha { .. }
            | SourceError::AgeRestricted { .. }
            | SourceError::Denied { .. },
            _,
        ) => Remedy::AnotherWay,
        (
            SourceError::NotLive { .. }
            | SourceError::NoSuchUser { .. }
            | SourceError::NotUnderstood { .. }
            | SourceError::NoWayLeft { .. }
            | SourceError::Unreadable { .. }
            | SourceError::Closed(_),
            _,
        ) => Remedy::Nothing,
    }
}

fn host_of(way: Way) -> Host {
    match way {
        Way::Direct | Way::Cookie | Way::Page => Host::Tiktok,
        Way::Sign => Host::Signer,
        Way::Tikfinity => Host::ThisMachine,
    }
}

/// A failure in a list of failures, each of which stands behind the name of its way.
fn cause_of(error: &SourceError) -> String {
    match error {
        SourceError::WayClosed { cause, .. } => cause.clone(),
        SourceError::Refused { refusal } => refusal.to_string(),
        error => error.to_string(),
    }
}

fn first_wait(pace: &Pace) -> Duration {
    pace.retry_waits.first().copied().unwrap_or_default()
}

fn ms(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
