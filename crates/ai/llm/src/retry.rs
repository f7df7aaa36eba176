//! When a question that failed is asked again, and after what time.

use eduai_kernel::Random;
use eduai_wire::Kind;
use std::time::Duration;

/// How often a question is asked of one provider, and how long to wait between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often it is asked in all, 1 or more.
    pub attempts: u32,
    /// The longest that is waited before the second time; it doubles each time.
    pub base: Duration,
    /// The longest that is ever waited. A provider that asks for more time is left alone, and the next one is asked.
    pub longest: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { attempts: 2, base: Duration::from_millis(250), longest: Duration::from_secs(8) }
    }
}

/// Whether asking again, here or elsewhere, may help: what is wrong with the question stays wrong.
pub fn may_pass(kind: Kind) -> bool {
    matches!(kind, Kind::RateLimited | Kind::Unavailable | Kind::Timeout | Kind::Nonsense)
}

/// Whether another provider may succeed where this one refused: its key may be bad, or it does not know the model.
pub fn another_may_help(kind: Kind) -> bool {
    may_pass(kind) || matches!(kind, Kind::Authentication | Kind::Permission | Kind::NotFound)
}

impl RetryPolicy {
    /// How long to wait before the question is asked of the same provider again; none when it is not to be.
    ///
    /// `asked` is how often it was asked already. What the provider asks for (`Retry-After`) is waited at least; beside
    /// that the wait is drawn between zero and its bound, so that many who failed together do not come back together.
    pub fn wait(&self, asked: u32, kind: Kind, retry_after: Option<Duration>, random: &mut Random) -> Option<Duration> {
        if asked >= self.attempts || !may_pass(kind) {
            return None;
        }
        let bound = self.base.saturating_mul(1_u32.checked_shl(asked.saturating_sub(1)).unwrap_or(u32::MAX));
        let bound = bound.min(self.longest);
        let micros = u64::try_from(bound.as_micros()).unwrap_or(u64::MAX);
        let drawn = Duration::from_micros(if micros == 0 { 0 } else { random.next_u64() % micros });
        let wait = retry_after.map_or(drawn, |asked_for| asked_for.saturating_add(drawn / 4));
        (wait <= self.longest).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_stays_wrong_and_what_passes_is_asked_again() {
        let (policy, mut random) = (RetryPolicy::default(), Random::from_seed(1));
        for kind in [Kind::Invalid, Kind::Authentication, Kind::ContextOverflow, Kind::Refused, Kind::Budget] {
            assert_eq!(policy.wait(1, kind, None, &mut random), None, "{kind:?}");
        }
        for kind in [Kind::RateLimited, Kind::Unavailable, Kind::Timeout, Kind::Nonsense] {
            assert!(policy.wait(1, kind, None, &mut random).is_some(), "{kind:?}");
            assert_eq!(policy.wait(2, kind, None, &mut random), None, "{kind:?}");
        }
    }

    #[test]
    fn waits_grow_are_drawn_and_honour_what_the_provider_asks() {
        let policy = RetryPolicy { attempts: 40, ..RetryPolicy::default() };
        let mut random = Random::from_seed(1);
        let mut longest = |asked| {
            (0..200).filter_map(|_| policy.wait(asked, Kind::Unavailable, None, &mut random)).max().unwrap_or_default()
        };
        let (first, third, late) = (longest(1), longest(3), longest(35));
        assert!(first <= policy.base && third > policy.base && third <= policy.base * 4 && late <= policy.longest);
        let two = Duration::from_secs(2);
        assert!(policy.wait(1, Kind::RateLimited, Some(two), &mut random).is_some_and(|wait| wait >= two));
        let an_hour = Some(Duration::from_hours(1));
        assert_eq!(policy.wait(1, Kind::RateLimited, an_hour, &mut random), None, "the next provider is asked instead");
    }
}
