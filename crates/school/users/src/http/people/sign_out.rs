//! `DELETE /api/v1/users/{id}/sessions`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::UserId;
use eduai_web::{Actor, Path, Problem};
/// Sign a person out everywhere
#[utoipa::path(
    delete, path = "/api/v1/users/{id}/sessions", tag = "users", operation_id = "sign_out_user",
    security(("bearer" = ["users.update"])),
    params(("id" = UserId, Path, description = "The person.")),
    responses((status = 204, description = "All their sessions have ended."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<UserId>,
) -> Result<StatusCode, Problem> {
    users.sign_out_user(&actor, id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
