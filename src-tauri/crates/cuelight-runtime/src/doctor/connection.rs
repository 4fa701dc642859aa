//! Tries the ways into a live one after the other, and says of each what was asked, what came back, and what to do.

use cuelight_core::attempt::{Attempt, AttemptAnswer};
use cuelight_core::handle::Handle;
use cuelight_core::way::Way;
use tokio_util::sync::CancellationToken;

use super::{Doctor, Finding, Verdict};
use crate::clock::Clock;
use crate::equipped::Equipment;
use crate::report::story::Language;
use crate::report::texts::{self, Text, attempt_answer, attempt_step, tell_count};
use crate::source::tiktok::examination::Examination;

/// What the doctor says while the ways are tried, as it is found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// One thing that was tried.
    Step(Finding),
    /// What the question whether there is a live, one way, or all of it came to.
    Outcome(Finding),
}

/// Hears what the doctor says.
pub type Listener<'a> = &'a mut (dyn FnMut(Told) + Send);

/// Looks that streamer's live up and tries every way that is switched on, each once and no faster than a capture would;
/// nothing of it is journaled. The seed decides which browser we are.
///
/// True where the connection is sound: a way leads in, or the streamer is just not live.
pub async fn examine_connection(
    equipment: &Equipment,
    handle: &Handle,
    seed: u64,
    language: Language,
    listener: Listener<'_>,
    cancel: &CancellationToken,
) -> bool {
    let clock = Clock::system();
    let means = equipment.means(handle, None, clock.now_ms()).await;
    let switches = means.switches;
    let examination = Examination::new(handle.clone(), equipment.bases.clone(), means, clock, seed);
    let mut patient = Patient { doctor: Doctor { language }, handle, examination, listener, cancel };
    let Some(is_worth_trying) = patient.look_up().await else { return false };
    if let Err(is_sound) = is_worth_trying {
        return is_sound;
    }
    let mut leading_in = Vec::new();
    for way in Way::ALL {
        if cancel.is_cancelled() {
            return false;
        }
        if !switches.allows(way) {
            patient.say_off(way);
        } else if patient.try_way(way).await {
            leading_in.push(way);
        }
    }
    patient.conclude(&leading_in);
    !leading_in.is_empty()
}

/// A connection to one live, before the doctor.
struct Patient<'a> {
    doctor: Doctor,
    handle: &'a Handle,
    examination: Examination,
    listener: Listener<'a>,
    cancel: &'a CancellationToken,
}

