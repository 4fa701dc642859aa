//! One session's state: turns what a source yields into what happened, once, and adds it up.

use ahash::AHashSet;
use compact_str::CompactString;

use crate::combo::{Combo, ComboKey, ComboTracker, Verdict};
use crate::dedupe::Dedupe;
use crate::event::{Body, Event, EventType};
use crate::gift_catalogue::GiftCatalogue;
use crate::id::{MsgId, UserId};
use crate::likes::{LikeStreaks, LikeTotal};
use crate::limits::COMBO_IDLE_MS;
use crate::totals::SessionTotals;
use crate::viewer::{Past, Standing, ViewerFacts, Viewers};

/// What the streamer can choose about how a session is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionOptions {
    /// Silence after which a combo is ended without its end message, in milliseconds.
    pub combo_idle_ms: i64,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self { combo_idle_ms: COMBO_IDLE_MS }
    }
}

/// What the journal knows of a session that goes on.
#[derive(Debug, Clone, Default)]
pub struct RestoredSession {
    /// The sums so far; the highest like total is among them.
    pub totals: SessionTotals,
    /// The combos that were stored and not forgotten.
    pub combos: Vec<(ComboKey, Combo)>,
    /// The viewers seen so far.
    pub viewers: Vec<ViewerFacts>,
    /// The latest messages, oldest first.
    pub recent: Vec<RecentMessage>,
}

/// A message in the journal, as far as it takes to recognise its repetition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentMessage {
    /// What it became.
    pub event_type: EventType,
    /// TikTok's number of it.
    pub msg_id: MsgId,
    /// TikTok's name of it; read only where it became `unknown`.
    pub method: CompactString,
}

/// Everything about one session that the next event depends on.
///
/// `now_ms` is when an event arrived, in milliseconds since 1970; it may go backwards.
#[derive(Debug, Clone)]
pub struct SessionState {
    dedupe: Dedupe,
    combos: ComboTracker,
    like_total: LikeTotal,
    like_streaks: LikeStreaks,
    viewers: Viewers,
    muted: AHashSet<UserId>,
    totals: SessionTotals,
}

impl SessionState {
    /// A session in which nothing has happened yet.
    #[must_use]
    pub fn new(options: SessionOptions) -> Self {
        Self {
            dedupe: Dedupe::default(),
            combos: ComboTracker::new(options.combo_idle_ms),
            like_total: LikeTotal::default(),
            like_streaks: LikeStreaks::default(),
            viewers: Viewers::default(),
            muted: AHashSet::new(),
            totals: SessionTotals::default(),
        }
    }

    /// Takes up what was stored; like streaks begin anew.
    pub fn restore(&mut self, restored: RestoredSession) {
        self.like_total = LikeTotal::reached(restored.totals.likes);
        self.totals = restored.totals;
        self.combos.restore(restored.combos);
        self.viewers.restore(restored.viewers);
        for message in restored.recent {
            self.dedupe.remember(message.event_type, &message.msg_id, &message.method);
        }
    }

    /// Takes one event of the source and adds to `out` what happened: nothing for a repetition, and ends of combos before it.
    pub fn accept(&mut self, mut event: Event, now_ms: i64, catalogue: &mut GiftCatalogue, out: &mut Vec<Event>) {
        if self.next_wake_ms().is_some_and(|wake_ms| wake_ms <= now_ms) {
            self.tick(now_ms, out);
        }
        if !self.dedupe.first_time(&event) {
            self.totals.duplicates += 1;
            return;
        }
        let first = out.len();
        if let Body::Gift(gift) = &mut event.body {
            catalogue.complete(gift);
        }
        if event.stamp.history {
            out.push(event);
        } else {
            self.accept_new(event, now_ms, catalogue, out);
        }
        self.add_up(&mut out[first..], now_ms);
    }

