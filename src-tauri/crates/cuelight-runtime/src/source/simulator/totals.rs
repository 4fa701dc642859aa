//! What a simulation has truly given so far, for tests to compare with what was counted.

use std::collections::BTreeMap;

/// The sums of everything sent, each thing once however often the wire repeated it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SimulatedTotals {
    /// Messages made, without repeated ones and without history.
    pub messages: u64,
    /// Messages sent again under their old `msg_id`, live or as history.
    pub repeats: u64,
    /// Comments from before the connection, sent as history.
    pub history: u64,
    /// Comments.
    pub comments: u64,
    /// Like messages.
    pub like_messages: u64,
    /// Hearts of the room, as the last like message said; 0 before the first.
    pub likes: u64,
    /// Joins.
    pub joins: u64,
    /// Follows.
    pub follows: u64,
    /// Shares.
    pub shares: u64,
    /// Subscriptions.
    pub subscribes: u64,
    /// Combos and single gifts.
    pub gifts: u64,
    /// Units of gifts: for a combo its highest count.
    pub gift_units: u64,
    /// Diamonds of all gifts.
    pub diamonds: u64,
    /// Diamonds by the giver's user id; bounded by the number of simulated viewers.
    pub diamonds_by_user: BTreeMap<i64, u64>,
}

impl SimulatedTotals {
    pub(super) fn add_gift(&mut self, user_id: i64, units: u32, diamonds: u64) {
        self.gift_units += u64::from(units);
        self.diamonds += diamonds;
        *self.diamonds_by_user.entry(user_id).or_default() += diamonds;
    }
}
