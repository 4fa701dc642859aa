//! Builds the messages of an invented live: numbered, timed and encoded as TikTok does.

use prost::Message as _;
use webcast_proto::owned;

use crate::tiktok::ROOM_ID;
use crate::viewer::{GiftKind, Viewer};

/// How far its clock goes on with each message, in milliseconds.
const MESSAGE_EVERY_MS: i64 = 250;

/// A message in its envelope, ready for a [`Frame`](crate::Frame).
pub type Message = owned::Envelope;

/// One gift message of a combo.
#[derive(Clone, Copy, Debug)]
pub struct GiftStep {
    /// What is given.
    pub gift: GiftKind,
    /// Id of the combo (`GiftMessage`, field 11); 0 for gifts without combos.
    pub group_id: u64,
    /// Running total of the combo (field 5).
    pub count: i32,
    /// Whether the combo ends here (field 9).
    pub is_end: bool,
}

/// A running live: hands out message ids and times, so that the same calls give the same bytes.
#[derive(Clone, Debug)]
pub struct Live {
    next_msg_id: i64,
    now_ms: i64,
    room_id: i64,
}

impl Live {
    /// A live whose first message has the id 7 300 000 000 000 000 001.
    pub fn new() -> Live {
        Live::numbered_from(7_300_000_000_000_000_001)
    }

    /// A live whose first message has this id: for messages added to a scenario or a recording.
    pub fn numbered_from(first_msg_id: i64) -> Live {
        Live { next_msg_id: first_msg_id, now_ms: 1_790_000_000_000, room_id: ROOM_ID }
    }

    /// The same live in another room.
    pub fn in_room(mut self, room_id: i64) -> Live {
        self.room_id = room_id;
        self
    }

    /// What its clock says, in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// Sets its clock, be it forwards or backwards.
    pub fn set_clock(&mut self, now_ms: i64) {
        self.now_ms = now_ms;
    }

    /// A comment without a time of its own (`Common`, field 4).
    pub fn untimed_chat(&mut self, viewer: Viewer, text: &str) -> Message {
        let now_ms = std::mem::replace(&mut self.now_ms, -MESSAGE_EVERY_MS);
        let comment = self.chat(viewer, text);
        self.now_ms = now_ms;
        comment
    }

    /// A message of a type nobody knows with so many bytes, which compress to next to nothing.
    pub fn bulky(&mut self, size_bytes: usize) -> Message {
        Message { payload: vec![0; size_bytes], ..self.unknown() }
    }

    /// A comment.
    pub fn chat(&mut self, viewer: Viewer, text: &str) -> Message {
        let common = self.common("WebcastChatMessage", "");
        let chat = owned::ChatMessage {
            common: Some(common.clone()),
            user: Some(viewer.on_the_wire()),
            content: text.into(),
            content_language: "en".into(),
            ..Default::default()
        };
        envelope(&common, &chat)
    }

    /// A comment that TikTok replays after connecting.
    pub fn past_chat(&mut self, viewer: Viewer, text: &str) -> Message {
        let mut message = self.chat(viewer, text);
        message.is_history = true;
        message
    }

    /// A comment whose payload is cut in the middle of a field, as a broken sender would.
    pub fn broken_chat(&mut self, viewer: Viewer) -> Message {
        let mut message = self.chat(viewer, "this text never arrives whole");
        // The text announces 127 bytes and brings none.
        message.payload = vec![0x1a, 0x7f];
        message
    }

    /// A gift message, one of several in a combo.
    pub fn gift(&mut self, viewer: Viewer, step: GiftStep) -> Message {
        let common = self.common("WebcastGiftMessage", "");
        let gift = owned::GiftMessage {
            common: Some(common.clone()),
            gift_id: step.gift.id,
            group_count: 1,
            repeat_count: step.count,
            combo_count: step.count,
            user: Some(viewer.on_the_wire()),
            repeat_end: i32::from(step.is_end),
            group_id: step.group_id,
            gift: Some(step.gift.on_the_wire()),
            ..Default::default()
        };
        envelope(&common, &gift)
    }

