//! Unpacks gzip payloads into one buffer that is used again and again and never grows past a limit.

use libdeflater::{DecompressionError, Decompressor};

/// The largest payload after unpacking, in bytes; real ones stay under 200 KiB, a gzip bomb does not.
pub const MAX_INFLATED_BYTES: usize = 8 * 1024 * 1024;

/// How much of the buffer is kept after a larger payload than usual, in bytes.
const KEPT_BUFFER_BYTES: usize = 256 * 1024;

/// Deflate cannot make anything smaller than about a thousandth, so a larger size is a lie.
const MAX_EXPANSION: usize = 1_032;

/// The shortest gzip stream: a header of ten bytes, and eight bytes of checksum and size at the end.
const MIN_GZIP_BYTES: usize = 18;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Why a payload could not be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InflateError {
    /// It ends before a gzip stream can.
    #[error("payload of {size_bytes} bytes is cut short, a gzip stream has at least {MIN_GZIP_BYTES}")]
    Truncated {
        /// Size of the payload as received.
        size_bytes: usize,
    },
    /// It is larger than [`MAX_INFLATED_BYTES`] when unpacked.
    #[error("payload of {size_bytes} bytes unpacks to more than {MAX_INFLATED_BYTES} bytes")]
    TooLarge {
        /// Size of the payload as received.
        size_bytes: usize,
    },
    /// Its content or checksum is wrong.
    #[error("payload of {size_bytes} bytes is damaged, its gzip stream cannot be unpacked")]
    Corrupt {
        /// Size of the payload as received.
        size_bytes: usize,
    },
}

/// Unpacks one payload after another.
pub struct Inflater {
    decompressor: Decompressor,
    buffer: Vec<u8>,
}

impl Inflater {
    /// Starts with an empty buffer.
    #[must_use]
    pub fn new() -> Self {
        Self { decompressor: Decompressor::new(), buffer: Vec::new() }
    }

    /// Unpacks `payload`, or hands it back as it is when it does not start with gzip's magic bytes.
    ///
    /// # Errors
    /// When it is gzip and cut short, damaged, or larger than [`MAX_INFLATED_BYTES`]. The next payload is not affected.
    pub fn inflate<'a>(&'a mut self, payload: &'a [u8]) -> Result<&'a [u8], InflateError> {
        let size_bytes = payload.len();
        if !payload.starts_with(&GZIP_MAGIC) {
            self.make_room(0);
            return Ok(payload);
        }
        let Some(claimed_bytes) = claimed_size(payload) else {
            return Err(InflateError::Truncated { size_bytes });
        };
        self.make_room(claimed_bytes);
        loop {
            match self.decompressor.gzip_decompress(payload, &mut self.buffer) {
                Ok(written) => return Ok(&self.buffer[..written]),
                Err(DecompressionError::BadData) => {
                    return Err(InflateError::Corrupt { size_bytes });
                }
                Err(DecompressionError::InsufficientSpace) if self.buffer.len() >= MAX_INFLATED_BYTES => {
                    return Err(InflateError::TooLarge { size_bytes });
                }
                // Only a stream that understates its size gets here.
                Err(DecompressionError::InsufficientSpace) => self.make_room(self.buffer.len() * 4),
            }
        }
    }

    /// Bytes held for the next payload.
    fn buffer_bytes(&self) -> usize {
        self.buffer.capacity()
    }

    /// Makes the buffer large enough for `wanted_bytes`, within the limits, and gives memory back after a rare giant.
    fn make_room(&mut self, wanted_bytes: usize) {
        let wanted_bytes = wanted_bytes.min(MAX_INFLATED_BYTES);
        if self.buffer.len() > KEPT_BUFFER_BYTES && wanted_bytes <= KEPT_BUFFER_BYTES {
            self.buffer = Vec::new();
        }
        if self.buffer.len() < wanted_bytes {
            // Grown in powers of two, so that payloads of slowly rising size do not each move the buffer.
            let size_bytes = wanted_bytes.next_power_of_two().clamp(4096, MAX_INFLATED_BYTES);
            self.buffer = vec![0; size_bytes];
        }
    }
}

impl Default for Inflater {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Inflater {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Inflater").field("buffer_bytes", &self.buffer_bytes()).finish_non_exhaustive()
    }
}

/// The size that the end of a gzip stream claims, cut to what is possible; `None` when there is no room for a claim.
fn claimed_size(payload: &[u8]) -> Option<usize> {
    if payload.len() < MIN_GZIP_BYTES {
        return None;
    }
    let claim = usize::try_from(u32::from_le_bytes(*payload.last_chunk()?)).ok()?;
    // At least one byte, so that growing by a factor gets somewhere.
    Some(claim.min(payload.len().saturating_mul(MAX_EXPANSION)).max(1))
}

