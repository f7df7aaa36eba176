//! All SQL of the engine. Every write to a run that is driven names its lease.

use crate::event::{Event, Happened};
use crate::model::{OpenQuestion, QuestionId, RunFailure, RunId, RunStatus, RunView, StepView};
use eduai_db::Tx;
use eduai_kernel::id::{InstitutionId, UserId};
use eduai_kernel::{Actor, Role};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use serde_json::Value;
use uuid::Uuid;

/// A run as its driver needs it.
#[derive(Debug)]
pub struct Run {
    pub id: RunId,
    pub actor: Actor,
    pub subject: Uuid,
    pub graph: String,
    pub version: i32,
    pub input: Value,
    pub next_node: String,
    pub next_step: i32,
    pub events: i32,
    pub answer: Option<Value>,
    /// Why the node before failed, when its rescue comes next.
    pub failure: Option<RunFailure>,
}

/// Who drives a run.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    pub token: Uuid,
    pub instance: i32,
}

/// A step that was done.
#[derive(Debug)]
pub struct Step {
    pub number: i32,
    pub node: String,
    pub edge: String,
    pub output: Option<Value>,
    pub note: Option<Value>,
    pub attempts: i32,
    pub started_at: Timestamp,
    pub took_us: i64,
}

/// How a run stands after a step.
#[derive(Debug)]
pub struct Standing {
    pub status: RunStatus,
    pub node: String,
    pub question: Option<OpenQuestion>,
    pub failure: Option<RunFailure>,
}

fn encode<T: serde::Serialize>(value: &T) -> Result<Value, sqlx::Error> {
    serde_json::to_value(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

fn decode<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, sqlx::Error> {
    serde_json::from_value(value).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

fn numbered(events: &[Event]) -> Result<(Vec<i32>, Vec<Value>), sqlx::Error> {
    let happened = events.iter().map(|event| encode(&event.happened)).collect::<Result<_, _>>()?;
    Ok((events.iter().map(|event| event.number).collect(), happened))
}

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
         select count(*) + 0 * length(set_config('synchronous_commit', $20, true)) as "count!" from run"#,
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
         select count(*) + 0 * length(set_config('synchronous_commit', 'off', true)) as "count!" from run"#,
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

/// Takes the lease of a run that nobody living drives. `None` when somebody does, or it is not running.
///
/// `abandoned` says that this very process had it and has let go of it.
/// With the run comes whether somebody had driven it before.
pub async fn take(tx: &mut Tx, id: RunId, lease: Lease, abandoned: bool) -> Result<Option<(Run, bool)>, sqlx::Error> {
    let row = sqlx::query!(
        r#"with free as (
            select id, lease is not null as crashed from workflow.run
            where id = $1 and status = 'running'
              and (lease is null or not app.is_alive(instance) or ($4 and instance = $3))
            for update
         )
         update workflow.run r set lease = $2, instance = $3 from free where r.id = free.id
         returning institution_id, subject, actor_id, actor_role, graph, version, input, next_node, next_step, events,
            answer, error, crashed as "crashed!""#,
        id.uuid(),
        lease.token,
        lease.instance,
        abandoned,
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        let run = Run {
            id,
            actor: actor(row.institution_id, row.actor_id, &row.actor_role),
            subject: row.subject,
            graph: row.graph,
            version: row.version,
            input: row.input,
            next_node: row.next_node,
            next_step: row.next_step,
            events: row.events,
            answer: row.answer,
            failure: row.error.map(decode).transpose()?,
        };
        Ok((run, row.crashed))
    })
    .transpose()
}

fn actor(institution: Uuid, user: Uuid, role: &str) -> Actor {
    Actor {
        institution: InstitutionId::from_uuid(institution),
        user: UserId::from_uuid(user),
        // An unknown role of a newer version gets the fewest rights there are.
        role: Role::parse(role).unwrap_or(Role::Guest),
    }
}

/// A running run that may have lost its driver.
#[derive(Debug)]
pub struct Orphan {
    pub id: RunId,
    pub actor: Actor,
    pub version: i32,
    pub graph: String,
    pub ours: bool,
}

/// Runs of these graphs that nobody living drives, and those leased to `instance` itself (which may have let go of
/// them). For a dispatcher. Runs without a lease are given until `settled_before` to be driven by whoever made them.
pub async fn orphans(
    tx: &mut Tx,
    graphs: &[String],
    instance: i32,
    settled_before: Timestamp,
) -> Result<Vec<Orphan>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, institution_id, actor_id, actor_role, graph, version, coalesce(instance = $2, false) as "ours!"
         from workflow.run
         where status = 'running' and graph = any($1)
           and ((lease is null and updated_at < $3) or instance = $2 or not app.is_alive(instance))
         order by updated_at limit 100"#,
        graphs,
        instance,
        settled_before.to_sqlx(),
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Orphan {
            id: RunId::from_uuid(row.id),
            actor: actor(row.institution_id, row.actor_id, &row.actor_role),
            version: row.version,
            graph: row.graph,
            ours: row.ours,
        })
        .collect())
}

