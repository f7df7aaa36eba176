//! `POST /api/v1/auth/email/verify`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// A link's token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyEmailRequest {
    /// The token in the link.
    token: String,
}

/// Confirm an address by a link
#[utoipa::path(
    post, path = "/api/v1/auth/email/verify", tag = "auth", operation_id = "verify_email",
    security(()),
    request_body = VerifyEmailRequest,
    responses((status = 204, description = "The address is confirmed."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    Json(request): Json<VerifyEmailRequest>,
) -> Result<StatusCode, Problem> {
    users.verify_email(&request.token).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
