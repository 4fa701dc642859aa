//! What our event must say, told from what the independent decoders read: every field that an event carries and they have.

use cuelight_core::timestamp::Timestamp;
use serde_json::{Map, Value, json};

/// Our event for one message: its type, and the values of its fields by JSON pointer; null means absent or null.
pub(super) struct Expected {
    pub(super) event_type: &'static str,
    pub(super) fields: Map<String, Value>,
}

impl Expected {
    /// `message` as it was recorded (its type, and its bytes or their size), `read` as the decoders read it.
    pub(super) fn of(message: &Value, read: &Value) -> Self {
        let mut expected = Self { event_type: "unknown", fields: Map::new() };
        expected.stamp(read);
        let method = read["type"].as_str().unwrap_or_default();
        match method.strip_prefix("Webcast").unwrap_or(method) {
            "ChatMessage" => expected.comment(read),
            "GiftMessage" => expected.gift(read),
            "LikeMessage" => {
                expected.event_type = "like";
                expected.viewer("/user", read, "");
                expected.all([("/count", &read["count"]), ("/total_likes", &read["total"])]);
            }
            "MemberMessage" => {
                expected.event_type = if read["action"] == 1 { "join" } else { "moderation" };
                expected.viewer("/user", read, "");
            }
            "SocialMessage" => {
                expected.event_type = if read["kind"] == "follow" { "follow" } else { "share" };
                expected.viewer("/user", read, "");
            }
            "RoomUserSeqMessage" => expected.viewer_count(read),
            "ControlMessage" => match read["action"].as_i64() {
                Some(1) => expected.event_type = "live_pause",
                Some(2) => expected.event_type = "live_resume",
                action => {
                    expected.event_type = "live_end";
                    expected.set("/reason", json!(if action == Some(3) { "ended" } else { "suspended" }));
                }
            },
            "EnvelopeMessage" if read["display"] == 1 => {
                expected.event_type = "envelope";
                expected.all([
                    ("/diamonds", &read["diamonds"]),
                    ("/user/user_id", &read["sender_id"]),
                    ("/user/unique_id", &read["sender_name"]),
                    ("/user/nickname", &read["sender_name"]),
                    ("/user/profile_picture", &read["sender_avatar"]),
                ]);
            }
            "QuestionNewMessage" => {
                expected.event_type = "question";
                expected.viewer("/user", read, "");
                expected.set("/question", read["text"].clone());
            }
            "EmoteChatMessage" => {
                expected.event_type = "emote";
                expected.viewer_with_identity("/user", read);
                expected.set("/emotes", list(&read["emotes"], |it| json!({"id": it[0], "image_url": it[1]})));
            }
            "SubNotifyMessage" => {
                expected.event_type = "subscribe";
                expected.viewer("/user", read, "");
                expected.set("/months", read["sub_month"].clone());
            }
            "LinkMicBattle" => expected.battle(read),
            "LinkMicArmies" => {
                expected.event_type = "battle";
                expected.set("/state", json!("updated"));
                for (position, side) in read["armies"].as_array().into_iter().flatten().enumerate() {
                    expected.set(&format!("/sides/{position}/user/user_id"), side[0].clone());
                    expected.set(&format!("/sides/{position}/points"), side[1].clone());
                }
            }
            "RoomPinMessage" => {
                expected.event_type = if read["action"] == 1 { "pin" } else { "unpin" };
                match read["pinned"].get("identity") {
                    Some(_) => expected.viewer_with_identity("/user", &read["pinned"]),
                    None => expected.viewer("/user", &read["pinned"], ""),
                }
                expected.set("/comment", read["pinned"].get("comment").cloned().unwrap_or(json!("")));
            }
            "GoalUpdateMessage" => {
                expected.event_type = "goal";
                let part = &read["sub_goals"][0];
                let gift_id = part[1].as_str().and_then(|id| id.parse::<i64>().ok());
                expected.all([("/id", &read["goal_id"]), ("/progress", &part[2]), ("/target", &part[3])]);
                expected.set("/gift_id", if part[0] == 1 { json!(gift_id) } else { Value::Null });
            }
            "PollMessage" => {
                expected.event_type = "poll";
                let states = ["started", "ended", "updated"];
                let state = read["message_type"].as_u64().map(|it| states[it as usize]);
                expected.set("/state", json!(state));
                expected.set("/title", read["title"].clone());
                expected.set("/options", list(&read["options"], |it| json!({"text": it[1], "votes": it[2]})));
            }
            "CaptionMessage" => {
                expected.event_type = "caption";
                let lines = read["lines"].as_array().into_iter().flatten();
                let lines: Vec<&str> = lines.filter_map(|line| line[1].as_str()).collect();
                expected.set("/text", json!(lines.join("\n")));
                expected.set("/timestamp", moment(&read["timestamp_ms"]));
            }
            "ImDeleteMessage" => {
                expected.event_type = "delete";
                expected.all([("/msg_ids", &read["msg_ids"]), ("/user_ids", &read["user_ids"])]);
            }
            "RoomMessage" => {
                expected.event_type = "room_message";
                expected.set("/text", read["content"].clone());
            }
            "BarrageMessage" => {
                expected.event_type = "barrage";
                let subject = ["grade_", "fans_"].into_iter().find(|it| read.get(format!("{it}user_id")).is_some());
                match subject {
                    Some(subject) => expected.viewer("/user", read, subject),
                    None => expected.set("/user", Value::Null),
                }
            }
            "LiveIntroMessage" => {
                expected.event_type = "live_intro";
                expected.viewer("/user", read, "");
                expected.set("/text", read["content"].clone());
            }
            "RankTextMessage" => {
                expected.event_type = "rank";
                expected.set("/user/user_id", read["user_id"].clone());
            }
            "RankUpdateMessage" => {
                expected.event_type = "rank";
                expected.set("/user", Value::Null);
            }
            "OecLiveShoppingMessage" => expected.event_type = "shop",
            _ => {}
        }
        if expected.event_type == "unknown" {
            let size = message["payload_b64"].as_str().map_or(message["size"].clone(), |text| json!(size_of(text)));
            expected.all([("/method", &message["type"]), ("/size", &size)]);
        }
        expected
    }