impl Patient<'_> {
    /// Looks the live up. `Ok` where the ways are to be tried; else whether all is well without them. `None` where we were
    /// told to stop.
    async fn look_up(&mut self) -> Option<Result<(), bool>> {
        let (doctor, listener) = (self.doctor, &mut *self.listener);
        let mut hear = |attempt: Attempt| listener(Told::Step(doctor.of_attempt(&attempt)));
        let found = self.examination.look_up(&mut hear, self.cancel).await?;
        let what = format!("@{}", self.handle);
        let Err(attempt) = found else {
            let found = doctor.tell(Text::IsLive, &[]);
            listener(Told::Outcome(Finding { what, verdict: Verdict::Good, found, what_to_do: None }));
            return Some(Ok(()));
        };
        let (verdict, outcome) = match attempt.answer {
            AttemptAnswer::NotLive => (Verdict::Notable, Err(true)),
            AttemptAnswer::NoSuchUser | AttemptAnswer::NotUnderstood => (Verdict::Bad, Err(false)),
            // Some ways find the room themselves.
            AttemptAnswer::Good
            | AttemptAnswer::InRoom
            | AttemptAnswer::LiveEnded
            | AttemptAnswer::AgeRestricted
            | AttemptAnswer::Captcha
            | AttemptAnswer::NotPublic
            | AttemptAnswer::Blocked { .. }
            | AttemptAnswer::RateLimited { .. }
            | AttemptAnswer::Refused
            | AttemptAnswer::Unreachable
            | AttemptAnswer::NotThere
            | AttemptAnswer::Broken
            | AttemptAnswer::FamilyMissing { .. } => (Verdict::Bad, Ok(())),
        };
        let what_to_do = Some(match attempt.answer {
            AttemptAnswer::NotLive => doctor.tell(Text::AdviseNotLive, &[]),
            AttemptAnswer::NoSuchUser => doctor.tell(Text::AdviseSpelling, &[]),
            answer => doctor.advice(None, answer),
        });
        listener(Told::Outcome(Finding { what, verdict, found: doctor.in_words(&attempt), what_to_do }));
        Some(outcome)
    }

    /// Tries that way; true where it leads in.
    async fn try_way(&mut self, way: Way) -> bool {
        let doctor = self.doctor;
        if way == Way::Sign {
            self.tell_allowance().await;
        }
        if !self.examination.can_try(way) {
            let found = doctor.tell(Text::WayNeedsRoom, &[]);
            let what = way.to_string();
            (self.listener)(Told::Outcome(Finding { what, verdict: Verdict::Notable, found, what_to_do: None }));
            return false;
        }
        let listener = &mut *self.listener;
        let (mut took_ms, mut last, mut is_in) = (0, None, false);
        let mut hear = |attempt: Attempt| {
            listener(Told::Step(doctor.of_attempt(&attempt)));
            took_ms += attempt.took_ms;
            is_in |= attempt.answer == AttemptAnswer::InRoom;
            last = Some(attempt);
        };
        self.examination.try_way(way, &mut hear, self.cancel).await;
        let what = way.to_string();
        let finding = match last {
            _ if is_in => {
                let found = doctor.tell(Text::WayLeadsIn, &[("ms", &doctor.language.number(took_ms))]);
                Finding { what, verdict: Verdict::Good, found, what_to_do: None }
            }
            Some(attempt) if attempt.answer == AttemptAnswer::NotThere => {
                let found = doctor.tell(Text::WayClosed, &[("cause", attempt.detail())]);
                let what_to_do = Some(doctor.advice(Some(way), attempt.answer));
                Finding { what, verdict: Verdict::Notable, found, what_to_do }
            }
            Some(attempt) => {
                let found = doctor.tell(Text::WayFails, &[("cause", &doctor.in_words(&attempt))]);
                let what_to_do = Some(doctor.advice(Some(way), attempt.answer));
                Finding { what, verdict: Verdict::Bad, found, what_to_do }
            }
            // We were told to stop before anything came of it.
            None => return false,
        };
        listener(Told::Outcome(finding));
        is_in
    }

    /// What the key for the sign server is still good for, where there is one.
    async fn tell_allowance(&mut self) {
        let asked = self.cancel.run_until_cancelled(self.examination.allowance()).await.flatten();
        let (verdict, found) = match asked {
            None => return,
            Some(Ok(allowance)) => (Verdict::Good, texts::allowance(self.doctor.language, allowance)),
            Some(Err(error)) => (Verdict::Notable, error.to_string()),
        };
        let what = self.doctor.tell(Text::Allowance, &[]);
        (self.listener)(Told::Step(Finding { what, verdict, found, what_to_do: None }));
    }

    fn say_off(&mut self, way: Way) {
        let what_to_do = self.doctor.tell(Text::AdviseWayOn, &[("setting", &format!("way_{way}"))]);
        let found = self.doctor.tell(Text::WayOff, &[]);
        let (what, verdict) = (way.to_string(), Verdict::Notable);
        (self.listener)(Told::Outcome(Finding { what, verdict, found, what_to_do: Some(what_to_do) }));
    }

    fn conclude(&mut self, leading_in: &[Way]) {
        let (doctor, user) = (self.doctor, self.handle.as_str());
        let what = doctor.tell(Text::Connection, &[]);
        let finding = if leading_in.is_empty() {
            let found = doctor.tell(Text::NoWayIn, &[("user", user)]);
            let what_to_do = Some(doctor.tell(Text::AdviseNoWay, &[]));
            Finding { what, verdict: Verdict::Bad, found, what_to_do }
        } else {
            let ways: Vec<&str> = leading_in.iter().map(|way| way.as_str()).collect();
            let values = [("user", user), ("ways", &ways.join(", "))];
            let found = tell_count(doctor.language, Text::WaysIn, ways.len() as u64, &values);
            Finding { what, verdict: Verdict::Good, found, what_to_do: None }
        };
        (self.listener)(Told::Outcome(finding));
    }
}

