//! What must happen later: an event written in the same transaction as what it tells of, and delivered afterwards, at
//! least once. A handler must therefore be able to see the same event twice.
//!
//! The dispatcher looks for due rows of all institutions ([`Db::begin_dispatch`]), takes each by moving its due time on
//! by [`LEASE`], and hands it to the topic's handlers with the institution's own system actor. A row is deleted when all
//! of them have succeeded, tried again later when one fails, and kept as dead for people to see after [`ATTEMPTS`].

use crate::{Db, Tx};
use eduai_kernel::Actor;
use eduai_kernel::id::{InstitutionId, UserId};
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde_json::Value;
use sqlx::Row;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often an event is tried before it is given up.
pub const ATTEMPTS: i32 = 10;
/// For how long a dispatcher that took an event has it to itself.
pub const LEASE: Duration = Duration::from_mins(1);
const CHANNEL: &str = "platform_outbox";
/// How many are taken at a time.
const BATCH: i64 = 50;
/// How often to look without having been notified.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// An event on its way to the handlers of its topic.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its number, by which a handler can tell that it has seen it before.
    pub id: i64,
    /// The program, acting in the event's institution.
    pub actor: Actor,
    /// Who caused it.
    pub caused_by: UserId,
    /// What it is about: `mashup.deleted`.
    pub topic: String,
    /// What it says.
    pub payload: Value,
    /// How often it was tried, this time included.
    pub attempt: i32,
}

/// What a handler fails with; its text is kept with the event.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;
type Handler = Arc<dyn Fn(Delivery) -> BoxFuture<'static, Result<(), HandlerError>> + Send + Sync>;

/// Writes an event in the transaction of what it tells of. `topic` has 1 to 100 characters.
pub async fn publish(tx: &mut Tx, actor: &Actor, topic: &str, payload: &impl Serialize) -> Result<(), sqlx::Error> {
    let payload = serde_json::to_value(payload).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    sqlx::query(
        "with written as (
            insert into platform.outbox (institution_id, actor_id, topic, payload) values ($1, $2, $3, $4)
         ) select pg_notify($5, '')",
    )
    .bind(actor.institution.uuid())
    .bind(actor.user.uuid())
    .bind(topic)
    .bind(payload)
    .bind(CHANNEL)
    .execute(tx.conn())
    .await
    .map(drop)
}

/// The events in the transaction's institution that `person` caused and that are not delivered yet, as JSON.
pub async fn export(tx: &mut Tx, person: UserId) -> Result<Vec<Value>, sqlx::Error> {
    sqlx::query_scalar("select to_jsonb(o) from platform.outbox o where o.actor_id = $1 order by o.id")
        .bind(person.uuid())
        .fetch_all(tx.conn())
        .await
}

/// Deletes the events in the transaction's institution that name `person` by id, delivered or not, and takes their name off
/// those that they caused and that tell of others, which go on as the program's. Returns how many were deleted.
pub async fn forget(tx: &mut Tx, person: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("delete from platform.outbox where position($1::text in payload::text) > 0")
        .bind(person.uuid())
        .execute(tx.conn())
        .await?;
    sqlx::query("update platform.outbox set actor_id = $2, last_error = null where actor_id = $1")
        .bind(person.uuid())
        .bind(uuid::Uuid::nil())
        .execute(tx.conn())
        .await?;
    Ok(done.rows_affected())
}

/// Delivers events.
#[derive(Clone)]
pub struct Dispatcher {
    db: Db,
    handlers: HashMap<String, Vec<Handler>>,
}

impl Dispatcher {
    /// A dispatcher without handlers. Events of topics that nobody handles wait.
    pub fn new(db: Db) -> Self {
        Self { db, handlers: HashMap::new() }
    }

