//! `GET /api/v1/auth/institutions`

use crate::Users;
use crate::accounts::model::InstitutionBrief;
use crate::http::problem;
use axum::extract::State;
use eduai_kernel::Page;
use eduai_web::{Json, Problem};

/// List the institutions in which anybody may make an account
#[utoipa::path(
    get, path = "/api/v1/auth/institutions", tag = "auth", operation_id = "list_open_institutions",
    security(()),
    responses((status = 200, description = "All of them, by name.", body = Page<InstitutionBrief>), Problem)
)]
pub(super) async fn handler(State(users): State<Users>) -> Result<Json<Page<InstitutionBrief>>, Problem> {
    let open = users.open_institutions().await.map_err(problem)?;
    Ok(Json(Page { items: open.iter().map(InstitutionBrief::from).collect(), next_cursor: None }))
}
