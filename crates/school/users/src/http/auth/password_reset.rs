//! `POST /api/v1/auth/password/reset`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// A link's token and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResetRequest {
    /// The token in the link.
    token: String,
    /// A password of 10 or more characters.
    password: String,
}

/// Set a new password by a link
///
/// All sessions of the account end.
#[utoipa::path(
    post, path = "/api/v1/auth/password/reset", tag = "auth", operation_id = "reset_password",
    security(()),
    request_body = ResetRequest,
    responses((status = 204, description = "The new password holds."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    Json(request): Json<ResetRequest>,
) -> Result<StatusCode, Problem> {
    users.reset_password(&request.token, &request.password).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
