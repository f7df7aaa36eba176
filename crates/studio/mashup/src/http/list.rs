//! Listing pieces.

use axum::extract::State;
use eduai_kernel::Page;
use eduai_web::{Actor, Json, PageQuery, Problem, Query};

use crate::model::Summary;
use crate::service::Mashups;

/// List mashups
///
/// Your own and, for people of an institution, those that are shared in it; newest first.
#[utoipa::path(
    get, path = "/api/v1/mashup", tag = "mashup", operation_id = "list_mashups",
    security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"])),
    params(PageQuery),
    responses((status = 200, description = "A page of the list", body = Page<Summary>), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Summary>>, Problem> {
    Ok(Json(mashups.list(&actor, page.start()?, page.limit()?).await?))
}
