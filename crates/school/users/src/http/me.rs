//! `GET /api/v1/me`

use crate::{Guests, Me};
use axum::extract::State;
use eduai_kernel::Failure;
use eduai_web::{Actor, Json, Problem};

/// Who am I
///
/// Says who is asking. A visitor who comes for the first time gets a workspace of their own, and a cookie that leads
/// back to it.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    operation_id = "me",
    tag = "users",
    security(("guest" = []), ("bearer" = [])),
    responses((status = 200, description = "Who is asking.", body = Me), Problem)
)]
pub(super) async fn handler(State(guests): State<Guests>, actor: Actor) -> Result<Json<Me>, Problem> {
    Ok(Json(guests.describe(&actor).await.map_err(Failure::from)?))
}