#[cfg(test)]
mod tests {
    use libdeflater::{CompressionLvl, Compressor};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut compressor = Compressor::new(CompressionLvl::default());
        let mut packed = vec![0; compressor.gzip_compress_bound(bytes.len())];
        let size = compressor.gzip_compress(bytes, &mut packed).expect("the buffer is large enough");
        packed.truncate(size);
        packed
    }

    #[test]
    fn payloads_of_every_size_up_to_the_limit_come_back() {
        let mut inflater = Inflater::new();
        for size in [0, 1, 4_096, 4_097, 300_000, 5_000_000, MAX_INFLATED_BYTES, 10] {
            let bytes = vec![b'x'; size];
            assert_eq!(inflater.inflate(&gzip(&bytes)), Ok(bytes.as_slice()), "{size} bytes");
        }
    }

    #[test]
    fn what_is_not_packed_passes_through_uncopied() {
        let mut inflater = Inflater::new();
        for payload in [&b""[..], b"\x1f", b"plain text", b"\x1f\x8a"] {
            let passed = inflater.inflate(payload).expect("nothing to unpack");
            assert!(std::ptr::eq(passed, payload), "{payload:02x?} is the same slice");
        }
        assert_eq!(inflater.buffer_bytes(), 0, "no buffer was needed");
    }

    #[test]
    fn a_bomb_stops_at_the_limit_whatever_size_it_claims() {
        let bomb = gzip(&vec![0; MAX_INFLATED_BYTES + 1]);
        let size_bytes = bomb.len();
        let mut inflater = Inflater::new();
        for claim in [None, Some(0u32), Some(100), Some(1 << 23), Some(u32::MAX)] {
            let mut bomb = bomb.clone();
            if let Some(claim) = claim {
                bomb[size_bytes - 4..].copy_from_slice(&claim.to_le_bytes());
            }
            assert_eq!(inflater.inflate(&bomb), Err(InflateError::TooLarge { size_bytes }), "claim {claim:?}");
            assert!(inflater.buffer_bytes() <= MAX_INFLATED_BYTES, "the buffer stays within the limit");
        }
        assert_eq!(inflater.inflate(&gzip(b"next")), Ok(&b"next"[..]), "the next payload is not affected");
    }

    #[test]
    fn a_damaged_payload_is_named_for_what_it_is() {
        let sound = gzip(b"some text that is long enough to be packed, some text that is long enough");
        let size_bytes = sound.len();
        let mut inflater = Inflater::new();
        let mut damaged = |at: usize| {
            let mut bytes = sound.clone();
            bytes[at] ^= 0x55;
            inflater.inflate(&bytes).map(<[u8]>::to_vec)
        };
        assert_eq!(damaged(2), Err(InflateError::Corrupt { size_bytes }), "another method than deflate");
        assert_eq!(damaged(size_bytes - 8), Err(InflateError::Corrupt { size_bytes }), "another checksum");
        assert!(damaged(size_bytes - 4).is_err(), "another size");
        for cut in 2..size_bytes {
            assert!(inflater.inflate(&sound[..cut]).is_err(), "cut at {cut}");
        }
        assert_eq!(inflater.inflate(&sound[..17]), Err(InflateError::Truncated { size_bytes: 17 }), "far too short");
    }

    #[test]
    fn a_false_claim_of_size_takes_no_more_memory_than_the_bytes_could_fill() {
        let mut tiny = gzip(b"tiny");
        let at = tiny.len() - 4;
        tiny[at..].copy_from_slice(&u32::MAX.to_le_bytes());
        let mut inflater = Inflater::new();
        assert_eq!(
            inflater.inflate(&tiny),
            Err(InflateError::Corrupt { size_bytes: tiny.len() }),
            "the claim is wrong"
        );
        assert!(inflater.buffer_bytes() <= 32 * 1024, "{} bytes were taken", inflater.buffer_bytes());
    }

    #[test]
    fn memory_is_given_back_after_a_giant() {
        let mut inflater = Inflater::new();
        let giant = gzip(&vec![b'x'; 5_000_000]);
        inflater.inflate(&giant).expect("within the limit");
        assert!(inflater.buffer_bytes() >= 5_000_000, "the giant needed it");
        inflater.inflate(&gzip(b"small")).expect("within the limit");
        assert!(inflater.buffer_bytes() <= KEPT_BUFFER_BYTES, "the next one does not");
    }
}
