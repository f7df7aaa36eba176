//! Who drives a run: taking its lease, and finding runs that have lost their driver.

use super::{Lease, Run, actor};
use crate::model::RunId;
use crate::sealed::{ANSWER, ERROR, INPUT, open, sealed};
use eduai_db::Tx;
use eduai_kernel::Actor;
use eduai_vault::{Vault, VaultError};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;

/// Takes the lease of a run that nobody living drives. `None` when somebody does, or it is not running.
///
/// `abandoned` says that this very process had it and has let go of it.
/// With the run comes whether somebody had driven it before.
pub async fn take(
    vault: &Vault,
    tx: &mut Tx,
    id: RunId,
    lease: Lease,
    abandoned: bool,
) -> Result<Option<(Run, bool)>, VaultError> {
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
    let Some(row) = row else { return Ok(None) };
    let value = |column, value| sealed(column, id.uuid(), row.subject, value);
    let input = value(INPUT, row.input);
    let (answer, failure) =
        (row.answer.map(|answer| value(ANSWER, answer)), row.error.map(|error| value(ERROR, error)));
    let run = Run {
        id,
        actor: actor(row.institution_id, row.actor_id, &row.actor_role),
        subject: row.subject,
        graph: row.graph,
        version: row.version,
        input: open(vault, tx, Some(input)).await?.unwrap_or_default(),
        next_node: row.next_node,
        next_step: row.next_step,
        events: row.events,
        answer: open(vault, tx, answer).await?,
        failure: open(vault, tx, failure).await?,
    };
    Ok(Some((run, row.crashed)))
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
