//! A sign of life: a session that holds an advisory lock for as long as its process lives. Whoever finds work that a
//! process had taken can ask the database whether that process still lives (`app.is_alive`); after `kill -9` the answer
//! is no within milliseconds, because the operating system closes the session.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use std::time::Duration;

/// The first half of the lock's key, which `app.is_alive` knows too.
const CLASS: i32 = 1_701_082_473;
/// How often the session is tried.
const BEAT: Duration = Duration::from_secs(1);
/// After this time without an answer the session counts as lost.
const SILENCE: Duration = Duration::from_secs(3);

/// This process's sign of life; dropped, it is gone.
#[derive(Debug)]
pub struct Presence {
    id: i32,
    beating: tokio::task::JoinHandle<()>,
}

impl Presence {
    pub(crate) async fn new(options: PgConnectOptions) -> Result<Self, sqlx::Error> {
        let mut connection = options.connect().await?;
        let id: i32 = sqlx::query_scalar("select (random() * 2147483646)::int").fetch_one(&mut connection).await?;
        hold(&mut connection, id).await?;
        Ok(Self { id, beating: tokio::spawn(beat(options, connection, id)) })
    }

    /// The number under which `app.is_alive` knows this process: 0 or more.
    pub fn id(&self) -> i32 {
        self.id
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.beating.abort();
    }
}

async fn hold(connection: &mut PgConnection, id: i32) -> Result<(), sqlx::Error> {
    let held = sqlx::query_scalar("select pg_try_advisory_lock($1, $2)").bind(CLASS).bind(id);
    if held.fetch_one(connection).await? { Ok(()) } else { Err(sqlx::Error::WorkerCrashed) }
}

/// Keeps the session, and makes a new one when the database was away. Meanwhile others may take our work: our writes
/// then fail by their lease, and nothing is done twice.
async fn beat(options: PgConnectOptions, mut connection: PgConnection, id: i32) {
    loop {
        tokio::time::sleep(BEAT).await;
        if matches!(tokio::time::timeout(SILENCE, connection.ping()).await, Ok(Ok(()))) {
            continue;
        }
        tracing::warn!("the database was away; giving a sign of life again");
        loop {
            let again = async {
                let mut fresh = options.connect().await?;
                hold(&mut fresh, id).await.map(|()| fresh)
            };
            if let Ok(Ok(fresh)) = tokio::time::timeout(SILENCE, again).await {
                connection = fresh;
                break;
            }
            tokio::time::sleep(BEAT).await;
        }
    }
}
