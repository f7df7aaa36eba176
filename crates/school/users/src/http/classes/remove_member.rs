//! `DELETE /api/v1/classes/{id}/members/{user_id}`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::{UserId, Uuid};
use eduai_web::{Actor, Path, Problem};
/// Take a pupil out of a class
///
/// Their sessions end; their account and work stay.
#[utoipa::path(
    delete, path = "/api/v1/classes/{id}/members/{user_id}", tag = "classes", operation_id = "remove_class_member",
    security(("bearer" = ["students.update"])),
    params(
        ("id" = Uuid, Path, description = "The class."),
        ("user_id" = UserId, Path, description = "The pupil.")
    ),
    responses((status = 204, description = "Taken out."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path((id, user)): Path<(Uuid, UserId)>,
) -> Result<StatusCode, Problem> {
    users.remove_member(&actor, id, user).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
