//! What rules remember within a session: cooldowns, combos, timers, and how often they fired.

use std::collections::{BTreeMap, BTreeSet};

use compact_str::CompactString;
use serde::Serialize;

use super::beats::Beats;
use super::row::RowKey;
use crate::combo::ComboKey;
use crate::cooldown::{CooldownLeft, Cooldowns, Waiting};
use crate::event::{Body, Goal, Like};
use crate::facts::Facts;
use crate::firing::{AnsweredCombos, ComboFirings};
use crate::id::{RuleId, SessionId};
use crate::limits::GOALS;
use crate::rule_set::{Awaited, Milestones, NextMilestone, RuleSet};

/// What never changes in a session and what decisions depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFacts {
    /// Its number.
    pub id: SessionId,
    /// The streamer's handle without `@`.
    pub creator: CompactString,
    /// When it began, ms since 1970.
    pub started_ms: i64,
    /// Where chance comes from.
    pub seed: u64,
    /// The streamer's time minus UTC, in seconds.
    pub utc_offset_s: i32,
}

/// Everything that rules remember of a session; stored as rows, so that a restart changes no decision.
#[derive(Debug, Clone)]
pub struct RuleState {
    pub(super) session: SessionFacts,
    pub(super) cooldowns: Cooldowns,
    pub(super) combos: AnsweredCombos,
    pub(super) beats: Beats,
    /// The moments for which rules waited at the last occasion.
    awaited: Option<Awaited>,
    /// Firings that no event caused, by rule.
    firings: BTreeMap<RuleId, u32>,
    /// The like total after the last message.
    likes: Option<u64>,
    /// The viewers at the last count.
    viewers: Option<u64>,
    /// Up to where no rule waits for likes.
    next_likes: Option<NextMilestone>,
    /// Goals by TikTok's id, and whether they are reached.
    goals: BTreeMap<CompactString, bool>,
    changed: BTreeSet<RowKey>,
}

impl RuleState {
    /// The state of a session in which no rule has fired.
    #[must_use]
    pub fn new(session: SessionFacts) -> Self {
        Self {
            session,
            cooldowns: Cooldowns::default(),
            combos: AnsweredCombos::default(),
            beats: Beats::default(),
            awaited: None,
            firings: BTreeMap::new(),
            likes: None,
            viewers: None,
            next_likes: None,
            goals: BTreeMap::new(),
            changed: BTreeSet::new(),
        }
    }

    /// What the session was begun with.
    #[must_use]
    pub fn session(&self) -> &SessionFacts {
        &self.session
    }

    /// When a timer or a time of day is due next, ms since 1970; then [`super::Occasion::Tick`] should be decided.
    #[must_use]
    pub fn next_wake_ms(&self, rules: &RuleSet) -> Option<i64> {
        let beats = rules.index().awaited.beats();
        beats.filter_map(|beat| self.beats.next_ms(beat, self.session.utc_offset_s)).min()
    }

    /// Ends every cooldown.
    pub fn reset_cooldowns(&mut self) {
        let waiting = self.cooldowns.take_all();
        self.changed.extend(waiting.into_iter().map(RowKey::Cooldown));
    }

    /// Ends the cooldowns of one rule, and that of its group.
    pub(super) fn reset_cooldowns_of(&mut self, rule: &RuleId, group: Option<&str>) {
        let waiting = self.cooldowns.take_of(rule, group);
        self.changed.extend(waiting.into_iter().map(RowKey::Cooldown));
    }

    /// The cooldowns that run, with what is left of them.
    #[must_use]
    pub fn cooldowns(&self, now_ms: i64) -> Vec<CooldownLeft> {
        self.cooldowns.left(now_ms)
    }

    /// The rows that changed since the last call, by key, with what is to be stored; `None` is one to delete.
    pub fn changed(&mut self) -> Vec<(String, Option<String>)> {
        std::mem::take(&mut self.changed).iter().map(|key| (key.to_string(), self.row(key))).collect()
    }

    /// Takes up rows that were stored. Rows that this version cannot read stay out: what they held is forgotten.
    pub fn restore(&mut self, rows: Vec<(String, String)>) {
        for (key, row) in rows {
            if let Ok(key) = key.parse() {
                self.restore_row(key, &row);
            }
        }
    }

    /// Takes up only the cooldowns of rows that were stored: whoever tries a rule begins with nothing else that happened.
    pub fn restore_cooldowns(&mut self, rows: &[(String, String)]) {
        for (key, row) in rows {
            if let Ok(key @ RowKey::Cooldown(_)) = key.parse() {
                self.restore_row(key, row);
            }
        }
    }

    /// Takes a goal for one that was seen and is not reached.
    pub(crate) fn await_goal(&mut self, goal: &Goal) {
        self.goals.insert(goal.id.clone(), false);
    }

    fn row(&self, key: &RowKey) -> Option<String> {
        match key {
            RowKey::Combo(key) => self.combos.get(key).map(json),
            RowKey::Cooldown(waiting) => self.cooldowns.until_ms(waiting).as_ref().map(json),
            RowKey::Firings(rule) => self.firings.get(rule).map(json),
            RowKey::Goals => Some(json(&self.goals)),
            RowKey::Likes => self.likes.as_ref().map(json),
            RowKey::Timers => Some(json(&self.beats)),
            RowKey::Viewers => self.viewers.as_ref().map(json),
        }
    }

