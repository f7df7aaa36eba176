//! `PATCH /api/v1/classes/{id}/members/{user_id}`

use crate::Users;
use crate::classes::MemberPatch;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::{UserId, Uuid};
use eduai_web::{Actor, Json, Path, Problem};
/// Give a pupil another PIN or other pictures
///
/// Their sessions end.
#[utoipa::path(
    patch, path = "/api/v1/classes/{id}/members/{user_id}", tag = "classes", operation_id = "change_class_member",
    security(("bearer" = ["students.update"])),
    params(
        ("id" = Uuid, Path, description = "The class."),
        ("user_id" = UserId, Path, description = "The pupil.")
    ),
    request_body = MemberPatch,
    responses((status = 204, description = "Changed."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path((id, user)): Path<(Uuid, UserId)>,
    Json(patch): Json<MemberPatch>,
) -> Result<StatusCode, Problem> {
    users.change_member(&actor, id, user, &patch).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
