//! Compares the reader with prost: conversions to prost's structs, a verdict on any bytes, and invented messages.

use prost::DecodeError;

use crate::{owned, read, wire::Faults};

include!(concat!(env!("OUT_DIR"), "/oracle.rs"));

/// One message of the schema, to be compared without naming its type.
#[derive(Clone, Copy, Debug)]
pub struct MessageType {
    /// Its name in the schema.
    pub name: &'static str,
    /// Reads bytes both ways.
    pub compare: fn(&[u8]) -> Verdict,
    /// Makes up a message and encodes it with prost.
    pub invent: fn(&mut Entropy<'_>) -> Vec<u8>,
}

/// What came out of reading the same bytes both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both read the same, and the reader found nothing wrong.
    Same,
    /// Prost refuses the bytes, so there is nothing to compare with.
    Refused,
    /// The reader stopped at its limit of repeated elements, which prost does not have.
    Limited,
    /// They differ, which must not be; the text shows how.
    Different(String),
}

/// Reads bytes both ways as the message called `name`, or as any message when the schema has none of that name.
#[must_use]
pub fn compare(name: &str, bytes: &[u8]) -> Verdict {
    let named = |name: &str| MESSAGE_TYPES.iter().find(|kind| kind.name == name);
    let kind = named(name).or_else(|| named("AnyMessage")).expect("the schema has AnyMessage");
    (kind.compare)(bytes)
}

fn verdict<M: PartialEq + std::fmt::Debug>(
    bytes: &[u8],
    ours: &M,
    faults: Faults,
    theirs: Result<M, DecodeError>,
) -> Verdict {
    match theirs {
        Err(_) => Verdict::Refused,
        Ok(_) if faults.dropped > 0 => Verdict::Limited,
        Ok(theirs) if *ours == theirs && faults.is_empty() => Verdict::Same,
        Ok(theirs) => {
            Verdict::Different(format!("bytes {bytes:02x?}\nreader {ours:?}\nfaults {faults:?}\nprost {theirs:?}"))
        }
    }
}

/// Bytes that decide what an invented message holds; when they run out, the rest stays empty.
#[derive(Clone, Debug)]
pub struct Entropy<'a> {
    bytes: &'a [u8],
}

impl<'a> Entropy<'a> {
    /// Takes the bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    fn next_byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.bytes.split_first() else {
            return 0;
        };
        self.bytes = rest;
        first
    }

    /// A number of a random width, so that every length of varint occurs.
    fn next_number(&mut self) -> u64 {
        let width = self.next_byte() % 9;
        (0..width).fold(0, |number, _| number << 8 | u64::from(self.next_byte()))
    }
}

/// Makes up a value.
trait Invent {
    fn invent(entropy: &mut Entropy<'_>) -> Self;
}

impl Invent for bool {
    fn invent(entropy: &mut Entropy<'_>) -> Self {
        entropy.next_byte() & 1 == 1
    }
}

impl Invent for i32 {
    fn invent(entropy: &mut Entropy<'_>) -> Self {
        entropy.next_number() as Self
    }
}

impl Invent for i64 {
    fn invent(entropy: &mut Entropy<'_>) -> Self {
        entropy.next_number() as Self
    }
}

impl Invent for u64 {
    fn invent(entropy: &mut Entropy<'_>) -> Self {
        entropy.next_number()
    }
}

impl Invent for u8 {
    fn invent(entropy: &mut Entropy<'_>) -> Self {
        entropy.next_byte()
    }
}

impl Invent for String {
    fn invent(entropy: &mut Entropy<'_>) -> Self {
        let length = entropy.next_byte() % 8;
        (0..length).map(|_| char::from_u32(entropy.next_number() as u32 & 0x1_ffff).unwrap_or('é')).collect()
    }
}

impl<T: Invent> Invent for Vec<T> {
    fn invent(entropy: &mut Entropy<'_>) -> Self {
        let length = entropy.next_byte() % 6;
        (0..length).map(|_| T::invent(entropy)).collect()
    }
}

impl<T: Invent> Invent for Option<T> {
    fn invent(entropy: &mut Entropy<'_>) -> Self {
        bool::invent(entropy).then(|| T::invent(entropy))
    }
}
