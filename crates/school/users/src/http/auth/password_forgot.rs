//! `POST /api/v1/auth/password/forgot`

use crate::Users;
use crate::http::device::From;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// Whose password is to be set anew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForgotRequest {
    /// The address of the account.
    email: String,
}

/// Have a link sent to set a new password
///
/// The answer is the same whether there is an account with this address or not.
#[utoipa::path(
    post, path = "/api/v1/auth/password/forgot", tag = "auth", operation_id = "forgot_password",
    security(()),
    request_body = ForgotRequest,
    responses((status = 202, description = "If there is such an account, a message is on its way."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    from: From,
    Json(request): Json<ForgotRequest>,
) -> Result<StatusCode, Problem> {
    users.forgot_password(&request.email, from.device.address).await.map_err(problem)?;
    Ok(StatusCode::ACCEPTED)
}
