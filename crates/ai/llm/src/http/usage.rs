//! `GET /api/v1/usage` and `GET /api/v1/me/usage`

use crate::gateway::Gateway;
use crate::model::Period;
use crate::usage::{Grouping, UsageView};
use axum::extract::State;
use eduai_web::{Actor, Json, Problem, Query};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is summed.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UsageQuery {
    /// The length of a period; `day` when absent.
    #[param(inline)]
    period: Option<Period>,
    /// By what it is summed; `provider` when absent.
    #[param(inline)]
    by: Option<Grouping>,
    /// From when on (RFC 3339); thirty days ago when absent.
    #[param(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

/// What models were used for.
#[derive(Serialize, ToSchema)]
pub(super) struct Usage {
    /// The latest period first, in it the dearest first; at most a thousand.
    items: Vec<UsageView>,
}

/// What models were used for, and what it cost
///
/// Of the whole institution: calls, tokens and costs by day, week or month, and by provider, model, feature, person, key
/// or outcome. Periods begin by UTC.
#[utoipa::path(
    get, path = "/api/v1/usage", tag = "models", operation_id = "list_usage",
    security(("bearer" = ["usage.read"])),
    params(UsageQuery),
    responses((status = 200, description = "The sums.", body = Usage), Problem)
)]
pub(super) async fn all(
    State(gateway): State<Gateway>,
    actor: Actor,
    Query(query): Query<UsageQuery>,
) -> Result<Json<Usage>, Problem> {
    summed(&gateway, actor, query, false).await
}

/// What models were used for by oneself
#[utoipa::path(
    get, path = "/api/v1/me/usage", tag = "models", operation_id = "list_own_usage",
    security(("bearer" = ["profile.read"])),
    params(UsageQuery),
    responses((status = 200, description = "The sums.", body = Usage), Problem)
)]
pub(super) async fn mine(
    State(gateway): State<Gateway>,
    actor: Actor,
    Query(query): Query<UsageQuery>,
) -> Result<Json<Usage>, Problem> {
    summed(&gateway, actor, query, true).await
}

async fn summed(gateway: &Gateway, actor: Actor, query: UsageQuery, mine: bool) -> Result<Json<Usage>, Problem> {
    let (period, by) = (query.period.unwrap_or(Period::Day), query.by.unwrap_or_default());
    Ok(Json(Usage { items: gateway.usage(&actor, period, by, query.since, mine).await? }))
}
