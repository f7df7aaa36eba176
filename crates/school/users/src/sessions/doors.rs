//! Those who try the same account from the same address, and those of one address, go in a few at a time: the rest wait.
//! An attempt counts as a failure until it has succeeded, so that without it a class that signs in at once would look like
//! somebody who guesses.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// From how many doors on those that nobody stands at are forgotten.
const SWEEP: usize = 1024;

/// One door for every key that somebody stands at.
#[derive(Default)]
pub struct Doors(Mutex<HashMap<Vec<u8>, Weak<Semaphore>>>);

/// The way in, for as long as it is held.
#[derive(Debug)]
pub struct Entered(
    #[expect(dead_code, reason = "it is held for what happens when it is dropped")] [Option<OwnedSemaphorePermit>; 2],
);

impl Doors {
    /// Waits until fewer than its number are inside of each door.
    pub async fn enter(&self, doors: [(&[u8], usize); 2]) -> Entered {
        let [first, second] = doors.map(|(key, at_once)| self.door(key, at_once));
        // Nobody ever closes a door, so that everybody comes in.
        Entered([first.acquire_owned().await.ok(), second.acquire_owned().await.ok()])
    }

    fn door(&self, key: &[u8], at_once: usize) -> Arc<Semaphore> {
        let mut doors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(door) = doors.get(key).and_then(Weak::upgrade) {
            return door;
        }
        if doors.len() >= SWEEP {
            doors.retain(|_, door| door.strong_count() > 0);
        }
        let door = Arc::new(Semaphore::new(at_once));
        doors.insert(key.to_vec(), Arc::downgrade(&door));
        door
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn a_few_go_in_and_the_rest_wait_until_one_has_left() {
        let doors = Arc::new(Doors::default());
        let ours: [(&[u8], usize); 2] = [(b"ana", 2), (b"school", 3)];
        let (first, _second) = (doors.enter(ours).await, doors.enter(ours).await);
        let soon = Duration::from_millis(20);
        assert!(tokio::time::timeout(soon, doors.enter(ours)).await.is_err(), "a third of the same waits");
        let other = doors.enter([(b"bea", 2), (b"school", 3)]).await;
        let full = doors.enter([(b"leo", 2), (b"school", 3)]);
        assert!(tokio::time::timeout(soon, full).await.is_err(), "a fourth of the same address waits");
        drop(first);
        drop(other);
        assert!(tokio::time::timeout(soon, doors.enter(ours)).await.is_ok());
    }

    #[tokio::test]
    async fn doors_at_which_nobody_stands_are_forgotten() {
        let doors = Doors::default();
        for n in 0..5 * SWEEP {
            let _ = doors.enter([(&n.to_be_bytes(), 1), (b"school", 50)]).await;
        }
        assert!(doors.0.lock().unwrap().len() <= SWEEP + 1);
    }
}
