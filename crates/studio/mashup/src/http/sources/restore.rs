//! Undoing a deletion.

use axum::extract::State;
use eduai_web::{Actor, Json, Path, Problem};

use crate::service::Mashups;
use crate::sources::model::{Source, SourceId};

/// Restore a piece of one's own that was deleted
#[utoipa::path(
    post, path = "/api/v1/mashup/sources/{id}/restore", tag = "mashup", operation_id = "restore_source",
    security(("guest" = ["mashups.update"]), ("bearer" = ["mashups.update"])),
    params(("id" = SourceId, Path, description = "The piece"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^([!#-~]{1,255}|\"[!#-~]{1,255}\")$", description = "Makes it safe to send the request again.")),
    responses((status = 200, description = "The piece", body = Source), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    Path(id): Path<SourceId>,
) -> Result<Json<Source>, Problem> {
    Ok(Json(mashups.restore_source(&actor, id).await?))
}
