//! `/api/v1/models/budgets`

use super::{agrees, described};
use crate::admin::{ModelBudget, ModelBudgetPatch, NewModelBudget};
use crate::gateway::Gateway;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, IfMatch, Json, Path, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// Budgets.
#[derive(Serialize, ToSchema)]
pub(super) struct ModelBudgets {
    /// The operator's, and the institution's own, the oldest first.
    items: Vec<ModelBudget>,
}

/// List the budgets for language models
///
/// How much may be spent by the institution, a role, a person or a key, and how much was in the present period.
#[utoipa::path(
    get, path = "/api/v1/models/budgets", tag = "models", operation_id = "list_model_budgets",
    security(("bearer" = ["models.read"])),
    responses((status = 200, description = "All of them.", body = ModelBudgets), Problem)
)]
pub(super) async fn list(State(gateway): State<Gateway>, actor: Actor) -> Result<Json<ModelBudgets>, Problem> {
    Ok(Json(ModelBudgets { items: gateway.budgets(&actor).await? }))
}

/// Add a budget for language models
///
/// A hard budget stops calls before they can overdraw it; any other only warns, in the audit log.
#[utoipa::path(
    post, path = "/api/v1/models/budgets", tag = "models", operation_id = "create_model_budget",
    security(("bearer" = ["models.update"])),
    request_body = NewModelBudget,
    responses((status = 201, description = "The budget.", body = ModelBudget), Problem)
)]
pub(super) async fn create(
    State(gateway): State<Gateway>,
    actor: Actor,
    Json(new): Json<NewModelBudget>,
) -> Result<(StatusCode, Json<ModelBudget>), Problem> {
    Ok((StatusCode::CREATED, Json(gateway.create_budget(&actor, &new).await?)))
}

/// Change a budget for language models
///
/// How much, and when it warns. Whose it is and its period stay.
///
/// What the operator's file sets is changed there (`409`, `set_in_file`). Send `If-Match` with the `ETag` that you know, so
/// that nobody's change is lost.
#[utoipa::path(
    patch, path = "/api/v1/models/budgets/{id}", tag = "models", operation_id = "change_model_budget",
    security(("bearer" = ["models.update"])),
    params(
        ("id" = Uuid, Path, description = "The budget."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")
    ),
    request_body = ModelBudgetPatch,
    responses((status = 200, description = "The budget as it is now.", body = ModelBudget, headers(("ETag" = String))), Problem)
)]
pub(super) async fn change(
    State(gateway): State<Gateway>,
    actor: Actor,
    if_match: IfMatch,
    Path(id): Path<Uuid>,
    Json(patch): Json<ModelBudgetPatch>,
) -> Result<Response, Problem> {
    let budget = gateway.change_budget(&actor, id, &patch, agrees(&if_match)).await?;
    Ok(described(budget.version, budget))
}

/// Remove a budget for language models
///
/// With it goes what was counted of it; what calls cost stays written down.
#[utoipa::path(
    delete, path = "/api/v1/models/budgets/{id}", tag = "models", operation_id = "remove_model_budget",
    security(("bearer" = ["models.update"])),
    params(
        ("id" = Uuid, Path, description = "The budget."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")
    ),
    responses((status = 204, description = "Removed."), Problem)
)]
pub(super) async fn remove(
    State(gateway): State<Gateway>,
    actor: Actor,
    if_match: IfMatch,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    gateway.remove_budget(&actor, id, agrees(&if_match)).await?;
    Ok(StatusCode::NO_CONTENT)
}
