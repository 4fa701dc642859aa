//! A message that could not be read whole, with as much of it as is kept for inspection.

use cuelight_core::limits::FAULT_BYTES;
use cuelight_core::reason::Reason;

/// A message that could not be read whole, kept for inspection.
#[derive(Debug, Clone)]
pub struct Fault {
    reason: Reason,
    raw: Vec<u8>,
}

impl Fault {
    /// Keeps as much of the bytes as a fault may hold: the first [`FAULT_BYTES`].
    #[must_use]
    pub fn keeping(reason: Reason, bytes: &[u8]) -> Self {
        Self { reason, raw: bytes[..bytes.len().min(FAULT_BYTES)].to_vec() }
    }

    /// What was wrong.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Takes it apart: what was wrong, and the bytes as they came.
    #[must_use]
    pub fn into_parts(self) -> (Reason, Vec<u8>) {
        (self.reason, self.raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_giant_fault_is_kept_in_part() {
        let fault = Fault::keeping(Reason::FrameBroken { error: "cut".into() }, &[7; FAULT_BYTES + 1]);
        assert_eq!(fault.into_parts().1.len(), FAULT_BYTES, "memory and disk stay bounded whatever comes in");
    }
}
