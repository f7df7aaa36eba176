//! Long computations (composing, sound, PDF) run on threads of their own, as many as there are processors, so that a
//! queue of them never stops the program from answering.

use eduai_kernel::{Failure, FailureKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// Runs computations, a bounded number at a time; more wait, and when too many wait, new ones are turned away.
#[derive(Clone, Debug)]
pub struct CpuPool {
    at_once: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    queue: usize,
}

impl CpuPool {
    /// A pool that computes `at_once` things at a time (at least one) and lets `queue` more wait.
    pub fn new(at_once: usize, queue: usize) -> Self {
        Self { at_once: Arc::new(Semaphore::new(at_once.max(1))), waiting: Arc::default(), queue }
    }

    /// As many at a time as the machine has processors, with 64 waiting for each.
    pub fn for_this_machine() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self::new(processors, processors * 64)
    }

    /// The result of `work`, computed away from the threads that answer requests.
    ///
    /// Fails with [`FailureKind::Unavailable`] when the queue is full and with [`FailureKind::Internal`] when `work`
    /// panics. A caller that goes away leaves the queue; work that has begun is finished and thrown away.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let permit = {
            let _place = Place::take(&self.waiting, self.queue).ok_or_else(busy)?;
            self.at_once.clone().acquire_owned().await.map_err(|_| busy())?
        };
        let computed = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        computed.await.map_err(|error| Failure::new(FailureKind::Internal, "computation", error.to_string()))
    }
}

/// A place in the queue, left when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, most: usize) -> Option<Self> {
        let place = Self(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) <= most).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn busy() -> Failure {
    let mut failure =
        Failure::new(FailureKind::Unavailable, "busy", "Too much is being computed at the moment. Try again shortly.");
    failure.retry_after_seconds = Some(2);
    failure
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test]
    async fn results_come_back_and_panics_become_failures() {
        let pool = CpuPool::new(1, 0);
        assert_eq!(pool.run(|| 6 * 7).await.unwrap(), 42);
        let failed = pool.run(|| assert_eq!(1, 2, "on purpose")).await.unwrap_err();
        assert_eq!(failed.kind, FailureKind::Internal);
        assert_eq!(pool.run(|| 1).await.unwrap(), 1, "a panic frees its place");
    }

    #[tokio::test]
    async fn a_full_queue_turns_away_at_once() {
        let pool = CpuPool::new(1, 1);
        let (release, held) = mpsc::channel::<()>();
        let first = tokio::spawn({
            let pool = pool.clone();
            async move { pool.run(move || held.recv().is_ok()).await }
        });
        while pool.at_once.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let mut queued = Vec::new();
        for _ in 0..2 {
            let pool = pool.clone();
            queued.push(tokio::spawn(async move { pool.run(|| true).await }));
        }
        while pool.waiting.load(Ordering::Relaxed) < 2 {
            tokio::task::yield_now().await;
        }
        let refused = pool.run(|| true).await.unwrap_err();
        assert_eq!((refused.kind, refused.retry_after_seconds), (FailureKind::Unavailable, Some(2)));
        release.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        for waiter in queued {
            assert!(waiter.await.unwrap().unwrap());
        }
    }
}
