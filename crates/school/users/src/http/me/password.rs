//! `POST /api/v1/me/password`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use eduai_web::{Actor, Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
/// The present password and a new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordRequest {
    /// The present password; absent where there is none.
    #[serde(default)]
    current_password: Option<String>,
    /// A password of 10 or more characters.
    new_password: String,
}

/// Set a new password for oneself
///
/// One's other sessions end. Whoever has a password must say it; whoever has none sets their first.
#[utoipa::path(
    post, path = "/api/v1/me/password", tag = "users", operation_id = "change_password",
    security(("bearer" = ["profile.update"])),
    request_body = PasswordRequest,
    responses((status = 204, description = "The new password holds."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    headers: HeaderMap,
    Json(request): Json<PasswordRequest>,
) -> Result<StatusCode, Problem> {
    let session = users.proof(&headers).await.map_err(problem)?.map(|proof| proof.session);
    let (current, new) = (request.current_password.as_deref(), request.new_password.as_str());
    users.change_password(&actor, session, current, new).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
