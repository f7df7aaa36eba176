//! `POST /api/v1/users`

use crate::Users;
use crate::accounts::NewAccount;
use crate::accounts::model::User;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Actor, Json, Problem};
/// Make an account for somebody
///
/// They are sent a link by which they set their password.
#[utoipa::path(
    post, path = "/api/v1/users", tag = "users", operation_id = "create_user",
    security(("bearer" = ["users.create"])),
    request_body = NewAccount,
    responses((status = 201, description = "The account.", body = User), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Json(request): Json<NewAccount>,
) -> Result<(StatusCode, Json<User>), Problem> {
    Ok((StatusCode::CREATED, Json(users.create_user(&actor, &request).await.map_err(problem)?)))
}
