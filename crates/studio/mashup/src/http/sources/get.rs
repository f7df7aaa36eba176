//! Looking at one piece.

use axum::extract::State;
use eduai_web::{Actor, Json, Path, Problem};

use crate::service::Mashups;
use crate::sources::model::{Source, SourceId};

/// Get a piece of one's own
#[utoipa::path(
    get, path = "/api/v1/mashup/sources/{id}", tag = "mashup", operation_id = "get_source",
    security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"])),
    params(("id" = SourceId, Path, description = "The piece")),
    responses((status = 200, description = "The piece", body = Source), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    Path(id): Path<SourceId>,
) -> Result<Json<Source>, Problem> {
    Ok(Json(mashups.source(&actor, id).await?))
}
