//! Hearing a piece.

use axum::extract::State;
use eduai_web::{Actor, Json, Path, Problem};

use crate::service::Mashups;
use crate::sources::model::{SourceId, SourcePlayback};

/// Get the notes of a piece of one's own, for a player
#[utoipa::path(
    get, path = "/api/v1/mashup/sources/{id}/playback", tag = "mashup", operation_id = "get_source_playback",
    security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"])),
    params(("id" = SourceId, Path, description = "The piece")),
    responses((status = 200, description = "The notes", body = SourcePlayback), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    Path(id): Path<SourceId>,
) -> Result<Json<SourcePlayback>, Problem> {
    Ok(Json(mashups.source_playback(&actor, id).await?))
}
