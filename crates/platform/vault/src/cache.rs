//! Data keys in memory, for a short time.
//!
//! A key is kept only while this process hears what others destroy: before the first notice can come, and after the
//! connection that brings them broke, every key is read from the database. A lost connection that nobody notices is made
//! up for by the short life.

use crate::crypto::Secret;
use eduai_kernel::id::InstitutionId;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// How long a key is kept in memory.
const LIFE: SignedDuration = SignedDuration::from_secs(30);
/// The most keys in memory: a large school's at once. Some 200 bytes each.
const MOST: usize = 10_000;

/// A data key, unwrapped.
pub struct DataKey {
    pub id: Uuid,
    pub institution: InstitutionId,
    pub person: Option<Uuid>,
    pub secret: Secret,
}

impl DataKey {
    /// The id by which its owner's keys are looked up.
    fn owner(&self) -> Uuid {
        self.person.unwrap_or_else(|| self.institution.uuid())
    }
}

/// What is known at one moment: a key that was read before something was destroyed is not kept after it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Epoch(u64);

#[derive(Default)]
pub struct Cache(Mutex<State>);

#[derive(Default)]
struct State {
    keys: HashMap<Uuid, (Arc<DataKey>, Timestamp)>,
    epoch: u64,
    hears: bool,
}

impl Cache {
    /// The present epoch; ask before reading a key from the database.
    pub fn epoch(&self) -> Epoch {
        Epoch(self.state().epoch)
    }

    /// The key with this id, if it is kept.
    pub fn get(&self, id: Uuid, now: Timestamp) -> Option<Arc<DataKey>> {
        let state = self.state();
        state.keys.get(&id).filter(|(_, until)| now < *until).map(|(key, _)| key.clone())
    }

    /// Keeps a key that was read in `epoch`.
    pub fn put(&self, key: &Arc<DataKey>, epoch: Epoch, now: Timestamp) {
        let mut state = self.state();
        if !state.hears || Epoch(state.epoch) != epoch {
            return;
        }
        if state.keys.len() >= MOST {
            state.keys.retain(|_, (_, until)| now < *until);
        }
        if state.keys.len() >= MOST {
            state.keys.clear();
        }
        state.keys.insert(key.id, (key.clone(), now.saturating_add(LIFE).unwrap_or(now)));
    }

    /// Forgets the keys of an owner.
    pub fn forget(&self, institution: InstitutionId, owner: Uuid) {
        let mut state = self.state();
        state.epoch += 1;
        state.keys.retain(|_, (key, _)| key.institution != institution || key.owner() != owner);
    }

    /// Forgets everything; from now on what others destroy is heard, or is not.
    pub fn restart(&self, hears: bool) {
        let mut state = self.state();
        state.epoch += 1;
        state.hears = hears;
        state.keys.clear();
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto;

    fn key(number: u128, person: Option<u128>) -> Arc<DataKey> {
        Arc::new(DataKey {
            id: Uuid::from_u128(number),
            institution: InstitutionId::from_uuid(Uuid::from_u128(1)),
            person: person.map(Uuid::from_u128),
            secret: crypto::fresh_secret().unwrap(),
        })
    }

    #[test]
    fn a_key_is_kept_for_a_short_time_and_only_while_others_are_heard() {
        let (cache, now) = (Cache::default(), Timestamp::UNIX_EPOCH);
        let one = key(1, Some(7));
        cache.put(&one, cache.epoch(), now);
        assert!(cache.get(one.id, now).is_none(), "nobody is heard yet");
        cache.restart(true);
        cache.put(&one, cache.epoch(), now);
        assert!(cache.get(one.id, now).is_some());
        assert!(cache.get(one.id, now + LIFE).is_none());
        cache.restart(false);
        assert!(cache.get(one.id, now).is_none());
    }

    #[test]
    fn a_key_that_was_read_before_its_owner_was_forgotten_is_not_kept() {
        let (cache, now) = (Cache::default(), Timestamp::UNIX_EPOCH);
        cache.restart(true);
        let (hers, other) = (key(1, Some(7)), key(2, None));
        cache.put(&hers, cache.epoch(), now);
        cache.put(&other, cache.epoch(), now);
        let before = cache.epoch();
        cache.forget(hers.institution, Uuid::from_u128(7));
        cache.put(&hers, before, now);
        assert!(cache.get(hers.id, now).is_none());
        assert!(cache.get(other.id, now).is_some());
        cache.forget(hers.institution, hers.institution.uuid());
        assert!(cache.get(other.id, now).is_none());
    }

    #[test]
    fn there_is_an_end_to_how_many_are_kept() {
        let (cache, now) = (Cache::default(), Timestamp::UNIX_EPOCH);
        cache.restart(true);
        for number in 0..(MOST as u128 + 5) {
            cache.put(&key(number, None), cache.epoch(), now);
        }
        assert!(cache.state().keys.len() <= MOST);
        assert!(cache.get(Uuid::from_u128(MOST as u128 + 4), now).is_some());
    }
}
