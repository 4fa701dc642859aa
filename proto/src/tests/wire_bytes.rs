//! Writes wire bytes field by field, so that tests can write what no encoder would.

/// A varint in as few bytes as possible.
pub(super) fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// A key: field number and wire type.
pub(super) fn key(number: u64, wire_type: u64) -> Vec<u8> {
    varint(number << 3 | wire_type)
}

/// A varint field.
pub(super) fn number_field(number: u64, value: u64) -> Vec<u8> {
    [key(number, 0), varint(value)].concat()
}

/// A length-delimited field.
pub(super) fn bytes_field(number: u64, bytes: &[u8]) -> Vec<u8> {
    [key(number, 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

/// A group with `content` between its start and its end.
pub(super) fn group_field(number: u64, content: &[u8]) -> Vec<u8> {
    [key(number, 3), content.to_vec(), key(number, 4)].concat()
}
