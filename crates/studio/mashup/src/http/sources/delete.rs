//! Deleting a piece.

use axum::extract::State;
use axum::http::StatusCode;
use eduai_web::{Actor, Path, Problem};

use crate::service::Mashups;
use crate::sources::model::SourceId;

/// Delete a piece of one's own
///
/// It is hidden at once and removed after 30 days; until then `restore` brings it back. Mashups that borrowed from it keep
/// what they borrowed.
#[utoipa::path(
    delete, path = "/api/v1/mashup/sources/{id}", tag = "mashup", operation_id = "delete_source",
    security(("guest" = ["mashups.delete"]), ("bearer" = ["mashups.delete"])),
    params(("id" = SourceId, Path, description = "The piece")),
    responses((status = 204, description = "It is hidden"), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    Path(id): Path<SourceId>,
) -> Result<StatusCode, Problem> {
    mashups.delete_source(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
