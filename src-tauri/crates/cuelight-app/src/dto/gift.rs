//! The gifts that the picker offers.

use cuelight_core::id::{GiftId, RuleId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The order of the gift picker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GiftOrder {
    /// Those that this creator received, most first, then the others.
    Received,
    /// Those that rules use, then the cheap ones that many people send.
    Popular,
    /// The dearest first.
    Value,
}

/// A gift in the picker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Gift {
    /// TikTok's number of it.
    pub id: GiftId,
    /// As the newest message named it.
    pub name: String,
    /// Diamonds of one unit.
    pub diamond_count: Option<u32>,
    /// From our own cache; without one its initial is drawn.
    pub image_url: Option<String>,
    /// It can be sent in combos.
    pub streakable: bool,
    /// How many were received.
    pub received: u64,
    /// Rules that name it.
    pub used_by: Vec<GiftUser>,
}

/// A rule that names a gift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GiftUser {
    /// The rule's id.
    pub id: RuleId,
    /// The rule's name.
    pub name: String,
}

/// A page of the picker.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GiftPage {
    /// The gifts.
    pub gifts: Vec<Gift>,
    /// How many there are altogether.
    pub total: u32,
    /// The offset of the next page.
    pub next: Option<u32>,
}
