//! The only way to a connection: a transaction that knows who acts.

use crate::connections::{Connections, Lease, Reading};
use crate::health::Health;
use crate::{Presence, error, session};
use eduai_kernel::id::InstitutionId;
use eduai_kernel::{Actor, Role};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgListener, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor as _};
use std::fmt::Write as _;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long a transaction may take to begin. Beginning changes nothing, so that it is tried again within this time when
/// the database is away for a moment; who waits longer for an answer had better be told.
pub const PATIENCE: Duration = Duration::from_secs(3);
/// How long to wait before a beginning that failed is tried again.
const AGAIN: Duration = Duration::from_millis(25);
/// How long what is under way goes on while the database does not answer.
const LOST: Duration = Duration::from_secs(2);

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    connections: Connections,
    health: Health,
    presence: Arc<Mutex<Weak<Presence>>>,
}

/// The state of the pool of connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolStats {
    /// Open connections.
    pub open: u32,
    /// Of these, those at rest.
    pub idle: u32,
    /// The most that may be open.
    pub limit: u32,
}

impl Db {
    pub(crate) fn new(options: PgConnectOptions, max_connections: u32, remote: bool) -> Self {
        let health = Health::watch(options.clone());
        Self { connections: Connections::new(options, max_connections, remote), health, presence: Arc::default() }
    }

    /// A transaction as `actor`: tenant, user and role are set for row-level security, in the same round trip that
    /// begins it. Dropped without [`Tx::commit`], it is rolled back.
    pub async fn begin(&self, actor: &Actor) -> Result<Tx, sqlx::Error> {
        self.begin_with(&begin_as("begin", actor), Some(actor.institution), None).await
    }

    /// A transaction as `actor` in which nothing can be written, for looking things up: with all of an actor's rights to
    /// see, and fewer round trips.
    pub async fn read(&self, actor: &Actor) -> Result<Tx, sqlx::Error> {
        let reading = Reading::begin(*actor, session::current());
        self.begin_with(&begin_as("begin read only", actor), Some(actor.institution), Some(reading)).await
    }

    /// A transaction of the part of the program that looks for work in all institutions at once: the outbox's
    /// dispatcher, the job runner, the workflow engine.
    ///
    /// It sees only tables that say so with a policy on `app.is_dispatcher()`: queues, and the list of institutions.
    /// Everything else is empty to it. Whoever finds work with it does the work as the row's own institution, with
    /// [`Db::begin`]. No request may ever come to this function; no [`eduai_kernel::Role`] has its name.
    pub async fn begin_dispatch(&self) -> Result<Tx, sqlx::Error> {
        self.begin_with(&begin_sql("begin", "", "", "dispatcher"), None, None).await
    }

    /// A transaction of the keeper of keys: it sees only tables that say so with a policy on `app.role() = 'keeper'`,
    /// which hold keys of the whole installation. Nobody but the vault may come to this function, and no
    /// [`eduai_kernel::Role`] has its name.
    pub async fn begin_keeper(&self) -> Result<Tx, sqlx::Error> {
        self.begin_with(&begin_sql("begin", "", "", "keeper"), None, None).await
    }

    /// A transaction on behalf of somebody who has not signed in yet and claims something: an e-mail address, a class's
    /// code. It sees, in all institutions, the rows that fit the claim ([`Claim`]) and no others.
    pub async fn begin_sign_in(&self, claim: &Claim) -> Result<Tx, sqlx::Error> {
        let sql = format!(
            "{END_ANOTHER}begin; select set_config('app.tenant', '', true), set_config('app.user', '', true), \
             set_config('app.role', 'sign_in', true), set_config('app.claim', '{}', true)",
            claim.0
        );
        self.begin_with(&sql, None, None).await
    }

