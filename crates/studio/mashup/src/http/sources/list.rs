//! Listing the pieces that one brought.

use axum::extract::State;
use eduai_kernel::Page;
use eduai_web::{Actor, Json, PageQuery, Problem, Query};

use crate::service::Mashups;
use crate::sources::model::Source;

/// List pieces of one's own
///
/// Newest first.
#[utoipa::path(
    get, path = "/api/v1/mashup/sources", tag = "mashup", operation_id = "list_sources",
    security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"])),
    params(PageQuery),
    responses((status = 200, description = "A page of the list", body = Page<Source>), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Source>>, Problem> {
    Ok(Json(mashups.sources(&actor, page.start()?, page.limit()?).await?))
}
