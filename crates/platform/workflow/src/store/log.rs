//! Writing how a run goes: its begin, its steps with their events, answers and its end.

use super::{Lease, Run, Standing, Step};
use crate::event::{Event, Happened};
use crate::model::{QuestionId, RunFailure, RunId, RunStatus};
use crate::sealed::{ANSWER, ERROR, HAPPENED, INPUT, NOTE, OUTPUT, QUESTION, Sealing, row_id};
use eduai_db::Tx;
use eduai_vault::{Vault, VaultError};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde_json::Value;
use uuid::Uuid;

/// Writes a new run with its first events, leased to `lease` where it is driven at once.
pub async fn insert(
    vault: &Vault,
    tx: &mut Tx,
    run: &Run,
    lease: Option<Lease>,
    events: &[Event],
    now: Timestamp,
) -> Result<(), VaultError> {
    let mut sealing = Sealing::default();
    sealing.add(INPUT, run.id.uuid(), &run.input)?;
    let rows = Rows::of(run.id, events, &mut sealing)?;
    let mut sealed = sealing.seal(vault, tx, run.subject).await?;
    let (input, happened) = (sealed.next(), sealed.collect::<Vec<_>>());
    sqlx::query!(
        "with run as (
            insert into workflow.run (id, institution_id, subject, actor_id, actor_role, graph, version, input, next_node,
                events, lease, instance, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
            returning id, institution_id, subject, actor_id
         )
         insert into workflow.event (run_id, number, institution_id, subject, actor_id, at, id, happened)
         select run.id, e.number, run.institution_id, run.subject, run.actor_id, $13, e.id, e.happened
         from run, unnest($14::int[], $15::uuid[], $16::bytea[]) as e (number, id, happened)",
        run.id.uuid(),
        run.actor.institution.uuid(),
        run.subject,
        run.actor.user.uuid(),
        run.actor.role.as_str(),
        run.graph,
        run.version,
        input,
        run.next_node,
        run.events,
        lease.map(|lease| lease.token),
        lease.map(|lease| lease.instance),
        now.to_sqlx(),
        &rows.numbers,
        &rows.ids,
        &happened,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Appends a step with its events and says how the run stands: in one statement. False when the lease is lost, and then
/// nothing is written.
///
/// Unless `durable`, the commit does not wait for the disk. What a machine that loses its power forgets so is the end of
/// a run and never its middle, because the log is written in order: the run goes on from the step before.
pub async fn advance(
    vault: &Vault,
    tx: &mut Tx,
    (run, lease): (&Run, Lease),
    (step, durable): (&Step, bool),
    standing: &Standing,
    events: &[Event],
    now: Timestamp,
) -> Result<bool, VaultError> {
    let (mut sealing, step_id, run_id) = (Sealing::default(), row_id(OUTPUT, run.id, step.number), run.id.uuid());
    let rows = Rows::of(run.id, events, &mut sealing)?;
    let asked = standing.question.as_ref();
    let given = [
        asked.map(|question| sealing.add(QUESTION, run_id, &question.question)).transpose()?,
        standing.failure.as_ref().map(|failure| sealing.add(ERROR, run_id, failure)).transpose()?,
        step.output.as_ref().map(|output| sealing.add(OUTPUT, step_id, output)).transpose()?,
        step.note.as_ref().map(|note| sealing.add(NOTE, step_id, note)).transpose()?,
    ];
    let mut sealed = sealing.seal(vault, tx, run.subject).await?;
    let happened: Vec<Vec<u8>> = sealed.by_ref().take(events.len()).collect();
    let [question, failure, output, note] = given.map(|given| given.and_then(|()| sealed.next()));
    let commit = if durable { "on" } else { "off" };
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
                started_at, took_us, id)
            select id, $5, institution_id, subject, actor_id, $11, $12, $13, $14, $15, $16, $17, $18 from run
         ), event as (
            insert into workflow.event (run_id, number, institution_id, subject, actor_id, at, id, happened)
            select run.id, e.number, run.institution_id, run.subject, run.actor_id, $10, e.id, e.happened
            from run, unnest($19::int[], $20::uuid[], $21::bytea[]) as e (number, id, happened)
         )
         select count(run.id) as "count!" from set_config('synchronous_commit', $22, true) left join run on true"#,
        run_id,
        lease.token,
        standing.status.as_str(),
        standing.node,
        step.number,
        events.last().map_or(run.events, |event| event.number),
        asked.map(|question| question.id.uuid()),
        question,
        failure,
        now.to_sqlx(),
        step.node,
        step.edge,
        output,
        note,
        step.attempts,
        step.started_at.to_sqlx(),
        step.took_us,
        step_id,
        &rows.numbers,
        &rows.ids,
        &happened,
        commit,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(written == 1)
}

