//! Virtual keys: what the institution's own programs prove themselves with.

use crate::budget::Purse;
use crate::model::{KeySpec, Scope};
use eduai_kernel::id::InstitutionId;
use eduai_wire::{Failure, Kind};
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// A minute in microseconds.
const MINUTE: i64 = 60_000_000;

/// How the keys begin that are made here.
pub const PREFIX: &str = "sk-eduai-";
/// How many characters follow: 32 bytes in hexadecimal.
const SECRET: usize = 64;

/// Whether a text could be a key that was made here: only for such the database is asked.
pub fn is_ours(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|rest| rest.len() == SECRET && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// A key that is known.
pub struct VirtualKey {
    /// What was set.
    pub spec: KeySpec,
    /// Where it is good.
    pub institution: InstitutionId,
    /// The budgets that its calls count against.
    pub purses: Arc<[Arc<Purse>]>,
    /// When its allowance is whole again, in microseconds since 1970 (the generic cell rate algorithm).
    whole_at: AtomicI64,
    /// When it was last used, in the same unit; 0 for not since that was written down.
    used_at: AtomicI64,
}

impl VirtualKey {
    /// A key that has asked nothing yet.
    pub fn new(spec: KeySpec, institution: InstitutionId, purses: Arc<[Arc<Purse>]>) -> Self {
        Self { spec, institution, purses, whole_at: AtomicI64::new(0), used_at: AtomicI64::new(0) }
    }

    /// It was changed; what it has used of its allowance stays used.
    pub fn go_on_from(&self, before: &Self) {
        self.whole_at.store(before.whole_at.load(Ordering::Acquire), Ordering::Release);
        self.used_at.fetch_max(before.used_at.load(Ordering::Acquire), Ordering::AcqRel);
    }

    /// When it was last used, if that was not asked for since.
    pub fn newly_used(&self) -> Option<Timestamp> {
        let at = self.used_at.swap(0, Ordering::AcqRel);
        if at == 0 { None } else { Timestamp::from_microsecond(at).ok() }
    }

    /// Lets it ask for something now, and counts that it did.
    ///
    /// # Errors
    /// [`Kind::Authentication`] when it has expired, [`Kind::Permission`] without the scope, [`Kind::RateLimited`] with
    /// the time to wait.
    pub fn admit(&self, scope: Scope, now: Timestamp) -> Result<(), Failure> {
        self.used_at.store(now.as_microsecond(), Ordering::Relaxed);
        if self.spec.expires_at.is_some_and(|at| at <= now) {
            return Err(Failure::new(Kind::Authentication, "This key has expired.").coded("key_expired"));
        }
        if !self.spec.scopes.contains(&scope) {
            let text = format!("This key may not be used for {}.", scope.as_str());
            return Err(Failure::new(Kind::Permission, text).coded("scope_missing"));
        }
        let Some(rate) = self.spec.requests_per_minute else { return Ok(()) };
        let (now, step) = (now.as_microsecond(), (MINUTE / i64::from(rate.max(1))).max(1));
        let mut over = 0;
        let taken = self.whole_at.fetch_update(Ordering::AcqRel, Ordering::Acquire, |whole_at| {
            let next = whole_at.max(now).saturating_add(step);
            over = next - now - MINUTE;
            (over <= 0).then_some(next)
        });
        if taken.is_ok() {
            return Ok(());
        }
        let text = format!("This key may ask {rate} times a minute.");
        let mut failure = Failure::new(Kind::RateLimited, text).coded("rate_limit_exceeded");
        failure.retry_after = Some(Duration::from_micros(u64::try_from(over).unwrap_or(1)));
        Err(failure)
    }

    /// Whether it may ask this model.
    pub fn may_ask(&self, model: &str) -> bool {
        let fits = |allowed: &String| match allowed.strip_suffix('*') {
            Some(stem) => model.starts_with(stem),
            None => allowed == model,
        };
        self.spec.models.is_empty() || self.spec.models.iter().any(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{key_hash, named_id};
    use eduai_kernel::id::Uuid;

    fn key(change: impl FnOnce(&mut KeySpec)) -> VirtualKey {
        let mut spec = KeySpec {
            id: named_id("key", "k"),
            name: "k".into(),
            hash: key_hash("k"),
            scopes: vec![Scope::Chat],
            models: vec!["gpt-*".into(), "house".into()],
            person: None,
            requests_per_minute: Some(2),
            expires_at: Some(Timestamp::from_second(1_000).unwrap()),
        };
        change(&mut spec);
        VirtualKey::new(spec, InstitutionId::from_uuid(Uuid::nil()), Arc::new([]))
    }

    #[test]
    fn a_key_is_held_to_its_rate_its_scope_and_its_time() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let key = key(|_| {});
        assert!(key.admit(Scope::Chat, at(100)).is_ok() && key.admit(Scope::Chat, at(100)).is_ok());
        let refused = key.admit(Scope::Chat, at(100)).unwrap_err();
        assert_eq!((refused.kind, refused.retry_after), (Kind::RateLimited, Some(Duration::from_secs(30))));
        assert!(key.admit(Scope::Chat, at(130)).is_ok());
        assert_eq!(key.admit(Scope::Embeddings, at(900)).unwrap_err().kind, Kind::Permission);
        assert_eq!(key.admit(Scope::Chat, at(1_000)).unwrap_err().kind, Kind::Authentication);
    }

    #[test]
    fn a_key_may_ask_the_models_that_it_names() {
        let named = key(|_| {});
        assert!(named.may_ask("gpt-5") && named.may_ask("house") && !named.may_ask("claude") && !named.may_ask("gp"));
        assert!(key(|spec| spec.models.clear()).may_ask("anything"));
    }
}