    fn restore_row(&mut self, key: RowKey, row: &str) {
        match key {
            RowKey::Combo(key) => {
                if let Ok(combo) = serde_json::from_str(row) {
                    self.combos.put(key, combo);
                }
            }
            RowKey::Cooldown(waiting) => {
                if let Ok(until_ms) = serde_json::from_str(row) {
                    self.cooldowns.begin(waiting, until_ms, i64::MIN, &mut Vec::new());
                }
            }
            RowKey::Firings(rule) => {
                if let Ok(count) = serde_json::from_str(row) {
                    self.firings.insert(rule, count);
                }
            }
            RowKey::Goals => self.goals = serde_json::from_str(row).unwrap_or_default(),
            RowKey::Likes => self.likes = serde_json::from_str(row).ok(),
            RowKey::Timers => self.beats = serde_json::from_str(row).unwrap_or_default(),
            RowKey::Viewers => self.viewers = serde_json::from_str(row).ok(),
        }
    }

    /// Takes the time of an occasion and the rules that are asked: moments for which nobody waited when they came are over.
    pub(super) fn notice_time(&mut self, awaited: &Awaited, now_ms: i64) {
        let mut skips = self.beats.is_set_back(now_ms);
        if !self.awaited.as_ref().is_some_and(|known| known.is_identical(awaited)) {
            skips |= self.awaited.as_ref().is_some_and(|known| !known.is_same(awaited));
            self.awaited = Some(awaited.clone());
        }
        if skips {
            self.beats.skip_to(now_ms);
            self.changed.insert(RowKey::Timers);
        }
    }

    /// Takes what an event says about time counting or not, and about how many are watching.
    pub(super) fn notice_live(&mut self, body: &Body, now_ms: i64) {
        if self.beats.notice(body, now_ms) {
            self.changed.insert(RowKey::Timers);
        }
        if let Body::ViewerCount(count) = body
            && self.viewers != Some(count.viewers)
        {
            self.viewers = Some(count.viewers);
            self.changed.insert(RowKey::Viewers);
        }
    }

    /// Completes what an occasion tells with what is known of the whole live.
    pub(super) fn complete(&self, facts: Facts) -> Facts {
        let (total_likes, viewers) = (facts.total_likes.or(self.likes), facts.viewers.or(self.viewers));
        Facts { total_likes, viewers, ..facts }
    }

    /// Everything due up to now was told; `fired` things were.
    pub(super) fn tell_beats(&mut self, now_ms: i64, fired: usize) {
        self.beats.tell(now_ms);
        if fired > 0 {
            self.changed.insert(RowKey::Timers);
        }
    }

    /// The next number of a firing of that rule that no event caused.
    pub(super) fn next_firing(&mut self, rule: &RuleId) -> u32 {
        let count = self.firings.entry(rule.clone()).or_default();
        *count = count.saturating_add(1);
        self.changed.insert(RowKey::Firings(rule.clone()));
        *count
    }

    /// The likes before this message and with it; `None` where none of these milestones lies between them.
    ///
    /// Whoever comes in at 50 000 likes has only this message's own likes to answer.
    pub(super) fn pass_likes(&mut self, like: &Like, milestones: &Milestones) -> Option<(u64, u64)> {
        if like.total_likes == 0 {
            // Nobody told the total yet.
            return None;
        }
        let before = self.likes.unwrap_or_else(|| like.total_likes.saturating_sub(u64::from(like.count)));
        let now = before.max(like.total_likes);
        if self.likes != Some(now) {
            self.likes = Some(now);
            self.changed.insert(RowKey::Likes);
        }
        if self.next_likes.as_ref().is_some_and(|next| next.is_beyond(now, milestones)) {
            return None;
        }
        self.next_likes = Some(NextMilestone::new(milestones, now));
        Some((before, now))
    }

    /// Whether this message is the one that shows the goal reached; one that was reached when it was first seen is old.
    pub(super) fn pass_goal(&mut self, goal: &Goal) -> bool {
        let is_reached = goal.target > 0 && goal.progress >= goal.target;
        let was_reached = self.goals.get(&goal.id).copied();
        if was_reached == Some(is_reached) {
            return false;
        }
        if was_reached.is_none() && self.goals.len() >= GOALS {
            self.goals.pop_first();
        }
        self.goals.insert(goal.id.clone(), is_reached);
        self.changed.insert(RowKey::Goals);
        is_reached && was_reached == Some(false)
    }

    /// Keeps what rules did in a combo.
    pub(super) fn put_combo(&mut self, key: ComboKey, combo: ComboFirings) {
        if self.combos.get(&key) == Some(&combo) {
            return;
        }
        self.changed.insert(RowKey::Combo(key.clone()));
        let forgotten = self.combos.put(key, combo);
        self.changed.extend(forgotten.into_iter().map(RowKey::Combo));
    }

    /// Begins a cooldown.
    pub(super) fn begin_cooldown(&mut self, waiting: Waiting, length_ms: i64, now_ms: i64) {
        let mut forgotten = Vec::new();
        self.changed.insert(RowKey::Cooldown(waiting.clone()));
        self.cooldowns.begin(waiting, now_ms.saturating_add(length_ms), now_ms, &mut forgotten);
        self.changed.extend(forgotten.into_iter().map(RowKey::Cooldown));
    }
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("numbers and maps with text keys are always JSON")
}
