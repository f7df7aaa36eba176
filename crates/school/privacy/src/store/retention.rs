//! What the institution has set, and what was deleted.

use eduai_db::{DbTimestamp, Tx};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

/// What the institution has set, by the category's name.
pub async fn settings(tx: &mut Tx) -> Result<Vec<(String, i32)>, sqlx::Error> {
    let rows =
        sqlx::query!("select category, keep_days from privacy.retention_setting where institution_id = app.tenant()")
            .fetch_all(tx.conn())
            .await?;
    Ok(rows.into_iter().map(|row| (row.category, row.keep_days)).collect())
}

/// Sets how long a category is kept.
pub async fn set(tx: &mut Tx, category: &str, keep_days: i32) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into privacy.retention_setting (institution_id, category, keep_days) values (app.tenant(), $1, $2)
         on conflict (institution_id, category) do update set keep_days = excluded.keep_days",
        category,
        keep_days
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps what a run did.
pub async fn insert_run(tx: &mut Tx, id: Uuid, at: Timestamp, report: &Value) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into privacy.retention_run (id, institution_id, at, report) values ($1, app.tenant(), $2, $3)",
        id,
        DbTimestamp::from(at) as _,
        report
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The last runs, the newest first.
pub async fn runs(tx: &mut Tx, limit: i64) -> Result<Vec<(Timestamp, Value)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select at as "at: DbTimestamp", report from privacy.retention_run where institution_id = app.tenant()
           order by at desc, id desc limit $1"#,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.at.to_jiff(), row.report)).collect())
}
