//! The connections to the database: a few that are used again and again.
//!
//! A connection that is given back has ended its transaction, so that giving it back costs no round trip. One on which
//! anything went wrong is closed instead.
//!
//! A transaction that only reads is not ended when its work is done: the next transaction ends it, in the round trip in
//! which it begins. A visitor's next read even goes on in it: each statement sees what is committed when it begins, so
//! that it sees the same as in a transaction of its own. Not so the reads of a session, each of which has to ask first
//! whether the session goes on. What nobody takes on is ended soon after.

use crate::pool::PoolStats;
use eduai_kernel::Actor;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// For how long a connection rests before it is closed. One always stays.
const REST: Duration = Duration::from_mins(5);
/// A connection over a network that rested for longer than this is tried before it is used: it may be gone without a
/// word. Over a socket file it cannot.
const DOUBTED_AFTER: Duration = Duration::from_secs(20);
/// How long a server may take to roll back or to show that it is there.
const ENOUGH: Duration = Duration::from_secs(1);
/// For how long one actor's reads may go on in one transaction.
const READ_ON: Duration = Duration::from_millis(50);
/// How often is looked for reads that nobody goes on with.
const SWEEP: Duration = Duration::from_millis(20);
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
    resting: Mutex<Vec<Resting>>,
    /// Told when a connection rests in a transaction.
    left_open: Notify,
}

/// A connection that nobody uses.
#[derive(Debug)]
struct Resting {
    connection: PgConnection,
    since: Instant,
    /// The transaction that it is in.
    reading: Option<Reading>,
}

/// A transaction that only reads.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// As whom.
    actor: Actor,
    /// On behalf of which session.
    session: Option<Uuid>,
    begun: Instant,
}

impl Reading {
    /// One that begins now.
    pub fn begin(actor: Actor, session: Option<Uuid>) -> Self {
        Self { actor, session, begun: Instant::now() }
    }

    /// Whether `other` may go on in it.
    fn may_be_gone_on_with(&self, other: &Self) -> bool {
        self.actor == other.actor && self.session.is_none() && other.session.is_none() && self.begun.elapsed() < READ_ON
    }
}

/// A connection that is in use. Dropped, it is closed.
#[derive(Debug)]
pub struct Lease {
    /// There until it is given back.
    connection: Option<PgConnection>,
    /// The transaction that it was found in.
    pub reading: Option<Reading>,
    pool: Connections,
    permit: Option<OwnedSemaphorePermit>,
}

impl Connections {
    pub fn new(options: PgConnectOptions, limit: u32, remote: bool) -> Self {
        let connections = Self(Arc::new(Inner {
            options,
            remote,
            limit,
            permits: Arc::new(Semaphore::new(limit as usize)),
            open: AtomicU32::new(0),
            closed: AtomicBool::new(false),
            resting: Mutex::default(),
            left_open: Notify::new(),
        }));
        tokio::spawn(sweep(Arc::downgrade(&connections.0)));
        connections
    }

    /// How connections are made.
    pub fn options(&self) -> &PgConnectOptions {
        &self.0.options
    }

