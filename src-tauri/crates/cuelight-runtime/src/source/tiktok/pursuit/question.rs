//! A captcha before the person at the screen: it is shown beside whatever else is tried, and shut once it is of no more use.

use std::future::pending;
use std::sync::Arc;

use cuelight_core::attempt::{AttemptAnswer, AttemptStep};
use cuelight_core::way::Way;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Pursuit;
use crate::source::SourceStatus;
use crate::source::page::{PageFault, PersonWanted};
use crate::source::tiktok::bases::place_of;
use crate::source::tiktok::story::Story;

/// What a person is asked, if anything is; who lets it go shuts the page.
#[derive(Debug, Default)]
pub(super) struct Question {
    asked: JoinSet<Result<(), PageFault>>,
    began: Option<Instant>,
}

impl Question {
    /// Whether the person has not answered yet.
    pub(super) fn is_open(&self) -> bool {
        !self.asked.is_empty()
    }

    /// What came of it; never, where nothing is asked.
    pub(super) async fn answered(&mut self) -> Result<(), PageFault> {
        match self.asked.join_next().await {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => Err(PageFault::Gone { cause: error.to_string() }),
            None => pending().await,
        }
    }
}

impl Pursuit<'_> {
    /// Asks the person at the screen to solve the captcha that stood in the way, once in a break, unless they wish for
    /// another try themselves. Every page is then shown what that gave, in this capture and the next ones.
    pub(super) fn ask_the_person(&mut self) {
        let Some(host) = &self.means.page else { return };
        let is_of_use = self.ladder.a_person_helps(self.out.clock().now_ms());
        if self.has_asked || self.question.is_open() || !is_of_use {
            return;
        }
        self.has_asked = true;
        let (host, visitor, mut status) = (Arc::clone(host), self.means.visitor.clone(), self.out.watch());
        let (page, cookies) = (self.bases.live_page(self.handle), self.means.page_cookies());
        // From then on nothing is left to solve it for.
        let is_in = async move {
            while status.changed().await.is_ok() {
                if matches!(*status.borrow_and_update(), SourceStatus::Connected { .. }) {
                    return;
                }
            }
        };
        self.question.began = Some(Instant::now());
        self.question.asked.spawn(async move {
            tokio::select! {
                asked = host.ask_person(page, cookies, PersonWanted::Captcha) => {
                    visitor.become_that_of(asked?);
                    Ok(())
                }
                () = is_in => Err(PageFault::Closed),
            }
        });
    }

    /// Whether a person sees a captcha now. Where nothing can be shown, nobody looks for a window.
    pub(super) fn is_asking(&self) -> bool {
        self.question.is_open() && self.means.page.as_ref().is_some_and(|page| page.has_screen())
    }

    /// Notes what came of the question; true where the page is worth another try.
    pub(super) fn take_answer(&mut self, answer: Result<(), PageFault>) -> bool {
        let (story, place) = (Story::of_way(self.out, self.handle, Way::Page), place_of(&self.bases.web(&[])));
        let began = self.question.began.take().unwrap_or_else(Instant::now);
        match answer {
            Ok(()) => {
                story.tell_answer(AttemptStep::AskPerson, &place, began, AttemptAnswer::Good, "");
                self.ladder.begin_with(Way::Page, self.out.clock().now_ms())
            }
            Err(fault) => {
                story.tell_answer(AttemptStep::AskPerson, &place, began, AttemptAnswer::Captcha, &fault.to_string());
                tracing::info!(user = %self.handle, %fault, "the captcha was not solved");
                // Nobody saw it, so the next round may have more luck.
                self.has_asked = match fault {
                    PageFault::NoBrowser { .. }
                    | PageFault::NotStarted { .. }
                    | PageFault::Unreachable { .. }
                    | PageFault::Blocked { .. } => false,
                    PageFault::Captcha | PageFault::Closed | PageFault::Gone { .. } | PageFault::TimedOut => true,
                };
                false
            }
        }
    }
}
