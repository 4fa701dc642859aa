//! Merging what still waits of one rule into one run.

use super::Facts;
use crate::id::UserId;
use crate::limits::FOLDED_VIEWERS;

impl Facts {
    /// Takes in a later occasion of the same rule: counts and diamonds add up, the first viewer and the first words stay.
    ///
    /// What has no count of its own, such as a comment, counts as one. At most [`FOLDED_VIEWERS`] further viewers are
    /// remembered; totals of the live become the later ones.
    pub fn fold(&mut self, later: &Self) {
        self.count = Some(self.count.unwrap_or(1).saturating_add(later.count.unwrap_or(1)));
        self.diamonds = match (self.diamonds, later.diamonds) {
            (None, None) => None,
            (ours, theirs) => Some(ours.unwrap_or(0).saturating_add(theirs.unwrap_or(0))),
        };
        self.total_likes = self.total_likes.max(later.total_likes);
        self.viewers = later.viewers.or(self.viewers);
        if self.viewer.is_none() {
            self.viewer.clone_from(&later.viewer);
        }
        if let Some(viewer) = &later.viewer {
            self.remember(&viewer.user_id);
        }
        for user_id in &later.others {
            self.remember(user_id);
        }
    }

    /// Adds a further viewer, once; somebody without an id cannot be told from others.
    fn remember(&mut self, user_id: &UserId) {
        let is_first = self.viewer.as_ref().is_some_and(|viewer| viewer.user_id == *user_id);
        let is_new = !user_id.as_str().is_empty() && !is_first && !self.others.contains(user_id);
        if is_new && self.others.len() < FOLDED_VIEWERS {
            self.others.push(user_id.clone());
        }
    }
}
