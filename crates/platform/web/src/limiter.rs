//! Rate limits by the generic cell rate algorithm: one time stamp per key, no timers.
//!
//! The counts live in this process. Where several replicas work on one database they tell each other what they have
//! counted ([`crate::replicas`]), so that a rate holds for all of them together, a fraction of a second late.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use eduai_kernel::{Failure, FailureKind};
use jiff::Timestamp;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// So many in such a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many may come in one `window`, and at once after a pause of a whole window.
    pub quota: u32,
    /// The time in which the whole quota comes back.
    pub window: Duration,
}

impl Rate {
    /// `quota` per `window`.
    pub const fn new(quota: u32, window: Duration) -> Self {
        Self { quota, window }
    }
}

/// What a limiter answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The rate that was applied.
    pub rate: Rate,
    /// How many more may come at once.
    pub remaining: u32,
    /// None when this one may pass; otherwise the whole seconds after which one may.
    pub wait_seconds: Option<u64>,
}

/// Holds each key to a rate.
#[derive(Debug)]
pub struct Limiter<K> {
    name: &'static str,
    rate: Rate,
    counts: Mutex<Counts>,
    /// Whether there is anybody to tell.
    telling: AtomicBool,
    key: PhantomData<fn(K)>,
}

/// Keys stand here by their hash: it is short, and the same in every replica.
#[derive(Debug, Default)]
struct Counts {
    /// When each key's allowance will be whole again, in microseconds since 1970.
    whole_at: HashMap<u64, i64>,
    /// What was counted and other replicas do not know yet.
    untold: HashMap<u64, u32>,
}

/// A limiter as other replicas see it.
pub trait Counted: Send + Sync {
    /// Its name, by which the same limiter is known in every replica.
    fn name(&self) -> &'static str;
    /// What was counted since the last time this was asked, by key; from now on it is counted for being told.
    fn untold(&self) -> Vec<(u64, u32)>;
    /// Nobody is there to be told.
    fn tell_nobody(&self);
    /// Counts what another replica has counted.
    fn count(&self, key: u64, count: u32, now: Timestamp);
}

/// Above this many keys, those whose allowance is whole are forgotten.
const MANY_KEYS: usize = 100_000;

impl<K: Eq + Hash> Limiter<K> {
    /// A limiter called `name` in headers.
    pub fn new(name: &'static str, rate: Rate) -> Self {
        Self { name, rate, counts: Mutex::default(), telling: AtomicBool::new(false), key: PhantomData }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The window, and how much of it one request takes, in microseconds.
    fn times(&self) -> (i64, i64) {
        let window = i64::try_from(self.rate.window.as_micros()).unwrap_or(i64::MAX);
        (window, (window / i64::from(self.rate.quota.max(1))).max(1))
    }

    /// Counts one for `key` at `now`.
    pub fn take(&self, key: K, now: Timestamp) -> Verdict {
        let now = now.as_microsecond();
        let (window, step) = self.times();
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let key = hasher.finish();
        let mut counts = self.counts();
        if counts.whole_at.len() > MANY_KEYS {
            counts.whole_at.retain(|_, at| *at > now);
        }
        let entry = counts.whole_at.entry(key).or_insert(now);
        let next = (*entry).max(now).saturating_add(step);
        let over = next - now - window;
        if over > 0 {
            let seconds = u64::try_from(over).unwrap_or(0).div_ceil(1_000_000).max(1);
            return Verdict { rate: self.rate, remaining: 0, wait_seconds: Some(seconds) };
        }
        *entry = next;
        if self.telling.load(Ordering::Relaxed) {
            *counts.untold.entry(key).or_default() += 1;
        }
        let remaining = u32::try_from((window - (next - now)) / step).unwrap_or(0);
        Verdict { rate: self.rate, remaining, wait_seconds: None }
    }

    /// Counts one for `key`, or fails with the time to wait.
    pub fn check(&self, key: K, now: Timestamp) -> Result<Verdict, Failure> {
        let verdict = self.take(key, now);
        self.admit(&verdict).map(|()| verdict)
    }

    /// Fails when the verdict is to wait.
    pub fn admit(&self, verdict: &Verdict) -> Result<(), Failure> {
        verdict.wait_seconds.map_or(Ok(()), |seconds| Err(too_many(self.name, self.rate, seconds)))
    }

    /// The headers that tell a client where it stands (draft-ietf-httpapi-ratelimit-headers-10).
    pub fn describe(&self, verdict: &Verdict, headers: &mut HeaderMap) {
        let seconds = verdict.rate.window.as_secs();
        let policy = format!("\"{}\";q={};w={seconds}", self.name, verdict.rate.quota);
        let state = format!(
            "\"{}\";r={};t={}",
            self.name,
            verdict.remaining,
            verdict.wait_seconds.unwrap_or_else(|| seconds.div_ceil(u64::from(verdict.rate.quota.max(1))))
        );
        for (name, text) in [(RATE_POLICY, policy), (RATE, state)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.append(name, value);
            }
        }
    }
}

