//! Answers that are kept for the same question, within one institution, for as long as the route says. Who asks what is
//! being asked already waits for that answer (single flight).

use crate::tenant::Target;
use bytes::Bytes;
use eduai_wire::Usage;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// What an entry takes beside its bytes, about.
const OVERHEAD: usize = 256;

/// The SHA-256 of institution, endpoint and question.
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

/// All that are kept.
pub struct Cache {
    most: usize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    kept: HashMap<Key, Kept>,
    /// In the order in which they came.
    order: VecDeque<Key>,
    bytes: usize,
    /// Questions that are being asked.
    flights: HashMap<Key, Weak<tokio::sync::Mutex<()>>>,
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
        self.inner().kept.get(key).filter(|kept| kept.until > Instant::now()).cloned()
    }

    /// Keeps an answer for this long. The oldest make room.
    pub fn put(&self, key: Key, body: Bytes, target: Arc<Target>, usage: Usage, good_for: Duration) {
        let size = body.len() + OVERHEAD;
        if size > self.most / 4 {
            return;
        }
        let mut inner = self.inner();
        inner.remove(&key);
        while inner.bytes + size > self.most {
            let Some(oldest) = inner.order.pop_front() else { break };
            inner.remove(&oldest);
        }
        // A piece of a larger buffer would keep all of it.
        let body = Bytes::copy_from_slice(&body);
        inner.bytes += size;
        inner.order.push_back(key);
        inner.kept.insert(key, Kept { body, target, usage, until: Instant::now() + good_for });
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
    fn remove(&mut self, key: &Key) {
        if let Some(kept) = self.kept.remove(key) {
            self.bytes -= kept.body.len() + OVERHEAD;
            self.order.retain(|known| known != key);
        }
    }
}
