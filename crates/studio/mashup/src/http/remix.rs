//! The same piece with something changed.

use axum::extract::State;
use axum::response::Response;
use eduai_web::{Accept, Actor, ClientAddress, Json, Path, Problem, ServerSentEvent};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::model::{Mashup, MashupId};
use crate::remix::Remix;
use crate::service::Mashups;

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemixRequest {
    /// What to change; the rest stays.
    pub change: Remix,
}

/// Remix a mashup
///
/// Easier or harder, another key or tempo, another blend, one genre for another. What is not asked to change stays.
/// The answer is a new mashup with `parent_id` and `changes`.
#[utoipa::path(
    post, path = "/api/v1/mashup/{id}/remix", tag = "mashup", operation_id = "remix_mashup",
    security(("guest" = ["mashups.create"]), ("bearer" = ["mashups.create"])),
    params(
        ("id" = MashupId, Path, description = "The mashup"),
        ("Idempotency-Key" = Option<String>, Header, pattern = "^([!#-~]{1,255}|\"[!#-~]{1,255}\")$", description = "Makes it safe to send the request again.")
    ),
    request_body = RemixRequest,
    responses(
        (status = 201, description = "The new mashup", body = Mashup, headers(("Location" = String), ("ETag" = String))),
        (status = 200, description = "With `Accept: text/event-stream`: the events `started`, `step`, `waiting`, `result`, `problem`", content_type = "text/event-stream", body = ServerSentEvent),
        Problem
    )
)]
pub async fn handler(
    State(mashups): State<Mashups>,
    actor: Actor,
    ClientAddress(address): ClientAddress,
    accept: Accept,
    Path(id): Path<MashupId>,
    Json(request): Json<RemixRequest>,
) -> Result<Response, Problem> {
    let started = mashups.remix(&actor, address, id, &request.change).await?;
    super::answer(&mashups, started, &accept).await
}
