//! The far side: a live whose messages come out of order, twice, or never.

use std::collections::VecDeque;

use cuelight_core::event::{
    Body, ByUser, Comment, Connect, Delete, Empty, Event, Gift, GiftDetails, Like, LiveEnd, Moderation, ViewerCount,
};
use cuelight_core::id::{GroupId, MsgId, RoomId, UserId};
use cuelight_core::timestamp::Timestamp;
use cuelight_core::user::User;

use super::dice::Dice;

const VIEWERS: usize = 5;
/// So many of them may be muted; they never follow, since whether a muted follower counts is told nowhere.
pub(super) const MAY_BE_MUTED: usize = 3;
const COMMENTS: [&str; 6] = ["hola a todos", "!spin 3", "so GOOD game", "nice", "Hola", "what a game"];
/// Gifts: number, price, whether they come in combos.
const GIFTS: [(i64, u32, bool); 4] = [(1, 1, true), (2, 5, true), (3, 100, false), (4, 30, true)];
/// Messages that may come again.
const REMEMBERED: usize = 12;
/// MemberMessage.10: muted by a moderator.
const TAKEN_AWAY: i32 = 3;

pub(super) struct Live {
    room: u32,
    last_number: u64,
    likes: u64,
    combos: Vec<Combo>,
    /// What was sent last.
    recent: VecDeque<Event>,
}

/// A combo with the messages that are still to come.
struct Combo {
    viewer: usize,
    gift: usize,
    group: GroupId,
    /// Counts, and whether the message says that it is the end.
    messages: VecDeque<(u32, bool)>,
}

impl Live {
    pub(super) fn new(room: u32) -> Self {
        Self { room, last_number: 0, likes: 0, combos: Vec::new(), recent: VecDeque::new() }
    }

    pub(super) fn connect(&self, now_ms: i64) -> Event {
        let connect = Connect { unique_id: "luna".into(), room_id: RoomId::new(format!("7{}", self.room)) };
        Event::own(Body::Connect(connect), Timestamp::from_ms(now_ms))
    }

    /// The live is over; another one begins in another room.
    pub(super) fn next_room(&mut self) {
        self.room += 1;
        self.likes = 0;
        self.forget();
    }

    /// So much time passed that what was under way is over.
    pub(super) fn forget(&mut self) {
        self.combos.clear();
        self.recent.clear();
    }

    pub(super) fn end(&mut self, now_ms: i64) -> Event {
        self.forget();
        self.message(Body::LiveEnd(LiveEnd::default()), now_ms)
    }

    /// What TikTok sends again after a reconnect.
    pub(super) fn again(&self, dice: &mut Dice) -> Vec<Event> {
        let count = dice.below(self.recent.len() + 1);
        self.recent.iter().skip(self.recent.len() - count).cloned().collect()
    }

    /// A few messages.
    pub(super) fn messages(&mut self, now_ms: i64, dice: &mut Dice) -> Vec<Event> {
        let mut events = Vec::new();
        for _ in 0..=dice.below(4) {
            let event = self.one(now_ms, dice);
            if dice.chance(4) {
                events.push(event.clone());
            }
            self.recent.push_back(event.clone());
            events.push(event);
        }
        while self.recent.len() > REMEMBERED {
            self.recent.pop_front();
        }
        events
    }

