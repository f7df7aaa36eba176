//! `POST /api/v1/models/providers/{id}/pull`

use crate::admin::PullProgress;
use crate::gateway::Gateway;
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::Uuid;
use eduai_kernel::{Failure, FailureKind};
use eduai_web::sse::{NumberedEvent, ServerSentEvent, event_stream};
use eduai_web::{Actor, Json, Path, Problem};
use futures_util::StreamExt as _;
use serde::Deserialize;
use utoipa::ToSchema;

/// What is fetched.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ModelPullRequest {
    /// The model, as Ollama's library names it: `llama3.2`.
    model: String,
}

/// Have an Ollama fetch a model
///
/// Answers with a stream of events named `progress`, whose data has `status`, `completed` and `total`; the status of the last
/// is `success`. What goes wrong is an event named `problem`. Who hangs up stops it; Ollama goes on from there the next time.
#[utoipa::path(
    post, path = "/api/v1/models/providers/{id}/pull", tag = "models", operation_id = "pull_model",
    security(("bearer" = ["models.update"])),
    params(("id" = Uuid, Path, description = "The provider: an Ollama.")),
    request_body = ModelPullRequest,
    responses((status = 200, description = "Events `progress`, `problem`", content_type = "text/event-stream", body = ServerSentEvent), Problem)
)]
pub(super) async fn handler(
    State(gateway): State<Gateway>,
    actor: Actor,
    Path(id): Path<Uuid>,
    Json(request): Json<ModelPullRequest>,
) -> Result<Response, Problem> {
    let steps = gateway.pull(&actor, id, &request.model).await?;
    let events = steps.enumerate().map(|(number, step)| {
        let number = i64::try_from(number).unwrap_or(i64::MAX).saturating_add(1);
        Ok(NumberedEvent { number, name: "progress".to_owned(), data: written(&step?)? })
    });
    Ok(event_stream(events))
}

fn written(step: &PullProgress) -> Result<String, Failure> {
    serde_json::to_string(step).map_err(|error| Failure::new(FailureKind::Internal, "unwritable", error.to_string()))
}
