//! All SQL of the queue.

use crate::model::{Job, KEPT_DAYS, NewJob};
use eduai_db::Tx;
use eduai_kernel::id::{InstitutionId, UserId};
use eduai_kernel::{Actor, Role};
use jiff::{Timestamp, ToSpan};
use jiff_sqlx::ToSqlx;
use std::time::Duration;

/// Wakes the runners.
pub(crate) const CHANNEL: &str = "jobs_job";

/// Queues a job in the transaction of what it belongs to. False when one with its key is there already.
pub async fn enqueue(tx: &mut Tx, actor: &Actor, job: &NewJob, now: Timestamp) -> Result<bool, sqlx::Error> {
    let payload = job.payload.as_ref().map_err(|error| sqlx::Error::Encode(error.clone().into()))?;
    let queued = sqlx::query_scalar!(
        r#"with queued as (
            insert into jobs.job (institution_id, actor_id, actor_role, kind, key, payload, due_at, most_attempts, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict on constraint job_once do nothing
            returning id
         ), told as (select pg_notify($10, '') from queued)
         select (select count(*) from queued) + 0 * (select count(*) from told) as "count!""#,
        actor.institution.uuid(),
        actor.user.uuid(),
        actor.role.as_str(),
        job.kind,
        job.key,
        payload,
        job.due.unwrap_or(now).to_sqlx(),
        job.most_attempts,
        now.to_sqlx(),
        CHANNEL,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(queued == 1)
}

/// Takes up to `most` due jobs of these kinds that nobody living does. For a dispatcher.
pub(crate) async fn take(
    tx: &mut Tx,
    kinds: &[String],
    instance: i32,
    now: Timestamp,
    most: i64,
) -> Result<Vec<Job>, sqlx::Error> {
    let rows = sqlx::query!(
        "update jobs.job set lease = gen_random_uuid(), instance = $2, attempts = attempts + 1
         where id in (
            select id from jobs.job
            where status = 'queued' and kind = any($1) and due_at <= $3 and (lease is null or not app.is_alive(instance))
            order by due_at, id limit $4 for update skip locked)
         returning id, institution_id, actor_id, actor_role, kind, payload, attempts, most_attempts, lease as \"lease!\"",
        kinds,
        instance,
        now.to_sqlx(),
        most,
    )
    .fetch_all(tx.conn())
    .await?;
    let mut jobs: Vec<Job> = rows
        .into_iter()
        .map(|row| Job {
            id: row.id,
            actor: Actor {
                institution: InstitutionId::from_uuid(row.institution_id),
                user: UserId::from_uuid(row.actor_id),
                // An unknown role of a newer version gets the fewest rights there are.
                role: Role::parse(&row.actor_role).unwrap_or(Role::Guest),
            },
            kind: row.kind,
            payload: row.payload,
            attempt: row.attempts,
            now,
            most_attempts: row.most_attempts,
            lease: row.lease,
        })
        .collect();
    jobs.sort_by_key(|job| job.id);
    Ok(jobs)
}

/// The job is done. False when somebody else has taken it meanwhile.
pub(crate) async fn finish(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update jobs.job set status = 'done', lease = null, instance = null, finished_at = $3, last_error = null
         where id = $1 and lease = $2",
        job.id,
        job.lease,
        now.to_sqlx()
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The job failed: it is due again after `wait`, or given up.
pub(crate) async fn fail(
    tx: &mut Tx,
    job: &Job,
    error: &str,
    wait: Duration,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let dead = job.attempt >= job.most_attempts;
    let failed = sqlx::query!(
        "update jobs.job set status = case when $3 then 'dead' else 'queued' end, due_at = $4, last_error = $5,
            lease = null, instance = null, finished_at = case when $3 then $6::timestamptz end
         where id = $1 and lease = $2",
        job.id,
        job.lease,
        dead,
        now.checked_add(wait).unwrap_or(Timestamp::MAX).to_sqlx(),
        error,
        now.to_sqlx(),
    )
    .execute(tx.conn())
    .await?;
    Ok(failed.rows_affected() == 1)
}

/// Notes a schedule that is not known yet. For a dispatcher.
pub(crate) async fn note_schedule(tx: &mut Tx, kind: &str, next: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into jobs.schedule (kind, next_at) values ($1, $2) on conflict (kind) do nothing",
        kind,
        next.to_sqlx()
    )
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Moves a schedule that is due on to `next`. True for one caller alone. For a dispatcher.
pub(crate) async fn turn_schedule(
    tx: &mut Tx,
    kind: &str,
    now: Timestamp,
    next: Timestamp,
) -> Result<bool, sqlx::Error> {
    let turned = sqlx::query!(
        "update jobs.schedule set next_at = $3 where kind = $1 and next_at <= $2",
        kind,
        now.to_sqlx(),
        next.to_sqlx()
    )
    .execute(tx.conn())
    .await?;
    Ok(turned.rows_affected() == 1)
}

/// Deletes jobs that were done long ago. For a dispatcher.
pub(crate) async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64, sqlx::Error> {
    let before = now.checked_sub((KEPT_DAYS * 24).hours()).unwrap_or(Timestamp::MIN);
    let swept = sqlx::query!("delete from jobs.job where status = 'done' and finished_at < $1", before.to_sqlx())
        .execute(tx.conn())
        .await?;
    Ok(swept.rows_affected())
}

/// The jobs in the transaction's institution that `person` caused, as JSON.
pub async fn export(tx: &mut Tx, person: UserId) -> Result<Vec<serde_json::Value>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select to_jsonb(j) - array['lease', 'instance'] as "row!" from jobs.job j where j.actor_id = $1 order by j.id"#,
        person.uuid()
    )
    .fetch_all(tx.conn())
    .await
}

/// Deletes the jobs in the transaction's institution that `person` caused or that name them by id, whether they are done
/// or not. What is just being done is not kept from ending, and leaves nothing. Returns how many.
pub async fn forget(tx: &mut Tx, person: UserId) -> Result<u64, sqlx::Error> {
    let done = sqlx::query!(
        "delete from jobs.job
         where actor_id = $1 or position($1::text in payload::text) > 0 or position($1::text in key) > 0",
        person.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
