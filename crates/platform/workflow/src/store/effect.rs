//! The values of outward acts, kept before they are used.

use crate::model::RunId;
use eduai_db::Tx;
use uuid::Uuid;

/// The value of an effect, sealed, with its row's id, if it has happened.
pub async fn find_effect(
    tx: &mut Tx,
    run: RunId,
    step: i32,
    name: &str,
) -> Result<Option<(Uuid, Vec<u8>)>, sqlx::Error> {
    let row = sqlx::query!(
        "select id, value from workflow.effect where run_id = $1 and step = $2 and name = $3",
        run.uuid(),
        step,
        name
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| (row.id, row.value)))
}

/// Keeps the sealed value of an effect in a row with this id. False when the lease is lost.
pub async fn keep_effect(
    tx: &mut Tx,
    run: RunId,
    lease: Uuid,
    step: i32,
    name: &str,
    (id, value): (Uuid, &[u8]),
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into workflow.effect (run_id, step, name, institution_id, subject, actor_id, id, value)
         select id, $3, $4, institution_id, subject, actor_id, $5, $6 from workflow.run
         where id = $1 and lease = $2 and status = 'running' and next_step = $3
         for share",
        run.uuid(),
        lease,
        step,
        name,
        id,
        value
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