/// Appends events alone, without waiting for the disk. False when the lease is lost.
pub async fn append_events(
    vault: &Vault,
    tx: &mut Tx,
    (run, subject): (RunId, Uuid),
    lease: Lease,
    events: &[Event],
) -> Result<bool, VaultError> {
    let mut sealing = Sealing::default();
    let rows = Rows::of(run, events, &mut sealing)?;
    let happened: Vec<Vec<u8>> = sealing.seal(vault, tx, subject).await?.collect();
    let at = events.last().map_or(Timestamp::UNIX_EPOCH, |event| event.at);
    let written = sqlx::query_scalar!(
        r#"with run as (
            update workflow.run set events = $3 where id = $1 and lease = $2 and status = 'running'
            returning id, institution_id, subject, actor_id
         ), event as (
            insert into workflow.event (run_id, number, institution_id, subject, actor_id, at, id, happened)
            select run.id, e.number, run.institution_id, run.subject, run.actor_id, $4, e.id, e.happened
            from run, unnest($5::int[], $6::uuid[], $7::bytea[]) as e (number, id, happened)
         )
         select count(run.id) as "count!" from set_config('synchronous_commit', 'off', true) left join run on true"#,
        run.uuid(),
        lease.token,
        events.last().map_or(0, |event| event.number),
        at.to_sqlx(),
        &rows.numbers,
        &rows.ids,
        &happened,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(written == 1)
}

/// The answer to an open question: the run goes on when somebody takes it. False when the question is not open.
pub async fn answer(
    vault: &Vault,
    tx: &mut Tx,
    run: RunId,
    question: QuestionId,
    answer: &Value,
    now: Timestamp,
) -> Result<bool, VaultError> {
    let Some(stands) = position(tx, run).await? else { return Ok(false) };
    let (mut sealing, step_id) = (Sealing::default(), row_id(OUTPUT, run, stands.next_step));
    let event_id = row_id(HAPPENED, run, stands.events + 1);
    sealing.add(ANSWER, run.uuid(), answer)?;
    sealing.add(OUTPUT, step_id, answer)?;
    sealing.add(HAPPENED, event_id, &Happened::Answered { question })?;
    let mut sealed = sealing.seal(vault, tx, stands.subject).await?;
    let [answer, output, happened] = [sealed.next(), sealed.next(), sealed.next()];
    let written = sqlx::query_scalar!(
        r#"with run as (
            update workflow.run set status = 'running', question_id = null, question = null, answer = $3,
                next_step = next_step + 1, events = events + 1, updated_at = $4
            where id = $1 and status = 'waiting' and question_id = $2
            returning id, institution_id, subject, actor_id, next_step, events
         ), step as (
            insert into workflow.step (run_id, number, institution_id, subject, actor_id, node, edge, output, attempts,
                started_at, took_us, id)
            select id, next_step - 1, institution_id, subject, actor_id, 'human', 'next', $6, 1, $4, 0, $7 from run
         ), event as (
            insert into workflow.event (run_id, number, institution_id, subject, actor_id, at, happened, id)
            select id, events, institution_id, subject, actor_id, $4, $5, $8 from run
         )
         select count(*) as "count!" from run"#,
        run.uuid(),
        question.uuid(),
        answer,
        now.to_sqlx(),
        happened,
        output,
        step_id,
        event_id,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(written == 1)
}

/// Ends a run from outside: its driver's lease is gone with it. False when it was over.
pub async fn end(
    vault: &Vault,
    tx: &mut Tx,
    run: RunId,
    status: RunStatus,
    failure: Option<&RunFailure>,
    now: Timestamp,
) -> Result<bool, VaultError> {
    let Some(stands) = position(tx, run).await? else { return Ok(false) };
    let happened = match failure {
        Some(failure) => Happened::RunFailed { failure: failure.clone() },
        None => Happened::RunCancelled,
    };
    let (mut sealing, event_id) = (Sealing::default(), row_id(HAPPENED, run, stands.events + 1));
    sealing.add(HAPPENED, event_id, &happened)?;
    failure.map(|failure| sealing.add(ERROR, run.uuid(), failure)).transpose()?;
    let mut sealed = sealing.seal(vault, tx, stands.subject).await?;
    let [happened, failure] = [sealed.next(), sealed.next()];
    let written = sqlx::query_scalar!(
        r#"with run as (
            update workflow.run set status = $2, question_id = null, question = null, error = $3, lease = null,
                instance = null, events = events + 1, updated_at = $4, finished_at = $4
            where id = $1 and status in ('running', 'waiting')
            returning id, institution_id, subject, actor_id, events
         ), event as (
            insert into workflow.event (run_id, number, institution_id, subject, actor_id, at, happened, id)
            select id, events, institution_id, subject, actor_id, $4, $5, $6 from run
         )
         select count(*) as "count!" from run"#,
        run.uuid(),
        status.as_str(),
        failure,
        now.to_sqlx(),
        happened,
        event_id,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(written == 1)
}

/// The numbers and ids of events that are written.
struct Rows {
    numbers: Vec<i32>,
    ids: Vec<Uuid>,
}

impl Rows {
    /// Rows for these events, what happened added to what is to be sealed.
    fn of(run: RunId, events: &[Event], sealing: &mut Sealing) -> Result<Self, sqlx::Error> {
        let ids: Vec<Uuid> = events.iter().map(|event| row_id(HAPPENED, run, event.number)).collect();
        for (event, id) in events.iter().zip(&ids) {
            sealing.add(HAPPENED, *id, &event.happened)?;
        }
        Ok(Self { numbers: events.iter().map(|event| event.number).collect(), ids })
    }
}

/// Whose run it is and how far it is, held until the transaction ends.
struct Position {
    subject: Uuid,
    next_step: i32,
    events: i32,
}

async fn position(tx: &mut Tx, run: RunId) -> Result<Option<Position>, sqlx::Error> {
    sqlx::query_as!(
        Position,
        "select subject, next_step, events from workflow.run where id = $1 for update",
        run.uuid()
    )
    .fetch_optional(tx.conn())
    .await
}
