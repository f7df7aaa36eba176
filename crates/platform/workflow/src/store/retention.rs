//! Deleting runs.

use eduai_db::Tx;
use eduai_kernel::Role;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
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

/// A subject's runs with their events, the oldest first, as JSON.
pub async fn export(tx: &mut Tx, subject: Uuid) -> Result<Vec<serde_json::Value>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select to_jsonb(r) - array['lease', 'instance'] || jsonb_build_object('happened', coalesce(
             (select jsonb_agg(jsonb_build_object('at', e.at, 'event', e.happened) order by e.number)
              from workflow.event e where e.run_id = r.id), '[]')) as "row!"
           from workflow.run r where r.subject = $1 order by r.created_at, r.id"#,
        subject
    )
    .fetch_all(tx.conn())
    .await
}

/// Deletes runs that have not moved since `before`.
pub async fn expire(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let done =
        sqlx::query!("delete from workflow.run where updated_at < $1", before.to_sqlx()).execute(tx.conn()).await?;
    Ok(done.rows_affected())
}
