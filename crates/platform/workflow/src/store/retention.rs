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
