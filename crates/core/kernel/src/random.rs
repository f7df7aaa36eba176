//! Randomness is a parameter, and the same seed gives the same result on every machine and in every version.
//!
//! The generator is our own (xoshiro256++ seeded by SplitMix64, Blackman and Vigna 2019) because the distributions of
//! the `rand` crate may change their values between versions, and a piece of music must not change with an update.

/// A small deterministic generator. Not for secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Random {
    state: [u64; 4],
    origin: u64,
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Random {
    /// The generator of `seed`.
    pub fn from_seed(seed: u64) -> Self {
        let mut s = seed;
        Self { state: [split_mix(&mut s), split_mix(&mut s), split_mix(&mut s), split_mix(&mut s)], origin: seed }
    }

    /// A generator for one named purpose. It depends on the seed and the name alone, not on what was drawn before, so
    /// that one more draw for the drums does not change the melody.
    #[must_use]
    pub fn fork(&self, purpose: &str) -> Self {
        // FNV-1a, 64 bits.
        let hash =
            purpose.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3));
        let mut mixed = self.origin ^ hash.rotate_left(17);
        Self::from_seed(split_mix(&mut mixed))
    }

    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.state;
        let result = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        result
    }

    /// A whole number from 0 to `bound` - 1; 0 when `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next_u64()) * bound as u128) >> 64) as usize
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in [`low`, `high`).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Whether something of probability `p` happens.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of `items`, each as likely as the others; none of an empty slice.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// One of `items` by weight. Weights that are negative or not finite count as 0; when all are 0, any may come.
    pub fn pick_weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> f64) -> Option<&'a T> {
        let w = |item: &T| Some(weight(item)).filter(|w| w.is_finite() && *w > 0.0).unwrap_or(0.0);
        let total: f64 = items.iter().map(w).sum();
        if total <= 0.0 {
            return self.pick(items);
        }
        let mut left = self.unit() * total;
        for item in items {
            left -= w(item);
            if left < 0.0 {
                return Some(item);
            }
        }
        items.iter().rev().find(|item| w(item) > 0.0)
    }

    /// Puts `items` in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i + 1);
            items.swap(i, j);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_sequence_of_a_seed_never_changes() {
        let mut random = Random::from_seed(42);
        let drawn: Vec<u64> = (0..3).map(|_| random.next_u64()).collect();
        // xoshiro256++ of the authors' C code, seeded with SplitMix64 from 42.
        assert_eq!(drawn, [0xD076_4D4F_4476_689F, 0x519E_4174_576F_3791, 0xFBE0_7CFB_0C24_ED8C]);
    }

    #[test]
    fn a_fork_does_not_depend_on_what_was_drawn_before() {
        let mut one = Random::from_seed(9);
        let two = Random::from_seed(9);
        one.next_u64();
        assert_eq!(one.fork("melody"), two.fork("melody"));
        assert_ne!(two.fork("melody"), two.fork("drums"));
    }

    proptest! {
        #[test]
        fn below_stays_below(seed: u64, bound in 1_usize..1000) {
            prop_assert!(Random::from_seed(seed).below(bound) < bound);
        }

        #[test]
        fn weighted_choice_never_takes_a_weightless_item(seed: u64) {
            let picked = Random::from_seed(seed).pick_weighted(&[(1, 0.0), (2, 0.5), (3, f64::NAN)], |i| i.1).copied();
            prop_assert_eq!(picked.map(|p| p.0), Some(2));
        }
    }
}
