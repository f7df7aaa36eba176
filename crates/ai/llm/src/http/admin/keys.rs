//! `/api/v1/models/keys`

use super::{agrees, described};
use crate::admin::{MadeModelKey, ModelKey, ModelKeyPatch, NewModelKey};
use crate::gateway::Gateway;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, IfMatch, Json, Path, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// Keys.
#[derive(Serialize, ToSchema)]
pub(super) struct ModelKeys {
    /// The operator's, and the institution's own by name.
    items: Vec<ModelKey>,
}

/// List the keys for programs
///
/// Virtual keys, with which the institution's own programs ask the gateway at `/v1`. What opens anything is never told.
#[utoipa::path(
    get, path = "/api/v1/models/keys", tag = "models", operation_id = "list_model_keys",
    security(("bearer" = ["models.read"])),
    responses((status = 200, description = "All of them.", body = ModelKeys), Problem)
)]
pub(super) async fn list(State(gateway): State<Gateway>, actor: Actor) -> Result<Json<ModelKeys>, Problem> {
    Ok(Json(ModelKeys { items: gateway.keys(&actor).await? }))
}

/// Add a key for programs
///
/// The answer has the key itself, once: it is kept as a hash alone.
#[utoipa::path(
    post, path = "/api/v1/models/keys", tag = "models", operation_id = "create_model_key",
    security(("bearer" = ["models.update"])),
    request_body = NewModelKey,
    responses((status = 201, description = "The key.", body = MadeModelKey), Problem)
)]
pub(super) async fn create(
    State(gateway): State<Gateway>,
    actor: Actor,
    Json(new): Json<NewModelKey>,
) -> Result<(StatusCode, Json<MadeModelKey>), Problem> {
    Ok((StatusCode::CREATED, Json(gateway.create_key(&actor, &new).await?)))
}

/// Change a key for programs
///
/// What the operator's file sets is changed there (`409`, `set_in_file`). Send `If-Match` with the `ETag` that you know, so
/// that nobody's change is lost.
#[utoipa::path(
    patch, path = "/api/v1/models/keys/{id}", tag = "models", operation_id = "change_model_key",
    security(("bearer" = ["models.update"])),
    params(
        ("id" = Uuid, Path, description = "The key."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")
    ),
    request_body = ModelKeyPatch,
    responses((status = 200, description = "The key as it is now.", body = ModelKey, headers(("ETag" = String))), Problem)
)]
pub(super) async fn change(
    State(gateway): State<Gateway>,
    actor: Actor,
    if_match: IfMatch,
    Path(id): Path<Uuid>,
    Json(patch): Json<ModelKeyPatch>,
) -> Result<Response, Problem> {
    let key = gateway.change_key(&actor, id, &patch, agrees(&if_match)).await?;
    Ok(described(key.version, key))
}

/// Revoke a key for programs
///
/// It opens nothing more, on any replica. Budgets that were its own go with it.
#[utoipa::path(
    delete, path = "/api/v1/models/keys/{id}", tag = "models", operation_id = "remove_model_key",
    security(("bearer" = ["models.update"])),
    params(
        ("id" = Uuid, Path, description = "The key."),
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
    gateway.remove_key(&actor, id, agrees(&if_match)).await?;
    Ok(StatusCode::NO_CONTENT)
}
