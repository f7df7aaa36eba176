//! `POST /api/v1/users/{id}/restore`

use crate::Users;
use crate::accounts::model::User;
use crate::http::problem;
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::UserId;
use eduai_web::{Actor, Path, Problem};
/// Restore an account that was deleted
#[utoipa::path(
    post, path = "/api/v1/users/{id}/restore", tag = "users", operation_id = "restore_user",
    security(("bearer" = ["users.update"])),
    params(("id" = UserId, Path, description = "The person.")),
    responses((status = 200, description = "The person.", body = User, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<UserId>,
) -> Result<Response, Problem> {
    Ok(super::described(users.restore_user(&actor, id).await.map_err(problem)?))
}
