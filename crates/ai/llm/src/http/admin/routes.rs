//! `/api/v1/models/routes`

use super::{agrees, described};
use crate::admin::{ModelRoute, ModelRoutePatch, NewModelRoute};
use crate::gateway::Gateway;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, IfMatch, Json, Path, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// Routes.
#[derive(Serialize, ToSchema)]
pub(super) struct ModelRoutes {
    /// The operator's, the institution's own by name, and what was found.
    items: Vec<ModelRoute>,
}

/// List the routes of language models
///
/// What stands behind which name, and which of the platform's own tasks go there. Lower orders are asked first; of the same
/// order one is drawn by weight.
#[utoipa::path(
    get, path = "/api/v1/models/routes", tag = "models", operation_id = "list_model_routes",
    security(("bearer" = ["models.read"])),
    responses((status = 200, description = "All of them.", body = ModelRoutes), Problem)
)]
pub(super) async fn list(State(gateway): State<Gateway>, actor: Actor) -> Result<Json<ModelRoutes>, Problem> {
    Ok(Json(ModelRoutes { items: gateway.routes(&actor).await? }))
}

/// Add a route of language models
///
/// Its targets name providers of the operator's file, of the institution's own, or one that was found.
#[utoipa::path(
    post, path = "/api/v1/models/routes", tag = "models", operation_id = "create_model_route",
    security(("bearer" = ["models.update"])),
    request_body = NewModelRoute,
    responses((status = 201, description = "The route.", body = ModelRoute), Problem)
)]
pub(super) async fn create(
    State(gateway): State<Gateway>,
    actor: Actor,
    Json(new): Json<NewModelRoute>,
) -> Result<(StatusCode, Json<ModelRoute>), Problem> {
    Ok((StatusCode::CREATED, Json(gateway.create_route(&actor, &new).await?)))
}

/// Change a route of language models
///
/// What the operator's file sets is changed there (`409`, `set_in_file`). Send `If-Match` with the `ETag` that you know, so
/// that nobody's change is lost.
#[utoipa::path(
    patch, path = "/api/v1/models/routes/{id}", tag = "models", operation_id = "change_model_route",
    security(("bearer" = ["models.update"])),
    params(
        ("id" = Uuid, Path, description = "The route."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")
    ),
    request_body = ModelRoutePatch,
    responses((status = 200, description = "The route as it is now.", body = ModelRoute, headers(("ETag" = String))), Problem)
)]
pub(super) async fn change(
    State(gateway): State<Gateway>,
    actor: Actor,
    if_match: IfMatch,
    Path(id): Path<Uuid>,
    Json(patch): Json<ModelRoutePatch>,
) -> Result<Response, Problem> {
    let route = gateway.change_route(&actor, id, &patch, agrees(&if_match)).await?;
    Ok(described(route.version, route))
}

/// Remove a route of language models
///
/// The platform's own tasks that went there go where else they are named, or nowhere.
#[utoipa::path(
    delete, path = "/api/v1/models/routes/{id}", tag = "models", operation_id = "remove_model_route",
    security(("bearer" = ["models.update"])),
    params(
        ("id" = Uuid, Path, description = "The route."),
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
    gateway.remove_route(&actor, id, agrees(&if_match)).await?;
    Ok(StatusCode::NO_CONTENT)
}