    /// Ids and times; a time of ten digits is in seconds, and a message without one has the time of its arrival.
    fn stamp(&mut self, read: &Value) {
        let msg_id = read.get("envelope_msg_id").filter(|id| *id != "0").unwrap_or(&read["msg_id"]);
        self.set("/msg_id", if msg_id == "0" { Value::Null } else { msg_id.clone() });
        self.set("/damaged", Value::Null);
        self.set("/history", if read["is_history"] == true { json!(true) } else { Value::Null });
        if read["create_ms"].as_i64().is_some_and(|ms| ms > 0) {
            self.set("/timestamp", moment(&read["create_ms"]));
        }
    }

    fn comment(&mut self, read: &Value) {
        self.event_type = "comment";
        self.viewer_with_identity("/user", read);
        self.set("/comment", read["comment"].clone());
        self.set("/language", if read["language"] == "" { Value::Null } else { read["language"].clone() });
        self.set("/emotes", list(&read["emotes"], |it| json!({"index": it[0], "id": it[1], "image_url": it[2]})));
    }

    fn gift(&mut self, read: &Value) {
        self.event_type = "gift";
        self.viewer_with_identity("/user", read);
        let count = read["repeat_count"].as_u64().unwrap_or(0).max(1);
        let streakable = read["gift_type"] == 1;
        self.all([
            ("/gift/id", &read["gift_id"]),
            ("/gift/name", &read["gift_name"]),
            ("/gift/diamond_count", &read["diamond_count"]),
            ("/gift/image_url", &read["gift_image"]),
            ("/gift/type", &read["gift_type"]),
            ("/gift/combo", &read["combo"]),
        ]);
        self.set("/gift/streakable", json!(streakable));
        self.set("/repeat_count", json!(count));
        self.set("/total_diamonds", json!(count * read["diamond_count"].as_u64().unwrap_or(0)));
        self.set("/streaking", json!(streakable && read["repeat_end"] == 0));
        self.set("/inferred_end", json!(false));
        self.set("/group_id", if read["group_id"] == "0" { Value::Null } else { read["group_id"].clone() });
        // Every recorded gift went to the streamer.
        self.set("/to_user", Value::Null);
    }

    fn viewer_count(&mut self, read: &Value) {
        self.event_type = "viewer_count";
        self.all([("/viewers", &read["total"]), ("/total_viewers", &read["total_user"])]);
        for (position, top) in read["top"].as_array().into_iter().flatten().enumerate() {
            let nickname = if top[4] == "" { &top[3] } else { &top[4] };
            self.set(&format!("/top_viewers/{position}/diamonds"), top[1].clone());
            self.set(&format!("/top_viewers/{position}/user/user_id"), top[2].clone());
            self.set(&format!("/top_viewers/{position}/user/unique_id"), top[3].clone());
            self.set(&format!("/top_viewers/{position}/user/nickname"), nickname.clone());
        }
        let places = read["top"].as_array().map_or(0, Vec::len);
        self.set(&format!("/top_viewers/{places}"), Value::Null);
    }

