//! `POST /api/v1/institutions`

use crate::Users;
use crate::http::problem;
use crate::institutions::{InstitutionView, NewInstitution};
use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Actor, Json, Problem};
/// Make an institution
///
/// For the administrator of the installation. Its first administrator is made with `eduai admin create-user`.
#[utoipa::path(
    post, path = "/api/v1/institutions", tag = "institution", operation_id = "create_institution",
    security(("bearer" = ["institutions.create"])),
    request_body = NewInstitution,
    responses((status = 201, description = "The institution.", body = InstitutionView), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Json(request): Json<NewInstitution>,
) -> Result<(StatusCode, Json<InstitutionView>), Problem> {
    Ok((StatusCode::CREATED, Json(users.create_institution(&actor, &request).await.map_err(problem)?)))
}
