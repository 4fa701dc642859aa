//! Chance of a simulation: everything that happens in it follows from its seed.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn of(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Dice for one thing: they fall the same whatever else was thrown before.
    pub(super) fn for_thing(seed: u64, thing: i64, number: u32) -> Self {
        let mixed = seed ^ (thing as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(number).rotate_left(40);
        Self::of(mixed)
    }

    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// From `least` to `most`, both included.
    pub(super) fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.random_range(least..=most)
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0.random_range(0..count)
    }

    pub(super) fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}