    /// `count` likes at once, and what the room's counter says afterwards.
    pub fn like(&mut self, viewer: Viewer, count: i32, total: i64) -> Message {
        let common = self.common("WebcastLikeMessage", "pm_mt_msg_viewer");
        let like = owned::LikeMessage { common: Some(common.clone()), count, total, user: Some(viewer.on_the_wire()) };
        envelope(&common, &like)
    }

    /// Somebody came in.
    pub fn join(&mut self, viewer: Viewer) -> Message {
        self.member(viewer, 1)
    }

    /// A member message with another action than joining, such as 3 = muted.
    pub fn member(&mut self, viewer: Viewer, action: i32) -> Message {
        let common = self.common("WebcastMemberMessage", "live_room_enter_toast");
        let member = owned::MemberMessage {
            common: Some(common.clone()),
            user: Some(viewer.on_the_wire()),
            member_count: 42,
            action,
            ..Default::default()
        };
        envelope(&common, &member)
    }

    /// Somebody followed the streamer.
    pub fn follow(&mut self, viewer: Viewer) -> Message {
        self.social(viewer, "pm_main_follow_message_viewer_2", 1)
    }

    /// Somebody shared the stream.
    pub fn share(&mut self, viewer: Viewer) -> Message {
        self.social(viewer, "pm_mt_guidance_share", 3)
    }

    /// A follow or share told apart only by `action`, or by neither (0).
    pub fn social_without_key(&mut self, viewer: Viewer, action: i64) -> Message {
        self.social(viewer, "", action)
    }

    /// How many watch now and since the start.
    pub fn viewer_count(&mut self, now: i64, since_start: i64, top: &[(Viewer, i64)]) -> Message {
        let common = self.common("WebcastRoomUserSeqMessage", "");
        let ranks = top.iter().zip(1..).map(|((viewer, diamonds), rank)| owned::Contributor {
            score: *diamonds,
            user: Some(viewer.on_the_wire()),
            rank,
        });
        let count = owned::RoomUserSeqMessage {
            common: Some(common.clone()),
            ranks: ranks.collect(),
            total: now,
            total_user: since_start,
            ..Default::default()
        };
        envelope(&common, &count)
    }

    /// A question to the streamer.
    pub fn question(&mut self, viewer: Viewer, text: &str) -> Message {
        let common = self.common("WebcastQuestionNewMessage", "");
        let question = owned::QuestionNewMessage {
            common: Some(common.clone()),
            data: Some(owned::Question {
                question_id: 77,
                content: text.into(),
                create_time: self.now_ms,
                user: Some(viewer.on_the_wire()),
            }),
        };
        envelope(&common, &question)
    }

    /// A comment that is only an emote.
    pub fn emote(&mut self, viewer: Viewer, emote_id: &str) -> Message {
        let common = self.common("WebcastEmoteChatMessage", "");
        let emote = owned::EmoteChatMessage {
            common: Some(common.clone()),
            user: Some(viewer.on_the_wire()),
            emote_list: vec![owned::Emote {
                emote_id: emote_id.into(),
                image: Some(owned::Image { url_list: vec![format!("https://pictures.invalid/emote-{emote_id}.png")] }),
            }],
            ..Default::default()
        };
        envelope(&common, &emote)
    }

    /// Somebody subscribed, for the `months`th month.
    pub fn subscribe(&mut self, viewer: Viewer, months: i64) -> Message {
        let common = self.common("WebcastSubNotifyMessage", "");
        let subscription = owned::SubNotifyMessage {
            common: Some(common.clone()),
            user: Some(viewer.on_the_wire()),
            sub_month: months,
            ..Default::default()
        };
        envelope(&common, &subscription)
    }

