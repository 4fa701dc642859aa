//! Chance that can be repeated: a number that follows from a seed and from what it is drawn for.

/// A seed with whatever was mixed into it; the same seed and parts always draw the same, on every machine.
///
/// It is no cryptography: whoever knows the seed knows the draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance(u64);

/// The step of splitmix64, which keeps small numbers such as 0 and 1 far apart.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Chance {
    /// Begins with a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        Self(scatter(seed))
    }

    /// Mixes a number in.
    #[must_use]
    pub fn number(self, number: u64) -> Self {
        Self(scatter(self.0 ^ scatter(number)))
    }

    /// Mixes a text in.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        text.bytes().fold(self.number(text.len() as u64), |chance, byte| chance.number(u64::from(byte)))
    }

    /// The number drawn.
    #[must_use]
    pub fn draw(self) -> u64 {
        self.0
    }

    /// A number drawn from 0 up to below `count`; 0 where `count` is 0.
    #[must_use]
    pub fn below(self, count: u64) -> u64 {
        // The product's upper half spreads evenly, where a remainder would favour small numbers.
        ((u128::from(self.0) * u128::from(count)) >> 64) as u64
    }
}

/// The finaliser of splitmix64 (public domain): every bit of the input moves about half of the output's.
fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(STEP);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_the_same_from_one_version_to_the_next() {
        assert_eq!(Chance::of(0).draw(), 0xE220_A839_7B1D_CDAF, "the first number of splitmix64 from 0");
        let parts = Chance::of(7).text("thank-you").number(1);
        assert_eq!(parts, Chance::of(7).text("thank-you").number(1), "the same parts draw the same");
        assert_ne!(parts, Chance::of(7).number(1).text("thank-you"), "their order counts");
    }

    #[test]
    fn every_way_is_drawn_about_as_often() {
        for ways in [1_u64, 2, 3, 7] {
            let mut drawn = vec![0_u64; ways as usize];
            for number in 0..7_000 {
                drawn[Chance::of(42).number(number).below(ways) as usize] += 1;
            }
            let fair = 7_000 / ways;
            assert!(drawn.iter().all(|times| times.abs_diff(fair) < 200), "of {ways} ways none is favoured: {drawn:?}");
        }
    }
}
