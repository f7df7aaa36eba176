//! Reading runs, their steps and their events.

use crate::event::Event;
use crate::model::{OpenQuestion, QuestionId, RunId, RunStatus, RunView, StepView};
use crate::sealed::{ERROR, HAPPENED, INPUT, NOTE, OUTPUT, QUESTION, open, open_each, sealed};
use eduai_db::Tx;
use eduai_vault::{Vault, VaultError};
use serde_json::Value;

/// What the nodes gave, in order.
pub async fn outputs(vault: &Vault, tx: &mut Tx, run: RunId) -> Result<Vec<Value>, VaultError> {
    let rows = sqlx::query!(
        r#"select id, subject, output as "output!" from workflow.step
           where run_id = $1 and output is not null and node <> 'human' order by number"#,
        run.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    let values = rows.into_iter().map(|row| sealed(OUTPUT, row.id, row.subject, row.output));
    open_each(vault, tx, values.collect()).await
}

/// What a run began with.
pub async fn input(vault: &Vault, tx: &mut Tx, run: RunId) -> Result<Option<Value>, VaultError> {
    let row = sqlx::query!("select subject, input from workflow.run where id = $1", run.uuid())
        .fetch_optional(tx.conn())
        .await?;
    open(vault, tx, row.map(|row| sealed(INPUT, run.uuid(), row.subject, row.input))).await
}

/// Of which graph a run is, and of which version.
pub async fn graph(tx: &mut Tx, run: RunId) -> Result<Option<(String, i32)>, sqlx::Error> {
    let row = sqlx::query!("select graph, version from workflow.run where id = $1", run.uuid())
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(|row| (row.graph, row.version)))
}

/// A run as its people see it, without its steps.
pub async fn view(vault: &Vault, tx: &mut Tx, run: RunId) -> Result<Option<RunView>, VaultError> {
    let row = sqlx::query!(
        "select id, subject, graph, version, status, next_node, question_id, question, error, events, created_at, finished_at
         from workflow.run where id = $1",
        run.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let failed = row.status == RunStatus::Failed.as_str();
    let failure = row.error.filter(|_| failed).map(|error| sealed(ERROR, row.id, row.subject, error));
    let failure = open(vault, tx, failure).await?;
    let question = row.question.map(|question| sealed(QUESTION, row.id, row.subject, question));
    let question = row.question_id.zip(open(vault, tx, question).await?);
    Ok(Some(RunView {
        id: RunId::from_uuid(row.id),
        subject: row.subject,
        graph: row.graph,
        version: row.version,
        status: RunStatus::parse(&row.status),
        node: row.next_node,
        steps: Vec::new(),
        question: question.map(|(id, question)| OpenQuestion { id: QuestionId::from_uuid(id), question }),
        failure,
        last_event: row.events,
        created_at: row.created_at.to_jiff(),
        finished_at: row.finished_at.map(eduai_db::DbTimestamp::to_jiff),
    }))
}

/// What was done, in order.
pub async fn steps(vault: &Vault, tx: &mut Tx, run: RunId) -> Result<Vec<StepView>, VaultError> {
    let rows = sqlx::query!(
        "select id, subject, number, node, edge, note, attempts, started_at, took_us from workflow.step where run_id = $1
         order by number",
        run.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    let mut steps = Vec::with_capacity(rows.len());
    for row in rows {
        let note = row.note.map(|note| sealed(NOTE, row.id, row.subject, note));
        steps.push(StepView {
            number: row.number,
            node: row.node,
            edge: row.edge,
            note: open(vault, tx, note).await?,
            attempts: row.attempts,
            started_at: row.started_at.to_jiff(),
            took_us: row.took_us,
        });
    }
    Ok(steps)
}

/// The events after `after`, in order, at most `most`.
pub async fn events(vault: &Vault, tx: &mut Tx, run: RunId, after: i32, most: i64) -> Result<Vec<Event>, VaultError> {
    let mut rows = sqlx::query!(
        "select id, subject, number, at, happened from workflow.event where run_id = $1 and number > $2
         order by number limit $3",
        run.uuid(),
        after,
        most
    )
    .fetch_all(tx.conn())
    .await?;
    let values = rows.iter_mut().map(|row| sealed(HAPPENED, row.id, row.subject, std::mem::take(&mut row.happened)));
    let happened = open_each(vault, tx, values.collect()).await?;
    let events = rows.into_iter().zip(happened);
    Ok(events.map(|(row, happened)| Event { number: row.number, at: row.at.to_jiff(), happened }).collect())
}
