//! The rarer messages of viewers and moderators: questions, boxes, levels, pins, polls, goals.

use webcast_proto::owned;

use super::chatter::{self, emote};
use super::people::{Person, PersonIndex, STREAMER};
use super::phrases::Phrase;
use super::stage::Stage;
use super::wire::{Fields, WireMessage};

fn someone(stage: &mut Stage) -> PersonIndex {
    stage.crowd.someone(&mut stage.scribe.dice)
}

pub(super) fn question(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let who = someone(stage);
    let question = owned::Question {
        question_id: at_ms,
        content: "Which game comes next?".to_owned(),
        create_time: at_ms / 1000,
        user: None,
    };
    let question = Fields::new().fields_of(&question).bytes(5, stage.crowd[who].full());
    stage.message("WebcastQuestionNewMessage", at_ms, Fields::new().message(2, &question))
}

pub(super) fn emote_chat(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let who = someone(stage);
    let person = &stage.crowd[who];
    let body = Fields::new()
        .bytes(2, person.full())
        .fields_of(&owned::EmoteChatMessage {
            emote_list: vec![emote("wave"), emote("heart")],
            ..owned::EmoteChatMessage::default()
        })
        .bytes(5, person.identity());
    stage.message("WebcastEmoteChatMessage", at_ms, body)
}

pub(super) fn treasure_box(stage: &mut Stage, at_ms: i64) -> WireMessage {
    envelope(stage, at_ms, 1, 1)
}

pub(super) fn treasure_box_gone(stage: &mut Stage, at_ms: i64) -> WireMessage {
    envelope(stage, at_ms, 1, 2)
}

pub(super) fn super_fan_box(stage: &mut Stage, at_ms: i64) -> WireMessage {
    envelope(stage, at_ms, 19, 1)
}

fn envelope(stage: &mut Stage, at_ms: i64, business_type: i32, display: i32) -> WireMessage {
    let person = &stage.crowd[stage.top_givers[0]];
    let envelope = owned::EnvelopeInfo {
        envelope_id: "7570000000000000019".to_owned(),
        business_type,
        send_user_name: person.nickname_text(),
        diamond_count: 100,
        people_count: 10,
        unpack_at: i32::try_from(at_ms / 1000 + 60).unwrap_or(i32::MAX),
        send_user_id: person.id.to_string(),
        send_user_avatar: None,
    };
    let envelope = Fields::new().fields_of(&envelope).bytes(9, person.thumb());
    let body = Fields::new()
        .message(2, &envelope)
        .fields_of(&owned::EnvelopeMessage { display, ..owned::EnvelopeMessage::default() });
    stage.message("WebcastEnvelopeMessage", at_ms, body)
}

/// A social message that is neither follow nor share.
pub(super) fn other_social(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let who = someone(stage);
    let social = owned::SocialMessage { action: 9, ..owned::SocialMessage::default() };
    chatter::social_message(stage, who, ("pm_mt_something_else", "{0:user} did something"), &social, at_ms)
}

/// A follow that only its action tells.
pub(super) fn keyless_follow(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let who = someone(stage);
    let body = Fields::new()
        .bytes(2, stage.crowd[who].full())
        .fields_of(&owned::SocialMessage { action: 1, ..owned::SocialMessage::default() });
    stage.totals.follows += 1;
    stage.message("WebcastSocialMessage", at_ms, body)
}

pub(super) fn super_fan_joined(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let who = someone(stage);
    let person = &stage.crowd[who];
    let body = Fields::new()
        .fields_of(&owned::BarrageMessage {
            msg_type: 100,
            common_barrage_content: Some(person_text(
                "ttlive_superfan_commentnotif_superfanjoined",
                "{0:user} became a Super Fan",
                person,
            )),
            duration_ms: 3000,
            ..owned::BarrageMessage::default()
        })
        .bytes(50, person.full());
    stage.message("WebcastBarrageMessage", at_ms, body)
}

pub(super) fn gifter_level_up(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let who = someone(stage);
    let grade = owned::BarrageUserGrade { current_grade: 21, user: None };
    let grade = Fields::new().fields_of(&grade).bytes(4, stage.crowd[who].thin());
    let body = barrage(8, "pm_mt_user_upgrade", "Level 21 reached").message(100, &grade);
    stage.message("WebcastBarrageMessage", at_ms, body)
}

pub(super) fn team_level_up(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let who = someone(stage);
    let level = owned::BarrageFansLevel { current_grade: 10, user: None };
    let level = Fields::new().fields_of(&level).bytes(4, stage.crowd[who].thin());
    let body = barrage(10, "pm_mt_fans_upgrade", "Team level 10 reached").message(101, &level);
    stage.message("WebcastBarrageMessage", at_ms, body)
}

/// The banner that runs two seconds before a subscription and fires nothing.
pub(super) fn subscription_banner(stage: &mut Stage, at_ms: i64) -> WireMessage {
    stage.message("WebcastBarrageMessage", at_ms, barrage(4, "pm_mt_sub_barrage", "Someone just subscribed"))
}

