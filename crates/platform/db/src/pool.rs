//! The only way to a connection: a transaction that knows who acts.

use crate::Presence;
use eduai_kernel::Actor;
use eduai_kernel::id::InstitutionId;
use sqlx::postgres::{PgConnection, PgListener, PgPool};
use sqlx::{AssertSqlSafe, Postgres, Transaction};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pool: PgPool,
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
    pub(crate) fn new(pool: PgPool) -> Self {
        Self { pool, presence: Arc::default() }
    }

    /// A transaction as `actor`: tenant, user and role are set for row-level security, in the same round trip that
    /// begins it. Dropped without [`Tx::commit`], it is rolled back.
    pub async fn begin(&self, actor: &Actor) -> Result<Tx, sqlx::Error> {
        let tx = self.begin_as(&actor.institution.to_string(), &actor.user.to_string(), actor.role.as_str()).await?;
        Ok(Tx { institution: Some(actor.institution), ..tx })
    }

    /// A transaction of the part of the program that looks for work in all institutions at once: the outbox's
    /// dispatcher, the job runner, the workflow engine.
    ///
    /// It sees only tables that say so with a policy on `app.is_dispatcher()`: queues, and the list of institutions.
    /// Everything else is empty to it. Whoever finds work with it does the work as the row's own institution, with
    /// [`Db::begin`]. No request may ever come to this function; no [`eduai_kernel::Role`] has its name.
    pub async fn begin_dispatch(&self) -> Result<Tx, sqlx::Error> {
        self.begin_as("", "", "dispatcher").await
    }

    /// A transaction of the keeper of keys: it sees only tables that say so with a policy on `app.role() = 'keeper'`,
    /// which hold keys of the whole installation. Nobody but the vault may come to this function, and no
    /// [`eduai_kernel::Role`] has its name.
    pub async fn begin_keeper(&self) -> Result<Tx, sqlx::Error> {
        self.begin_as("", "", "keeper").await
    }

    /// The three values are UUIDs or words of ours, so that nothing needs escaping.
    async fn begin_as(&self, tenant: &str, user: &str, role: &str) -> Result<Tx, sqlx::Error> {
        let sql = format!(
            "begin; select set_config('app.tenant', '{tenant}', true), set_config('app.user', '{user}', true), set_config('app.role', '{role}', true)"
        );
        Ok(Tx { inner: self.pool.begin_with(AssertSqlSafe(sql)).await?, institution: None })
    }

    /// Listens to notifications on `channels`, over a connection of its own. It connects again by itself; what was
    /// sent meanwhile is lost, so a listener must also look from time to time.
    pub async fn listen(&self, channels: &[&str]) -> Result<PgListener, sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
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
        let presence = Arc::new(Presence::new((*self.pool.connect_options()).clone()).await?);
        *given = Arc::downgrade(&presence);
        Ok(presence)
    }

    /// How long the database takes to answer nothing at all.
    pub async fn ping(&self) -> Result<Duration, sqlx::Error> {
        let began = Instant::now();
        let mut connection = self.pool.acquire().await?;
        sqlx::Connection::ping(&mut *connection).await?;
        Ok(began.elapsed())
    }

    /// The state of the pool.
    pub fn stats(&self) -> PoolStats {
        PoolStats {
            open: self.pool.size(),
            idle: self.pool.num_idle() as u32,
            limit: self.pool.options().get_max_connections(),
        }
    }

    /// Closes all connections once their transactions are done.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A transaction as an actor. `store.rs` takes it; nothing else writes SQL.
#[derive(Debug)]
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    institution: Option<InstitutionId>,
}

impl Tx {
    /// The connection, for `sqlx::query!(…).execute(tx.conn())`.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.inner
    }

    /// The institution in which it acts; none for the dispatcher and the keeper of keys.
    pub fn institution(&self) -> Option<InstitutionId> {
        self.institution
    }

    /// Makes everything done in it lasting and visible.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.inner.commit().await
    }

    /// Undoes everything done in it.
    pub async fn rollback(self) -> Result<(), sqlx::Error> {
        self.inner.rollback().await
    }
}
