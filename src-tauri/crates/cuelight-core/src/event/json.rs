//! An event as JSON: `{"event_type": "...", "data": {...}}`, its own fields and the stamp side by side in `data`.

use compact_str::CompactString;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Body, Event, EventType, Stamp, Unknown};

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut event = serializer.serialize_struct("Event", 2)?;
        event.serialize_field("event_type", self.event_type().as_str())?;
        event.serialize_field("data", &EventData(self))?;
        event.end()
    }
}

/// The `data` of an event, for places that keep the type apart (the journal, Redis).
#[derive(Debug, Clone, Copy)]
pub struct EventData<'a>(pub &'a Event);

impl Serialize for EventData<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.body.serialize_with(&self.0.stamp, serializer)
    }
}

/// An event's own fields with the stamp behind them.
#[derive(Serialize)]
pub(super) struct Stamped<'a, T> {
    #[serde(flatten)]
    pub(super) body: &'a T,
    #[serde(flatten)]
    pub(super) stamp: &'a Stamp,
}

impl Event {
    /// Puts an event together from its type and `data`, as the journal keeps them.
    ///
    /// A type that this version does not know becomes `unknown` under its own name.
    ///
    /// # Errors
    /// A field of `data` that has another JSON type than the schema says.
    pub fn from_parts(event_type: &str, data: &serde_json::Value) -> Result<Self, serde_json::Error> {
        let body = match EventType::from_name(event_type) {
            Some(known) => Body::from_value(known, data)?,
            None => {
                Body::Unknown(Unknown { method: CompactString::new(event_type), size: data.to_string().len() as u64 })
            }
        };
        let stamp = if data.is_null() { Stamp::default() } else { Stamp::deserialize(data)? };
        Ok(Self { body, stamp })
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Parts {
            event_type: String,
            #[serde(default = "no_fields")]
            data: serde_json::Value,
        }
        fn no_fields() -> serde_json::Value {
            serde_json::Value::Object(serde_json::Map::new())
        }
        let parts = Parts::deserialize(deserializer)?;
        Self::from_parts(&parts.event_type, &parts.data).map_err(de::Error::custom)
    }
}
