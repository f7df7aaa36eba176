//! `DELETE /api/v1/institution/providers/{id}`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Path, Problem};

/// Remove a provider of single sign-on
///
/// Accounts stay; their owners set a password by a link, or are recognised by their address at another provider.
#[utoipa::path(
    delete, path = "/api/v1/institution/providers/{id}", tag = "institution", operation_id = "remove_provider",
    security(("bearer" = ["settings.update"])),
    params(("id" = Uuid, Path, description = "The provider.")),
    responses((status = 204, description = "Removed."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    users.remove_provider(&actor, id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
