//! The seeded chance behind everything that the simulator makes up.

use std::ops::RangeInclusive;

use rand::distr::uniform::SampleUniform;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// One stream of chance: the same seed and stream give the same throws on every machine.
///
/// Only whole numbers are thrown, since floating point functions differ between platforms.
#[derive(Debug, Clone)]
pub(super) struct Dice(ChaCha8Rng);

/// What a stream of chance is for; streams of one seed do not disturb each other.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stream {
    /// Who the viewers are.
    People,
    /// What happens, and when.
    Plan,
    /// Numbers and padding on the wire.
    Wire,
}

impl Dice {
    /// The dice of that seed for that purpose.
    pub(super) fn new(seed: u64, stream: Stream) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream as u64);
        Self(rng)
    }

    /// A number of that range, each as likely.
    pub(super) fn between<T: SampleUniform + PartialOrd>(&mut self, range: RangeInclusive<T>) -> T {
        self.0.random_range(range)
    }

    /// True that many times of a hundred.
    pub(super) fn percent(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// One of them, each as likely.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.0.random_range(0..from.len())]
    }

    /// An index below `len` that is far more often a low one, as few viewers do most of what happens.
    pub(super) fn low_index(&mut self, len: usize) -> usize {
        let throw = u64::from(self.0.random::<u32>());
        let squared = (throw * throw) >> 32;
        usize::try_from((squared * len as u64) >> 32).expect("below len, which is a usize")
    }

    /// That many characters of an ASCII alphabet.
    pub(super) fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(self.pick(alphabet))).collect()
    }

    /// Exchanges neighbours' places at random until any order is as likely.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        use rand::seq::SliceRandom as _;
        items.shuffle(&mut self.0);
    }
}

/// Characters of a hash.
pub(super) const HEX: &[u8] = b"0123456789abcdef";

/// Characters of a signature.
pub(super) const SIGNATURE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
