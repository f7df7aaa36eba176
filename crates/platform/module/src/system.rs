//! The real clock and the real randomness, for the program; tests bring their own.

use eduai_kernel::{Clock, Entropy, Random};
use jiff::Timestamp;

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// Where the operating system has no randomness, which happens on no system that we run on, the address of a fresh
    /// value and the time stand in: ids must differ, and nothing secret is made of this.
    fn generator(&self) -> Random {
        let seed = getrandom::u64().unwrap_or_else(|error| {
            tracing::error!(%error, "the operating system gives no randomness");
            let here = Box::new(0_u8);
            let place = std::ptr::from_ref(here.as_ref()).addr() as u64;
            place.rotate_left(32) ^ SystemClock.now().as_microsecond() as u64
        });
        Random::from_seed(seed)
    }
}
