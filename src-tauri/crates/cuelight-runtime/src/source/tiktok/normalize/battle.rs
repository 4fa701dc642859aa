//! Matches against other streamers.

use cuelight_core::event::{Battle, BattleSide, Body, Progress};
use cuelight_core::user::User;
use webcast_proto::Faults;
use webcast_proto::read::{BattleArmiesEntry, BattleBaseUserInfo, BattleUserEntry, LinkMicArmies, LinkMicBattle};

use super::text::{first_url, short, short_if_sent};
use super::user::user_id;
use super::{Head, Reading, unsigned};

/// LinkMicBattle: 4 is 4 opened, 5 finished, 6 cut short; invitations and refusals are not the match itself.
pub(super) fn battle(payload: &[u8], faults: &mut Faults) -> Reading {
    let battle = LinkMicBattle::read(payload, faults);
    let state = match battle.action {
        4 => Some(Progress::Started),
        5 | 6 => Some(Progress::Ended),
        _ => None,
    };
    let body = state.map(|state| Body::Battle(Battle { state, sides: sides(&battle) }));
    Head::of(battle.common.as_ref()).with(body)
}

/// LinkMicArmies.3: the points of each side while the match runs. A map comes in any order, so the sides are sorted by id.
pub(super) fn armies(payload: &[u8], faults: &mut Faults) -> Reading {
    let mut message = LinkMicArmies::read(payload, faults);
    message.armies.sort_by_key(|side| side.key);
    let body = (!message.armies.is_empty() || !faults.broken).then(|| {
        let sides = message.armies.iter();
        Body::Battle(Battle {
            state: Progress::Updated,
            sides: sides.map(|side| BattleSide { user: only_id(side.key), points: army_points(side) }).collect(),
        })
    });
    Head::of(message.common.as_ref()).with(body)
}

/// The streamers (LinkMicBattle.10) with their points: the result (5), else the armies (9), else 0.
///
/// Where the streamers are not named, whoever has points is a side.
fn sides(battle: &LinkMicBattle<'_>) -> Vec<BattleSide> {
    let by_result = |key| {
        let result = battle.battle_result.iter().find(|entry| entry.key == key)?;
        Some(unsigned(result.value.as_ref()?.score))
    };
    let by_army = |key| battle.armies.iter().find(|entry| entry.key == key).map(army_points);
    let side = |user: User, key| BattleSide { user, points: by_result(key).or_else(|| by_army(key)).unwrap_or(0) };
    if !battle.anchors_info.is_empty() {
        return battle.anchors_info.iter().map(|entry| side(streamer(entry), entry.key)).collect();
    }
    let by_results = battle.battle_result.iter().map(|entry| entry.key);
    let by_armies = battle.armies.iter().map(|entry| entry.key);
    let with_points: Vec<i64> =
        if battle.battle_result.is_empty() { by_armies.collect() } else { by_results.collect() };
    with_points.into_iter().map(|key| side(only_id(key), key)).collect()
}

fn army_points(entry: &BattleArmiesEntry<'_>) -> u64 {
    entry.value.as_ref().map_or(0, |army| unsigned(army.host_score))
}

/// BattleBaseUserInfo: 1 id, 2 name, 3 picture, 4 handle.
fn streamer(entry: &BattleUserEntry<'_>) -> User {
    let Some(info) = entry.value.as_ref().and_then(|value| value.user.as_ref()) else {
        return only_id(entry.key);
    };
    let BattleBaseUserInfo { user_id: id, nick_name, avatar_thumb, display_id } = info;
    let unique_id = short(*display_id);
    User {
        nickname: short_if_sent(*nick_name).unwrap_or_else(|| unique_id.clone()),
        unique_id,
        user_id: user_id(if *id == 0 { entry.key } else { *id }),
        profile_picture: first_url([avatar_thumb.as_ref()]),
        ..User::default()
    }
}

fn only_id(id: i64) -> User {
    User { user_id: user_id(id), ..User::default() }
}
