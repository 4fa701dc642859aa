//! How often a rule fires in a gift combo, derived from the combo's count, so that nothing fires twice and nothing is missed.

use std::collections::BTreeMap;

use ahash::AHashMap;
use serde::{Deserialize, Serialize};

use crate::combo::ComboKey;
use crate::decision::Origin;
use crate::event::Gift;
use crate::limits::COMBO_FIRINGS;
use crate::reason::Reason;
use crate::rule::ComboMode;
use crate::viewer::Standing;

/// Combos let go at once when [`COMBO_FIRINGS`] is reached, so that one pass serves many newcomers.
const COMBOS_LET_GO: usize = COMBO_FIRINGS / 16;

/// How often a rule of that mode fires in all for a combo that has shown so many units and has ended or not.
#[must_use]
pub fn derived(mode: &ComboMode, seen: u32, is_ended: bool) -> u32 {
    match mode {
        ComboMode::ComboEnd { .. } if !is_ended => 0,
        ComboMode::ComboEnd { repeat: true, max_repeat } | ComboMode::EachGift { max_repeat } => {
            max_repeat.map_or(seen, |most| seen.min(most))
        }
        ComboMode::ComboEnd { repeat: false, .. } | ComboMode::ComboStart | ComboMode::WithCombo => seen.min(1),
        ComboMode::EveryN { n } => seen.checked_div(*n).unwrap_or(0),
    }
}

/// One combo, as far as rules have answered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ComboFirings {
    /// The number of its first event.
    pub(crate) cause: u32,
    /// The giver's first event of the session was this combo's first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) first_in_session: bool,
    /// The giver's first event ever was this combo's first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) first_ever: bool,
    /// Its end was told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_ended: bool,
    /// What fired or was held back, by what fires.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    handled: BTreeMap<Origin, Handled>,
}

/// What one rule did in one combo.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Handled {
    /// Firings that happened or were held back.
    firings: u32,
    /// A run goes along with the combo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    runs_along: bool,
}

/// What is due for one rule at one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    /// How many firings.
    pub(crate) count: u32,
    /// How many came before them for the same cause.
    pub(crate) before: u32,
    /// Why not more.
    pub(crate) because: Option<Reason>,
}

impl ComboFirings {
    /// A combo whose first known event has that number.
    fn begun(cause: u32, standing: &Standing) -> Self {
        let Standing { first_in_session, first_ever, .. } = *standing;
        Self { cause, first_in_session, first_ever, is_ended: false, handled: BTreeMap::new() }
    }

    /// What the rule has to do for this message: what is derived, minus what was handled.
    pub(crate) fn due(&self, origin: &Origin, mode: &ComboMode, gift: &Gift) -> Due {
        let seen = gift.repeat_count;
        let is_ended = self.is_ended || !gift.streaking;
        let all = derived(mode, seen, is_ended);
        let before = self.handled.get(origin).map_or_else(
            // A rule that sees the combo only now takes what earlier messages told as handled.
            || derived(mode, seen.saturating_sub(gift.delta_count.unwrap_or(seen)), self.is_ended),
            |handled| handled.firings,
        );
        let count = all.saturating_sub(before);
        Due { count, before, because: because(mode, seen, is_ended, all.max(before), count) }
    }

    /// Notes that so many firings in all happened or were held back.
    pub(crate) fn note_handled(&mut self, origin: Origin, firings: u32) {
        self.handled.entry(origin).or_default().firings = firings;
    }

    /// Notes that a run of the rule goes along with the combo.
    pub(crate) fn note_run(&mut self, origin: Origin) {
        self.handled.entry(origin).or_default().runs_along = true;
    }

    /// What goes along with the combo, in a stable order.
    pub(crate) fn running(&self) -> impl Iterator<Item = &Origin> {
        self.handled.iter().filter(|(_, handled)| handled.runs_along).map(|(origin, _)| origin)
    }

    /// The combo ended, and with it what went along.
    pub(crate) fn end(&mut self) {
        self.is_ended = true;
        for handled in self.handled.values_mut() {
            handled.runs_along = false;
        }
    }
}

/// Why a rule fires no more often at this message than it does.
fn because(mode: &ComboMode, seen: u32, is_ended: bool, all: u32, count: u32) -> Option<Reason> {
    match mode {
        ComboMode::ComboEnd { .. } if !is_ended => Some(Reason::WaitingForComboEnd),
        ComboMode::ComboEnd { repeat: true, max_repeat: Some(most) }
        | ComboMode::EachGift { max_repeat: Some(most) }
            if seen > *most =>
        {
            Some(Reason::Capped { fired: *most, of: seen })
        }
        _ if count > 0 => None,
        ComboMode::EveryN { n } => Some(Reason::WaitingForMore { seen, next: n.saturating_mul(all.saturating_add(1)) }),
        ComboMode::EachGift { .. } if !is_ended => Some(Reason::WaitingForMore { seen, next: all.saturating_add(1) }),
        ComboMode::ComboEnd { .. } | ComboMode::EachGift { .. } | ComboMode::ComboStart | ComboMode::WithCombo => {
            Some(Reason::FiredForCombo)
        }
    }
}

/// The combos that rules have answered, at most [`COMBO_FIRINGS`].
#[derive(Debug, Clone, Default)]
pub(crate) struct AnsweredCombos {
    combos: AHashMap<ComboKey, ComboFirings>,
}

impl AnsweredCombos {
    /// The combo that this message, the event of that number, is a part of. Where nobody answered its beginning, this event
    /// stands for its first.
    pub(crate) fn of(&self, key: &ComboKey, gift: &Gift, number: u32, standing: &Standing) -> ComboFirings {
        let begins = gift.delta_count.is_none_or(|delta| delta == gift.repeat_count);
        let known = self.combos.get(key).filter(|_| !begins);
        known.cloned().unwrap_or_else(|| ComboFirings::begun(number, standing))
    }

    /// The combo under that key.
    pub(crate) fn get(&self, key: &ComboKey) -> Option<&ComboFirings> {
        self.combos.get(key)
    }

    /// Keeps the combo and gives the keys of those that were forgotten for it.
    pub(crate) fn put(&mut self, key: ComboKey, combo: ComboFirings) -> Vec<ComboKey> {
        let full = self.combos.len() >= COMBO_FIRINGS && !self.combos.contains_key(&key);
        let forgotten = if full { self.make_room() } else { Vec::new() };
        self.combos.insert(key, combo);
        forgotten
    }

    /// Lets go of the oldest ended combos, then of the oldest open ones.
    fn make_room(&mut self) -> Vec<ComboKey> {
        let age = |(key, combo): (&ComboKey, &ComboFirings)| (!combo.is_ended, combo.cause, key.clone());
        let mut by_age: Vec<_> = self.combos.iter().map(age).collect();
        by_age.sort_unstable();
        by_age.truncate(COMBOS_LET_GO);
        let forgotten: Vec<ComboKey> = by_age.into_iter().map(|(_, _, key)| key).collect();
        for key in &forgotten {
            self.combos.remove(key);
        }
        forgotten
    }
}
