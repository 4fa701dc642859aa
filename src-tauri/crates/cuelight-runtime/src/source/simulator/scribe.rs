//! Puts the shared part in front of every message: its numbers, its time, and the sentence TikTok would show.

use std::borrow::Cow;

use webcast_proto::owned;

use super::dice::{Dice, HEX, Stream};
use super::people::Person;
use super::wire::{Fields, WireMessage};

/// `PublicAreaMessageCommon`, which many messages carry and nobody reads: scroll gaps of 10 and 5, released.
pub(super) const PUBLIC_AREA: &[u8] = &[0x08, 10, 0x10, 5, 0x18, 1];

/// `TextFormat`: white, weight 400, highlighted.
const FORMAT: &[u8] = b"\x0a\x09#ffffffff\x20\x90\x03\x38\x01";

/// Writes the messages of one room, in order.
pub(super) struct Scribe {
    room_id: i64,
    last_msg_id: i64,
    pub(super) dice: Dice,
}

/// The shared part of a message before it is sealed; 0 stands for "none", as on the wire.
pub(super) struct Draft<'a> {
    /// The name in the envelope.
    pub(super) method: &'static str,
    /// The name within the message.
    pub(super) inner_method: &'static str,
    pub(super) msg_id: i64,
    /// Milliseconds, or seconds for the few messages that do so.
    pub(super) create_time: i64,
    pub(super) sentence: Option<Sentence<'a>>,
}

/// The sentence that TikTok would show for a message; its key tells follow, share and join apart.
pub(super) struct Sentence<'a> {
    pub(super) key: &'static str,
    pub(super) pattern: &'static str,
    /// Who stands first in it.
    pub(super) who: &'a Person,
}

impl Scribe {
    pub(super) fn new(seed: u64, room_id: u64, start_ms: i64) -> Self {
        let room_id = i64::try_from(room_id).unwrap_or(i64::MAX);
        // TikTok's ids hold the second they were made in their upper half.
        let last_msg_id = (start_ms / 1000) << 32;
        Self { room_id, last_msg_id, dice: Dice::new(seed, Stream::Wire) }
    }

    /// A message that was never sent before.
    pub(super) fn draft(&mut self, method: &'static str, at_ms: i64) -> Draft<'static> {
        Draft { method, inner_method: method, msg_id: self.next_msg_id(), create_time: at_ms, sentence: None }
    }

    /// The number of the room, from which the welcome of the streamer takes its own.
    pub(super) fn room_id(&self) -> i64 {
        self.room_id
    }

    fn next_msg_id(&mut self) -> i64 {
        self.last_msg_id += self.dice.between(1..=900_000);
        self.last_msg_id
    }

    /// Joins the shared part with the rest of the message.
    pub(super) fn seal(&mut self, draft: Draft<'_>, body: Fields) -> WireMessage {
        let mut common = Fields::new().fields_of(&owned::Common {
            method: draft.inner_method.to_owned(),
            msg_id: draft.msg_id,
            room_id: self.room_id,
            create_time: draft.create_time,
            display_text: None,
        });
        if let Some(sentence) = draft.sentence {
            common = common.message(8, &sentence_text(&sentence));
        }
        let common = common
            // Shown; its priority; the server's log id and data centres.
            .number(6, 1)
            .number(11, self.dice.between(1000..=99_999))
            .text(12, &format!("{}{}", draft.create_time, self.dice.text(HEX, 18)))
            .text(15, "maliva")
            .text(16, "maliva");
        let payload = Fields::new().message(1, &common).into_bytes();
        let payload = [payload, body.into_bytes()].concat();
        WireMessage { method: Cow::Borrowed(draft.method), msg_id: draft.msg_id, payload, history: false }
    }
}

impl<'a> Draft<'a> {
    /// The same with a sentence about `who`.
    pub(super) fn saying<'b>(self, key: &'static str, pattern: &'static str, who: &'b Person) -> Draft<'b>
    where
        'a: 'b,
    {
        Draft { sentence: Some(Sentence { key, pattern, who }), ..self }
    }
}

/// A `Text` with one person in it; TikTok repeats the person here.
fn sentence_text(sentence: &Sentence<'_>) -> Fields {
    let person = Fields::new().bytes(1, sentence.who.thin());
    let piece = Fields::new().number(1, 11).bytes(2, FORMAT).message(21, &person);
    Fields::new().text(1, sentence.key).text(2, sentence.pattern).bytes(3, FORMAT).message(4, &piece)
}
