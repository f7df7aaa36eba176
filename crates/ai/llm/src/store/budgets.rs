//! Budgets that an institution has set, and what was spent of them.

use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// A budget as it is kept.
#[derive(Clone, Debug)]
pub struct BudgetRow {
    pub id: Uuid,
    pub kind: String,
    pub role: Option<String>,
    pub user_id: Option<Uuid>,
    pub key_id: Option<Uuid>,
    pub period: String,
    /// In picodollars.
    pub amount: i64,
    pub warn_percent: i32,
    pub hard: bool,
    pub version: i32,
}

/// All of the institution, the oldest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<BudgetRow>, sqlx::Error> {
    let rows = sqlx::query_as!(
        BudgetRow,
        "select id, kind, role, user_id, key_id, period, amount, warn_percent, hard, version
         from llm.budget order by created_at, id limit 10000"
    );
    rows.fetch_all(tx.conn()).await
}

/// One of them; nobody else changes it before the transaction ends.
pub async fn hold(tx: &mut Tx, id: Uuid) -> Result<Option<BudgetRow>, sqlx::Error> {
    let row = sqlx::query_as!(
        BudgetRow,
        "select id, kind, role, user_id, key_id, period, amount, warn_percent, hard, version
         from llm.budget where id = $1 for update",
        id
    );
    row.fetch_optional(tx.conn()).await
}

/// Keeps a new one.
pub async fn insert(tx: &mut Tx, row: &BudgetRow, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into llm.budget (id, institution_id, kind, role, user_id, key_id, period, amount, warn_percent, hard,
             created_at)
         values ($1, app.tenant(), $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        row.id,
        row.kind,
        row.role,
        row.user_id,
        row.key_id,
        row.period,
        row.amount,
        row.warn_percent,
        row.hard,
        DbTimestamp::from(now) as _,
    )
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Writes a changed one, which is held. It may warn again.
pub async fn update(tx: &mut Tx, row: &BudgetRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update llm.budget set amount = $2, warn_percent = $3, hard = $4, version = version + 1 where id = $1",
        row.id,
        row.amount,
        row.warn_percent,
        row.hard,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update llm.ledger set warned_at = null where budget_id = $1 and spent < $2::bigint / 100.0 * $3::int",
        row.id,
        row.amount,
        row.warn_percent,
    )
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Removes one, and what was written of it.
pub async fn remove(tx: &mut Tx, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from llm.budget where id = $1", id).execute(tx.conn()).await?;
    sqlx::query!("delete from llm.hold where budget_id = $1", id).execute(tx.conn()).await?;
    sqlx::query!("delete from llm.ledger where budget_id = $1", id).execute(tx.conn()).await.map(drop)
}

/// Removes those of a key.
pub async fn remove_of_key(tx: &mut Tx, key: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from llm.budget where key_id = $1", key).execute(tx.conn()).await.map(drop)
}

/// What was spent in periods that begin at or after `since`, and whether that was warned of: budget, begin, spent.
pub async fn spent(tx: &mut Tx, since: Timestamp) -> Result<Vec<(Uuid, Timestamp, i64, bool)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select budget_id, begins_at as "begins_at: DbTimestamp", spent, warned_at is not null as "warned!"
           from llm.ledger where begins_at >= $1"#,
        DbTimestamp::from(since) as _
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| (row.budget_id, row.begins_at.to_jiff(), row.spent, row.warned)).collect())
}
