//! Answers that are kept, within one institution, for as long as the route says: for the same question, and where a route
//! says so for one that is nearly the same. Who asks what is being asked already waits for that answer (single flight).
//! What replicas have together is in [`shared`].

mod address;
mod sealed;
pub mod shared;
mod vector;

pub use address::Address;
pub use shared::Shared;
pub use vector::Vector;

use crate::tenant::Target;
use bytes::Bytes;
use eduai_wire::Usage;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// What an entry takes beside its bytes, about.
const OVERHEAD: usize = 256;
/// The most questions that one is compared with: the newest. With 1,536 numbers each that is about half a millisecond.
const MOST_COMPARED: usize = 2_000;

/// A SHA-256: of institution, endpoint and question, or of what questions must have in common to be compared.
pub type Key = [u8; 32];

/// An answer that is kept.
#[derive(Clone)]
pub struct Kept {
    /// In the caller's dialect.
    pub body: Bytes,
    /// Who gave it.
    pub target: Arc<Target>,
    /// The tokens that it had.
    pub usage: Usage,
    until: Instant,
}

impl Kept {
    /// One that is good for this long.
    pub fn new(body: Bytes, target: Arc<Target>, usage: Usage, good_for: Duration) -> Self {
        let now = Instant::now();
        // A time that no clock has any more is as good as a year.
        let until = now.checked_add(good_for).unwrap_or_else(|| now + Duration::from_hours(24 * 365));
        Self { body, target, usage, until }
    }

    fn is_good(&self, now: Instant) -> bool {
        self.until > now
    }
}

/// Where a question stands among those that are like it.
#[derive(Clone)]
pub struct Place {
    /// What all of them have in common.
    pub group: Key,
    /// What this one says.
    pub vector: Vector,
}

/// All that are kept.
pub struct Cache {
    most: usize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    entries: HashMap<Key, Entry>,
    /// By the order in which they came.
    order: BTreeMap<u64, Key>,
    next: u64,
    bytes: usize,
    /// The questions that may be compared with one another, the oldest first.
    groups: HashMap<Key, VecDeque<Key>>,
    /// Questions that are being asked.
    flights: HashMap<Key, Weak<tokio::sync::Mutex<()>>>,
}

struct Entry {
    kept: Kept,
    place: Option<Place>,
    turn: u64,
    size: usize,
}

impl Cache {
    /// Keeps at most so many bytes.
    pub fn new(most: usize) -> Self {
        Self { most, inner: Mutex::default() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to this question, if one is kept and still good.
    pub fn get(&self, key: &Key) -> Option<Kept> {
        let now = Instant::now();
        self.inner().entries.get(key).map(|entry| &entry.kept).filter(|kept| kept.is_good(now)).cloned()
    }

    /// The answer to the question of the same group that is most like this one, if it is at least so much like it (a
    /// cosine) and `fits` lets the answer's giver pass.
    pub fn most_alike(&self, place: &Place, least: f64, fits: impl Fn(&Target) -> bool) -> Option<Kept> {
        let now = Instant::now();
        // Compared is outside of the lock: others need not wait for that.
        let others: Vec<(Key, Vector)> = {
            let inner = self.inner();
            let group = inner.groups.get(&place.group)?;
            let entry = |key: &Key| {
                let entry = inner.entries.get(key)?;
                let good = entry.kept.is_good(now) && fits(&entry.kept.target);
                good.then(|| Some((*key, entry.place.as_ref()?.vector.clone()))).flatten()
            };
            group.iter().filter_map(entry).collect()
        };
        let likeness = |(key, vector): (Key, Vector)| (place.vector.cosine(&vector), key);
        let (nearest, key) = others.into_iter().map(likeness).max_by(|a, b| a.0.total_cmp(&b.0))?;
        // A hair of what rounding takes from a cosine, so that the same text is like itself.
        if f64::from(nearest) + 1e-6 >= least { self.get(&key) } else { None }
    }

    /// Keeps an answer. The oldest make room.
    pub fn put(&self, key: Key, kept: Kept, place: Option<Place>) {
        let size = kept.body.len() + OVERHEAD + place.as_ref().map_or(0, |place| place.vector.size() + OVERHEAD);
        if size > self.most / 4 {
            return;
        }
        let mut inner = self.inner();
        inner.remove(&key);
        while inner.bytes + size > self.most {
            let Some((_, oldest)) = inner.order.pop_first() else { break };
            inner.remove(&oldest);
        }
        inner.insert(key, kept, place, size);
    }

    /// The turn of whoever asks this question; others wait for it.
    pub fn flight(&self, key: Key) -> Arc<tokio::sync::Mutex<()>> {
        let mut inner = self.inner();
        if let Some(flight) = inner.flights.get(&key).and_then(Weak::upgrade) {
            return flight;
        }
        inner.flights.retain(|_, flight| flight.strong_count() > 0);
        let flight = Arc::default();
        inner.flights.insert(key, Arc::downgrade(&flight));
        flight
    }
}

impl Inner {
    fn insert(&mut self, key: Key, mut kept: Kept, place: Option<Place>, size: usize) {
        if let Some(Place { group, .. }) = &place {
            let full = self.groups.get(group).filter(|group| group.len() >= MOST_COMPARED);
            if let Some(oldest) = full.and_then(|group| group.front().copied()) {
                self.remove(&oldest);
            }
            self.groups.entry(*group).or_default().push_back(key);
        }
        // A piece of a larger buffer would keep all of it.
        kept.body = Bytes::copy_from_slice(&kept.body);
        let turn = self.next;
        self.next += 1;
        self.bytes += size;
        self.order.insert(turn, key);
        self.entries.insert(key, Entry { kept, place, turn, size });
    }

    fn remove(&mut self, key: &Key) {
        let Some(entry) = self.entries.remove(key) else { return };
        self.bytes -= entry.size;
        self.order.remove(&entry.turn);
        if let Some(Place { group, .. }) = entry.place
            && let Some(members) = self.groups.get_mut(&group)
        {
            members.retain(|known| known != key);
            if members.is_empty() {
                self.groups.remove(&group);
            }
        }
    }
}

#[cfg(test)]
mod tests;