    fn accept_new(&mut self, mut event: Event, now_ms: i64, catalogue: &mut GiftCatalogue, out: &mut Vec<Event>) {
        match &mut event.body {
            Body::Gift(gift) => {
                catalogue.learn(gift);
                match self.combos.accept(gift, event.stamp.timestamp, now_ms, out) {
                    Verdict::Told => {}
                    Verdict::Repeated => {
                        self.totals.duplicates += 1;
                        return;
                    }
                }
            }
            Body::Like(like) => {
                like.total_likes = self.like_total.raise(like.total_likes);
                // Viewers without an id cannot be told apart.
                like.streak_count = (!like.user.user_id.as_str().is_empty())
                    .then(|| self.like_streaks.add(&like.user.user_id, like.count, now_ms));
            }
            Body::LiveEnd(_) => self.combos.finish_all(now_ms, out),
            // Told as it came.
            Body::Connect(_)
            | Body::Comment(_)
            | Body::Join(_)
            | Body::Follow(_)
            | Body::Share(_)
            | Body::Subscribe(_)
            | Body::ViewerCount(_)
            | Body::Question(_)
            | Body::Emote(_)
            | Body::Envelope(_)
            | Body::Battle(_)
            | Body::Social(_)
            | Body::SuperFan(_)
            | Body::LevelUp(_)
            | Body::Moderation(_)
            | Body::Delete(_)
            | Body::Pin(_)
            | Body::Unpin(_)
            | Body::Poll(_)
            | Body::Goal(_)
            | Body::Barrage(_)
            | Body::Rank(_)
            | Body::Shop(_)
            | Body::Caption(_)
            | Body::RoomMessage(_)
            | Body::LiveIntro(_)
            | Body::Custom(_)
            | Body::Gap(_)
            | Body::LiveStart(_)
            | Body::LivePause(_)
            | Body::LiveResume(_)
            | Body::Disconnect(_)
            | Body::Unknown(_) => {}
        }
        out.push(event);
    }

    /// When [`SessionState::tick`] next has something to do, at the earliest.
    #[must_use]
    pub fn next_wake_ms(&self) -> Option<i64> {
        self.combos.next_wake_ms()
    }

    /// Lets time pass: combos that were silent for too long end.
    pub fn tick(&mut self, now_ms: i64, out: &mut Vec<Event>) {
        let first = out.len();
        self.combos.tick(now_ms, out);
        self.add_up(&mut out[first..], now_ms);
    }

    /// Ends every open combo: the live is over, or the streamer stopped. Not for a lost connection.
    pub fn finish(&mut self, now_ms: i64, out: &mut Vec<Event>) {
        let first = out.len();
        self.combos.finish_all(now_ms, out);
        self.add_up(&mut out[first..], now_ms);
    }

    /// The sums so far.
    #[must_use]
    pub fn totals(&self) -> &SessionTotals {
        &self.totals
    }

    /// Counts messages that could not be read whole; only the caller sees them.
    pub fn note_faults(&mut self, count: u64) {
        self.totals.faults += count;
    }

    /// Counts events that the caller left out because the live was too far behind.
    pub fn note_shed(&mut self, count: u64) {
        self.totals.shed += count;
    }

    /// The combos to store with the events since the last call; `None` is one to delete.
    pub fn changed_combos(&mut self) -> Vec<(ComboKey, Option<Combo>)> {
        self.combos.changed()
    }

    /// The viewers to store with the events since the last call.
    pub fn changed_viewers(&mut self) -> Vec<ViewerFacts> {
        self.viewers.changed()
    }

    /// Adds an event that the journal holds to its viewer's sums, which are stored less often than events.
    pub fn add_to_viewer(&mut self, event: &Event, received_ms: i64) {
        if !event.stamp.history {
            self.viewers.add(event, received_ms);
        }
    }

    /// How the viewer of an event stands; to be asked as soon as the event was told, before the next one is taken.
    #[must_use]
    pub fn standing(&self, event: &Event) -> Standing {
        let muted = event.user().is_some_and(|user| self.muted.contains(&user.user_id));
        Standing { muted, ..self.viewers.standing(event) }
    }

    /// The viewer of an event, if [`SessionState::note_past`] has not yet told what they did in earlier sessions.
    #[must_use]
    pub fn wants_past<'e>(&self, event: &'e Event) -> Option<&'e UserId> {
        self.viewers.wants_past(event)
    }

    /// Takes what the store knows of a viewer from earlier sessions.
    pub fn note_past(&mut self, user_id: &UserId, past: Past) {
        self.viewers.note_past(user_id, past);
    }

    /// These viewers are muted from now on, and no others.
    pub fn set_muted(&mut self, muted: impl IntoIterator<Item = UserId>) {
        self.muted = muted.into_iter().collect();
    }

    fn add_up(&mut self, events: &mut [Event], now_ms: i64) {
        for event in events {
            if !event.stamp.history {
                let units = self.viewers.add(event, now_ms);
                if let Body::Gift(gift) = &mut event.body {
                    gift.total_count = units;
                }
            }
            self.totals.add(event);
        }
    }
}
