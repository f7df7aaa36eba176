//! `POST /v1/chat/completions`

use super::Front;
use crate::record::Operation;
use axum::extract::{Request, State};
use axum::response::Response;
use eduai_wire::Dialect;

/// Ask a model, as OpenAI's API is asked
///
/// The request and the answer are those of OpenAI's chat completions, streams included, whichever provider answers. The
/// model is a name that `GET /v1/models` lists. Errors have OpenAI's shape; `429` says by `Retry-After` how long to wait.
#[utoipa::path(
    post, path = "/v1/chat/completions", tag = "models", operation_id = "create_chat_completion",
    security(("virtual_key" = ["chat"])),
    request_body(content = serde_json::Value, description = "As OpenAI's API describes it.", content_type = "application/json"),
    responses(
        (status = 200, description = "The answer, whole or as a stream of events.", body = serde_json::Value),
        (status = "default", description = "An error in OpenAI's shape.", body = serde_json::Value)
    )
)]
pub(super) async fn handler(State(front): State<Front>, request: Request) -> Response {
    front.answer(Dialect::OpenAi, Operation::Chat, request).await
}
