//! Walks the fields of a protobuf message without copying, and notes what is wrong with the bytes instead of failing.

use smallvec::SmallVec;

/// How deep groups may lie within each other before the message counts as broken; prost draws the same line.
pub const MAX_GROUP_DEPTH: usize = 100;

/// How many elements of repeated fields one message may have in all.
///
/// Two bytes on the wire can ask for an element of several hundred bytes in memory, so without a limit 8 MiB of input
/// could ask for gigabytes. Real messages have well under a thousand.
pub const MAX_ELEMENTS: u32 = 16_384;

/// What was wrong with the bytes of one message, nested messages included.
///
/// Start each message with `Faults::default()`: the limit on repeated elements counts from there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Declared fields that came with another wire type and were skipped.
    pub mismatched: u32,
    /// Elements of repeated fields left out because there were more than [`MAX_ELEMENTS`].
    pub dropped: u32,
    /// True when the bytes stopped making sense somewhere (cut short, overlong varint, length past the end, field
    /// number 0, end of a group that was not open); what came before is kept.
    pub broken: bool,
    elements: u32,
}

impl Faults {
    /// True when nothing was wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mismatched == 0 && self.dropped == 0 && !self.broken
    }

    #[inline]
    pub(crate) fn admit_element(&mut self) -> bool {
        if self.elements < MAX_ELEMENTS {
            self.elements += 1;
            true
        } else {
            self.dropped = self.dropped.saturating_add(1);
            false
        }
    }

    #[cold]
    pub(crate) fn note_mismatch(&mut self) {
        self.mismatched = self.mismatched.saturating_add(1);
    }
}

/// The value of one field, as its wire type tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Wire type 0: integers, booleans, enums.
    Varint(u64),
    /// Wire type 1: eight bytes, little-endian.
    Fixed64(u64),
    /// Wire type 2: text, bytes, a message or packed scalars.
    Bytes(&'a [u8]),
    /// Wire types 3 and 4: a group, skipped as a whole.
    Group,
    /// Wire type 5: four bytes, little-endian.
    Fixed32(u32),
}

/// Iterates over the fields of one message: field number and value, in the order of the wire.
///
/// At the first malformed byte it ends and [`Fields::is_broken`] turns true.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    rest: &'a [u8],
    broken: bool,
}

impl<'a> Fields<'a> {
    /// Starts at the first field of `message`.
    #[must_use]
    #[inline]
    pub fn new(message: &'a [u8]) -> Self {
        Self { rest: message, broken: false }
    }

    /// True when the iteration ended at a malformed byte and not at the end of the message.
    #[must_use]
    #[inline]
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    #[cold]
    fn stop(&mut self) -> Option<(u32, Value<'a>)> {
        self.rest = &[];
        self.broken = true;
        None
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u32, Value<'a>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        match take_field(&mut self.rest) {
            Some(field) => Some(field),
            None => self.stop(),
        }
    }
}

/// Iterates over the varints of a packed repeated field.
#[derive(Clone, Debug)]
pub struct Packed<'a> {
    rest: &'a [u8],
    broken: bool,
}

impl<'a> Packed<'a> {
    /// Starts at the first value of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, broken: false }
    }

    /// True when the iteration ended at a malformed byte and not at the end.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken
    }
}

impl Iterator for Packed<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        if self.rest.is_empty() {
            return None;
        }
        let value = take_varint(&mut self.rest);
        if value.is_none() {
            self.rest = &[];
            self.broken = true;
        }
        value
    }
}

/// Iterates over the occurrences of one length-delimited field of a message.
#[derive(Clone, Debug)]
pub struct Nested<'a> {
    fields: Fields<'a>,
    number: u32,
}

impl<'a> Nested<'a> {
    /// Looks for field `number` in `message`.
    #[must_use]
    pub fn new(message: &'a [u8], number: u32) -> Self {
        Self { fields: Fields::new(message), number }
    }
}

impl<'a> Iterator for Nested<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        self.fields.find_map(|(number, value)| match value {
            Value::Bytes(bytes) if number == self.number => Some(bytes),
            Value::Bytes(_) | Value::Varint(_) | Value::Fixed64(_) | Value::Group | Value::Fixed32(_) => None,
        })
    }
}