fn barrage(msg_type: i32, key: &str, pattern: &str) -> Fields {
    let content = owned::Text { key: key.to_owned(), default_pattern: pattern.to_owned(), pieces: Vec::new() };
    Fields::new().fields_of(&owned::BarrageMessage {
        msg_type,
        content: Some(content),
        duration_ms: 5000,
        ..owned::BarrageMessage::default()
    })
}

/// A viewer is muted.
pub(super) fn mute(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let who = someone(stage);
    let person = &stage.crowd[who];
    let body = Fields::new()
        .bytes(2, person.full())
        .bytes(4, stage.crowd[STREAMER].thin())
        .fields_of(&owned::MemberMessage { action: 3, user_id: person.id, ..owned::MemberMessage::default() });
    stage.message("WebcastMemberMessage", at_ms, body)
}

pub(super) fn delete(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let delete_msg_ids = stage.history().map(|comment| comment.msg_id).take(1).collect();
    let who = someone(stage);
    let body = Fields::new().fields_of(&owned::ImDeleteMessage {
        delete_msg_ids,
        delete_user_ids: vec![stage.crowd[who].id],
        ..owned::ImDeleteMessage::default()
    });
    stage.message("WebcastImDeleteMessage", at_ms, body)
}

pub(super) fn pin(stage: &mut Stage, at_ms: i64) -> WireMessage {
    room_pin(stage, at_ms, 1)
}

pub(super) fn unpin(stage: &mut Stage, at_ms: i64) -> WireMessage {
    room_pin(stage, at_ms, 2)
}

fn room_pin(stage: &mut Stage, at_ms: i64, action: i32) -> WireMessage {
    let who = someone(stage);
    let phrase = Phrase::new("Stream plan: games until ten, then music", "en");
    let pinned = chatter::comment(stage, who, &phrase, at_ms - 1000);
    let body = Fields::new()
        .bytes(2, &pinned.payload)
        .fields_of(&owned::RoomPinMessage {
            method: pinned.method.into_owned(),
            pin_time_ms: at_ms,
            action,
            display_duration: 60,
            pin_msg_id: pinned.msg_id,
            ..owned::RoomPinMessage::default()
        })
        .bytes(32, stage.crowd[STREAMER].thin());
    stage.message("WebcastRoomPinMessage", at_ms, body)
}

pub(super) fn poll_started(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let start_content = Some(owned::PollStartContent {
        start_time: at_ms,
        end_time: at_ms + 60_000,
        option_list: poll_options([0, 0]),
        title: "Which map?".to_owned(),
    });
    poll(stage, at_ms, owned::PollMessage { message_type: 0, start_content, ..owned::PollMessage::default() })
}

pub(super) fn poll_voted(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let update_votes_content = Some(owned::PollUpdateVotesContent { option_list: poll_options([7, 4]) });
    poll(stage, at_ms, owned::PollMessage { message_type: 2, update_votes_content, ..owned::PollMessage::default() })
}

pub(super) fn poll_ended(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let end_content = Some(owned::PollEndContent { option_list: poll_options([19, 23]) });
    poll(stage, at_ms, owned::PollMessage { message_type: 1, end_content, ..owned::PollMessage::default() })
}

fn poll(stage: &mut Stage, at_ms: i64, poll: owned::PollMessage) -> WireMessage {
    let poll = owned::PollMessage {
        poll_id: stage.scribe.room_id() ^ 0x7f,
        poll_basic_info: Some(owned::PollBasicInfo { title: "Which map?".to_owned() }),
        ..poll
    };
    stage.message("WebcastPollMessage", at_ms, Fields::new().fields_of(&poll))
}

fn poll_options(votes: [i64; 2]) -> Vec<owned::PollOption> {
    let option =
        |text: &str, votes, option_idx| owned::PollOption { votes, display_content: text.to_owned(), option_idx };
    vec![option("Desert 🌵", votes[0], 1), option("Night city", votes[1], 2)]
}

pub(super) fn goal(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let roses = owned::SubGoal {
        r#type: 1,
        id: 5655,
        progress: 40,
        target: 100,
        gift: Some(owned::SubGoalGift { name: "Rose".to_owned(), diamond_count: 1 }),
    };
    let goal = owned::Goal {
        id: 7_570_000_000_000_000_077,
        sub_goals: vec![roses],
        description: "A hundred roses and I sing".to_owned(),
        id_str: "7570000000000000077".to_owned(),
    };
    let body =
        Fields::new().fields_of(&owned::GoalUpdateMessage { goal: Some(goal), ..owned::GoalUpdateMessage::default() });
    stage.message("WebcastGoalUpdateMessage", at_ms, body)
}

/// A `Text` with one person in it.
fn person_text(key: &str, pattern: &str, person: &Person) -> owned::Text {
    let user = owned::User {
        id: person.id,
        nickname: person.nickname_text(),
        display_id: person.handle.clone(),
        ..owned::User::default()
    };
    let piece = owned::TextPiece {
        r#type: 11,
        user_value: Some(owned::TextPieceUser { user: Some(user) }),
        ..owned::TextPiece::default()
    };
    owned::Text { key: key.to_owned(), default_pattern: pattern.to_owned(), pieces: vec![piece] }
}
