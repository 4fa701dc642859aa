//! Follows every combo of a session and tells each step, end and correction with what it adds.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use ahash::AHashMap;

use super::{Combo, ComboKey, Phase, Place};
use crate::event::{Body, Event, Gift};
use crate::limits::COMBOS;
use crate::timestamp::Timestamp;

/// Combos let go at once when [`COMBOS`] is reached, so that one pass serves many newcomers.
const COMBOS_LET_GO: usize = COMBOS / 16;

/// What became of a gift message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// It is to be told as an event.
    Told,
    /// Its combo has said all of it; there is nothing to tell.
    Repeated,
}

/// The combos of one session, open ones and those whose end may yet be repeated or corrected.
#[derive(Debug, Clone)]
pub struct ComboTracker {
    idle_ms: i64,
    newest_ms: i64,
    combos: AHashMap<ComboKey, Slot>,
    /// One valid entry a combo, at or before the moment when something is due; see [`Slot::queued_ms`].
    agenda: BinaryHeap<Reverse<(i64, ComboKey)>>,
    changed: BTreeSet<ComboKey>,
}

#[derive(Debug, Clone)]
struct Slot {
    combo: Combo,
    /// The moment of this combo's valid entry in the agenda; entries of other moments are leftovers.
    queued_ms: i64,
    /// It was handed out to be stored, so forgetting it must be told too.
    stored: bool,
}

impl ComboTracker {
    /// A tracker that ends a combo after so many milliseconds without a message.
    #[must_use]
    pub fn new(idle_ms: i64) -> Self {
        Self {
            idle_ms,
            newest_ms: i64::MIN,
            combos: AHashMap::new(),
            agenda: BinaryHeap::new(),
            changed: BTreeSet::new(),
        }
    }

    /// Puts the counts of its combo into one gift message; `gift.streakable` must be right.
    ///
    /// `created` is TikTok's time of the message. Should there be too many combos, ends of others go to `out`.
    pub fn accept(&mut self, gift: &mut Gift, created: Timestamp, now_ms: i64, out: &mut Vec<Event>) -> Verdict {
        self.notice_time(now_ms);
        gift.repeat_count = gift.repeat_count.max(1);
        gift.total_count = None;
        if !gift.gift.streakable {
            gift.streaking = false;
            set_counts(gift, gift.repeat_count, gift.repeat_count);
            return Verdict::Told;
        }
        let key = ComboKey::of(gift);
        let created_ms = created.as_ms();
        let earlier = match self.combos.get(&key).map(|slot| &slot.combo) {
            None => None,
            Some(combo) => match combo.place(gift, created_ms, self.idle_ms) {
                Place::This => Some(combo),
                Place::Repetition => return Verdict::Repeated,
                Place::Next => None,
            },
        };
        let combo = grow(earlier, gift, created_ms, now_ms);
        self.put(key, combo);
        if self.combos.len() > COMBOS {
            self.make_room(now_ms, out);
        }
        Verdict::Told
    }

    /// When [`ComboTracker::tick`] next has something to do, at the earliest.
    #[must_use]
    pub fn next_wake_ms(&self) -> Option<i64> {
        self.agenda.peek().map(|Reverse((due_ms, _))| *due_ms)
    }

    /// Ends the combos that were silent for too long and forgets those that ended long ago.
    ///
    /// An end is dated to the moment when the silence was long enough, however late the tick comes.
    pub fn tick(&mut self, now_ms: i64, out: &mut Vec<Event>) {
        self.notice_time(now_ms);
        while self.next_wake_ms().is_some_and(|wake_ms| wake_ms <= now_ms)
            && let Some(Reverse((entry_ms, key))) = self.agenda.pop()
        {
            let Some(slot) = self.combos.get_mut(&key) else { continue };
            if slot.queued_ms != entry_ms {
                continue;
            }
            // A message came since, so its turn is later: ends are told in the order in which they were due.
            if slot.combo.due_ms(self.idle_ms) == entry_ms {
                let Some(event) = infer_end(&mut slot.combo, entry_ms) else {
                    self.forget(&key);
                    continue;
                };
                out.push(event);
                self.changed.insert(key.clone());
            }
            slot.queued_ms = slot.combo.due_ms(self.idle_ms);
            self.agenda.push(Reverse((slot.queued_ms, key)));
        }
    }

    /// Ends every open combo now: the live is over, or the streamer stopped. Not for a lost connection.
    pub fn finish_all(&mut self, now_ms: i64, out: &mut Vec<Event>) {
        let mut open: Vec<(i64, ComboKey)> = self.by_age(|combo| !combo.is_ended());
        open.sort_unstable();
        for (_, key) in open {
            if let Some(slot) = self.combos.get_mut(&key) {
                out.extend(infer_end(&mut slot.combo, now_ms));
                self.changed.insert(key);
            }
        }
    }

