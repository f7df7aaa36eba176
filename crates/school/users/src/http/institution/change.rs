//! `PATCH /api/v1/institution`

use crate::Users;
use crate::http::problem;
use crate::institutions::{InstitutionPatch, InstitutionView};
use axum::extract::State;
use axum::response::Response;
use eduai_web::{Actor, ETag, IfMatch, Json, Problem};
/// Change one's institution
///
/// Send `If-Match` with the `ETag` that you know, so that nobody's change is lost.
#[utoipa::path(
    patch, path = "/api/v1/institution", tag = "institution", operation_id = "change_institution",
    security(("bearer" = ["settings.update"])),
    params(("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")),
    request_body = InstitutionPatch,
    responses((status = 200, description = "The institution as it is now.", body = InstitutionView, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    if_match: IfMatch,
    Json(patch): Json<InstitutionPatch>,
) -> Result<Response, Problem> {
    let check = |version: i32| if_match.check(&ETag::of_version(i64::from(version)));
    Ok(super::described(users.change_institution(&actor, &patch, check).await.map_err(problem)?))
}
