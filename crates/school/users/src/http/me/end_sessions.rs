//! `DELETE /api/v1/me/sessions`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use eduai_web::{Actor, Problem};
/// End all of one's other sessions
#[utoipa::path(
    delete, path = "/api/v1/me/sessions", tag = "users", operation_id = "end_my_other_sessions",
    security(("bearer" = ["profile.update"])),
    responses((status = 204, description = "The other devices are signed out."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let own = users.proof(&headers).await.map_err(problem)?.map(|proof| proof.session);
    users.end_sessions(&actor, actor.user, own, "ended_by_owner").await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
