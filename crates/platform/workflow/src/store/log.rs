//! Writing how a run goes: its begin, its steps with their events, answers and its end.

use super::{Lease, Run, Standing, Step, encode, numbered};
use crate::event::{Event, Happened};
use crate::model::{QuestionId, RunFailure, RunId, RunStatus};
use eduai_db::Tx;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde_json::Value;

/// Writes a new run with its first events, leased to `lease` where it is driven at once.
pub async fn insert(
    tx: &mut Tx,
    run: &Run,
    lease: Option<Lease>,
    events: &[Event],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (numbers, happened) = numbered(events)?;
    sqlx::query!(
        "with run as (
            insert into workflow.run (id, institution_id, subject, actor_id, actor_role, graph, version, input, next_node,
                events, lease, instance, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
            returning id, institution_id, subject, actor_id
         )
         insert into workflow.event (run_id, number, institution_id, subject, actor_id, at, happened)
         select run.id, e.number, run.institution_id, run.subject, run.actor_id, $13, e.happened
         from run, unnest($14::int[], $15::jsonb[]) as e (number, happened)",
        run.id.uuid(),
        run.actor.institution.uuid(),
        run.subject,
        run.actor.user.uuid(),
        run.actor.role.as_str(),
        run.graph,
        run.version,
        run.input,
        run.next_node,
        run.events,
        lease.map(|lease| lease.token),
        lease.map(|lease| lease.instance),
        now.to_sqlx(),
        &numbers,
        &happened,
    )
    .execute(tx.conn())
    .await
    .map(drop)
}

/// Appends a step with its events and says how the run stands: in one statement. False when the lease is lost, and then
/// nothing is written.
///
/// Unless `durable`, the commit does not wait for the disk. What a machine that loses its power forgets so is the end of
/// a run and never its middle, because the log is written in order: the run goes on from the step before.
pub async fn advance(
    tx: &mut Tx,
    run: &Run,
    lease: Lease,
    (step, durable): (&Step, bool),
    standing: &Standing,
    events: &[Event],
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (numbers, happened) = numbered(events)?;
    let commit = if durable { "on" } else { "off" };
    let question = standing.question.as_ref();
    let failure = standing.failure.as_ref().map(encode).transpose()?;
    let written = sqlx::query_scalar!(
        r#"with run as (
            update workflow.run set status = $3, next_node = $4, next_step = $5 + 1, events = $6, question_id = $7,
                question = $8, answer = null, error = $9, updated_at = $10::timestamptz,
                finished_at = case when $3 in ('done', 'failed') then $10::timestamptz end,
                lease = case when $3 = 'running' then lease end,
                instance = case when $3 = 'running' then instance end
            where id = $1 and lease = $2 and status = 'running' and next_step = $5
            returning id, institution_id, subject, actor_id
         ), step as (
            insert into workflow.step (run_id, number, institution_id, subject, actor_id, node, edge, output, note, attempts,
                started_at, took_us)
            select id, $5, institution_id, subject, actor_id, $11, $12, $13, $14, $15, $16, $17 from run
         ), event as (
            insert into workflow.event (run_id, number, institution_id, subject, actor_id, at, happened)
            select run.id, e.number, run.institution_id, run.subject, run.actor_id, $10, e.happened
            from run, unnest($18::int[], $19::jsonb[]) as e (number, happened)
         )
         select count(run.id) as "count!" from set_config('synchronous_commit', $20, true) left join run on true"#,
        run.id.uuid(),
        lease.token,
        standing.status.as_str(),
        standing.node,
        step.number,
        events.last().map_or(run.events, |event| event.number),
        question.map(|question| question.id.uuid()),
        question.map(|question| &question.question),
        failure,
        now.to_sqlx(),
        step.node,
        step.edge,
        step.output,
        step.note,
        step.attempts,
        step.started_at.to_sqlx(),
        step.took_us,
        &numbers,
        &happened,
        commit,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(written == 1)
}

/// Appends events alone, without waiting for the disk. False when the lease is lost.
pub async fn append_events(tx: &mut Tx, run: RunId, lease: Lease, events: &[Event]) -> Result<bool, sqlx::Error> {
    let (numbers, happened) = numbered(events)?;
    let at = events.last().map_or(Timestamp::UNIX_EPOCH, |event| event.at);
    let written = sqlx::query_scalar!(
        r#"with run as (
            update workflow.run set events = $3 where id = $1 and lease = $2 and status = 'running'
            returning id, institution_id, subject, actor_id
         ), event as (
            insert into workflow.event (run_id, number, institution_id, subject, actor_id, at, happened)
            select run.id, e.number, run.institution_id, run.subject, run.actor_id, $4, e.happened
            from run, unnest($5::int[], $6::jsonb[]) as e (number, happened)
         )
         select count(run.id) as "count!" from set_config('synchronous_commit', 'off', true) left join run on true"#,
        run.uuid(),
        lease.token,
        events.last().map_or(0, |event| event.number),
        at.to_sqlx(),
        &numbers,
        &happened,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(written == 1)
}

/// The answer to an open question: the run goes on when somebody takes it. False when the question is not open.
pub async fn answer(
    tx: &mut Tx,
    run: RunId,
    question: QuestionId,
    answer: &Value,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let happened = encode(&Happened::Answered { question })?;
    let written = sqlx::query_scalar!(
        r#"with run as (
            update workflow.run set status = 'running', question_id = null, question = null, answer = $3,
                next_step = next_step + 1, events = events + 1, updated_at = $4
            where id = $1 and status = 'waiting' and question_id = $2
            returning id, institution_id, subject, actor_id, next_step, events
         ), step as (
            insert into workflow.step (run_id, number, institution_id, subject, actor_id, node, edge, output, attempts,
                started_at, took_us)
            select id, next_step - 1, institution_id, subject, actor_id, 'human', 'next', $3, 1, $4, 0 from run
         ), event as (
            insert into workflow.event (run_id, number, institution_id, subject, actor_id, at, happened)
            select id, events, institution_id, subject, actor_id, $4, $5 from run
         )
         select count(*) as "count!" from run"#,
        run.uuid(),
        question.uuid(),
        answer,
        now.to_sqlx(),
        happened,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(written == 1)
}

/// Ends a run from outside: its driver's lease is gone with it. False when it was over.
pub async fn end(
    tx: &mut Tx,
    run: RunId,
    status: RunStatus,
    failure: Option<&RunFailure>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let happened = encode(&match failure {
        Some(failure) => Happened::RunFailed { failure: failure.clone() },
        None => Happened::RunCancelled,
    })?;
    let failure = failure.map(encode).transpose()?;
    let written = sqlx::query_scalar!(
        r#"with run as (
            update workflow.run set status = $2, question_id = null, question = null, error = $3, lease = null,
                instance = null, events = events + 1, updated_at = $4, finished_at = $4
            where id = $1 and status in ('running', 'waiting')
            returning id, institution_id, subject, actor_id, events
         ), event as (
            insert into workflow.event (run_id, number, institution_id, subject, actor_id, at, happened)
            select id, events, institution_id, subject, actor_id, $4, $5 from run
         )
         select count(*) as "count!" from run"#,
        run.uuid(),
        status.as_str(),
        failure,
        now.to_sqlx(),
        happened,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(written == 1)
}
