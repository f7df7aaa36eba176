//! `DELETE /api/v1/me/identities/{id}`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Path, Problem};

/// Unlink an account
///
/// One's sessions go on, also those that began by it. `409 last_way_to_sign_in` when nothing else opens one's account:
/// neither a password nor a passkey, a class's code or another linked account.
#[utoipa::path(
    delete, path = "/api/v1/me/identities/{id}", tag = "users", operation_id = "unlink_identity",
    security(("bearer" = ["profile.update"])),
    params(("id" = Uuid, Path, description = "The linked account.")),
    responses((status = 204, description = "It opens one's account no more."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    users.unlink_identity(&actor, id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
