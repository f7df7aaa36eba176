//! `GET /api/v1/auth/invitations/{token}`

use crate::Users;
use crate::http::problem;
use crate::invitations::OpenInvitation;
use axum::extract::State;
use eduai_web::{Json, Path, Problem};

/// Look at an invitation
///
/// For whoever has its link, to fill in the form.
#[utoipa::path(
    get, path = "/api/v1/auth/invitations/{token}", tag = "auth", operation_id = "open_invitation",
    security(()),
    params(("token" = String, Path, pattern = "^[ -~]+$", description = "The token in the link.")),
    responses((status = 200, description = "The invitation.", body = OpenInvitation), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    Path(token): Path<String>,
) -> Result<Json<OpenInvitation>, Problem> {
    Ok(Json(users.open_invitation(&token).await.map_err(problem)?))
}