impl Doctor {
    /// One line about an attempt: what was tried where, and what came of it in which time.
    fn of_attempt(self, attempt: &Attempt) -> Finding {
        let step = attempt_step(self.language, attempt.step);
        let what = if attempt.place.is_empty() { step.to_owned() } else { format!("{step}, {}", attempt.place) };
        let verdict = if !attempt.has_failed() {
            Verdict::Good
        } else if matches!(attempt.answer, AttemptAnswer::NotLive | AttemptAnswer::NotThere) {
            Verdict::Notable
        } else {
            Verdict::Bad
        };
        let found = format!("{}, {} ms", self.in_words(attempt), self.language.number(attempt.took_ms));
        Finding { what, verdict, found, what_to_do: None }
    }

    /// What came of an attempt, with what whoever answered said.
    fn in_words(self, attempt: &Attempt) -> String {
        let answer = attempt_answer(self.language, attempt.answer);
        if attempt.detail().is_empty() { answer } else { format!("{answer} ({})", attempt.detail()) }
    }

    /// What to do where that was the answer, of that way or of the lookup.
    fn advice(self, way: Option<Way>, answer: AttemptAnswer) -> String {
        let text = match answer {
            AttemptAnswer::NotThere => match way {
                Some(Way::Cookie | Way::Page) => Text::AdviseBrowser,
                Some(Way::Sign) => Text::AdviseSignKey,
                Some(Way::Tikfinity) => Text::AdviseTikfinity,
                Some(Way::Direct) | None => Text::AdviseNextWay,
            },
            AttemptAnswer::Blocked { .. } | AttemptAnswer::RateLimited { .. } => Text::AdviseWait,
            AttemptAnswer::Captcha => Text::AdviseCaptcha,
            AttemptAnswer::NotPublic => Text::AdviseNotPublic,
            AttemptAnswer::AgeRestricted => Text::AdviseLogin,
            AttemptAnswer::Unreachable => Text::AdviseNetwork,
            AttemptAnswer::NotUnderstood => Text::AdviseReport,
            AttemptAnswer::Good
            | AttemptAnswer::InRoom
            | AttemptAnswer::LiveEnded
            | AttemptAnswer::NotLive
            | AttemptAnswer::NoSuchUser
            | AttemptAnswer::Refused
            | AttemptAnswer::Broken
            | AttemptAnswer::FamilyMissing { .. } => Text::AdviseNextWay,
        };
        self.tell(text, &[])
    }
}

#[cfg(test)]
mod tests {
    use cuelight_core::attempt::AttemptStep;

    use super::*;

    #[test]
    fn an_attempt_is_one_line_with_its_place_its_answer_and_its_time() {
        let answer = AttemptAnswer::Refused;
        let attempt = Attempt::new("luna".into(), Some(Way::Direct), AttemptStep::Upgrade, answer);
        let mut attempt = attempt.telling("DEVICE_BLOCKED (Handshake-Status 415, HTTP 200)");
        (attempt.place, attempt.took_ms) = ("webcast-ws.tiktok.com".to_owned(), 1_234);
        for language in Language::ALL {
            let line = Doctor { language }.of_attempt(&attempt);
            assert_eq!(line.verdict, Verdict::Bad, "it did not succeed");
            assert!(line.what.ends_with(", webcast-ws.tiktok.com"), "where: {}", line.what);
            assert!(line.found.contains("(DEVICE_BLOCKED"), "in TikTok's words: {}", line.found);
            assert!(line.found.ends_with(&format!("{} ms", language.number(1_234))), "{}", line.found);
        }
        let missing = Attempt::new("luna".into(), Some(Way::Page), AttemptStep::StartBrowser, AttemptAnswer::NotThere);
        let line = Doctor { language: Language::English }.of_attempt(&missing);
        assert!(!line.what.contains(','), "this machine needs no name: {}", line.what);
    }
}
