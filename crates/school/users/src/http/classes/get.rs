//! `GET /api/v1/classes/{id}`

use crate::Users;
use crate::classes::Class;
use crate::http::problem;
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Path, Problem};
/// Get a class with its pupils
#[utoipa::path(
    get, path = "/api/v1/classes/{id}", tag = "classes", operation_id = "get_class",
    security(("bearer" = ["students.read"])),
    params(("id" = Uuid, Path, description = "The class.")),
    responses((status = 200, description = "The class.", body = Class, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    Ok(super::described(users.class(&actor, id).await.map_err(problem)?))
}
