//! One event in the form in which our events and those of the public clients can be compared.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

/// An event reduced to what every client tells about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Our name of the event type.
    pub(crate) event: String,
    /// Id of the message behind it; empty where there is none.
    pub(crate) msg_id: String,
    /// What is compared, by name.
    pub(crate) fields: BTreeMap<&'static str, Value>,
    /// We ended this combo ourselves, since its end never came; never compared.
    pub(crate) is_inferred: bool,
}

impl Line {
    /// A line that a peer's script printed.
    pub(crate) fn of_peer(line: &Value) -> Line {
        let event = text(&line["event"]);
        let event = match event.as_str() {
            "member" if line["action"] == 1 => "join".to_owned(),
            "member" => "moderation".to_owned(),
            "pin" if line["action"] == 2 => "unpin".to_owned(),
            "envelope" if line["display"] != 1 => "closed_envelope".to_owned(),
            _ => event,
        };
        let compared = compared_fields(&event);
        let fields = compared.iter().filter_map(|field| {
            let value = line.get(field.in_peers)?;
            let is_absent = value.is_null() || (field.name == "group_id" && value == "0");
            (!is_absent).then(|| (field.name, value.clone()))
        });
        Line { msg_id: msg_id(&line["msg_id"]), fields: fields.collect(), event, is_inferred: false }
    }

    /// An event of ours, as `cuelight capture --json` prints it.
    pub(crate) fn of_ours(event: &Value) -> Line {
        let name = text(&event["event_type"]);
        let data = &event["data"];
        let fields = compared_fields(&name).into_iter().filter_map(|field| {
            let value = (field.in_ours)(data);
            (!value.is_null()).then_some((field.name, value))
        });
        Line {
            msg_id: msg_id(&data["msg_id"]),
            fields: fields.collect(),
            event: name,
            is_inferred: data["inferred_end"] == true,
        }
    }

    /// What lines of one message share; without a message, lines of one event.
    pub(crate) fn key(&self) -> &str {
        if self.msg_id.is_empty() { &self.event } else { &self.msg_id }
    }

    /// The same line without some of its fields.
    pub(crate) fn without(&self, names: &[&str]) -> Line {
        let mut line = self.clone();
        line.fields.retain(|name, _| !names.contains(name));
        line
    }

    /// A compared number.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.fields.get(name)?.as_i64()
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.event, self.msg_id)?;
        self.fields.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

/// Where one compared value is found on either side.
struct Field {
    name: &'static str,
    in_peers: &'static str,
    in_ours: fn(&Value) -> Value,
}

macro_rules! fields {
    ($($name:literal = $ours:expr),* $(,)?) => {
        vec![$(Field { name: $name, in_peers: $name, in_ours: $ours }),*]
    };
}

/// What is compared of an event of that name: all that both public clients hand out and our schema carries.
fn compared_fields(event: &str) -> Vec<Field> {
    let user = || {
        fields! {
            "user_id" = |data| data["user"]["user_id"].clone(),
            "unique_id" = |data| data["user"]["unique_id"].clone(),
            "nickname" = |data| data["user"]["nickname"].clone(),
            "picture" = |data| data["user"]["profile_picture"].clone(),
        }
    };
    let own = match event {
        "connect" => {
            return fields! {
                "unique_id" = |data| data["unique_id"].clone(),
                "room_id" = |data| data["room_id"].clone(),
            };
        }
        "comment" => fields! {
            "comment" = |data| data["comment"].clone(),
            "language" = |data| data["language"].clone(),
        },
        "gift" => fields! {
            "gift_id" = |data| data["gift"]["id"].clone(),
            "gift_name" = |data| data["gift"]["name"].clone(),
            "diamond_count" = |data| data["gift"]["diamond_count"].clone(),
            "repeat_count" = |data| data["repeat_count"].clone(),
            "streaking" = |data| data["streaking"].clone(),
            "group_id" = |data| data["group_id"].clone(),
        },
        "like" => fields! {
            "count" = |data| data["count"].clone(),
            "total_likes" = |data| data["total_likes"].clone(),
        },
        "viewer_count" => fields! {
            "viewers" = |data| data["viewers"].clone(),
            "total_viewers" = |data| data["total_viewers"].clone(),
            "top" = top_viewers,
        },
        "question" => fields! { "question" = |data| data["question"].clone() },
        "emote" => fields! { "emotes" = emote_ids },
        "subscribe" => fields! { "months" = |data| data["months"].clone() },
        "envelope" => return fields! { "diamonds" = |data| data["diamonds"].clone() },
        "moderation" => fields! { "action" = |data| data["action"].clone() },
        "join" | "follow" | "share" | "social" => Vec::new(),
        "live_intro" | "room_message" => return fields! { "text" = |data| data["text"].clone() },
        "delete" => return fields! { "user_ids" = |data| data["user_ids"].clone() },
        // Of state messages only their arrival is compared.
        _ => return Vec::new(),
    };
    own.into_iter().chain(user()).collect()
}

fn top_viewers(data: &Value) -> Value {
    let top = data["top_viewers"].as_array().into_iter().flatten();
    top.map(|viewer| Value::from(vec![viewer["user"]["user_id"].clone(), viewer["diamonds"].clone()])).collect()
}

fn emote_ids(data: &Value) -> Value {
    let emotes = data["emotes"].as_array().into_iter().flatten();
    emotes.map(|emote| emote["id"].clone()).collect()
}

fn msg_id(value: &Value) -> String {
    let id = text(value);
    if id == "0" { String::new() } else { id }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
