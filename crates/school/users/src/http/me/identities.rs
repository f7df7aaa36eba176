//! `GET /api/v1/me/identities`

use crate::Users;
use crate::http::problem;
use crate::oidc::Identity;
use axum::extract::State;
use eduai_kernel::Page;
use eduai_web::{Actor, Json, Problem};

/// List one's linked accounts
///
/// The accounts at providers of single sign-on by which one signs in.
#[utoipa::path(
    get, path = "/api/v1/me/identities", tag = "users", operation_id = "list_my_identities",
    security(("bearer" = ["profile.read"])),
    responses((status = 200, description = "All of them, the oldest first.", body = Page<Identity>), Problem)
)]
pub(super) async fn handler(State(users): State<Users>, actor: Actor) -> Result<Json<Page<Identity>>, Problem> {
    Ok(Json(Page { items: users.identities(&actor).await.map_err(problem)?, next_cursor: None }))
}
