//! Which way into a live is tried next, and when: without clock, network or chance.

mod remedy;
mod rung;
#[cfg(test)]
mod tests;

use std::time::Duration;

use cuelight_core::way::{Way, WaySwitches};

use self::remedy::{Alone, AmongOthers, Host, does_without_the_room, host_of, remedy};
use self::rung::Rung;
use crate::source::SourceError;
use crate::source::pace::{Pace, round_wait};

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
    /// A captcha did that a person could have solved.
    a_person_helps: bool,
}

/// What is done after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// The same way again after that wait.
    Again(Duration),
    /// Another way at once.
    To(Way),
    /// From the first way on that may be gone by then, after that wait, since every one has failed.
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
        self.rungs.iter().filter(|rung| rung.is_open()).count() <= 1
    }

    /// Why the way that we are at failed last, or why all of them did just now.
    pub(super) fn cause(&self) -> Option<String> {
        let failure = self.rungs.get(self.at)?.failure.as_ref();
        failure.map(SourceError::to_string).or_else(|| self.in_vain.as_ref().map(|round| round.cause.clone()))
    }

    /// Whether a captcha stood in one of the ways that a person could solve: only the page shows TikTok what that gave.
    pub(super) fn a_person_helps(&self, now_ms: i64) -> bool {
        let page_is_open = || self.rungs.iter().any(|rung| rung.way == Way::Page && rung.may_be_gone(now_ms));
        let did_in_vain = self.in_vain.as_ref().is_some_and(|round| round.a_person_helps);
        did_in_vain || (self.rungs.iter().any(Rung::met_a_captcha) && page_is_open())
    }

    /// Whether every way that asks TikTok is to be left alone, so that TikTok is not asked about the live either.
    pub(super) fn leaves_tiktok_alone(&self, now_ms: i64) -> bool {
        let mut asks_tiktok = self.rungs.iter().filter(|rung| host_of(rung.way) == Host::Tiktok).peekable();
        asks_tiktok.peek().is_some() && asks_tiktok.all(|rung| rung.ready_in_ms(now_ms) > 0)
    }

    /// Whether no way could be gone at all, for want of what it needs.
    pub(super) fn is_closed(&self) -> bool {
        !self.rungs.iter().any(Rung::is_open)
    }

    /// Goes only the ways that lead in although the room could not be looked up, until it is known; false, and nothing
    /// changes, where none does.
    pub(super) fn do_without_the_room(&mut self, error: &SourceError, has_account: bool) -> bool {
        let helps = |way: Way| does_without_the_room(way, error, has_account);
        let Some(first) = self.rungs.iter().position(|rung| helps(rung.way)) else { return false };
        for rung in &mut self.rungs {
            rung.lacks_room = !helps(rung.way);
        }
        self.at = first;
        true
    }

    /// The room is known, and every way may be gone.
    pub(super) fn find_the_room(&mut self) {
        for rung in &mut self.rungs {
            rung.lacks_room = false;
        }
    }

    /// The way that we are at led into the room and held: it goes first from now on, and nothing is held against the others
    /// but for hosts that want to be left alone.
    pub(super) fn has_held(&mut self) {
        let held = self.way();
        self.rungs.sort_by_key(|rung| (Some(rung.way) != held, rung.way));
        self.rounds = 0;
        self.begin_anew();
    }

    /// Begins with that way, as if nothing had been tried; false where it may not be gone now.
    pub(super) fn begin_with(&mut self, way: Way, now_ms: i64) -> bool {
        let at = self.rungs.iter().position(|rung| rung.way == way && rung.may_be_gone(now_ms));
        if let Some(at) = at {
            self.begin_anew();
            self.at = at;
        }
        at.is_some()
    }

    /// What is done after that failure of the way that we are at.
    pub(super) fn after(&mut self, error: SourceError, situation: Situation, pace: &Pace) -> Move {
        self.in_vain = None;
        let Some(way) = self.way() else { return Move::Stop };
        self.leave_alone(way, &error);
        let remedy = remedy(way, &error).among_others;
        let rung = &mut self.rungs[self.at];
        rung.failure = Some(error);
        rung.failures += 1;
        let failures = rung.failures;
        let is_open = |(_, rung): &(usize, &Rung)| rung.is_open();
        let open: Vec<usize> = self.rungs.iter().enumerate().filter(is_open).map(|(index, _)| index).collect();
        match (open.as_slice(), remedy) {
            ([], _) | (_, AmongOthers::Nothing) => Move::Stop,
            ([only], _) => self.alone(*only, situation, pace),
            (_, AmongOthers::AnotherIdentity) if failures == 1 => Move::Again(pace.refused_wait),
            (_, AmongOthers::OnceMore) if failures == 1 => Move::Again(pace.retry_wait(1)),
            (_, AmongOthers::AnotherHost) => self.climb(|other| host_of(other) != host_of(way), situation, pace),
            (_, AmongOthers::AnotherIdentity | AmongOthers::OnceMore | AmongOthers::AnotherWay) => {
                self.climb(|_| true, situation, pace)
            }
        }
    }

    /// What stopped us in the end: the one cause that says it all where there is one, else each way with its own.
    pub(super) fn last_word(&mut self, user: &str, now_ms: i64) -> SourceError {
        let position = match self.rungs.as_slice() {
            [_] => Some(0),
            rungs => rungs.iter().position(Rung::says_it_all),
        };
        if let Some(error) = position.and_then(|index| self.rungs[index].failure.take()) {
            return error;
        }
        let wait_ms = ms(round_wait(self.rounds)).max(self.ready_in_ms(now_ms));
        let tried = self.rungs.iter().filter_map(|rung| Some((rung.way, rung.cause()?))).collect();
        SourceError::NoWayLeft { user: user.to_owned(), tried, until_ms: now_ms.saturating_add(wait_ms) }
    }

    /// Goes on to the next way that may help, or rests and begins anew.
    fn climb(&mut self, helps: impl Fn(Way) -> bool, situation: Situation, pace: &Pace) -> Move {
        let may_help = |rung: &Rung| !rung.lacks_room && helps(rung.way) && rung.ready_in_ms(situation.now_ms) == 0;
        if let Some(next) = (self.at + 1..self.rungs.len()).find(|index| may_help(&self.rungs[*index])) {
            self.at = next;
            return Move::To(self.rungs[next].way);
        }
        self.rounds += 1;
        if !situation.was_in || (!pace.never_gives_up && self.rounds > pace.retry_waits.len()) {
            return Move::Stop;
        }
        let wait_ms = ms(round_wait(self.rounds)).max(self.ready_in_ms(situation.now_ms));
        let in_vain = self.in_vain(situation.now_ms);
        self.begin_anew();
        let then_ms = situation.now_ms.saturating_add(wait_ms);
        let first = self.rungs.iter().position(|rung| !rung.lacks_room && rung.ready_in_ms(then_ms) == 0);
        (self.at, self.in_vain) = (first.unwrap_or(self.at), in_vain);
        Move::Rest(duration(wait_ms))
    }

    /// What is done where only one way can be gone at all: it has as many tries as there are waits.
    fn alone(&mut self, only: usize, situation: Situation, pace: &Pace) -> Move {
        let (has_moved, rung) = (self.at != only, &self.rungs[only]);
        self.at = only;
        let ready_in = duration(rung.ready_in_ms(situation.now_ms));
        let Some(error) = &rung.failure else {
            return match (ready_in.is_zero(), situation.was_in) {
                (true, _) => Move::To(rung.way),
                (false, true) => Move::Again(ready_in),
                (false, false) => Move::Stop,
            };
        };
        let is_patient = rung.failures > pace.retry_waits.len();
        if is_patient && !(situation.was_in && pace.never_gives_up) {
            return Move::Stop;
        }
        let is_left_early = matches!(error, SourceError::Refused { .. } | SourceError::Blocked { .. });
        let (way, alone) = (rung.way, remedy(rung.way, error).alone);
        // In a long live a browser or TikFinity may have been started meanwhile.
        let looks_anew = is_patient && !has_moved && rung.failures.is_multiple_of(pace.retry_waits.len() + 1);
        if looks_anew
            && alone != Alone::Nothing
            && let Some(to) = self.open_closed_ways()
        {
            return Move::To(to);
        }
        let rung = &self.rungs[only];
        match alone {
            Alone::Nothing => Move::Stop,
            // For the sake of ways that turned out not to be there.
            Alone::AnotherIdentity | Alone::TimeOnceIn if has_moved && is_left_early && !is_patient => Move::To(way),
            Alone::AnotherIdentity if !is_patient => Move::Again(pace.refused_wait),
            Alone::TimeOnceIn if !situation.was_in => Move::Stop,
            Alone::AnotherIdentity | Alone::Time | Alone::TimeOnceIn => {
                Move::Again(pace.retry_wait(rung.failures).max(ready_in))
            }
        }
    }

    /// Forgets what the ways that could not be gone lacked, and goes to the first of them.
    fn open_closed_ways(&mut self) -> Option<Way> {
        let first = self.rungs.iter().position(Rung::is_closed)?;
        self.rungs.iter_mut().filter(|rung| rung.is_closed()).for_each(Rung::begin_anew);
        self.at = first;
        self.way()
    }

    /// Notes until when that way, and whatever asks the same host, is to be left alone.
    fn leave_alone(&mut self, way: Way, error: &SourceError) {
        if let SourceError::RateLimited { until_ms, .. } = error {
            for rung in self.rungs.iter_mut().filter(|rung| host_of(rung.way) == host_of(way)) {
                rung.not_before_ms = rung.not_before_ms.max(*until_ms);
            }
        }
        // What takes one way for a machine may take another for a person.
        if let SourceError::Blocked { until_ms, .. } = error {
            self.rungs[self.at].not_before_ms = *until_ms;
        }
    }

    /// What this round came to: the cause that says it all, else that of the first way that could be gone.
    fn in_vain(&self, now_ms: i64) -> Option<InVain> {
        let could_be_gone = |rung: &&Rung| rung.failure.is_some() && !rung.is_closed();
        let telling = self.rungs.iter().find(|rung| rung.says_it_all());
        let cause = telling.or_else(|| self.rungs.iter().find(could_be_gone))?.failure.as_ref()?.to_string();
        Some(InVain { cause, a_person_helps: self.a_person_helps(now_ms) })
    }

    fn begin_anew(&mut self) {
        self.in_vain = None;
        self.rungs.iter_mut().for_each(Rung::begin_anew);
        self.at = self.rungs.iter().position(|rung| !rung.lacks_room).unwrap_or(0);
    }

    /// How long until the first way that can be gone may be, in milliseconds; 0 where one may be now.
    fn ready_in_ms(&self, now_ms: i64) -> i64 {
        self.rungs.iter().filter(|rung| rung.is_open()).map(|rung| rung.ready_in_ms(now_ms)).min().unwrap_or(0)
    }
}

fn ms(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// That many milliseconds, which are not negative.
fn duration(time_ms: i64) -> Duration {
    Duration::from_millis(time_ms.unsigned_abs())
}
