//! The reader and prost read the same wherever prost accepts the bytes.

use proptest::{collection::vec, prelude::*, sample::Index};

use crate::oracle::{Entropy, MESSAGE_TYPES, MessageType, Verdict};

fn message_type() -> impl Strategy<Value = MessageType> {
    proptest::sample::select(MESSAGE_TYPES)
}

/// One way of spoiling bytes.
#[derive(Clone, Debug)]
enum Damage {
    Replace(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Cut(Index),
    Repeat(Index, Index),
    Append(Vec<u8>),
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if let Self::Append(tail) = self {
            bytes.extend_from_slice(tail);
            return;
        }
        if bytes.is_empty() {
            return;
        }
        let length = bytes.len();
        match self {
            Self::Replace(at, byte) => bytes[at.index(length)] = *byte,
            Self::Insert(at, byte) => bytes.insert(at.index(length), *byte),
            Self::Remove(at) => drop(bytes.remove(at.index(length))),
            Self::Cut(at) => bytes.truncate(at.index(length)),
            Self::Repeat(from, to) => {
                let (from, to) = (from.index(length), to.index(length));
                let piece = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.extend(piece);
            }
            Self::Append(_) => {}
        }
    }
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Insert(at, byte)),
        any::<Index>().prop_map(Damage::Remove),
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Damage::Repeat(from, to)),
        vec(any::<u8>(), 0..20).prop_map(Damage::Append),
    ]
}

fn refuse_difference(verdict: &Verdict) -> Result<(), TestCaseError> {
    match verdict {
        Verdict::Different(text) => Err(TestCaseError::fail(text.clone())),
        Verdict::Same | Verdict::Refused | Verdict::Limited => Ok(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_message_that_prost_encodes_reads_the_same(kind in message_type(), entropy in vec(any::<u8>(), 0..600)) {
        let bytes = (kind.invent)(&mut Entropy::new(&entropy));
        prop_assert_eq!((kind.compare)(&bytes), Verdict::Same, "{}", kind.name);
    }

    #[test]
    fn two_messages_in_a_row_merge_the_same(
        kind in message_type(),
        first in vec(any::<u8>(), 0..300),
        second in vec(any::<u8>(), 0..300),
    ) {
        let mut bytes = (kind.invent)(&mut Entropy::new(&first));
        bytes.extend((kind.invent)(&mut Entropy::new(&second)));
        prop_assert_eq!((kind.compare)(&bytes), Verdict::Same, "{}", kind.name);
    }

    #[test]
    fn damaged_messages_never_differ_from_prost(
        kind in message_type(),
        entropy in vec(any::<u8>(), 0..300),
        damages in vec(damage(), 1..6),
    ) {
        let mut bytes = (kind.invent)(&mut Entropy::new(&entropy));
        for damage in &damages {
            damage.apply(&mut bytes);
        }
        refuse_difference(&(kind.compare)(&bytes))?;
    }

    #[test]
    fn a_message_read_as_another_type_never_differs_from_prost(
        written in message_type(),
        read in message_type(),
        entropy in vec(any::<u8>(), 0..300),
    ) {
        let bytes = (written.invent)(&mut Entropy::new(&entropy));
        refuse_difference(&(read.compare)(&bytes))?;
    }

    #[test]
    fn random_bytes_never_differ_from_prost(kind in message_type(), bytes in vec(any::<u8>(), 0..200)) {
        refuse_difference(&(kind.compare)(&bytes))?;
    }
}
