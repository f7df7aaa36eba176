//! How far a run is.

use axum::extract::State;
use eduai_web::{Actor, Json, Path, Problem};
use uuid::Uuid;

use crate::service::Mashups;
use crate::session::Session;

/// Get a session
///
/// The state of a run: its steps with their durations, its checkpoints, and the question that it waits with, if any.
#[utoipa::path(
    get, path = "/api/v1/sessions/{id}", tag = "sessions", operation_id = "get_session",
    security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"])),
    params(("id" = Uuid, Path, description = "The session")),
    responses((status = 200, description = "The session", body = Session), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Json<Session>, Problem> {
    Ok(Json(mashups.session(&actor, id).await?))
}
