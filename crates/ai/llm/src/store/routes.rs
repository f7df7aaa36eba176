//! Routes that an institution has set.

use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

/// A route as it is kept.
#[derive(Clone, Debug)]
pub struct RouteRow {
    pub id: Uuid,
    pub model: String,
    pub tasks: Vec<String>,
    /// A list of objects: provider, model, order, weight.
    pub targets: Value,
    pub attempts: i32,
    pub cache_seconds: i32,
    pub hedge_ms: Option<i32>,
    pub likeness: Option<f64>,
    pub version: i32,
}

/// All of the institution, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<RouteRow>, sqlx::Error> {
    let rows = sqlx::query_as!(
        RouteRow,
        "select id, model, tasks, targets, attempts, cache_seconds, hedge_ms, likeness, version
         from llm.route order by model, id limit 1000"
    );
    rows.fetch_all(tx.conn()).await
}

/// One of them; nobody else changes it before the transaction ends.
pub async fn hold(tx: &mut Tx, id: Uuid) -> Result<Option<RouteRow>, sqlx::Error> {
    let row = sqlx::query_as!(
        RouteRow,
        "select id, model, tasks, targets, attempts, cache_seconds, hedge_ms, likeness, version
         from llm.route where id = $1 for update",
        id
    );
    row.fetch_optional(tx.conn()).await
}

/// Keeps a new one.
pub async fn insert(tx: &mut Tx, row: &RouteRow, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into llm.route
             (id, institution_id, model, tasks, targets, attempts, cache_seconds, hedge_ms, likeness, created_at)
         values ($1, app.tenant(), $2, $3, $4, $5, $6, $7, $8, $9)",
        row.id,
        row.model,
        &row.tasks,
        row.targets,
        row.attempts,
        row.cache_seconds,
        row.hedge_ms,
        row.likeness,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Writes a changed one, which is held.
pub async fn update(tx: &mut Tx, row: &RouteRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update llm.route set model = $2, tasks = $3, targets = $4, attempts = $5, cache_seconds = $6, hedge_ms = $7,
             likeness = $8, version = version + 1
         where id = $1",
        row.id,
        row.model,
        &row.tasks,
        row.targets,
        row.attempts,
        row.cache_seconds,
        row.hedge_ms,
        row.likeness,
    )
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Removes one.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from llm.route where id = $1", id).execute(tx.conn()).await.map(drop)
}
