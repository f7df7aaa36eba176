//! `GET /api/v1/institution`

use crate::Users;
use crate::http::problem;
use crate::institutions::InstitutionView;
use axum::extract::State;
use axum::response::Response;
use eduai_web::{Actor, Problem};
/// Get one's institution
///
/// With its settings, and what follows from its privacy level.
#[utoipa::path(
    get, path = "/api/v1/institution", tag = "institution", operation_id = "get_institution",
    security(("bearer" = ["settings.read"])),
    responses((status = 200, description = "The institution.", body = InstitutionView, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(State(users): State<Users>, actor: Actor) -> Result<Response, Problem> {
    Ok(super::described(users.own_institution(&actor).await.map_err(problem)?))
}