impl<K: Eq + Hash> Counted for Limiter<K> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn untold(&self) -> Vec<(u64, u32)> {
        self.telling.store(true, Ordering::Relaxed);
        self.counts().untold.drain().collect()
    }

    fn tell_nobody(&self) {
        self.telling.store(false, Ordering::Relaxed);
        self.counts().untold = HashMap::new();
    }

    fn count(&self, key: u64, count: u32, now: Timestamp) {
        let now = now.as_microsecond();
        let (window, step) = self.times();
        let mut counts = self.counts();
        let entry = counts.whole_at.entry(key).or_insert(now);
        let next = (*entry).max(now).saturating_add(step.saturating_mul(i64::from(count)));
        // Two replicas may have let more pass than there was. Nobody waits longer for that than for a whole window.
        *entry = next.min(now.saturating_add(window));
    }
}

const RATE_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const RATE: HeaderName = HeaderName::from_static("ratelimit");

fn too_many(name: &str, rate: Rate, seconds: u64) -> Failure {
    let mut failure = Failure::new(
        FailureKind::RateLimited,
        "too_many_requests",
        format!(
            "More than {} requests in {} seconds ({name}). Try again in {seconds} seconds.",
            rate.quota,
            rate.window.as_secs()
        ),
    );
    failure.retry_after_seconds = Some(seconds);
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn the_quota_passes_at_once_and_the_next_one_waits() {
        let limiter = Limiter::new("test", Rate::new(3, Duration::from_secs(30)));
        let passed: Vec<_> = (0..4).map(|_| limiter.take("a", at(100))).collect();
        assert_eq!(passed.iter().map(|v| v.remaining).collect::<Vec<_>>(), [2, 1, 0, 0]);
        assert_eq!(passed[2].wait_seconds, None);
        assert_eq!(passed[3].wait_seconds, Some(10));
        assert_eq!(limiter.take("b", at(100)).wait_seconds, None, "keys do not share an allowance");
        assert_eq!(limiter.take("a", at(110)).wait_seconds, None, "after the time that was named one passes");
        assert_eq!(limiter.take("a", at(110)).wait_seconds, Some(10));
    }

    #[test]
    fn a_refusal_says_when_to_come_back_and_costs_nothing() {
        let limiter = Limiter::new("test", Rate::new(1, Duration::from_mins(1)));
        assert!(limiter.check("a", at(0)).is_ok());
        for _ in 0..5 {
            assert_eq!(limiter.check("a", at(1)).unwrap_err().retry_after_seconds, Some(59));
        }
        assert!(limiter.check("a", at(60)).is_ok());
    }

    #[test]
    fn what_another_replica_counted_counts_here_as_well() {
        let (one, two) = [(), ()].map(|()| Limiter::<&str>::new("test", Rate::new(10, Duration::from_secs(10)))).into();
        assert!(one.untold().is_empty());
        for _ in 0..6 {
            one.take("a", at(100));
        }
        for (key, count) in one.untold() {
            two.count(key, count, at(100));
        }
        assert!(one.untold().is_empty(), "it is told once");
        assert_eq!(two.take("a", at(100)).remaining, 3);
        assert_eq!(two.take("b", at(100)).remaining, 9);
        for (key, ()) in [("a", ()), ("b", ())] {
            one.take(key, at(100));
        }
        one.untold().into_iter().for_each(|(key, _)| two.count(key, 1_000, at(100)));
        assert_eq!(two.take("a", at(100)).wait_seconds, Some(1), "too much told costs one window at most");
    }

    #[test]
    fn the_headers_name_the_policy_and_what_is_left() {
        let limiter = Limiter::new("address", Rate::new(60, Duration::from_mins(1)));
        let mut headers = HeaderMap::new();
        limiter.describe(&limiter.take(1, at(0)), &mut headers);
        assert_eq!(headers["ratelimit-policy"], "\"address\";q=60;w=60");
        assert_eq!(headers["ratelimit"], "\"address\";r=59;t=1");
    }
}
