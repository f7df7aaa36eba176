//! Making a piece.

use axum::extract::State;
use axum::response::Response;
use eduai_web::{Accept, Actor, ClientAddress, Json, Problem, ServerSentEvent};

use crate::model::Mashup;
use crate::request::Request;
use crate::service::Mashups;
use crate::session::Session;

/// Make a mashup
///
/// One sentence in, a piece of music with its lesson out. With `Accept: text/event-stream` every agent's step is told
/// as it happens, then the result. The same request with the same seed gives the same notes.
#[utoipa::path(
    post, path = "/api/v1/mashup/generate", tag = "mashup", operation_id = "generate_mashup",
    security(("guest" = ["mashups.create"]), ("bearer" = ["mashups.create"])),
    params(("Idempotency-Key" = Option<String>, Header, pattern = "^([!#-~]{1,255}|\"[!#-~]{1,255}\")$", description = "Makes it safe to send the request again.")),
    request_body = Request,
    responses(
        (status = 201, description = "The mashup", body = Mashup, headers(("Location" = String), ("ETag" = String))),
        (status = 200, description = "With `Accept: text/event-stream`: the events `started`, `step`, `waiting`, `result`, `problem`", content_type = "text/event-stream", body = ServerSentEvent),
        (status = 202, description = "The run waits for a person: `collaboration_mode`", body = Session),
        Problem
    )
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    ClientAddress(address): ClientAddress,
    accept: Accept,
    Json(request): Json<Request>,
) -> Result<Response, Problem> {
    let started = mashups.generate(&actor, address, request).await?;
    super::answer(&mashups, started, &accept).await
}
