//! Where generators come from when no seed is given.

use crate::Random;
use std::sync::atomic::{AtomicU64, Ordering};

/// Gives out fresh generators, each with a seed of its own.
pub trait Entropy: Send + Sync {
    /// A generator that no one else has.
    fn generator(&self) -> Random;
}

/// Gives out the same generators in the same order each time, for tests.
#[derive(Debug, Default)]
pub struct FixedEntropy(AtomicU64);

impl FixedEntropy {
    /// Generators that follow from `seed`.
    pub fn from_seed(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Entropy for FixedEntropy {
    fn generator(&self) -> Random {
        Random::from_seed(self.0.fetch_add(1, Ordering::Relaxed))
    }
}
