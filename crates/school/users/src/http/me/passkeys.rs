//! `GET /api/v1/me/passkeys`

use crate::Users;
use crate::http::problem;
use crate::passkeys::Passkey;
use axum::extract::State;
use eduai_kernel::Page;
use eduai_web::{Actor, Json, Problem};

/// List one's passkeys
#[utoipa::path(
    get, path = "/api/v1/me/passkeys", tag = "users", operation_id = "list_my_passkeys",
    security(("bearer" = ["profile.read"])),
    responses((status = 200, description = "All of them, the oldest first.", body = Page<Passkey>), Problem)
)]
pub(super) async fn handler(State(users): State<Users>, actor: Actor) -> Result<Json<Page<Passkey>>, Problem> {
    Ok(Json(Page { items: users.passkeys(&actor).await.map_err(problem)?, next_cursor: None }))
}