    /// A connection: one in whose transaction `reading` may go on, another rested one, or a new one. What transaction it
    /// is in, it says.
    pub async fn lease(&self, reading: Option<&Reading>) -> Result<Lease, sqlx::Error> {
        let permit = self.0.permits.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        if let Some(Resting { connection, since, reading }) = self.take(reading) {
            let mut lease = Lease { connection: Some(connection), reading, pool: self.clone(), permit: Some(permit) };
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
        Ok(Lease { connection: Some(connection), reading: None, pool: self.clone(), permit: Some(permit) })
    }

    fn take(&self, reading: Option<&Reading>) -> Option<Resting> {
        let mut resting = self.resting();
        let own = |reading: &Reading| {
            let open = |rested: &Resting| rested.reading.is_some_and(|open| open.may_be_gone_on_with(reading));
            resting.iter().rposition(open)
        };
        match reading.and_then(own) {
            Some(place) => Some(resting.remove(place)),
            None => resting.pop(),
        }
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
        for rested in resting {
            self.0.open.fetch_sub(1, Ordering::Relaxed);
            let _ = tokio::time::timeout(ENOUGH, rested.connection.close()).await;
        }
    }

    fn rest(&self, connection: PgConnection, reading: Option<Reading>) {
        let now = Instant::now();
        let mut resting = self.resting();
        resting.push(Resting { connection, since: now, reading });
        // The first has rested longest. Closing it is dropping it: the server sees its socket close.
        let tired = resting.len() > 1 && resting.first().is_some_and(|rested| now - rested.since > REST);
        let dropped = tired.then(|| resting.remove(0));
        drop(resting);
        if dropped.is_some() {
            self.0.open.fetch_sub(1, Ordering::Relaxed);
        }
        if reading.is_some() {
            self.0.left_open.notify_one();
        }
    }

    /// Takes a connection that rests in a transaction that nobody goes on with; none when there is none, or all that
    /// may be used are. Says also whether any rests in a transaction.
    fn forsaken(&self) -> (Option<Lease>, bool) {
        let mut resting = self.resting();
        let any = resting.iter().any(|rested| rested.reading.is_some());
        let left = resting.iter().position(|rested| rested.reading.is_some() && rested.since.elapsed() > SWEEP);
        let (Some(place), Ok(permit)) = (left, self.0.permits.clone().try_acquire_owned()) else { return (None, any) };
        let Resting { connection, reading, .. } = resting.remove(place);
        drop(resting);
        (Some(Lease { connection: Some(connection), reading, pool: self.clone(), permit: Some(permit) }), any)
    }

    fn resting(&self) -> MutexGuard<'_, Vec<Resting>> {
        self.0.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the reads that nobody goes on with.
async fn sweep(pool: Weak<Inner>) {
    loop {
        let Some(inner) = pool.upgrade() else { return };
        let connections = Connections(inner);
        // Looking up now and then lets go of a pool that nobody uses any more.
        let _ = tokio::time::timeout(REST, connections.0.left_open.notified()).await;
        loop {
            let (forsaken, any) = connections.forsaken();
            if let Some(mut lease) = forsaken {
                lease.roll_back();
            } else if any {
                tokio::time::sleep(SWEEP).await;
            } else {
                break;
            }
        }
    }
}

impl Lease {
    /// The connection.
    #[expect(clippy::expect_used, reason = "only what consumes the lease takes the connection")]
    pub fn connection(&mut self) -> &mut PgConnection {
        self.connection.as_mut().expect("a lease has a connection until it is given back")
    }

    /// Whether `reading` may go on in the transaction that it is in.
    pub fn may_go_on(&self, reading: Option<&Reading>) -> bool {
        self.reading.zip(reading).is_some_and(|(open, reading)| open.may_be_gone_on_with(reading))
    }

    /// Gives a connection back that is outside of any transaction. It is not to be used afterwards.
    pub fn give_back(&mut self) {
        if self.pool.0.closed.load(Ordering::Relaxed) {
            return;
        }
        if let Some(connection) = self.connection.take() {
            self.pool.rest(connection, None);
        }
        self.permit = None;
    }

    /// Gives a connection back in a transaction that only reads.
    pub fn give_back_open(&mut self, reading: Reading) {
        if self.pool.0.closed.load(Ordering::Relaxed) {
            return;
        }
        if let Some(connection) = self.connection.take() {
            self.pool.rest(connection, Some(reading));
        }
        self.permit = None;
    }

    /// Rolls the transaction back, on a task of its own, and then gives the connection back. Where that cannot be, the
    /// connection is closed, which rolls back as well.
    pub fn roll_back(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (connection, permit) = (self.connection.take(), self.permit.take());
        let mut taken = Self { connection, reading: None, pool: self.pool.clone(), permit };
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
