//! `POST /v1/messages`

use super::Front;
use crate::record::Operation;
use axum::extract::{Request, State};
use axum::response::Response;
use eduai_wire::Dialect;

/// Ask a model, as Anthropic's API is asked
///
/// The request and the answer are those of Anthropic's messages, streams included, whichever provider answers. The key
/// may come as `x-api-key`. Errors have Anthropic's shape.
#[utoipa::path(
    post, path = "/v1/messages", tag = "models", operation_id = "create_message",
    security(("virtual_key" = ["chat"])),
    request_body(content = serde_json::Value, description = "As Anthropic's API describes it.", content_type = "application/json"),
    responses(
        (status = 200, description = "The answer, whole or as a stream of events.", body = serde_json::Value),
        (status = "default", description = "An error in Anthropic's shape.", body = serde_json::Value)
    )
)]
pub(super) async fn handler(State(front): State<Front>, request: Request) -> Response {
    front.answer(Dialect::Anthropic, Operation::Chat, request).await
}
