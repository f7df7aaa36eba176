//! Reading runs, their steps and their events.

use super::decode;
use crate::event::Event;
use crate::model::{OpenQuestion, QuestionId, RunId, RunStatus, RunView, StepView};
use eduai_db::Tx;
use serde_json::Value;

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
