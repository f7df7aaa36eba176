//! `DELETE /api/v1/me/passkeys/{id}`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Path, Problem};

/// Remove a passkey
#[utoipa::path(
    delete, path = "/api/v1/me/passkeys/{id}", tag = "users", operation_id = "remove_passkey",
    security(("bearer" = ["profile.update"])),
    params(("id" = Uuid, Path, description = "The passkey.")),
    responses((status = 204, description = "Nobody signs in by it any more."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    users.remove_passkey(&actor, id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
