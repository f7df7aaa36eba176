//! What was spent of budgets, and what processes hold of them.

use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use uuid::Uuid;

/// Takes at least `needed` of a budget, better `wanted`. Negative when there is less: one more than what is free, negated.
pub async fn lease(
    tx: &mut Tx,
    budget: Uuid,
    begins: Timestamp,
    instance: i32,
    total: i64,
    (needed, wanted): (i64, i64),
) -> Result<i64, sqlx::Error> {
    let granted = sqlx::query_scalar!(
        r#"select llm.lease($1, $2, $3, $4, $5, $6) as "granted!""#,
        budget,
        DbTimestamp::from(begins) as _,
        instance,
        total,
        needed,
        wanted
    );
    granted.fetch_one(tx.conn()).await
}

/// This process no longer holds so much: it was spent, or is given back.
pub async fn release(
    tx: &mut Tx,
    budget: Uuid,
    begins: Timestamp,
    instance: i32,
    amount: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update llm.hold set amount = amount - $4 where budget_id = $1 and begins_at = $2 and instance = $3",
        budget,
        DbTimestamp::from(begins) as _,
        instance,
        amount
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// So much was spent. True when the sum has now come to `warn_at`, once.
pub async fn spend(
    tx: &mut Tx,
    budget: Uuid,
    begins: Timestamp,
    amount: i64,
    warn_at: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    sqlx::query!(
        "insert into llm.ledger (institution_id, budget_id, begins_at, spent) values (app.tenant(), $1, $2, $3)
         on conflict (budget_id, begins_at, institution_id) do update set spent = llm.ledger.spent + excluded.spent",
        budget,
        DbTimestamp::from(begins) as _,
        amount
    )
    .execute(tx.conn())
    .await?;
    let warned = sqlx::query!(
        "update llm.ledger set warned_at = $4
         where budget_id = $1 and begins_at = $2 and spent >= $3 and warned_at is null",
        budget,
        DbTimestamp::from(begins) as _,
        warn_at,
        DbTimestamp::from(now) as _
    )
    .execute(tx.conn())
    .await?;
    Ok(warned.rows_affected() == 1)
}
