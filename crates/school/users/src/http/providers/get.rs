//! `GET /api/v1/institution/providers/{id}`

use crate::Users;
use crate::http::problem;
use crate::oidc::ProviderView;
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Path, Problem};

/// Get a provider of single sign-on
#[utoipa::path(
    get, path = "/api/v1/institution/providers/{id}", tag = "institution", operation_id = "get_provider",
    security(("bearer" = ["settings.read"])),
    params(("id" = Uuid, Path, description = "The provider.")),
    responses((status = 200, description = "The provider.", body = ProviderView, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    Ok(super::described(users.provider(&actor, id).await.map_err(problem)?))
}