    /// Somebody placed a treasure box.
    pub fn treasure_box(&mut self, viewer: Viewer, diamonds: i32, people: i32) -> Message {
        let common = self.common("WebcastEnvelopeMessage", "");
        let chest = owned::EnvelopeMessage {
            common: Some(common.clone()),
            envelope_info: Some(owned::EnvelopeInfo {
                envelope_id: "7300000000000000900".into(),
                business_type: 1,
                send_user_name: viewer.nickname.into(),
                diamond_count: diamonds,
                people_count: people,
                send_user_id: viewer.id.to_string(),
                ..Default::default()
            }),
            display: 1,
        };
        envelope(&common, &chest)
    }

    /// The stream was paused (`ControlMessage`, action 1).
    pub fn paused(&mut self) -> Message {
        self.control(1)
    }

    /// The stream goes on (action 2).
    pub fn resumed(&mut self) -> Message {
        self.control(2)
    }

    /// The stream is over (action 3).
    pub fn ended(&mut self) -> Message {
        self.control(3)
    }

    /// TikTok took the stream off (action 4).
    pub fn suspended(&mut self) -> Message {
        self.control(4)
    }

    /// The host's greeting, which has the same id at every connection and no time.
    pub fn live_intro(&mut self, host: Viewer, text: &str) -> Message {
        let common = owned::Common { method: "WebcastLiveIntroMessage".into(), msg_id: ROOM_ID, ..Default::default() };
        let intro = owned::LiveIntroMessage {
            common: Some(common.clone()),
            content: text.into(),
            user: Some(host.on_the_wire()),
        };
        envelope(&common, &intro)
    }

    /// TikTok's welcome text: the method lacks its prefix, and `common` names another one.
    pub fn welcome(&mut self, text: &str) -> Message {
        let common = self.common("SystemMessage", "");
        let welcome = owned::RoomMessage { common: Some(common.clone()), content: text.into() };
        Message { method: "RoomMessage".into(), ..envelope(&common, &welcome) }
    }

    /// A message of a type nobody knows.
    pub fn unknown(&mut self) -> Message {
        let common = self.common("WebcastBrandNewThingMessage", "");
        let message = owned::AnyMessage { common: Some(common.clone()) };
        envelope(&common, &message)
    }

    /// The same message once more under a fresh id, as TikTok repeats the end of a combo.
    pub fn again(&mut self, message: &Message) -> Message {
        let mut gift =
            owned::GiftMessage::decode(message.payload.as_slice()).expect("only gift messages built here are repeated");
        let common = self.common(&message.method, "");
        gift.common = Some(common.clone());
        envelope(&common, &gift)
    }

    fn social(&mut self, viewer: Viewer, key: &str, action: i64) -> Message {
        let common = self.common("WebcastSocialMessage", key);
        let social = owned::SocialMessage {
            common: Some(common.clone()),
            user: Some(viewer.on_the_wire()),
            action,
            follow_count: i64::from(action == 1) * 1_200,
            ..Default::default()
        };
        envelope(&common, &social)
    }

    fn control(&mut self, action: i32) -> Message {
        let common = self.common("WebcastControlMessage", "");
        let control = owned::ControlMessage { common: Some(common.clone()), action, ..Default::default() };
        envelope(&common, &control)
    }

    fn common(&mut self, method: &str, key: &str) -> owned::Common {
        let msg_id = self.next_msg_id;
        self.next_msg_id += 1;
        self.now_ms += MESSAGE_EVERY_MS;
        owned::Common {
            method: method.into(),
            msg_id,
            room_id: self.room_id,
            create_time: self.now_ms,
            display_text: (!key.is_empty()).then(|| owned::TextKey { key: key.into() }),
        }
    }
}

impl Default for Live {
    fn default() -> Self {
        Live::new()
    }
}

fn envelope(common: &owned::Common, message: &impl prost::Message) -> Message {
    Message {
        method: common.method.clone(),
        payload: message.encode_to_vec(),
        msg_id: common.msg_id,
        ..Default::default()
    }
}