    /// Adds a handler of `topic`.
    #[must_use]
    pub fn on<F, R>(mut self, topic: &str, handler: F) -> Self
    where
        F: Fn(Delivery) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), HandlerError>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |delivery| Box::pin(handler(delivery)));
        self.handlers.entry(topic.to_owned()).or_default().push(handler);
        self
    }

    /// Delivers until `stop` is cancelled. A database that is away for a while is waited for.
    pub async fn run(&self, stop: CancellationToken) {
        let mut listener = None;
        while !stop.is_cancelled() {
            if listener.is_none() {
                listener = self.db.listen(&[CHANNEL]).await.ok();
            }
            match self.db.while_answering(self.deliver_due()).await {
                None | Some(Ok(0)) => {}
                Some(Ok(_)) => continue,
                Some(Err(error)) => tracing::warn!(%error, "the outbox cannot be read"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = wait_for_notice(&mut listener) => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Delivers what is due now, at most one batch, and returns how many were tried.
    pub async fn deliver_due(&self) -> Result<usize, sqlx::Error> {
        let taken = self.take().await?;
        let count = taken.len();
        for delivery in taken {
            let outcome = self.handle(&delivery).await;
            self.settle(&delivery, outcome).await?;
        }
        Ok(count)
    }

    async fn take(&self) -> Result<Vec<Delivery>, sqlx::Error> {
        let topics: Vec<&str> = self.handlers.keys().map(String::as_str).collect();
        let mut tx = self.db.begin_dispatch().await?;
        let rows = sqlx::query(
            "update platform.outbox set attempts = attempts + 1, due_at = now() + make_interval(secs => $1)
             where id in (
                select id from platform.outbox where not dead and due_at <= now() and topic = any($2)
                order by due_at, id limit $3 for update skip locked)
             returning id, institution_id, actor_id, topic, payload, attempts",
        )
        .bind(LEASE.as_secs_f64())
        .bind(topics)
        .bind(BATCH)
        .fetch_all(tx.conn())
        .await?;
        tx.commit().await?;
        let mut taken = rows.iter().map(delivery).collect::<Result<Vec<_>, _>>()?;
        taken.sort_by_key(|delivery| delivery.id);
        Ok(taken)
    }

    async fn handle(&self, delivery: &Delivery) -> Result<(), HandlerError> {
        for handler in self.handlers.get(&delivery.topic).into_iter().flatten() {
            handler(delivery.clone()).await?;
        }
        Ok(())
    }

    async fn settle(&self, delivery: &Delivery, outcome: Result<(), HandlerError>) -> Result<(), sqlx::Error> {
        let mut tx = self.db.begin(&delivery.actor).await?;
        match outcome {
            Ok(()) => {
                sqlx::query("delete from platform.outbox where id = $1").bind(delivery.id).execute(tx.conn()).await?;
            }
            Err(error) => {
                let dead = delivery.attempt >= ATTEMPTS;
                tracing::warn!(%error, topic = delivery.topic, event = delivery.id, attempt = delivery.attempt, dead, "an event was not delivered");
                sqlx::query(
                    "update platform.outbox set last_error = $2, dead = $3, due_at = now() + make_interval(secs => $4)
                     where id = $1",
                )
                .bind(delivery.id)
                .bind(error.to_string())
                .bind(dead)
                .bind(backoff(delivery.attempt).as_secs_f64())
                .execute(tx.conn())
                .await?;
            }
        }
        tx.commit().await
    }
}

impl std::fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dispatcher").field("topics", &self.handlers.keys()).finish_non_exhaustive()
    }
}

fn delivery(row: &sqlx::postgres::PgRow) -> Result<Delivery, sqlx::Error> {
    Ok(Delivery {
        id: row.try_get("id")?,
        actor: Actor::system(InstitutionId::from_uuid(row.try_get("institution_id")?)),
        caused_by: UserId::from_uuid(row.try_get("actor_id")?),
        topic: row.try_get("topic")?,
        payload: row.try_get("payload")?,
        attempt: row.try_get("attempts")?,
    })
}

/// 1 s after the first failure, then twice as long each time, at most 34 minutes.
pub fn backoff(attempt: i32) -> Duration {
    Duration::from_secs(1_u64 << attempt.clamp(1, 12).saturating_sub(1))
}

/// Returns when something was sent to the listener; never, when there is no listener. A listener that has failed is
/// taken away.
pub async fn wait_for_notice(listener: &mut Option<sqlx::postgres::PgListener>) {
    match listener {
        Some(live) => {
            if live.recv().await.is_err() {
                *listener = None;
            }
        }
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waiting_time_doubles_up_to_half_an_hour() {
        let seconds: Vec<u64> = [1, 2, 3, 12, 13, 1000].into_iter().map(|n| backoff(n).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 2048, 2048, 2048]);
    }
}
