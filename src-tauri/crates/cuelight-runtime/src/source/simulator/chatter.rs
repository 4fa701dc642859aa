//! The messages that most of a live consists of: comments, likes, joins, follows, shares, gifts and viewer counts.

use webcast_proto::owned;

use super::dice::HEX;
use super::gifts::{GiftIndex, GiftShelf};
use super::people::{PersonIndex, STREAMER};
use super::phrases::Phrase;
use super::scribe::PUBLIC_AREA;
use super::stage::Stage;
use super::wire::{Fields, WireMessage};

/// A gift message: a single gift or one step of a combo.
#[derive(Debug, Clone, Copy)]
pub(super) struct GiftSend {
    pub(super) who: PersonIndex,
    pub(super) gift: GiftIndex,
    /// Who gets it: the streamer, or a guest.
    pub(super) to: PersonIndex,
    /// The combo's number; 0 for a single gift.
    pub(super) group_id: u64,
    /// Units of the combo so far, as the message says it.
    pub(super) count: u32,
    /// Says that the combo is over.
    pub(super) ends: bool,
    /// Units that no earlier message of the combo reported.
    pub(super) fresh: u32,
    /// The first message of its combo.
    pub(super) is_first: bool,
}

pub(super) fn comment(stage: &mut Stage, who: PersonIndex, phrase: &Phrase, at_ms: i64) -> WireMessage {
    let person = &stage.crowd[who];
    let emotes = if phrase.text.contains("[heart]") { vec![heart_emote(&phrase.text)] } else { Vec::new() };
    let body = Fields::new()
        .bytes(2, person.full())
        .fields_of(&owned::ChatMessage {
            content: phrase.text.clone(),
            content_language: phrase.language.to_owned(),
            emotes,
            ..owned::ChatMessage::default()
        })
        .bytes(18, person.identity())
        .bytes(21, PUBLIC_AREA);
    let draft = stage.scribe.draft("WebcastChatMessage", at_ms);
    stage.scribe.seal(draft, body)
}

fn heart_emote(text: &str) -> owned::EmoteWithIndex {
    let before = text.split("[heart]").next().unwrap_or_default().chars().count();
    owned::EmoteWithIndex { index: i32::try_from(before).unwrap_or(0), emote: Some(emote("heart")) }
}

/// An emote of that name.
pub(super) fn emote(name: &str) -> owned::Emote {
    owned::Emote {
        emote_id: format!("7150000000000000{:03}", name.len()),
        image: Some(owned::Image { url_list: vec![format!("https://p16.example.invalid/emote/{name}.webp")] }),
    }
}

pub(super) fn like(stage: &mut Stage, who: PersonIndex, hearts: u32, at_ms: i64) -> WireMessage {
    let person = &stage.crowd[who];
    let body = Fields::new()
        .fields_of(&owned::LikeMessage {
            count: i32::try_from(hearts).expect("a like message holds at most 15 hearts"),
            total: i64::try_from(stage.hearts).unwrap_or(i64::MAX),
            ..owned::LikeMessage::default()
        })
        .bytes(5, person.full())
        .bytes(11, PUBLIC_AREA);
    let draft = stage.scribe.draft("WebcastLikeMessage", at_ms);
    let draft = draft.saying("pm_mt_msg_viewer", "{0:user} liked the LIVE", person);
    stage.scribe.seal(draft, body)
}

pub(super) fn join(stage: &mut Stage, who: PersonIndex, at_ms: i64) -> WireMessage {
    let person = &stage.crowd[who];
    let source = stage.scribe.dice.pick(&["homepage_hot-live_cell", "share", "push", "follow"]);
    let body = Fields::new()
        .bytes(2, person.full())
        .fields_of(&owned::MemberMessage {
            member_count: i32::try_from(stage.viewers).unwrap_or(i32::MAX),
            action: 1,
            user_id: person.id,
            client_enter_source: source.to_owned(),
            ..owned::MemberMessage::default()
        })
        .text(20, "draw")
        .bytes(29, PUBLIC_AREA);
    let draft = stage.scribe.draft("WebcastMemberMessage", at_ms);
    let draft = draft.saying("live_room_enter_toast", "{0:user} joined", person);
    stage.scribe.seal(draft, body)
}

pub(super) fn follow(stage: &mut Stage, who: PersonIndex, at_ms: i64) -> WireMessage {
    let social = owned::SocialMessage { action: 1, follow_count: stage.followers, ..owned::SocialMessage::default() };
    social_message(
        stage,
        who,
        ("pm_main_follow_message_viewer_2", "{0:user} followed the LIVE creator"),
        &social,
        at_ms,
    )
}

pub(super) fn share(stage: &mut Stage, who: PersonIndex, at_ms: i64) -> WireMessage {
    let social = owned::SocialMessage {
        action: 3,
        share_type: 1,
        share_target: "-1".to_owned(),
        ..owned::SocialMessage::default()
    };
    social_message(stage, who, ("pm_mt_guidance_share", "{0:user} shared the LIVE"), &social, at_ms)
}

