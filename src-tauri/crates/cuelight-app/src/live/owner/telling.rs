//! Telling how the live stands: what is news at once, numbers a few times a second, and a full disk everywhere.

use std::mem::discriminant;

use super::Owner;
use crate::dto::Phase;
use crate::live::health::waiting;
use crate::push::Gathered;

/// How many times of telling totals pass between two looks at the healths.
const TELLS_PER_HEALTH: u32 = 4;

impl Owner {
    /// Nothing is captured, and nothing will be by itself.
    pub(super) fn stand_still(&mut self, phase: Phase) {
        self.retry = None;
        self.waits = false;
        self.witness = None;
        self.stand(phase);
    }

    /// Nothing is captured for now.
    pub(super) fn stand(&mut self, phase: Phase) {
        let standing = &mut self.standing;
        (standing.phase, standing.session, standing.way, standing.behind_ms) = (phase, None, None, 0);
        (standing.publishing, standing.disk) = (None, None);
        self.publish();
    }

    /// Looks how the capture stands; what is news is told at once, numbers when it is their time.
    pub(super) fn show(&mut self) {
        self.look();
        if self.standing.is_news_after(&self.board.borrow()) {
            self.publish();
        }
    }

    pub(super) fn tell_numbers(&mut self) {
        self.look();
        if self.standing != *self.board.borrow() {
            self.publish();
        }
        self.tells = self.tells.wrapping_add(1);
        if self.tells.is_multiple_of(TELLS_PER_HEALTH) {
            self.note(|gathered| gathered.health = true);
        }
    }

    fn look(&mut self) {
        let Some(running) = &mut self.running else { return };
        let heard_ms = running.capture.contact.heard_ms();
        let standing = &mut self.standing;
        standing.phase = running.course.phase(heard_ms, self.clock.now_ms());
        standing.session = running.course.session;
        standing.way = running.course.way();
        if let Some(creator) = &running.course.creator {
            standing.creator = Some(creator.clone());
        }
        standing.totals = running.course.totals();
        standing.last_gap = running.course.last_gap.or(standing.last_gap);
        standing.behind_ms = running.capture.behind_ms();
        standing.heard_ms = heard_ms;
        standing.publishing = running.publish_health();
        standing.disk = waiting(&running.capture.health.borrow_and_update());
    }

    fn publish(&mut self) {
        let is_otherwise = discriminant(&self.standing.phase) != discriminant(&self.board.borrow().phase);
        self.board.send_replace(self.standing.clone());
        self.note(|gathered| {
            gathered.live = true;
            gathered.health |= is_otherwise;
        });
        self.show_banner();
    }

    /// Says everywhere that the disk takes nothing, and that it does again.
    pub(super) fn show_banner(&mut self) {
        let Some(app) = self.app.upgrade() else { return };
        let banner = app.banner(&self.standing);
        if banner != self.banner {
            self.banner.clone_from(&banner);
            self.note(|gathered| {
                gathered.banner = Some(banner);
                gathered.health = true;
            });
        }
    }

    pub(super) fn note(&self, change: impl FnOnce(&mut Gathered)) {
        if let Some(app) = self.app.upgrade() {
            app.push.note(change);
        }
    }
}
