//! `DELETE /api/v1/me/sessions/{id}`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Path, Problem};
/// End one of one's sessions
///
/// The device is signed out at once, everywhere.
#[utoipa::path(
    delete, path = "/api/v1/me/sessions/{id}", tag = "users", operation_id = "end_my_session",
    security(("bearer" = ["profile.update"])),
    params(("id" = Uuid, Path, description = "The session.")),
    responses((status = 204, description = "It has ended."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    if !users.end_session(&actor, id, "ended_by_owner").await.map_err(problem)? {
        return Err(problem(crate::Error::not_found("session_not_found", "session")));
    }
    Ok(StatusCode::NO_CONTENT)
}
