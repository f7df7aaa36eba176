//! `POST /api/v1/auth/email/resend`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Actor, Problem};

/// Have the link to confirm one's address sent again
#[utoipa::path(
    post, path = "/api/v1/auth/email/resend", tag = "auth", operation_id = "resend_verification",
    security(("bearer" = ["profile.update"])),
    responses((status = 202, description = "If the address is not confirmed yet, a message is on its way."), Problem)
)]
pub(super) async fn handler(State(users): State<Users>, actor: Actor) -> Result<StatusCode, Problem> {
    users.resend_verification(&actor).await.map_err(problem)?;
    Ok(StatusCode::ACCEPTED)
}
