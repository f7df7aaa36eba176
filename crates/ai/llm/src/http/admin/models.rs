//! `GET /api/v1/models`

use crate::admin::OfferedModel;
use crate::gateway::Gateway;
use axum::extract::State;
use eduai_web::{Actor, Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// What can be asked.
#[derive(Serialize, ToSchema)]
pub(super) struct OfferedModels {
    /// All of it, by name.
    items: Vec<OfferedModel>,
}

/// List the names that can be asked now
///
/// What the operator and the institution's administrators have set, and what was found on this machine; with what stands
/// behind each name, what it costs, and whether it may be asked at the institution's privacy level.
#[utoipa::path(
    get, path = "/api/v1/models", tag = "models", operation_id = "list_models",
    security(("bearer" = ["models.read"])),
    responses((status = 200, description = "All of them, by name.", body = OfferedModels), Problem)
)]
pub(super) async fn list(State(gateway): State<Gateway>, actor: Actor) -> Result<Json<OfferedModels>, Problem> {
    Ok(Json(OfferedModels { items: gateway.models(&actor).await? }))
}
