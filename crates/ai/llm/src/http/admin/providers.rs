//! `/api/v1/models/providers`

use super::{agrees, described};
use crate::admin::{ModelProvider, ModelProviderPatch, ModelTrial, NewModelProvider};
use crate::gateway::Gateway;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, IfMatch, Json, Path, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Providers.
#[derive(Serialize, ToSchema)]
pub(super) struct ModelProviders {
    /// The operator's, the institution's own by name, and what was found.
    items: Vec<ModelProvider>,
}

/// With what a provider is tried.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelTrialRequest {
    /// A model; the first that the provider offers when absent.
    #[serde(default)]
    model: Option<String>,
}

/// List the providers of language models
///
/// Those of the operator's file (`origin` is `file`), the institution's own (`school`), and an Ollama that was found on
/// this machine (`found`). Keys are never told.
#[utoipa::path(
    get, path = "/api/v1/models/providers", tag = "models", operation_id = "list_model_providers",
    security(("bearer" = ["models.read"])),
    responses((status = 200, description = "All of them.", body = ModelProviders), Problem)
)]
pub(super) async fn list(State(gateway): State<Gateway>, actor: Actor) -> Result<Json<ModelProviders>, Problem> {
    Ok(Json(ModelProviders { items: gateway.providers(&actor).await? }))
}

/// Add a provider of language models
///
/// The key is kept encrypted and never told again. A provider stands at a public address, unless the operator lets others
/// in.
#[utoipa::path(
    post, path = "/api/v1/models/providers", tag = "models", operation_id = "create_model_provider",
    security(("bearer" = ["models.update"])),
    request_body = NewModelProvider,
    responses((status = 201, description = "The provider.", body = ModelProvider), Problem)
)]
pub(super) async fn create(
    State(gateway): State<Gateway>,
    actor: Actor,
    Json(new): Json<NewModelProvider>,
) -> Result<(StatusCode, Json<ModelProvider>), Problem> {
    Ok((StatusCode::CREATED, Json(gateway.create_provider(&actor, &new).await?)))
}

/// Get a provider of language models
#[utoipa::path(
    get, path = "/api/v1/models/providers/{id}", tag = "models", operation_id = "get_model_provider",
    security(("bearer" = ["models.read"])),
    params(("id" = Uuid, Path, description = "The provider.")),
    responses((status = 200, description = "The provider.", body = ModelProvider, headers(("ETag" = String))), Problem)
)]
pub(super) async fn get(
    State(gateway): State<Gateway>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let provider = gateway.provider(&actor, id).await?;
    Ok(described(provider.version, provider))
}

/// Change a provider of language models
///
/// At another machine its key has to be written again: it is only ever sent to the one that it was written for. What the
/// operator's file sets is changed there (`409`, `set_in_file`). Send `If-Match` with the `ETag` that you know, so that
/// nobody's change is lost.
#[utoipa::path(
    patch, path = "/api/v1/models/providers/{id}", tag = "models", operation_id = "change_model_provider",
    security(("bearer" = ["models.update"])),
    params(
        ("id" = Uuid, Path, description = "The provider."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")
    ),
    request_body = ModelProviderPatch,
    responses((status = 200, description = "The provider as it is now.", body = ModelProvider, headers(("ETag" = String))), Problem)
)]
pub(super) async fn change(
    State(gateway): State<Gateway>,
    actor: Actor,
    if_match: IfMatch,
    Path(id): Path<Uuid>,
    Json(patch): Json<ModelProviderPatch>,
) -> Result<Response, Problem> {
    let provider = gateway.change_provider(&actor, id, &patch, agrees(&if_match)).await?;
    Ok(described(provider.version, provider))
}

/// Remove a provider of language models
///
/// Not while a route names it (`409`, `provider_in_use`).
#[utoipa::path(
    delete, path = "/api/v1/models/providers/{id}", tag = "models", operation_id = "remove_model_provider",
    security(("bearer" = ["models.update"])),
    params(
        ("id" = Uuid, Path, description = "The provider."),
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
    gateway.remove_provider(&actor, id, agrees(&if_match)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Test a provider of language models
///
/// Asks a real, short question, which is paid and counted like any other, and reads what the provider lists. Where nothing
/// may leave the house, nothing is connected to.
#[utoipa::path(
    post, path = "/api/v1/models/providers/{id}/test", tag = "models", operation_id = "test_model_provider",
    security(("bearer" = ["models.update"])),
    params(("id" = Uuid, Path, description = "The provider.")),
    request_body = ModelTrialRequest,
    responses((status = 200, description = "How it went.", body = ModelTrial), Problem)
)]
pub(super) async fn test(
    State(gateway): State<Gateway>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<ModelTrialRequest>,
) -> Result<Json<ModelTrial>, Problem> {
    Ok(Json(gateway.try_provider(&actor, id, request.model.as_deref()).await?))
}
