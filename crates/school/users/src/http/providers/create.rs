//! `POST /api/v1/institution/providers`

use crate::Users;
use crate::http::problem;
use crate::oidc::{NewProvider, ProviderView};
use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Actor, Json, Problem};

/// Add a provider of single sign-on
///
/// By OpenID Connect. The secret is kept encrypted and never told again.
#[utoipa::path(
    post, path = "/api/v1/institution/providers", tag = "institution", operation_id = "create_provider",
    security(("bearer" = ["settings.update"])),
    request_body = NewProvider,
    responses((status = 201, description = "The provider.", body = ProviderView), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Json(request): Json<NewProvider>,
) -> Result<(StatusCode, Json<ProviderView>), Problem> {
    Ok((StatusCode::CREATED, Json(users.create_provider(&actor, &request).await.map_err(problem)?)))
}
