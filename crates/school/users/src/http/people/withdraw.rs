//! `DELETE /api/v1/users/invitations/{id}`

use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::StatusCode;
use eduai_kernel::id::Uuid;
use eduai_web::{Actor, Path, Problem};
/// Take an invitation back
#[utoipa::path(
    delete, path = "/api/v1/users/invitations/{id}", tag = "users", operation_id = "withdraw_invitation",
    security(("bearer" = ["users.delete"])),
    params(("id" = Uuid, Path, description = "The invitation.")),
    responses((status = 204, description = "Its link is good no more."), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    users.withdraw_invitation(&actor, id).await.map_err(problem)?;
    Ok(StatusCode::NO_CONTENT)
}
