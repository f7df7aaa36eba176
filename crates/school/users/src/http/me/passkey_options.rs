//! `POST /api/v1/me/passkeys/options`

use crate::Users;
use crate::http::problem;
use crate::passkeys::Challenge;
use axum::extract::State;
use eduai_web::{Actor, Json, Problem};

/// Begin to add a passkey
#[utoipa::path(
    post, path = "/api/v1/me/passkeys/options", tag = "users", operation_id = "passkey_creation",
    security(("bearer" = ["profile.update"])),
    responses((status = 200, description = "What the device is asked; it has five minutes.", body = Challenge), Problem)
)]
pub(super) async fn handler(State(users): State<Users>, actor: Actor) -> Result<Json<Challenge>, Problem> {
    Ok(Json(users.passkey_creation(&actor).await.map_err(problem)?))
}