#[inline(always)]
fn take_field<'a>(rest: &mut &'a [u8]) -> Option<(u32, Value<'a>)> {
    let (number, wire_type) = take_key(rest)?;
    let value = match wire_type {
        0 => Value::Varint(take_varint(rest)?),
        1 => Value::Fixed64(u64::from_le_bytes(take_array(rest)?)),
        2 => {
            let length = usize::try_from(take_varint(rest)?).ok()?;
            let (bytes, after) = rest.split_at_checked(length)?;
            *rest = after;
            Value::Bytes(bytes)
        }
        3 => {
            skip_group(rest, number)?;
            Value::Group
        }
        5 => Value::Fixed32(u32::from_le_bytes(take_array(rest)?)),
        _ => return None,
    };
    Some((number, value))
}

/// Takes a field number and a wire type; number 0 and keys wider than 32 bits are malformed.
#[inline(always)]
fn take_key(rest: &mut &[u8]) -> Option<(u32, u32)> {
    let key = u32::try_from(take_varint(rest)?).ok()?;
    let number = key >> 3;
    if number == 0 { None } else { Some((number, key & 7)) }
}

#[inline(always)]
fn take_varint(rest: &mut &[u8]) -> Option<u64> {
    let (&first, after) = rest.split_first()?;
    if first < 0x80 {
        *rest = after;
        return Some(u64::from(first));
    }
    let (&second, after) = after.split_first()?;
    if second < 0x80 {
        *rest = after;
        return Some(u64::from(first & 0x7f) | u64::from(second) << 7);
    }
    take_long_varint(rest)
}

/// Takes a varint of any length up to ten bytes; the tenth may only hold the last bit of a 64-bit number.
fn take_long_varint(rest: &mut &[u8]) -> Option<u64> {
    // Ids have nine bytes and times six, so eight are taken at once where there are as many.
    let Some(head) = rest.first_chunk() else { return take_varint_near_the_end(rest) };
    let head = u64::from_le_bytes(*head);
    let ends = !head & 0x8080_8080_8080_8080;
    let (value, size_bytes) = if ends != 0 {
        let size_bits = ends.trailing_zeros() + 1;
        (joined_groups(head & (u64::MAX >> (64 - size_bits))), size_bits as usize / 8)
    } else {
        let (&ninth, after) = rest[8..].split_first()?;
        let value = joined_groups(head) | u64::from(ninth & 0x7f) << 56;
        match (ninth, after.first()) {
            (..0x80, _) => (value, 9),
            (_, Some(&tenth @ 0..=1)) => (value | u64::from(tenth) << 63, 10),
            (_, _) => return None,
        }
    };
    *rest = &rest[size_bytes..];
    Some(value)
}

/// Takes a varint byte by byte.
fn take_varint_near_the_end(rest: &mut &[u8]) -> Option<u64> {
    let size_bytes = rest.iter().position(|byte| *byte < 0x80)? + 1;
    let (bytes, after) = rest.split_at(size_bytes);
    *rest = after;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f)))
}

/// The low seven bits of each of the eight bytes, joined.
fn joined_groups(bytes: u64) -> u64 {
    let pairs = (bytes & 0x007f_007f_007f_007f) | (bytes & 0x7f00_7f00_7f00_7f00) >> 1;
    let fours = (pairs & 0x0000_3fff_0000_3fff) | (pairs & 0x3fff_0000_3fff_0000) >> 2;
    (fours & 0x0fff_ffff) | (fours & 0x0fff_ffff_0000_0000) >> 4
}

fn take_array<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (array, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*array)
}

/// Skips to the end of the group that field `number` has just opened, groups within it included.
#[cold]
fn skip_group(rest: &mut &[u8], number: u32) -> Option<()> {
    let mut open: SmallVec<[u32; 4]> = SmallVec::from_slice(&[number]);
    while let Some(&innermost) = open.last() {
        let (number, wire_type) = take_key(rest)?;
        match wire_type {
            0 => drop(take_varint(rest)?),
            1 => drop(take_array::<8>(rest)?),
            2 => {
                let length = usize::try_from(take_varint(rest)?).ok()?;
                *rest = rest.get(length..)?;
            }
            3 if open.len() < MAX_GROUP_DEPTH => open.push(number),
            4 if number == innermost => drop(open.pop()),
            5 => drop(take_array::<4>(rest)?),
            _ => return None,
        }
    }
    Some(())
}
