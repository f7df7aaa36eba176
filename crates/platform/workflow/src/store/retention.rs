//! Deleting runs.

use super::read::events;
use crate::model::RunId;
use crate::sealed::{ANSWER, ERROR, INPUT, OUTPUT, QUESTION, open, open_each, sealed};
use eduai_db::Tx;
use eduai_kernel::Role;
use eduai_vault::{Vault, VaultError};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde_json::{Value, json};
use uuid::Uuid;

/// Deletes runs of a subject, finished or not; a driver loses its lease with it.
pub async fn erase(tx: &mut Tx, subject: Uuid) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!("delete from workflow.run where subject = $1", subject).execute(tx.conn()).await?;
    Ok(done.rows_affected())
}

/// Deletes runs of one role's people that have not moved since `before`.
pub async fn purge(tx: &mut Tx, role: Role, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from workflow.run where actor_role = $1 and updated_at < $2",
        role.as_str(),
        before.to_sqlx()
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// What people answered in a run, in order.
async fn answers(vault: &Vault, tx: &mut Tx, run: Uuid, subject: Uuid) -> Result<Vec<Value>, VaultError> {
    let rows = sqlx::query!(
        r#"select id, output as "output!" from workflow.step
           where run_id = $1 and node = 'human' and output is not null order by number"#,
        run
    )
    .fetch_all(tx.conn())
    .await?;
    open_each(vault, tx, rows.into_iter().map(|row| sealed(OUTPUT, row.id, subject, row.output)).collect()).await
}

/// A subject's runs with their events and answers, the oldest first, as JSON.
pub async fn export(vault: &Vault, tx: &mut Tx, subject: Uuid) -> Result<Vec<Value>, VaultError> {
    let rows = sqlx::query!(
        r#"select id, input, question, answer, error,
             to_jsonb(r) - array['lease', 'instance', 'input', 'question', 'answer', 'error'] as "rest!"
           from workflow.run r where r.subject = $1 order by r.created_at, r.id"#,
        subject
    )
    .fetch_all(tx.conn())
    .await?;
    let mut runs = Vec::new();
    for row in rows {
        let mut run = row.rest;
        let values = [(INPUT, Some(row.input)), (QUESTION, row.question), (ANSWER, row.answer), (ERROR, row.error)];
        for (column, value) in values {
            let value = value.map(|value| sealed(column, row.id, subject, value));
            run[column.1] = open(vault, tx, value).await?.unwrap_or_default();
        }
        let events = events(vault, tx, RunId::from_uuid(row.id), 0, i64::MAX).await?;
        let told = events.iter().map(|event| json!({ "at": event.at, "event": event.happened }));
        run["happened"] = told.collect();
        run["answers"] = answers(vault, tx, row.id, subject).await?.into();
        runs.push(run);
    }
    Ok(runs)
}

/// Deletes runs that have not moved since `before`.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done =
        sqlx::query!("delete from workflow.run where updated_at < $1", before.to_sqlx()).execute(tx.conn()).await?;
    Ok(done.rows_affected())
}
