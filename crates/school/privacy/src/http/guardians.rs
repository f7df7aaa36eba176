//! `/api/v1/consents/guardian/{token}`

use super::problem;
use crate::Privacy;
use crate::guardians::{GuardianAnswer, GuardianView};
use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Json, Path, Problem};

/// What a guardian is asked
///
/// For whoever follows the link in the message; nobody has to sign in.
#[utoipa::path(
    get, path = "/api/v1/consents/guardian/{token}", tag = "privacy", operation_id = "show_guardian_request",
    security(()),
    params(("token" = String, Path, pattern = "^[ -~]+$", description = "The end of the link in the message.")),
    responses((status = 200, description = "What is asked.", body = GuardianView), Problem)
)]
pub(super) async fn show(
    State(privacy): State<Privacy>,
    Path(token): Path<String>,
) -> Result<Json<GuardianView>, Problem> {
    Ok(Json(privacy.guardian(&token).await.map_err(problem)?))
}

/// Decide for a child
///
/// The link is good once. Whoever agrees agrees to the keeping of learning records; everything else is chosen.
#[utoipa::path(
    post, path = "/api/v1/consents/guardian/{token}", tag = "privacy", operation_id = "answer_guardian_request",
    security(()),
    params(("token" = String, Path, pattern = "^[ -~]+$", description = "The end of the link in the message.")),
    request_body = GuardianAnswer,
    responses((status = 204, description = "It was kept."), Problem)
)]
pub(super) async fn answer(
    State(privacy): State<Privacy>,
    Path(token): Path<String>,
    Json(answer): Json<GuardianAnswer>,
) -> Result<StatusCode, Problem> {
    privacy.answer_guardian(&token, &answer).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
