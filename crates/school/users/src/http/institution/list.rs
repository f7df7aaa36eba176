//! `GET /api/v1/institutions`

use crate::Users;
use crate::http::problem;
use crate::institutions::InstitutionView;
use axum::extract::State;
use eduai_kernel::Page;
use eduai_web::{Actor, Json, Problem};
/// List all institutions
///
/// For the administrator of the installation.
#[utoipa::path(
    get, path = "/api/v1/institutions", tag = "institution", operation_id = "list_institutions",
    security(("bearer" = ["institutions.read"])),
    responses((status = 200, description = "All of them, by name.", body = Page<InstitutionView>), Problem)
)]
pub(super) async fn handler(State(users): State<Users>, actor: Actor) -> Result<Json<Page<InstitutionView>>, Problem> {
    let items = users.institutions(&actor).await.map_err(problem)?;
    Ok(Json(Page { items, next_cursor: None }))
}
