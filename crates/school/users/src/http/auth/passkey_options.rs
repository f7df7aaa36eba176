//! `POST /api/v1/auth/passkey/options`

use crate::Users;
use crate::http::problem;
use crate::passkeys::Challenge;
use axum::extract::State;
use eduai_web::{Json, Problem};

/// Begin to sign in by a passkey
#[utoipa::path(
    post, path = "/api/v1/auth/passkey/options", tag = "auth", operation_id = "passkey_question",
    security(()),
    responses((status = 200, description = "What the device is asked; it has five minutes.", body = Challenge), Problem)
)]
pub(super) async fn handler(State(users): State<Users>) -> Result<Json<Challenge>, Problem> {
    Ok(Json(users.passkey_question().await.map_err(problem)?))
}
