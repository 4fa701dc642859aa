//! Runs that were merged: what is of the run's own occasion and what of others, so that each can be taken out again.

use serde::{Deserialize, Serialize};

use super::Run;
use crate::facts::Facts;

/// What the facts hold of the run's own occasion.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Own {
    /// They are of nothing else.
    #[default]
    Alone,
    /// This; others were merged with it.
    Merged(Box<Facts>),
    /// Nothing any more; others were merged with it and are left.
    TakenBack,
}

impl Own {
    pub(super) fn is_alone(&self) -> bool {
        *self == Self::Alone
    }
}

impl Run {
    /// Merges a later firing of the same rule into it; its waiting jobs are prepared again by whoever keeps them.
    pub fn fold(&mut self, later: &Facts) {
        if self.own.is_alone() {
            self.own = Own::Merged(Box::new(self.facts.clone()));
        }
        self.facts.fold(later);
    }

    /// Whether others were merged into it.
    #[must_use]
    pub fn has_merged(&self) -> bool {
        !self.own.is_alone()
    }

    /// Takes its own occasion out of what was merged; [`Run::merge_again`] follows.
    pub fn take_back_own(&mut self) {
        self.own = Own::TakenBack;
    }

    /// Merges anew what is left of it and of others, in that order; false where nothing is left, and then nothing changes.
    /// Its waiting jobs are prepared again by whoever keeps them.
    pub fn merge_again(&mut self, others: &[Facts]) -> bool {
        let own = match &self.own {
            Own::Alone => Some(&self.facts),
            Own::Merged(own) => Some(&**own),
            Own::TakenBack => None,
        };
        let mut left = own.into_iter().chain(others);
        let Some(mut facts) = left.next().cloned() else { return false };
        left.for_each(|other| facts.fold(other));
        facts.outputs = std::mem::take(&mut self.facts.outputs);
        facts.session = self.facts.session;
        self.facts = facts;
        true
    }
}