    fn one(&mut self, now_ms: i64, dice: &mut Dice) -> Event {
        let user = viewer(dice.below(VIEWERS));
        match dice.below(40) {
            0..19 => self.gift(now_ms, dice),
            19..25 => {
                let comment = Comment { user, comment: (*dice.one_of(&COMMENTS)).to_owned(), ..Comment::default() };
                let mut event = self.message(Body::Comment(comment), now_ms);
                event.stamp.history = dice.chance(10);
                event
            }
            25..29 => {
                let count = dice.between(1, 15) as u32;
                self.likes += u64::from(count);
                let late = if dice.chance(15) { 7 } else { 0 };
                let total_likes = self.likes.saturating_sub(late);
                self.message(Body::Like(Like { user, count, total_likes, ..Like::default() }), now_ms)
            }
            29..32 => {
                let user = viewer(MAY_BE_MUTED + dice.below(VIEWERS - MAY_BE_MUTED));
                self.message(Body::Follow(ByUser { user }), now_ms)
            }
            32 => self.message(Body::Share(ByUser { user }), now_ms),
            33 => self.message(Body::Join(ByUser { user }), now_ms),
            34 => self.message(Body::ViewerCount(ViewerCount::default()), now_ms),
            35 => {
                let action = *dice.one_of(&[TAKEN_AWAY, 1]);
                self.message(Body::Moderation(Moderation { user, action }), now_ms)
            }
            36 | 37 => {
                let msg_ids = self.recent.iter().filter_map(|event| event.stamp.msg_id.clone()).take(2).collect();
                self.message(Body::Delete(Delete { msg_ids, user_ids: Vec::new() }), now_ms)
            }
            38 => self.message(Body::LivePause(Empty::default()), now_ms),
            _ => self.message(Body::LiveResume(Empty::default()), now_ms),
        }
    }

    fn gift(&mut self, now_ms: i64, dice: &mut Dice) -> Event {
        if self.combos.is_empty() || dice.chance(25) {
            let (viewer, gift) = (dice.below(VIEWERS), dice.below(GIFTS.len()));
            if !GIFTS[gift].2 {
                let body = gift_body(viewer, gift, None, dice.between(1, 3) as u32, true);
                return self.message(body, now_ms);
            }
            self.last_number += 1;
            let group = GroupId::new(format!("{}{:05}", self.room, self.last_number));
            self.combos.push(Combo { viewer, gift, group, messages: messages_of_combo(dice) });
        }
        let place = dice.below(self.combos.len());
        let combo = &mut self.combos[place];
        let (count, is_end) = combo.messages.pop_front().expect("a combo without messages is taken out");
        let body = gift_body(combo.viewer, combo.gift, Some(combo.group.clone()), count, is_end);
        if combo.messages.is_empty() {
            self.combos.remove(place);
        }
        self.message(body, now_ms)
    }

    fn message(&mut self, body: Body, now_ms: i64) -> Event {
        self.last_number += 1;
        let mut event = Event::own(body, Timestamp::from_ms(now_ms));
        event.stamp.msg_id = MsgId::from_number(u64::from(self.room) * 1_000_000 + self.last_number);
        event
    }
}

pub(super) fn viewer_id(number: usize) -> UserId {
    UserId::new(format!("90{number}"))
}

fn viewer(number: usize) -> User {
    let unique_id = format!("viewer{number}");
    User {
        nickname: unique_id.as_str().into(),
        unique_id: unique_id.into(),
        user_id: viewer_id(number),
        ..User::default()
    }
}

/// Counts that grow, some of them out of order, with one end, two, none, or one that was not the last word.
fn messages_of_combo(dice: &mut Dice) -> VecDeque<(u32, bool)> {
    let mut count = 0;
    let mut messages = Vec::new();
    for _ in 0..dice.between(1, 6) {
        count += *dice.one_of(&[1, 1, 1, 2, 4]);
        messages.push((count, false));
    }
    match dice.below(10) {
        0..2 => {}
        2..7 => messages.push((count, true)),
        7 | 8 => messages.extend([(count, true), (count, true)]),
        _ => messages.extend([(count, true), (count + 2, true)]),
    }
    for place in 1..messages.len() {
        if dice.chance(15) {
            messages.swap(place - 1, place);
        }
    }
    messages.into()
}

fn gift_body(user: usize, gift: usize, group_id: Option<GroupId>, repeat_count: u32, is_end: bool) -> Body {
    let (id, price, streakable) = GIFTS[gift];
    let gift = GiftDetails {
        id,
        name: Some(format!("Gift {id}").into()),
        diamond_count: Some(price),
        streakable,
        gift_type: Some(if streakable { 1 } else { 2 }),
        ..GiftDetails::default()
    };
    let user = viewer(user);
    Body::Gift(Box::new(Gift { user, gift, repeat_count, streaking: !is_end, group_id, ..Gift::default() }))
}
