//! The scenarios that follow a script: a raid, a match, broken combos, a lost connection.

use super::act::{Act, Agenda, Sending};
use super::chatter::GiftSend;
use super::combo::{Ending, Giving};
use super::dice::Dice;
use super::gifts::{CORGI, DOUGHNUT, GALAXY, GiftIndex, GiftShelf, HEART_ME, ROSE};
use super::people::{Crowd, PersonIndex, STREAMER};
use super::phrases::Phrase;
use super::rates::{self, MINUTE_MS, group_id};
use super::{battle, room};

/// Who is there, chance, and where to put what is thought of.
pub(super) struct Script<'a> {
    pub(super) crowd: &'a Crowd,
    pub(super) dice: &'a mut Dice,
    pub(super) agenda: &'a mut Agenda,
}

impl Script<'_> {
    /// Ordinary chatter for that many minutes.
    fn calm(&mut self, from_ms: i64, minutes: i64) {
        for minute in 0..minutes {
            rates::SMALL.plan_minute(from_ms + minute * MINUTE_MS, self.crowd, self.dice, self.agenda);
        }
    }

    fn comment(&mut self, at_ms: i64, text: &str) {
        let who = self.crowd.someone(self.dice);
        self.agenda.add(at_ms, Sending::Comment { who, phrase: Phrase::new(text, "en") });
    }

    fn someone(&mut self) -> PersonIndex {
        self.crowd.someone(self.dice)
    }

    /// A calm minute into which hundreds bring roses, if it is the first of three; else a calm one.
    pub(super) fn raid_minute(&mut self, minute: i64, minute_ms: i64) {
        /// Givers in a raid.
        const RAIDERS: usize = 350;
        self.calm(minute_ms, 1);
        if minute % 3 != 0 {
            return;
        }
        for raider in 0..RAIDERS {
            let who = self.crowd.anyone(self.dice);
            let at_ms = minute_ms + self.dice.between(8_000..=25_000);
            self.agenda.add(at_ms, Sending::Join { who });
            let roses = self.dice.between(2..=9);
            let giving = Giving::growing(who, ROSE, roses, self.dice);
            let step_ms = self.dice.between(250..=1_500);
            giving.plan(self.agenda, group_id(at_ms, raider), at_ms + 800, step_ms);
        }
    }

    /// A match of one minute; half of all gifts come in its last ten seconds.
    pub(super) fn battle_finish(&mut self, start_ms: i64) {
        const OPENS_MS: i64 = 10_000;
        const ENDS_MS: i64 = 70_000;
        self.calm(start_ms, 2);
        self.agenda.add(start_ms + OPENS_MS, battle::opens as super::act::Occasion);
        for second in (12..=69).step_by(3) {
            self.agenda.add(start_ms + second * 1000, battle::points_move as super::act::Occasion);
        }
        for giver in 0..120_usize {
            let in_the_rush = giver % 2 == 0;
            let window = if in_the_rush { 59_000..=69_000 } else { OPENS_MS..=58_000 };
            let at_ms = start_ms + self.dice.between(window);
            let gift = self.dice.pick(&[ROSE, ROSE, ROSE, DOUGHNUT, HEART_ME, CORGI, GALAXY]);
            let giving = self.giving(gift);
            giving.plan(self.agenda, group_id(at_ms, giver), at_ms, 200);
        }
        self.agenda.add(start_ms + ENDS_MS, battle::ends as super::act::Occasion);
        self.comment(start_ms + ENDS_MS + 1_500, "WE DID IT 🎉🎉🎉");
        self.agenda.add(start_ms + 2 * MINUTE_MS, room::end as super::act::Occasion);
    }

    fn giving(&mut self, gift: GiftIndex) -> Giving {
        let who = self.crowd.anyone(self.dice);
        if GiftShelf::kind(gift).is_streakable() {
            let messages = self.dice.between(1..=5);
            Giving::growing(who, gift, messages, self.dice)
        } else {
            Giving::single(who, gift)
        }
    }

    /// Eighty combos in two minutes: half never end, some end twice, some count out of order.
    pub(super) fn missing_ends(&mut self, start_ms: i64) {
        self.calm(start_ms, 3);
        for number in 0..80_usize {
            let at_ms = start_ms + self.dice.between(2_000..=110_000);
            let gift = self.dice.pick(&[ROSE, ROSE, DOUGHNUT]);
            let who = self.someone();
            let steps = self.dice.between(2..=8);
            let mut giving = Giving::growing(who, gift, steps, self.dice);
            giving.ending = match number % 4 {
                0 | 1 => Ending::Never,
                2 => Ending::Twice,
                _ => Ending::Once,
            };
            if number % 3 == 0 {
                self.dice.shuffle(&mut giving.counts);
            }
            let step_ms = self.dice.between(200..=2_000);
            giving.plan(self.agenda, group_id(at_ms, number), at_ms, step_ms);
        }
        self.agenda.add(start_ms + 3 * MINUTE_MS, room::end as super::act::Occasion);
    }

    /// One combo goes on over a break of eight seconds, one ends unseen during it, one begins unseen.
    pub(super) fn reconnect_in_combo(&mut self, start_ms: i64) {
        const BREAKS_MS: i64 = 12_000;
        const AWAY_MS: i64 = 8_000;
        const BACK_MS: i64 = BREAKS_MS + AWAY_MS;
        for (at_ms, text) in
            [(1_500, "hi everyone"), (4_000, "Love your stream!"), (6_500, "one more round"), (9_000, "gg")]
        {
            self.comment(start_ms + at_ms, text);
        }
        let goes_on = self.combo(1, ROSE);
        let ends_unseen = self.combo(2, DOUGHNUT);
        let begins_unseen = self.combo(3, ROSE);
        goes_on.steps(self.agenda, start_ms, &[(5_000, 1), (7_000, 3), (9_500, 4), (11_500, 6)]);
        ends_unseen.steps(self.agenda, start_ms, &[(8_000, 1), (10_500, 2)]);
        self.agenda.add(start_ms + BREAKS_MS, Act::Disconnect { wait_ms: AWAY_MS.unsigned_abs() });
        self.agenda.add(start_ms + BACK_MS, Act::Reconnect);
        self.agenda.add(start_ms + BACK_MS, Sending::Entrance);
        self.agenda.add(start_ms + BACK_MS, Sending::Repetition);
        let resumed = ComboScript { reported: 6, ..goes_on };
        resumed.steps(self.agenda, start_ms, &[(21_000, 9), (22_500, 12)]);
        ComboScript { reported: 12, ..goes_on }.end(self.agenda, start_ms + 24_000, 12);
        begins_unseen.steps(self.agenda, start_ms, &[(21_500, 4), (23_000, 5)]);
        ComboScript { reported: 5, ..begins_unseen }.end(self.agenda, start_ms + 24_500, 5);
        let corgi = Giving::single(self.someone(), CORGI);
        corgi.plan(self.agenda, 0, start_ms + 26_000, 0);
        self.comment(start_ms + 28_000, "were you gone?");
        self.agenda.add(start_ms + 45_000, room::end as super::act::Occasion);
    }

    fn combo(&mut self, number: u64, gift: GiftIndex) -> ComboScript {
        let who = self.someone();
        ComboScript { who, gift, group_id: 7_500_000_000_000_000_000 + number, reported: 0 }
    }
}

/// A combo whose messages are written down one by one.
#[derive(Debug, Clone, Copy)]
struct ComboScript {
    who: PersonIndex,
    gift: GiftIndex,
    group_id: u64,
    /// Units that messages have reported already.
    reported: u32,
}

impl ComboScript {
    /// Messages at those times after the start with those counts.
    fn steps(&self, agenda: &mut Agenda, start_ms: i64, steps: &[(i64, u32)]) {
        let mut reported = self.reported;
        for (number, &(at_ms, count)) in steps.iter().enumerate() {
            let is_first = number == 0 && self.reported == 0;
            let send = GiftSend { fresh: count - reported, is_first, ..self.send(count) };
            agenda.add(start_ms + at_ms, Sending::Gift(send));
            reported = count;
        }
    }

    fn end(&self, agenda: &mut Agenda, at_ms: i64, count: u32) {
        agenda.add(at_ms, Sending::Gift(GiftSend { ends: true, ..self.send(count) }));
    }

    fn send(&self, count: u32) -> GiftSend {
        let Self { who, gift, group_id, .. } = *self;
        GiftSend { who, gift, to: STREAMER, group_id, count, ends: false, fresh: 0, is_first: false }
    }
}
