//! `PATCH /api/v1/users/{id}`

use crate::Users;
use crate::accounts::UserPatch;
use crate::accounts::model::User;
use crate::http::problem;
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::UserId;
use eduai_web::{Actor, ETag, IfMatch, Json, Path, Problem};
/// Change a person's account
///
/// What takes rights away (another role, a closed account) ends their sessions at once.
/// Send `If-Match` with the `ETag` that you know, so that nobody's change is lost.
#[utoipa::path(
    patch, path = "/api/v1/users/{id}", tag = "users", operation_id = "change_user",
    security(("bearer" = ["users.update"])),
    params(
        ("id" = UserId, Path, description = "The person."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that you know.")
    ),
    request_body = UserPatch,
    responses((status = 200, description = "The person as they are now.", body = User, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    if_match: IfMatch,
    Path(id): Path<UserId>,
    Json(patch): Json<UserPatch>,
) -> Result<Response, Problem> {
    let check = |version: i32| if_match.check(&ETag::of_version(i64::from(version)));
    Ok(super::described(users.change_user(&actor, id, &patch, check).await.map_err(problem)?))
}