    /// What is to be stored since the last call, by key; `None` is a combo that was forgotten.
    pub fn changed(&mut self) -> Vec<(ComboKey, Option<Combo>)> {
        let mut changed = Vec::with_capacity(self.changed.len());
        for key in std::mem::take(&mut self.changed) {
            let combo = self.combos.get_mut(&key).map(|slot| {
                slot.stored = true;
                slot.combo.clone()
            });
            changed.push((key, combo));
        }
        changed
    }

    /// Takes up combos that were stored.
    pub fn restore(&mut self, combos: impl IntoIterator<Item = (ComboKey, Combo)>) {
        for (key, combo) in combos {
            self.newest_ms = self.newest_ms.max(combo.arrived_ms);
            let queued_ms = combo.due_ms(self.idle_ms);
            self.agenda.push(Reverse((queued_ms, key.clone())));
            self.combos.insert(key, Slot { combo, queued_ms, stored: true });
        }
    }

    fn put(&mut self, key: ComboKey, combo: Combo) {
        self.changed.insert(key.clone());
        let due_ms = combo.due_ms(self.idle_ms);
        if let Some(slot) = self.combos.get_mut(&key) {
            slot.combo = combo;
            // A later due moment is found out when the earlier entry comes up.
            if due_ms < slot.queued_ms {
                slot.queued_ms = due_ms;
                self.agenda.push(Reverse((due_ms, key)));
            }
        } else {
            self.agenda.push(Reverse((due_ms, key.clone())));
            self.combos.insert(key, Slot { combo, queued_ms: due_ms, stored: false });
        }
    }

    fn forget(&mut self, key: &ComboKey) {
        if self.combos.remove(key).is_some_and(|slot| slot.stored) {
            self.changed.insert(key.clone());
        } else {
            self.changed.remove(key);
        }
    }

    /// Lets go of the oldest ended combos, or, if none has ended, ends the stalest and lets go of those.
    fn make_room(&mut self, now_ms: i64, out: &mut Vec<Event>) {
        let mut leaving = self.by_age(Combo::is_ended);
        if leaving.is_empty() {
            leaving = self.by_age(|_| true);
        }
        leaving.sort_unstable();
        for (_, key) in leaving.into_iter().take(COMBOS_LET_GO) {
            if let Some(slot) = self.combos.get_mut(&key) {
                out.extend(infer_end(&mut slot.combo, now_ms));
            }
            self.forget(&key);
        }
    }

    fn by_age(&self, chosen: impl Fn(&Combo) -> bool) -> Vec<(i64, ComboKey)> {
        let chosen = self.combos.iter().filter(|(_, slot)| chosen(&slot.combo));
        chosen.map(|(key, slot)| (slot.combo.arrived_ms, key.clone())).collect()
    }

    /// A clock that was set back by more than the idle time would keep combos open for as long as it was set back.
    fn notice_time(&mut self, now_ms: i64) {
        if now_ms >= self.newest_ms.saturating_sub(self.idle_ms) {
            self.newest_ms = self.newest_ms.max(now_ms);
            return;
        }
        self.newest_ms = now_ms;
        self.agenda.clear();
        for (key, slot) in &mut self.combos {
            slot.combo.arrived_ms = slot.combo.arrived_ms.min(now_ms);
            slot.queued_ms = slot.combo.due_ms(self.idle_ms);
            self.agenda.push(Reverse((slot.queued_ms, key.clone())));
        }
    }
}

/// The combo after this message, and the message with the combo's counts.
fn grow(earlier: Option<&Combo>, gift: &mut Gift, created_ms: i64, now_ms: i64) -> Combo {
    let reported = earlier.map_or(0, |combo| combo.seen);
    let seen = reported.max(gift.repeat_count);
    let ended = earlier.and_then(|combo| match combo.phase {
        Phase::Open { .. } => None,
        Phase::Ended { inferred } => Some(inferred),
    });
    gift.streaking &= ended.is_none();
    set_counts(gift, seen, seen - reported);
    let phase = if gift.streaking {
        Phase::Open { last: Box::new(gift.clone()) }
    } else {
        Phase::Ended { inferred: ended.unwrap_or(gift.inferred_end) }
    };
    Combo {
        seen,
        arrived_ms: now_ms,
        created_ms: earlier.map_or(created_ms, |combo| combo.created_ms.max(created_ms)),
        phase,
    }
}

/// Ends an open combo without its end message; `None` if it had ended.
fn infer_end(combo: &mut Combo, moment_ms: i64) -> Option<Event> {
    if combo.is_ended() {
        return None;
    }
    let Phase::Open { last: mut gift } = std::mem::replace(&mut combo.phase, Phase::Ended { inferred: true }) else {
        return None;
    };
    gift.streaking = false;
    gift.inferred_end = true;
    set_counts(&mut gift, combo.seen, 0);
    Some(Event::own(Body::Gift(gift), Timestamp::from_ms(moment_ms)))
}

fn set_counts(gift: &mut Gift, seen: u32, delta: u32) {
    let worth = |units: u32| gift.gift.diamond_count.map(|price| u64::from(price) * u64::from(units));
    (gift.total_diamonds, gift.delta_diamonds) = (worth(seen), worth(delta));
    gift.repeat_count = seen;
    gift.delta_count = Some(delta);
}
