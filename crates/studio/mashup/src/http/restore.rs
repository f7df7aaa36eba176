//! Undoing a deletion.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use eduai_web::{Actor, Json, Path, Problem};

use crate::model::{Mashup, MashupId};
use crate::service::Mashups;

/// Restore a mashup that was deleted
#[utoipa::path(
    post, path = "/api/v1/mashup/{id}/restore", tag = "mashup", operation_id = "restore_mashup",
    security(("guest" = ["mashups.update"]), ("bearer" = ["mashups.update"])),
    params(
        ("id" = MashupId, Path, description = "The mashup"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^([!#-~]{1,255}|\"[!#-~]{1,255}\")$", description = "Makes it safe to send the request again.")
    ),
    responses((status = 200, description = "The mashup", body = Mashup, headers(("ETag" = String))), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    Path(id): Path<MashupId>,
) -> Result<Response, Problem> {
    let mashup = mashups.restore(&actor, id).await?;
    Ok((super::tag(&mashup), Json(mashup)).into_response())
}
