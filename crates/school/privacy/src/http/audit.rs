//! `/api/v1/audit`

use super::problem;
use crate::service::administrator;
use crate::{Error, Privacy};
use axum::extract::State;
use eduai_audit::{Checkpoint, Entry, Filter, Recorded, Report};
use eduai_kernel::Page;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Json, PageQuery, Problem, Query, page_of, short_text};
use serde::Deserialize;
use utoipa::ToSchema;

/// Which entries.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// How many, 1 to 100; 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Only this action, or those that begin with it: `users` finds `users.read`.
    #[param(max_length = 100)]
    action: Option<String>,
    /// Only what this person did.
    actor: Option<Uuid>,
    /// Only what was done on this thing or person.
    object: Option<Uuid>,
}

/// The audit log
///
/// Who did what in the institution, the newest first. Reading it is written down in it.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "audit", operation_id = "list_audit",
    security(("bearer" = ["audit.read"])),
    params(AuditQuery),
    responses((status = 200, description = "A page of the log.", body = Page<Recorded>), Problem)
)]
pub(super) async fn list(
    State(privacy): State<Privacy>,
    actor: Actor,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Page<Recorded>>, Problem> {
    let asked = PageQuery { cursor: query.cursor, limit: query.limit };
    let (limit, before) = (asked.limit()?, asked.start::<i64>()?);
    let action = query.action.map(|action| short_text("action", action)).transpose()?;
    let filter = Filter { action, actor: query.actor, object: query.object };
    let read = async {
        administrator(&actor)?;
        let mut tx = privacy.begin(&actor).await?;
        let items = eduai_audit::list(&mut tx, &filter, before, i64::from(limit) + 1).await?;
        if before.is_none() {
            privacy.note(&mut tx, &actor, Entry::done("audit.read")).await?;
        }
        tx.commit().await?;
        Ok::<_, Error>(items)
    };
    Ok(Json(page_of(read.await.map_err(problem)?, limit, |last| last.number)))
}

/// Checkpoints to compare the log with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyRequest {
    /// Checkpoints that were kept outside the database.
    #[serde(default)]
    checkpoints: Vec<Checkpoint>,
}

/// Verify the audit log
///
/// Reads the whole log and says what was edited, deleted, put in another order, inserted or cut off. Checkpoints that were
/// kept elsewhere show that the log was cut back before one of them.
#[utoipa::path(
    post, path = "/api/v1/audit/verify", tag = "audit", operation_id = "verify_audit",
    security(("bearer" = ["audit.read"])),
    request_body = VerifyRequest,
    responses((status = 200, description = "What was found; no faults is good.", body = Report), Problem)
)]
pub(super) async fn verify(
    State(privacy): State<Privacy>,
    actor: Actor,
    Json(request): Json<VerifyRequest>,
) -> Result<Json<Report>, Problem> {
    let found = async {
        administrator(&actor)?;
        let mut tx = privacy.begin(&actor).await?;
        let report = eduai_audit::verify(&mut tx, &privacy.inner.checkpoints, &request.checkpoints).await?;
        let details = serde_json::json!({ "entries": report.entries, "faults": report.faults.len() });
        privacy.note(&mut tx, &actor, Entry::done("audit.verified").with(details)).await?;
        tx.commit().await?;
        Ok::<_, Error>(report)
    };
    Ok(Json(found.await.map_err(problem)?))
}

/// The checkpoints of the audit log
///
/// By number. Keep them outside the database, and give them to the verification.
#[utoipa::path(
    get, path = "/api/v1/audit/checkpoints", tag = "audit", operation_id = "list_audit_checkpoints",
    security(("bearer" = ["audit.read"])),
    params(PageQuery),
    responses((status = 200, description = "A page of the checkpoints.", body = Page<Checkpoint>), Problem)
)]
pub(super) async fn checkpoints(
    State(privacy): State<Privacy>,
    actor: Actor,
    Query(asked): Query<PageQuery>,
) -> Result<Json<Page<Checkpoint>>, Problem> {
    let (limit, after) = (asked.limit()?, asked.start::<i64>()?.unwrap_or(0));
    let read = async {
        administrator(&actor)?;
        let mut tx = privacy.begin(&actor).await?;
        let items = eduai_audit::checkpoint::list(&mut tx, after, i64::from(limit) + 1).await?;
        tx.commit().await?;
        Ok::<_, Error>(items)
    };
    Ok(Json(page_of(read.await.map_err(problem)?, limit, |last| last.number)))
}
