//! `GET /api/v1/me`

use crate::http::problem;
use crate::{Me, Users};
use axum::extract::State;
use axum::response::Response;
use eduai_web::{Actor, Problem};
/// Who am I
///
/// Says who is asking. A visitor who comes for the first time gets a workspace of their own, where an institution lets
/// visitors in, and a cookie that leads back to it.
#[utoipa::path(
    get, path = "/api/v1/me", tag = "users", operation_id = "me",
    security(("guest" = ["profile.read"]), ("bearer" = ["profile.read"])),
    responses((status = 200, description = "Who is asking.", body = Me), Problem)
)]
pub(super) async fn handler(State(users): State<Users>, actor: Actor) -> Result<Response, Problem> {
    Ok(super::described(users.me(&actor).await.map_err(problem)?))
}
