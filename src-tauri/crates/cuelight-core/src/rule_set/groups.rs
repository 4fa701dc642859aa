//! The groups of a set of rules, by their names and, once rules are compiled, by their places.

use ahash::AHashMap;

use crate::rule::RuleGroup;

/// Groups in their order; of two with one name the first stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Groups {
    groups: Vec<RuleGroup>,
    by_name: AHashMap<String, usize>,
}

impl Groups {
    pub(super) fn new(groups: Vec<RuleGroup>) -> Self {
        let mut by_name = AHashMap::with_capacity(groups.len());
        for (place, group) in groups.iter().enumerate() {
            by_name.entry(group.name.clone()).or_insert(place);
        }
        Self { groups, by_name }
    }

    /// The place of the group of that name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    pub(super) fn at(&self, place: usize) -> &RuleGroup {
        &self.groups[place]
    }
}
