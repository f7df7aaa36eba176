//! `POST /api/v1/auth/passkey`

use super::tokens::{self, Tokens};
use crate::Users;
use crate::http::device::From;
use crate::http::problem;
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Json, MaybeActor, Problem};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A device's answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasskeySignIn {
    /// From the question.
    flow_id: Uuid,
    /// `AuthenticationResponseJSON` (`WebAuthn` Level 3).
    #[schema(value_type = Object)]
    credential: Value,
    /// Whether what was made as a visitor is given to the account.
    #[serde(default)]
    keep_guest_work: bool,
}

/// Sign in by a passkey
#[utoipa::path(
    post, path = "/api/v1/auth/passkey", tag = "auth", operation_id = "passkey_sign_in",
    security(()),
    request_body = PasskeySignIn,
    responses((status = 200, description = "Signed in.", body = Tokens), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    MaybeActor(visitor): MaybeActor,
    from: From,
    Json(request): Json<PasskeySignIn>,
) -> Result<Response, Problem> {
    let signed_in = users.passkey_sign_in(request.flow_id, &request.credential, &from.device).await.map_err(problem)?;
    if request.keep_guest_work {
        users.adopt(visitor, &signed_in).await.map_err(problem)?;
    }
    tokens::answer(&users, &signed_in, &from).await.map_err(problem)
}
