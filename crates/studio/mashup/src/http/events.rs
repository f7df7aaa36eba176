//! Following the run that makes a piece.

use axum::extract::State;
use axum::response::Response;
use eduai_web::{Actor, LastEventId, Path, Problem, ServerSentEvent, event_stream};
use uuid::Uuid;

use crate::service::Mashups;

/// Follow a session
///
/// The events of a run, from the one after `Last-Event-ID`. A stream only watches: closing it stops nothing.
#[utoipa::path(
    get, path = "/api/v1/sessions/{id}/events", tag = "sessions", operation_id = "follow_session",
    security(("guest" = ["mashups.read"]), ("bearer" = ["mashups.read"])),
    params(
        ("id" = Uuid, Path, description = "The session"),
        ("Last-Event-ID" = Option<String>, Header, description = "The number of the last event that was seen; what is no number counts as 0.")
    ),
    responses((status = 200, description = "Events `started`, `step`, `waiting`, `result`, `problem`", content_type = "text/event-stream", body = ServerSentEvent), Problem)
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    LastEventId(after): LastEventId,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let started = mashups.find_run(&actor, id).await?;
    Ok(event_stream(mashups.events(started, after)))
}
