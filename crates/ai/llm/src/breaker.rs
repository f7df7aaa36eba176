//! A provider that fails again and again is left alone for a while: who waits for it would wait in vain, and it would
//! never get well.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// When a provider is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerPolicy {
    /// After how many failures in a row; 0 for never.
    pub failures: u32,
    /// For how long. Then one question may try; the others wait for how it goes.
    pub open: Duration,
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self { failures: 5, open: Duration::from_secs(10) }
    }
}

/// Whether a provider is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is.
    Closed,
    /// Not before this time.
    Open(Instant),
    /// One question tries, since this time.
    Trying(Instant),
}

#[derive(Debug)]
struct Inner {
    state: State,
    in_a_row: u32,
}

/// Watches one provider. Only what says something of the provider's health is told to it: a question that was wrong is
/// no failure of the provider.
#[derive(Debug)]
pub struct Breaker {
    policy: BreakerPolicy,
    inner: Mutex<Inner>,
}

impl Breaker {
    /// A provider that nothing is known of.
    pub fn new(policy: BreakerPolicy) -> Self {
        Self { policy, inner: Mutex::new(Inner { state: State::Closed, in_a_row: 0 }) }
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the provider may be asked now. Who is let in tells how it went.
    pub fn admits(&self, now: Instant) -> bool {
        let mut inner = self.inner();
        match inner.state {
            State::Closed => true,
            State::Open(until) if now >= until => {
                inner.state = State::Trying(now);
                true
            }
            // Who tried may have gone away without a word.
            State::Trying(since) if now.saturating_duration_since(since) >= self.policy.open => {
                inner.state = State::Trying(now);
                true
            }
            State::Open(_) | State::Trying(_) => false,
        }
    }

    /// The provider has answered.
    pub fn succeeded(&self) {
        let mut inner = self.inner();
        inner.in_a_row = 0;
        inner.state = State::Closed;
    }

    /// The provider has failed. True when it is left alone from now on.
    pub fn failed(&self, now: Instant) -> bool {
        let mut inner = self.inner();
        inner.in_a_row = inner.in_a_row.saturating_add(1);
        let opens = match inner.state {
            State::Trying(_) => true,
            State::Closed => self.policy.failures > 0 && inner.in_a_row >= self.policy.failures,
            State::Open(_) => false,
        };
        if opens {
            inner.state = State::Open(now + self.policy.open);
        }
        opens
    }

    /// Whether it is certainly not asked now.
    pub fn rests(&self, now: Instant) -> bool {
        matches!(self.inner().state, State::Open(until) if now < until)
    }

    /// Whether it is asked at present.
    pub fn state(&self) -> State {
        self.inner().state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Duration = Duration::from_secs(10);

    #[test]
    fn it_opens_after_failures_in_a_row_and_one_tries_when_the_time_is_over() {
        let breaker = Breaker::new(BreakerPolicy { failures: 3, open: OPEN });
        let start = Instant::now();
        assert!(!breaker.failed(start) && !breaker.failed(start));
        breaker.succeeded();
        assert!(!breaker.failed(start) && !breaker.failed(start) && breaker.failed(start));
        assert!(!breaker.admits(start + OPEN / 2));
        assert!(breaker.admits(start + OPEN), "one may try");
        assert!(!breaker.admits(start + OPEN), "and only one");
        assert!(breaker.failed(start + OPEN) && !breaker.admits(start + OPEN * 3 / 2));
        assert!(breaker.admits(start + OPEN * 2));
        breaker.succeeded();
        assert!(breaker.admits(start + OPEN * 2) && breaker.admits(start + OPEN * 2));
    }

    #[test]
    fn a_trial_that_never_comes_back_does_not_close_the_way_for_ever() {
        let breaker = Breaker::new(BreakerPolicy { failures: 1, open: OPEN });
        let start = Instant::now();
        assert!(breaker.failed(start) && breaker.admits(start + OPEN) && breaker.admits(start + OPEN * 2));
    }

    #[test]
    fn without_a_bound_it_never_opens() {
        let breaker = Breaker::new(BreakerPolicy { failures: 0, open: OPEN });
        assert!((0..100).all(|_| !breaker.failed(Instant::now())) && breaker.admits(Instant::now()));
    }
}
