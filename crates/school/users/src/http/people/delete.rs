//! `DELETE /api/v1/users/{id}`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::UserId;
use eduai_web::{Actor, Path, Problem};
/// Delete a person's account
///
/// Hidden and signed out at once; it can be restored for 30 days.
#[utoipa::path(
    delete, path = "/api/v1/users/{id}", tag = "users", operation_id = "delete_user",
    security(("bearer" = ["users.delete"])),
    params(("id" = UserId, Path, description = "The person.")),
    responses((status = 204, description = "Deleted."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<UserId>,
) -> Result<StatusCode, Problem> {
    users.delete_user(&actor, id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
