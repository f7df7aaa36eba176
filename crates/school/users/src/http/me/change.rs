//! `PATCH /api/v1/me`

use crate::accounts::ProfilePatch;
use crate::http::problem;
use crate::{Me, Users};
use axum::extract::State;
use axum::response::Response;
use eduai_web::{Actor, ETag, IfMatch, Json, Problem};
/// Change one's own account
///
/// Send `If-Match` with the `ETag` that you know, so that nobody's change is lost.
#[utoipa::path(
    patch, path = "/api/v1/me", tag = "users", operation_id = "change_me",
    security(("bearer" = ["profile.update"])),
    params(("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")),
    request_body = ProfilePatch,
    responses((status = 200, description = "Oneself as it is now.", body = Me, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    if_match: IfMatch,
    Json(patch): Json<ProfilePatch>,
) -> Result<Response, Problem> {
    let check = |version: i32| if_match.check(&ETag::of_version(i64::from(version)));
    Ok(super::described(users.change_profile(&actor, &patch, check).await.map_err(problem)?))
}
