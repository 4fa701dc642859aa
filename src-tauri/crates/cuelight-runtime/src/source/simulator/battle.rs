//! A match against another streamer: it opens, its points move, it ends.

use webcast_proto::owned;

use super::people::{Person, RIVAL, STREAMER};
use super::stage::{Battle, Stage};
use super::wire::{Fields, WireMessage};

/// A match of one minute begins.
pub(super) fn opens(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let battle = Battle { id: at_ms << 20, start_ms: at_ms, duration_s: 60, ours: 0, theirs: 0 };
    stage.battle = Some(battle);
    link_mic_battle(stage, at_ms, battle, 4)
}

/// The rival's viewers gave something too, and the points are told.
pub(super) fn points_move(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let gained = stage.scribe.dice.between(0..=120);
    let mut battle = running(stage, at_ms);
    battle.theirs += gained;
    stage.battle = Some(battle);
    let body = Fields::new().fields_of(&owned::LinkMicArmies {
        battle_id: battle.id,
        armies: armies(stage, battle),
        trigger_reason: 1,
        battle_settings: Some(settings(battle, 1)),
        ..owned::LinkMicArmies::default()
    });
    stage.message("WebcastLinkMicArmies", at_ms, body)
}

pub(super) fn ends(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let battle = running(stage, at_ms);
    stage.battle = None;
    link_mic_battle(stage, at_ms, battle, 5)
}

/// Diamonds are points while a match runs.
pub(super) fn gain(stage: &mut Stage, diamonds: u64) {
    if let Some(battle) = &mut stage.battle {
        battle.ours += diamonds;
    }
}

fn running(stage: &Stage, at_ms: i64) -> Battle {
    stage.battle.unwrap_or(Battle { id: at_ms << 20, start_ms: at_ms, duration_s: 60, ours: 0, theirs: 0 })
}

fn link_mic_battle(stage: &mut Stage, at_ms: i64, battle: Battle, action: i32) -> WireMessage {
    let finished = action == 5;
    let body = Fields::new().fields_of(&owned::LinkMicBattle {
        battle_id: battle.id,
        battle_settings: Some(settings(battle, if finished { 2 } else { 1 })),
        action,
        battle_result: if finished { results(stage, battle) } else { Vec::new() },
        armies: armies(stage, battle),
        anchors_info: [STREAMER, RIVAL].map(|side| battle_user(&stage.crowd[side])).to_vec(),
        ..owned::LinkMicBattle::default()
    });
    stage.message("WebcastLinkMicBattle", at_ms, body)
}

fn settings(battle: Battle, status: i32) -> owned::BattleSetting {
    owned::BattleSetting {
        battle_id: battle.id,
        start_time_ms: battle.start_ms,
        duration: battle.duration_s,
        status,
        end_time_ms: battle.start_ms + i64::from(battle.duration_s) * 1000,
    }
}

/// The two sides and their points.
fn sides(stage: &Stage, battle: Battle) -> [(&Person, i64); 2] {
    let points = |of: u64| i64::try_from(of).unwrap_or(i64::MAX);
    [(&stage.crowd[STREAMER], points(battle.ours)), (&stage.crowd[RIVAL], points(battle.theirs))]
}

fn armies(stage: &Stage, battle: Battle) -> Vec<owned::BattleArmiesEntry> {
    sides(stage, battle)
        .map(|(side, host_score)| {
            let best = &stage.crowd[stage.top_givers[0]];
            let best =
                owned::BattleUserArmy { user_id: best.id, score: host_score / 2, nickname: best.nickname_text() };
            let army =
                owned::BattleUserArmies { user_armies: vec![best], host_score, anchor_id_str: side.id.to_string() };
            owned::BattleArmiesEntry { key: side.id, value: Some(army) }
        })
        .to_vec()
}

fn results(stage: &Stage, battle: Battle) -> Vec<owned::BattleResultEntry> {
    // TikTok's numbers: 0 won, 1 lost, 2 draw.
    let result = |mine: u64, other: u64| match mine.cmp(&other) {
        std::cmp::Ordering::Greater => 0,
        std::cmp::Ordering::Less => 1,
        std::cmp::Ordering::Equal => 2,
    };
    let outcomes = [result(battle.ours, battle.theirs), result(battle.theirs, battle.ours)];
    sides(stage, battle)
        .into_iter()
        .zip(outcomes)
        .map(|((side, score), result)| owned::BattleResultEntry {
            key: side.id,
            value: Some(owned::BattleResult { user_id: side.id, result, score }),
        })
        .collect()
}

fn battle_user(person: &Person) -> owned::BattleUserEntry {
    let user = owned::BattleBaseUserInfo {
        user_id: person.id,
        nick_name: person.nickname_text(),
        avatar_thumb: None,
        display_id: person.handle.clone(),
    };
    owned::BattleUserEntry { key: person.id, value: Some(owned::BattleUserInfo { user: Some(user) }) }
}
