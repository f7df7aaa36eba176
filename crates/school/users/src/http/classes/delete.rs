//! `DELETE /api/v1/classes/{id}`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Path, Problem};
/// Delete a class
///
/// Nobody signs in with its code any more; the pupils' accounts and work stay.
#[utoipa::path(
    delete, path = "/api/v1/classes/{id}", tag = "classes", operation_id = "delete_class",
    security(("bearer" = ["students.update"])),
    params(("id" = Uuid, Path, description = "The class.")),
    responses((status = 204, description = "Deleted."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    users.delete_class(&actor, id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