    fn battle(&mut self, read: &Value) {
        self.event_type = "battle";
        self.set("/state", json!(if read["action"] == 4 { "started" } else { "ended" }));
        for (position, host) in read["hosts"].as_array().into_iter().flatten().enumerate() {
            let results = read["results"].as_array().into_iter().flatten();
            let points = results.filter(|result| result[0] == host[0]).map(|result| result[1].clone()).next();
            self.set(&format!("/sides/{position}/user/user_id"), host[0].clone());
            self.set(&format!("/sides/{position}/user/unique_id"), host[1].clone());
            self.set(&format!("/sides/{position}/user/nickname"), host[2].clone());
            self.set(&format!("/sides/{position}/points"), points.unwrap_or(json!(0)));
        }
    }

    /// A person of a message that carries their relation to the streamer.
    fn viewer_with_identity(&mut self, place: &str, read: &Value) {
        self.viewer(place, read, "");
        if read["user_id"].is_null() {
            return;
        }
        let flags = read["identity"].as_array().cloned().unwrap_or_default();
        let has = |flag: &str| flags.iter().any(|it| it == flag);
        let has_badge = |scenes: &[i64]| levels(&read["badges"], scenes).next().is_some();
        self.set(&format!("{place}/is_moderator"), json!(has("moderator") || has_badge(&[1])));
        self.set(&format!("{place}/is_subscriber"), json!(has("subscriber") || has_badge(&[4, 7])));
        self.set(&format!("{place}/follow_role"), json!(if has("mutual") { 2 } else { i32::from(has("follower")) }));
        self.set(&format!("{place}/is_host"), if has("anchor") { json!(true) } else { Value::Null });
    }

    /// A person: names, picture, and what their badges tell. Nothing is said of somebody who is not there.
    fn viewer(&mut self, place: &str, read: &Value, prefix: &str) {
        let of = |name: &str| read.get(format!("{prefix}{name}")).cloned().unwrap_or_default();
        if of("user_id").is_null() {
            return self.set(&format!("{place}/user_id"), json!(""));
        }
        let nickname = if of("nickname") == "" { of("unique_id") } else { of("nickname") };
        let badges = of("badges");
        let roles = |scenes: &[i64]| {
            let has_badges = badges.as_array().is_some_and(|it| !it.is_empty());
            if has_badges { json!(levels(&badges, scenes).next().is_some()) } else { Value::Null }
        };
        let level = |scene| json!(levels(&badges, &[scene]).filter_map(|level| level.parse::<u32>().ok()).next());
        self.set(&format!("{place}/user_id"), of("user_id"));
        self.set(&format!("{place}/unique_id"), of("unique_id"));
        self.set(&format!("{place}/nickname"), nickname);
        self.set(&format!("{place}/profile_picture"), of("avatar"));
        self.set(&format!("{place}/is_moderator"), roles(&[1]));
        self.set(&format!("{place}/is_subscriber"), roles(&[4, 7]));
        self.set(&format!("{place}/gifter_level"), level(8));
        self.set(&format!("{place}/team_level"), level(10));
    }

    fn all<const N: usize>(&mut self, fields: [(&str, &Value); N]) {
        fields.into_iter().for_each(|(field, value)| self.set(field, value.clone()));
    }

    fn set(&mut self, field: &str, value: Value) {
        self.fields.insert(field.to_owned(), value);
    }
}

/// The levels on the badges of these kinds.
fn levels<'a>(badges: &'a Value, scenes: &[i64]) -> impl Iterator<Item = &'a str> {
    let badges = badges.as_array().into_iter().flatten();
    badges
        .filter(move |badge| badge[0].as_i64().is_some_and(|scene| scenes.contains(&scene)))
        .filter_map(|it| it[1].as_str())
}

fn list(values: &Value, of: impl Fn(&Value) -> Value) -> Value {
    values.as_array().into_iter().flatten().map(of).collect()
}

fn moment(time: &Value) -> Value {
    /// The first number that is read as milliseconds.
    const MILLISECONDS: i64 = 100_000_000_000;
    let time = time.as_i64().unwrap_or(0);
    json!(Timestamp::from_ms(if time < MILLISECONDS { time * 1000 } else { time }).to_string())
}

/// Bytes in a padded base64 text.
fn size_of(base64: &str) -> usize {
    base64.len() / 4 * 3 - base64.bytes().rev().take_while(|byte| *byte == b'=').count()
}
