//! Gift combos as the wire shows them: growing counts, with an end, two ends, or none.

use super::act::{Agenda, Sending};
use super::chatter::GiftSend;
use super::dice::Dice;
use super::gifts::{GiftIndex, GiftShelf};
use super::people::{PersonIndex, STREAMER};

/// How a combo ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// With its end message.
    Once,
    /// With two end messages under different message numbers.
    Twice,
    /// Without any.
    Never,
}

/// A combo, or a single gift, to be planned.
#[derive(Debug, Clone)]
pub(super) struct Giving {
    pub(super) who: PersonIndex,
    pub(super) gift: GiftIndex,
    /// Who gets it: the streamer, or a guest.
    pub(super) to: PersonIndex,
    /// Units so far, message by message, in the order in which they arrive; a single gift has one.
    pub(super) counts: Vec<u32>,
    pub(super) ending: Ending,
}

impl Giving {
    /// A combo of that many count messages, each one to four units more, and an end.
    pub(super) fn growing(who: PersonIndex, gift: GiftIndex, messages: usize, dice: &mut Dice) -> Self {
        let mut count = 0;
        let counts = (0..messages)
            .map(|step| {
                count += if step == 0 { 1 } else { dice.between(1..=4) };
                count
            })
            .collect();
        Self { who, gift, to: STREAMER, counts, ending: Ending::Once }
    }

    /// One gift that is no combo.
    pub(super) fn single(who: PersonIndex, gift: GiftIndex) -> Self {
        Self { who, gift, to: STREAMER, counts: vec![1], ending: Ending::Never }
    }

    /// Messages it will make.
    pub(super) fn messages(&self) -> usize {
        self.counts.len()
            + match self.ending {
                Ending::Once => 1,
                Ending::Twice => 2,
                Ending::Never => 0,
            }
    }

    /// Puts its messages on the agenda, the first at `start_ms`, the others `step_ms` apart.
    pub(super) fn plan(&self, agenda: &mut Agenda, group_id: u64, start_ms: i64, step_ms: i64) {
        let group_id = if GiftShelf::kind(self.gift).is_streakable() { group_id } else { 0 };
        let highest = self.counts.iter().copied().max().unwrap_or(1);
        let ends = std::iter::repeat_n((highest, true), self.messages() - self.counts.len());
        let steps = self.counts.iter().map(|&count| (count, false)).chain(ends);
        let mut reported = 0;
        for (number, (count, ends)) in (0_i64..).zip(steps) {
            let fresh = count.saturating_sub(reported);
            reported += fresh;
            let send = GiftSend {
                who: self.who,
                gift: self.gift,
                to: self.to,
                group_id,
                count,
                ends,
                fresh,
                is_first: number == 0,
            };
            agenda.add(start_ms + number * step_ms, Sending::Gift(send));
        }
    }
}
