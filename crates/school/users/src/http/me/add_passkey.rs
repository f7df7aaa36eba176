//! `POST /api/v1/me/passkeys`

use crate::Users;
use crate::http::problem;
use crate::passkeys::Passkey;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Json, Problem};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A device's answer, and what to call it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddPasskey {
    /// From the question.
    flow_id: Uuid,
    /// What its owner calls it: at most 100 characters.
    #[serde(default)]
    name: String,
    /// `RegistrationResponseJSON` (`WebAuthn` Level 3).
    #[schema(value_type = Object)]
    credential: Value,
}

/// Add a passkey
#[utoipa::path(
    post, path = "/api/v1/me/passkeys", tag = "users", operation_id = "add_passkey",
    security(("bearer" = ["profile.update"])),
    request_body = AddPasskey,
    responses((status = 201, description = "The passkey.", body = Passkey), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Json(request): Json<AddPasskey>,
) -> Result<(StatusCode, Json<Passkey>), Problem> {
    let added = users.add_passkey(&actor, request.flow_id, &request.name, &request.credential).await;
    Ok((StatusCode::CREATED, Json(added.map_err(problem)?)))
}
