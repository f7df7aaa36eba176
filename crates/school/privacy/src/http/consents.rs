//! `/api/v1/me/consents`

use super::problem;
use crate::Privacy;
use crate::consents::{ConsentView, NewDecision};
use axum::extract::State;
use eduai_web::{Actor, Json, Path, Problem};

/// What I agree to
///
/// Every purpose for which personal data may be used, its present text, and what holds for you.
#[utoipa::path(
    get, path = "/api/v1/me/consents", tag = "privacy", operation_id = "list_own_consents",
    security(("bearer" = ["profile.read"])),
    responses((status = 200, description = "Every purpose.", body = Vec<ConsentView>), Problem)
)]
pub(super) async fn list(State(privacy): State<Privacy>, actor: Actor) -> Result<Json<Vec<ConsentView>>, Problem> {
    Ok(Json(privacy.consents(&actor).await.map_err(problem)?))
}

/// Agree, object or withdraw
///
/// The version is that of the text that you have read; 409 `other_version` when there is a newer one. For people under age
/// a parent or guardian decides: 403 `guardian_needed`.
#[utoipa::path(
    put, path = "/api/v1/me/consents/{purpose}", tag = "privacy", operation_id = "decide_own_consent",
    security(("bearer" = ["profile.update"])),
    params(("purpose" = String, Path, pattern = "^[ -~]+$", description = "The purpose's name.")),
    request_body = NewDecision,
    responses((status = 200, description = "What holds now.", body = ConsentView), Problem)
)]
pub(super) async fn decide(
    State(privacy): State<Privacy>,
    actor: Actor,
    Path(purpose): Path<String>,
    Json(decision): Json<NewDecision>,
) -> Result<Json<ConsentView>, Problem> {
    Ok(Json(privacy.decide_consent(&actor, &purpose, decision).await.map_err(problem)?))
}
