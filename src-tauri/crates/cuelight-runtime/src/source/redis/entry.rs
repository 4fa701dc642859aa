//! One entry of a Redis stream as an event: pure, and an entry that is none says why.

use std::fmt;
use std::str::FromStr;

use cuelight_core::event::Event;
use cuelight_core::id::MsgId;

/// The place of an entry in its stream, `1790000000000-0`: when it was added, ms since 1970, and its number within that
/// millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EntryId {
    ms: u64,
    number: u64,
}

impl EntryId {
    /// Before every entry.
    pub(super) const BEGINNING: Self = Self { ms: 0, number: 0 };

    /// What stands in for a message number, so that an entry that is delivered again is recognised as any repeated message
    /// is, over a restart too: the moment and the number in one. Servers count few entries within a millisecond; where one
    /// counts more, the id as it is written.
    fn as_msg_id(self) -> MsgId {
        const NUMBER_BITS: u32 = 20;
        const MOMENT_BITS: u32 = 42;
        if self.ms >> MOMENT_BITS == 0 && self.number >> NUMBER_BITS == 0 {
            MsgId::new((self.ms << NUMBER_BITS | self.number).to_string())
        } else {
            MsgId::new(self.to_string())
        }
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.ms, self.number)
    }
}

/// A text that is no entry's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no id of a stream's entry")]
pub(super) struct NoEntryId(String);

impl FromStr for EntryId {
    type Err = NoEntryId;

    fn from_str(text: &str) -> Result<Self, NoEntryId> {
        let parts = text.split_once('-').and_then(|(ms, number)| Some((ms.parse().ok()?, number.parse().ok()?)));
        parts.map(|(ms, number)| Self { ms, number }).ok_or_else(|| NoEntryId(text.to_owned()))
    }
}

/// What an entry holds: names and values in turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fields(pub(super) Vec<Vec<u8>>);

impl Fields {
    /// The event of the entry with that id: `event_type`, `event_data` (the JSON of `data`) and `msg_id`. Where neither of
    /// the last two has a message number, the entry's own id stands in for it.
    ///
    /// # Errors
    /// In words, why this is no event.
    pub(super) fn event(&self, id: EntryId) -> Result<Event, String> {
        let event_type = self.text("event_type")?;
        let data = self.get("event_data").ok_or("it has no field event_data")?;
        let data: serde_json::Value =
            serde_json::from_slice(data).map_err(|error| format!("event_data is no JSON: {error}"))?;
        if !data.is_object() {
            return Err("event_data is no JSON object".to_owned());
        }
        let mut event = Event::from_parts(event_type, &data).map_err(|error| error.to_string())?;
        if event.stamp.msg_id.is_none() {
            let given = self.text("msg_id").ok().filter(|text| !text.is_empty());
            event.stamp.msg_id = Some(given.map_or_else(|| id.as_msg_id(), MsgId::new));
        }
        Ok(event)
    }

    /// Everything in one piece, for keeping what could not be read.
    pub(super) fn joined(&self) -> Vec<u8> {
        self.0.join(&b'\n')
    }

    fn text(&self, name: &str) -> Result<&str, String> {
        let value = self.get(name).ok_or_else(|| format!("it has no field {name}"))?;
        std::str::from_utf8(value).map_err(|_| format!("its field {name} is no text"))
    }

    fn get(&self, name: &str) -> Option<&[u8]> {
        let mut pairs = self.0.chunks_exact(2);
        pairs.find_map(|pair| match pair {
            [key, value] if key == name.as_bytes() => Some(value.as_slice()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use cuelight_core::event::EventType;

    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().flat_map(|(name, value)| [name, value]).map(|it| it.as_bytes().to_vec()).collect())
    }

    #[test]
    fn ids_are_read_written_and_ordered_as_numbers() {
        let id = |text: &str| text.parse::<EntryId>();
        assert_eq!(
            id("1790000000000-12").map(|it| it.to_string()),
            Ok("1790000000000-12".to_owned()),
            "back and forth"
        );
        let order = ["9-9", "9-10", "10-0"].map(|text| id(text).expect("an id"));
        assert!(order.is_sorted(), "by their numbers, not by their letters");
        for text in ["", "5", "5-", "-5", "a-b", "5-6-7"] {
            assert!(id(text).is_err(), "{text:?} is no id");
        }
    }

    #[test]
    fn what_has_no_message_number_gets_the_entrys_own() {
        let msg_id = |id: &str, pairs: &[(&str, &str)]| {
            let event = fields(pairs).event(id.parse().expect("an id")).expect("an event");
            event.stamp.msg_id.expect("every event of a stream has a number")
        };
        let join = ("event_type", "join");
        let check = |id: &str, pairs: &[(&str, &str)], expected: &str| {
            assert_eq!(msg_id(id, pairs).as_str(), expected, "entry {id} with {pairs:?}");
        };
        check("1-2", &[join, ("event_data", r#"{"msg_id":"77"}"#), ("msg_id", "88")], "77");
        check("1-2", &[join, ("event_data", "{}"), ("msg_id", "88")], "88");
        check("1-2", &[join, ("event_data", "{}"), ("msg_id", "")], "1048578");
        check("1-99999999", &[join, ("event_data", "{}")], "1-99999999");
        let number = msg_id("1790000000000-0", &[join, ("event_data", "{}")]).to_number().expect("a number");
        assert!(i64::try_from(number).is_ok(), "the journal keeps it and recognises it after a restart");
    }

    #[test]
    fn an_entry_that_is_no_event_says_why() {
        let check = |pairs: &[(&str, &str)], why: &str| {
            let error = fields(pairs).event(EntryId::BEGINNING).expect_err("no event");
            assert!(error.contains(why), "{pairs:?}: {error:?} must say {why:?}");
        };
        check(&[], "no field event_type");
        check(&[("event_type", "join")], "no field event_data");
        check(&[("event_type", "join"), ("event_data", "{")], "no JSON");
        check(&[("event_type", "join"), ("event_data", "[]")], "no JSON object");
        check(&[("event_type", "like"), ("event_data", r#"{"count":"many"}"#)], "invalid type");
        let odd = Fields(vec![b"event_type".to_vec(), vec![0xff], b"event_data".to_vec(), b"{}".to_vec()]);
        assert!(odd.event(EntryId::BEGINNING).is_err_and(|error| error.contains("no text")), "bytes are no name");
        let uneven = Fields(vec![b"event_type".to_vec()]);
        assert!(uneven.event(EntryId::BEGINNING).is_err(), "a name without its value");
    }

    #[test]
    fn a_type_of_a_newer_version_is_kept_as_unknown() {
        let newer = fields(&[("event_type", "fireworks"), ("event_data", r#"{"colour":"red"}"#)]);
        let event = newer.event(EntryId::BEGINNING).expect("an event");
        assert_eq!(event.event_type(), EventType::Unknown, "seen and counted");
    }
}