    /// A transaction that begins with these statements, the first of which ends another, on a connection that answers.
    /// What is only for `reading` may go on in a transaction that is open for it.
    async fn begin_with(
        &self,
        sql: &str,
        institution: Option<InstitutionId>,
        reading: Option<Reading>,
    ) -> Result<Tx, sqlx::Error> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let mut last = sqlx::Error::PoolTimedOut;
        loop {
            let attempt = async {
                self.health.answering().await;
                let mut lease = self.connections.lease(reading.as_ref()).await?;
                if lease.may_go_on(reading.as_ref()) {
                    return Ok(Tx { lease, institution, open: true });
                }
                // Where no transaction was left open, there is none to end.
                let sql = if lease.reading.is_some() { sql } else { sql.trim_start_matches(END_ANOTHER) };
                lease.reading = None;
                match lease.connection().execute(AssertSqlSafe(sql)).await {
                    Ok(_) => {
                        lease.reading = reading;
                        Ok(Tx { lease, institution, open: true })
                    }
                    Err(error) => {
                        if error.as_database_error().is_some() {
                            lease.roll_back();
                        }
                        Err(error)
                    }
                }
            };
            match tokio::time::timeout_at(deadline, attempt).await {
                Ok(Ok(tx)) => return Ok(tx),
                // A connection may have died at rest; the next one has not, or there is none yet.
                Ok(Err(error)) if error::is_away(&error) => last = error,
                Ok(Err(error)) => return Err(error),
                Err(_) => return Err(last),
            }
            if tokio::time::timeout_at(deadline, tokio::time::sleep(AGAIN)).await.is_err() {
                return Err(last);
            }
        }
    }

    /// `work`, or none when the database has not answered for a while before it ended. What waits for an answer that
    /// never comes is given up so; its transaction is rolled back by the database.
    pub async fn while_answering<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.health.lost(LOST) => None,
        }
    }

    /// Listens to notifications on `channels`, over a connection of its own. It connects again by itself; what was
    /// sent meanwhile is lost, so a listener must also look from time to time.
    pub async fn listen(&self, channels: &[&str]) -> Result<PgListener, sqlx::Error> {
        let own = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(self.connections.options().clone());
        let mut listener = PgListener::connect_with(&own).await?;
        listener.ignore_pool_close_event(true);
        listener.listen_all(channels.iter().copied()).await?;
        Ok(listener)
    }

    /// The sign of life of this process, over a connection of its own: one for all who ask, for as long as somebody
    /// holds it.
    pub async fn presence(&self) -> Result<Arc<Presence>, sqlx::Error> {
        let mut given = self.presence.lock().await;
        if let Some(presence) = given.upgrade() {
            return Ok(presence);
        }
        let presence = Arc::new(Presence::new(self.connections.options().clone()).await?);
        *given = Arc::downgrade(&presence);
        Ok(presence)
    }

    /// How long the database takes to answer nothing at all.
    pub async fn ping(&self) -> Result<Duration, sqlx::Error> {
        let began = Instant::now();
        let mut lease = self.connections.lease(None).await?;
        let answered = sqlx::Connection::ping(lease.connection()).await;
        match (&answered, lease.reading) {
            (Ok(()), Some(reading)) => lease.give_back_open(reading),
            (Ok(()), None) => lease.give_back(),
            (Err(_), _) => {}
        }
        answered.map(|()| began.elapsed())
    }

    /// The state of the pool.
    pub fn stats(&self) -> PoolStats {
        self.connections.stats()
    }

    /// Closes all connections once their transactions are done.
    pub async fn close(&self) {
        self.health.stop();
        self.connections.close().await;
    }
}

/// The three values are UUIDs or words of ours, so that nothing needs escaping.
fn begin_sql(begin: &str, tenant: &str, user: &str, role: &str) -> String {
    format!(
        "{END_ANOTHER}{begin}; select set_config('app.tenant', '{tenant}', true), \
         set_config('app.user', '{user}', true), set_config('app.role', '{role}', true)"
    )
}

fn begin_as(begin: &str, actor: &Actor) -> String {
    let mut sql = begin_sql(begin, &actor.institution.to_string(), &actor.user.to_string(), actor.role.as_str());
    // What the program does itself, such as ending a session, is not the session's.
    if let Some(session) = session::current().filter(|_| actor.role != Role::System) {
        let _ = write!(sql, "; select app.session_goes_on('{session}')");
    }
    sql
}

/// Ends a read that was left open, in the round trip in which another transaction begins.
const END_ANOTHER: &str = "commit; ";

/// What somebody who has not signed in yet claims, as it is compared in the database: a SHA-256 in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim(String);

impl Claim {
    /// The claim that `text` is the value of a column that policies compare (`app.fits_claim`).
    pub fn of(text: &str) -> Self {
        use sha2::Digest as _;
        let hash = sha2::Sha256::digest(text.as_bytes());
        Self(hash.iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }))
    }
}

/// A transaction as an actor. `store.rs` takes it; nothing else writes SQL.
#[derive(Debug)]
pub struct Tx {
    lease: Lease,
    institution: Option<InstitutionId>,
    /// Whether it is to be rolled back when it goes.
    open: bool,
}

impl Tx {
    /// The connection, for `sqlx::query!(…).execute(tx.conn())`.
    pub fn conn(&mut self) -> &mut PgConnection {
        self.lease.connection()
    }

    /// The institution in which it acts; none for the dispatcher and the keeper of keys.
    pub fn institution(&self) -> Option<InstitutionId> {
        self.institution
    }

    /// Hands the transaction to another actor: for moving what somebody made as a visitor to the institution that they
    /// join, in one piece. What follows is bound by the policies for `actor`.
    pub async fn hand_to(&mut self, actor: &Actor) -> Result<(), sqlx::Error> {
        sqlx::query(
            "select set_config('app.tenant', $1, true), set_config('app.user', $2, true), set_config('app.role', $3, true)",
        )
        .bind(actor.institution.to_string())
        .bind(actor.user.to_string())
        .bind(actor.role.as_str())
        .execute(self.conn())
        .await?;
        self.institution = Some(actor.institution);
        // Nobody else may go on in it.
        self.lease.reading = None;
        Ok(())
    }

    /// Tells whoever listens to `channel` ([`Db::listen`]), once the transaction is committed.
    pub async fn notify(&mut self, channel: &str, message: &str) -> Result<(), sqlx::Error> {
        sqlx::query("select pg_notify($1, $2)").bind(channel).bind(message).execute(self.conn()).await.map(drop)
    }

    /// Makes everything done in it lasting and visible. One that only reads is left to the next reader.
    pub async fn commit(mut self) -> Result<(), sqlx::Error> {
        if let Some(reading) = self.lease.reading {
            self.open = false;
            self.lease.give_back_open(reading);
            return Ok(());
        }
        self.end("commit").await
    }

    /// Undoes everything done in it.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.end("rollback").await
    }

    async fn end(mut self, how: &'static str) -> Result<(), sqlx::Error> {
        self.lease.connection().execute(how).await?;
        self.open = false;
        self.lease.give_back();
        Ok(())
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if self.open {
            self.lease.roll_back();
        }
    }
}
