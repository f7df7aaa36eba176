//! The connections to the database: a few that are used again and again.
//!
//! A connection that is given back has ended its transaction, so that giving it back costs no round trip. One on which
//! anything went wrong is closed instead.

use crate::pool::PoolStats;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// For how long a connection rests before it is closed. One always stays.
const REST: Duration = Duration::from_mins(5);
/// A connection over a network that rested for longer than this is tried before it is used: it may be gone without a
/// word. Over a socket file it cannot.
const DOUBTED_AFTER: Duration = Duration::from_secs(20);
/// How long a server may take to roll back or to show that it is there.
const ENOUGH: Duration = Duration::from_secs(1);
/// How long closing waits for transactions that are under way.
const CLOSING: Duration = Duration::from_secs(5);

/// The connections. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connections(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    options: PgConnectOptions,
    remote: bool,
    limit: u32,
    permits: Arc<Semaphore>,
    open: AtomicU32,
    closed: AtomicBool,
    /// The one that was used last is used first: the others may then be closed.
    resting: Mutex<Vec<(PgConnection, Instant)>>,
}

/// A connection that is in use. Dropped, it is closed.
#[derive(Debug)]
pub struct Lease {
    /// There until it is given back.
    connection: Option<PgConnection>,
    pool: Connections,
    permit: Option<OwnedSemaphorePermit>,
}

impl Connections {
    pub fn new(options: PgConnectOptions, limit: u32, remote: bool) -> Self {
        Self(Arc::new(Inner {
            options,
            remote,
            limit,
            permits: Arc::new(Semaphore::new(limit as usize)),
            open: AtomicU32::new(0),
            closed: AtomicBool::new(false),
            resting: Mutex::default(),
        }))
    }

    /// How connections are made.
    pub fn options(&self) -> &PgConnectOptions {
        &self.0.options
    }

    /// A connection outside of any transaction: a rested one, or a new one.
    pub async fn lease(&self) -> Result<Lease, sqlx::Error> {
        let permit = self.0.permits.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let rested = self.resting().pop();
        if let Some((connection, since)) = rested {
            let mut lease = Lease { connection: Some(connection), pool: self.clone(), permit: Some(permit) };
            if !self.0.remote || since.elapsed() < DOUBTED_AFTER {
                return Ok(lease);
            }
            return match tokio::time::timeout(ENOUGH, lease.connection().ping()).await {
                Ok(Ok(())) => Ok(lease),
                Ok(Err(error)) => Err(error),
                Err(_) => Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())),
            };
        }
        let connection = self.0.options.connect().await?;
        self.0.open.fetch_add(1, Ordering::Relaxed);
        Ok(Lease { connection: Some(connection), pool: self.clone(), permit: Some(permit) })
    }

    pub fn stats(&self) -> PoolStats {
        let idle = self.resting().len() as u32;
        PoolStats { open: self.0.open.load(Ordering::Relaxed), idle, limit: self.0.limit }
    }

    /// Closes what rests, and what is in use once it is given back.
    pub async fn close(&self) {
        self.0.closed.store(true, Ordering::Relaxed);
        let all = tokio::time::timeout(CLOSING, self.0.permits.acquire_many(self.0.limit)).await;
        self.0.permits.close();
        drop(all);
        let resting = std::mem::take(&mut *self.resting());
        for (connection, _) in resting {
            self.0.open.fetch_sub(1, Ordering::Relaxed);
            let _ = tokio::time::timeout(ENOUGH, connection.close()).await;
        }
    }

    fn rest(&self, connection: PgConnection) {
        let now = Instant::now();
        let mut resting = self.resting();
        resting.push((connection, now));
        // The first has rested longest. Closing it is dropping it: the server sees its socket close.
        let tired = resting.len() > 1 && resting.first().is_some_and(|(_, since)| now.duration_since(*since) > REST);
        let dropped = tired.then(|| resting.remove(0));
        drop(resting);
        if dropped.is_some() {
            self.0.open.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn resting(&self) -> MutexGuard<'_, Vec<(PgConnection, Instant)>> {
        self.0.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    /// The connection.
    #[expect(clippy::expect_used, reason = "only what consumes the lease takes the connection")]
    pub fn connection(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("a lease has a connection until it is given back")
    }

    /// Gives a connection back that is outside of any transaction. It is not to be used afterwards.
    pub fn give_back(&mut self) {
        if self.pool.0.closed.load(Ordering::Relaxed) {
            return;
        }
        if let Some(connection) = self.connection.take() {
            self.pool.rest(connection);
        }
        self.permit = None;
    }

    /// Rolls the transaction back, on a task of its own, and then gives the connection back. Where that cannot be, the
    /// connection is closed, which rolls back as well.
    pub fn roll_back(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let mut taken =
            Self { connection: self.connection.take(), pool: self.pool.clone(), permit: self.permit.take() };
        runtime.spawn(async move {
            let done = tokio::time::timeout(ENOUGH, taken.connection().execute("rollback")).await;
            if matches!(done, Ok(Ok(_))) {
                taken.give_back();
            }
        });
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.connection.take().is_some() {
            self.pool.0.open.fetch_sub(1, Ordering::Relaxed);
        }
    }
}