/// What the nodes gave, in order.
pub async fn outputs(tx: &mut Tx, run: RunId) -> Result<Vec<Value>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select output as "output!" from workflow.step where run_id = $1 and output is not null and node <> 'human'
         order by number"#,
        run.uuid()
    )
    .fetch_all(tx.conn())
    .await
}

/// What a run began with.
pub async fn input(tx: &mut Tx, run: RunId) -> Result<Option<Value>, sqlx::Error> {
    sqlx::query_scalar!("select input from workflow.run where id = $1", run.uuid()).fetch_optional(tx.conn()).await
}

/// Of which graph a run is, and of which version.
pub async fn graph(tx: &mut Tx, run: RunId) -> Result<Option<(String, i32)>, sqlx::Error> {
    let row = sqlx::query!("select graph, version from workflow.run where id = $1", run.uuid())
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(|row| (row.graph, row.version)))
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

/// A run as its people see it, without its steps.
pub async fn view(tx: &mut Tx, run: RunId) -> Result<Option<RunView>, sqlx::Error> {
    let row = sqlx::query!(
        "select id, subject, graph, version, status, next_node, question_id, question, error, events, created_at, finished_at
         from workflow.run where id = $1",
        run.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let question = row.question_id.zip(row.question);
    Ok(Some(RunView {
        id: RunId::from_uuid(row.id),
        subject: row.subject,
        graph: row.graph,
        version: row.version,
        status: RunStatus::parse(&row.status),
        node: row.next_node,
        steps: Vec::new(),
        question: question.map(|(id, question)| OpenQuestion { id: QuestionId::from_uuid(id), question }),
        failure: row.error.filter(|_| row.status == RunStatus::Failed.as_str()).map(decode).transpose()?,
        last_event: row.events,
        created_at: row.created_at.to_jiff(),
        finished_at: row.finished_at.map(eduai_db::DbTimestamp::to_jiff),
    }))
}

/// What was done, in order.
pub async fn steps(tx: &mut Tx, run: RunId) -> Result<Vec<StepView>, sqlx::Error> {
    let rows = sqlx::query!(
        "select number, node, edge, note, attempts, started_at, took_us from workflow.step where run_id = $1 order by number",
        run.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| StepView {
            number: row.number,
            node: row.node,
            edge: row.edge,
            note: row.note,
            attempts: row.attempts,
            started_at: row.started_at.to_jiff(),
            took_us: row.took_us,
        })
        .collect())
}

/// The events after `after`, in order, at most `most`.
pub async fn events(tx: &mut Tx, run: RunId, after: i32, most: i64) -> Result<Vec<Event>, sqlx::Error> {
    let rows = sqlx::query!(
        "select number, at, happened from workflow.event where run_id = $1 and number > $2 order by number limit $3",
        run.uuid(),
        after,
        most
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| Ok(Event { number: row.number, at: row.at.to_jiff(), happened: decode(row.happened)? }))
        .collect()
}

/// The value of an effect, if it has happened.
pub async fn find_effect(tx: &mut Tx, run: RunId, step: i32, name: &str) -> Result<Option<Value>, sqlx::Error> {
    sqlx::query_scalar!(
        "select value from workflow.effect where run_id = $1 and step = $2 and name = $3",
        run.uuid(),
        step,
        name
    )
    .fetch_optional(tx.conn())
    .await
}

/// Keeps the value of an effect. False when the lease is lost.
pub async fn keep_effect(
    tx: &mut Tx,
    run: RunId,
    lease: Uuid,
    step: i32,
    name: &str,
    value: &Value,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into workflow.effect (run_id, step, name, institution_id, subject, actor_id, value)
         select id, $3, $4, institution_id, subject, actor_id, $5 from workflow.run
         where id = $1 and lease = $2 and status = 'running' and next_step = $3
         for share",
        run.uuid(),
        lease,
        step,
        name,
        value
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

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
