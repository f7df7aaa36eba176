//! `POST /api/v1/classes/{id}/code`

use crate::Users;
use crate::classes::Class;
use crate::http::problem;
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Path, Problem};
/// Give a class another code
///
/// The old one is good no more; who is signed in stays so.
#[utoipa::path(
    post, path = "/api/v1/classes/{id}/code", tag = "classes", operation_id = "renew_class_code",
    security(("bearer" = ["students.update"])),
    params(("id" = Uuid, Path, description = "The class.")),
    responses((status = 200, description = "The class as it is now.", body = Class, headers(("ETag" = String))), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    Ok(super::described(users.renew_class_code(&actor, id).await.map_err(problem)?))
}
