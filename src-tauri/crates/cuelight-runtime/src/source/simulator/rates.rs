//! How much of everything a minute of an endless live brings.

use std::ops::RangeInclusive;

use super::act::{Act, Agenda, Sending};
use super::combo::Giving;
use super::dice::Dice;
use super::gifts::{GiftIndex, GiftShelf};
use super::people::Crowd;
use super::phrases::Phrase;
use super::room;

/// The length of a minute, in milliseconds.
pub(super) const MINUTE_MS: i64 = 60_000;

/// How many of each come within one minute; where in the range is thrown anew for each minute.
pub(super) struct Rates {
    comments: RangeInclusive<u32>,
    /// Like messages; each carries 1 to 15 hearts.
    likes: RangeInclusive<u32>,
    /// Combos and single gifts.
    gifts: RangeInclusive<u32>,
    /// Gift messages of all of them together; at least twice the number of gifts.
    gift_messages_max: usize,
    joins: RangeInclusive<u32>,
    follows: RangeInclusive<u32>,
    shares: RangeInclusive<u32>,
    subscribes: RangeInclusive<u32>,
    viewer_counts: RangeInclusive<u32>,
    /// Notices and states of the room.
    background: RangeInclusive<u32>,
}

/// A few dozen viewers.
pub(super) const SMALL: Rates = Rates {
    comments: 6..=14,
    likes: 10..=30,
    gifts: 2..=5,
    gift_messages_max: 14,
    joins: 3..=8,
    follows: 0..=2,
    shares: 0..=1,
    subscribes: 0..=0,
    viewer_counts: 5..=7,
    background: 0..=2,
};

/// A live of 1 000 viewers.
pub(super) const TYPICAL: Rates = Rates {
    comments: 10..=50,
    likes: 50..=200,
    gifts: 5..=9,
    gift_messages_max: 20,
    joins: 20..=100,
    follows: 1..=10,
    shares: 1..=5,
    subscribes: 0..=1,
    viewer_counts: 6..=12,
    background: 2..=6,
};

/// 15 000 messages a minute, of which 35 % are joins, 25 % likes, 22 % comments, 8 % gifts, 4 % viewer counts, 3 % follows
/// and shares.
pub(super) const BUSY: Rates = Rates {
    comments: 3_100..=3_500,
    likes: 3_500..=4_000,
    gifts: 340..=400,
    gift_messages_max: 1_200,
    joins: 5_000..=5_500,
    follows: 290..=340,
    shares: 125..=145,
    subscribes: 0..=3,
    viewer_counts: 570..=630,
    background: 420..=480,
};

impl Rates {
    /// Plans the minute that begins at `minute_ms`; everything of it happens before the next one begins.
    pub(super) fn plan_minute(&self, minute_ms: i64, crowd: &Crowd, dice: &mut Dice, agenda: &mut Agenda) {
        let mut some = |how_many: &RangeInclusive<u32>, act: fn(&Crowd, &mut Dice) -> Act| {
            for _ in 0..dice.between(how_many.clone()) {
                let at_ms = minute_ms + dice.between(0..=MINUTE_MS - 1);
                let act = act(crowd, dice);
                agenda.add(at_ms, act);
            }
        };
        some(&self.comments, |crowd, dice| {
            Sending::Comment { who: crowd.someone(dice), phrase: Phrase::any(dice) }.into()
        });
        some(&self.likes, |crowd, dice| {
            Sending::Like { who: crowd.someone(dice), hearts: dice.between(1..=15) }.into()
        });
        some(&self.joins, |crowd, dice| Sending::Join { who: crowd.anyone(dice) }.into());
        some(&self.follows, |crowd, dice| Sending::Follow { who: crowd.no_follower(dice) }.into());
        some(&self.shares, |crowd, dice| Sending::Share { who: crowd.someone(dice) }.into());
        some(&self.subscribes, |crowd, dice| {
            Sending::Subscribe { who: crowd.someone(dice), months: dice.between(1..=12) }.into()
        });
        some(&self.viewer_counts, |_, _| Sending::ViewerCount.into());
        some(&self.background, |_, dice| Act::from(dice.pick(room::BACKGROUND)));
        self.plan_gifts(minute_ms, crowd, dice, agenda);
    }

    fn plan_gifts(&self, minute_ms: i64, crowd: &Crowd, dice: &mut Dice, agenda: &mut Agenda) {
        let mut gifts_left = usize::try_from(dice.between(self.gifts.clone())).expect("a few hundred");
        let mut messages_left = self.gift_messages_max;
        while gifts_left > 0 {
            gifts_left -= 1;
            // Every gift still to come needs two messages: even a single rose is a count and an end.
            let spare = messages_left.saturating_sub(2 * gifts_left);
            let gift = GiftShelf::choose(dice);
            let giving = giving(crowd, gift, spare, dice);
            messages_left -= giving.messages();
            let step_ms = dice.between(300..=2_500);
            let length_ms = step_ms * i64::try_from(giving.messages()).expect("a few dozen");
            let start_ms = minute_ms + dice.between(0..=(MINUTE_MS - length_ms).max(1) - 1);
            let group_id = group_id(start_ms, messages_left);
            giving.plan(agenda, group_id, start_ms, step_ms);
        }
    }
}

/// A combo or a single gift of at most `messages_max` messages, which is at least 2.
fn giving(crowd: &Crowd, gift: GiftIndex, messages_max: usize, dice: &mut Dice) -> Giving {
    let who = crowd.someone(dice);
    if !GiftShelf::kind(gift).is_streakable() {
        return Giving::single(who, gift);
    }
    let mut counts = 1;
    while counts + 2 <= messages_max.min(24) && dice.percent(62) {
        counts += 1;
    }
    Giving::growing(who, gift, counts, dice)
}

/// A combo's number, which no other combo of the run has: the time it begins, and `distinct` within the minute.
pub(super) fn group_id(start_ms: i64, distinct: usize) -> u64 {
    start_ms.unsigned_abs() * 10_000 + distinct as u64
}