/// A social message with that key and pattern.
pub(super) fn social_message(
    stage: &mut Stage,
    who: PersonIndex,
    (key, pattern): (&'static str, &'static str),
    social: &owned::SocialMessage,
    at_ms: i64,
) -> WireMessage {
    let person = &stage.crowd[who];
    let body = Fields::new().bytes(2, person.full()).fields_of(social).bytes(9, PUBLIC_AREA);
    let draft = stage.scribe.draft("WebcastSocialMessage", at_ms).saying(key, pattern, person);
    stage.scribe.seal(draft, body)
}

pub(super) fn subscribe(stage: &mut Stage, who: PersonIndex, months: u32, at_ms: i64) -> WireMessage {
    let body = Fields::new().bytes(2, stage.crowd[who].full()).fields_of(&owned::SubNotifyMessage {
        sub_month: months.into(),
        subscribe_type: 1,
        old_subscribe_status: i32::from(months > 1),
        subscribing_status: 2,
        ..owned::SubNotifyMessage::default()
    });
    let draft = stage.scribe.draft("WebcastSubNotifyMessage", at_ms);
    stage.scribe.seal(draft, body)
}

pub(super) fn gift(stage: &mut Stage, send: &GiftSend, at_ms: i64) -> WireMessage {
    let person = &stage.crowd[send.who];
    let kind = GiftShelf::kind(send.gift);
    let count = i32::try_from(send.count).unwrap_or(i32::MAX);
    let draft = stage.scribe.draft("WebcastGiftMessage", at_ms);
    let streamer_id = stage.crowd[STREAMER].id;
    let receiver = &stage.crowd[send.to];
    let monitor = owned::GiftMonitorInfo {
        anchor_id: streamer_id,
        send_gift_send_message_success_ms: at_ms,
        to_user_id: receiver.id,
    };
    let monitor_text = format!(
        "{{\"anchor_id\":{streamer_id},\"from_idc\":\"maliva\",\"from_user_id\":{},\"gift_id\":{},\"gift_type\":{},\"msg_id\":{},\"profitapi_message_dur\":0,\"repeat_count\":{count},\"repeat_end\":{},\"room_id\":{},\"send_gift_profit_api_start_ms\":{at_ms},\"to_user_id\":{}}}",
        person.id,
        kind.id,
        kind.gift_type,
        draft.msg_id,
        u8::from(send.ends),
        stage.scribe.room_id(),
        receiver.id,
    );
    let receiver_field = if send.to == STREAMER { Fields::new() } else { Fields::new().bytes(8, receiver.thin()) };
    let body = receiver_field
        .bytes(7, person.full())
        .bytes(15, stage.gifts.encoded(send.gift))
        .fields_of(&owned::GiftMessage {
            gift_id: kind.id,
            group_count: 1,
            repeat_count: count,
            combo_count: count,
            repeat_end: i32::from(send.ends),
            group_id: send.group_id,
            monitor_info: Some(monitor),
            ..owned::GiftMessage::default()
        })
        // Log id, how it was sent, the same facts as text, order number.
        .text(16, &stage.scribe.dice.text(HEX, 32))
        .number(17, 1)
        .text(22, &monitor_text)
        .text(28, &stage.scribe.dice.text(b"0123456789", 19))
        .bytes(32, person.identity())
        .bytes(41, PUBLIC_AREA);
    let draft = draft.saying("pm_mt_guidance_gift", "{0:user} sent {1:gift} x{2:string}", person);
    stage.scribe.seal(draft, body)
}

pub(super) fn viewer_count(stage: &mut Stage, at_ms: i64) -> WireMessage {
    let drift = stage.scribe.dice.between(0..=stage.viewers / 20);
    let grows = stage.scribe.dice.percent(50);
    stage.viewers = if grows { stage.viewers + drift } else { (stage.viewers - drift).max(1) };
    let mut body = Fields::new();
    let mut score: i64 = 90_000;
    for (rank, &who) in (1_i64..).zip(&stage.top_givers) {
        score = stage.scribe.dice.between(1..=score);
        let row = owned::Contributor { score, rank, user: None };
        body = body.message(2, &Fields::new().fields_of(&row).bytes(2, stage.crowd[who].thin()));
    }
    let body = body
        .fields_of(&owned::RoomUserSeqMessage {
            total: i64::try_from(stage.viewers).unwrap_or(i64::MAX),
            total_user: i64::try_from(stage.entered).unwrap_or(i64::MAX),
            anonymous: i64::try_from(stage.viewers / 9).unwrap_or(i64::MAX),
            ..owned::RoomUserSeqMessage::default()
        })
        // Viewers as short text, and popularity.
        .text(4, &stage.viewers.to_string())
        .number(6, stage.viewers);
    let draft = stage.scribe.draft("WebcastRoomUserSeqMessage", at_ms);
    stage.scribe.seal(draft, body)
}
