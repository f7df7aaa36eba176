//! `POST /v1/embeddings`

use super::Front;
use crate::record::Operation;
use axum::extract::{Request, State};
use axum::response::Response;
use eduai_wire::Dialect;

/// Turn texts into vectors, as OpenAI's API does
#[utoipa::path(
    post, path = "/v1/embeddings", tag = "models", operation_id = "create_embedding",
    security(("virtual_key" = ["embeddings"])),
    request_body(content = serde_json::Value, description = "As OpenAI's API describes it.", content_type = "application/json"),
    responses(
        (status = 200, description = "The vectors.", body = serde_json::Value),
        (status = "default", description = "An error in OpenAI's shape.", body = serde_json::Value)
    )
)]
pub(super) async fn handler(State(front): State<Front>, request: Request) -> Response {
    front.answer(Dialect::OpenAi, Operation::Embeddings, request).await
}
