//! Google's Gemini API, below `/gemini`: `http_options={"base_url": "https://…/gemini"}` points its SDKs here.
//!
//! A model's name stands in the path here, and may have slashes and colons in it, so that one route takes what the
//! document describes as several endpoints. Each looks up by the document's path whom it lets in.
//!
//! Newer SDKs ask for version `v1`, older ones for `v1beta`; both are the same here, and the document knows `v1`.

use super::models::{json, listed, told};
use super::{Front, auth, read, refused};
use crate::call::{Caller, Question};
use crate::record::Operation;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::get;
use eduai_wire::{Dialect, Failure, Kind, gemini, relay};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

const LIST: &str = "/gemini/v1/models";
const ONE: &str = "/gemini/v1/models/{model}";
const GENERATE: &str = "/gemini/v1/models/{model}:generateContent";
const STREAM: &str = "/gemini/v1/models/{model}:streamGenerateContent";
const EMBED: &str = "/gemini/v1/models/{model}:embedContent";
const EMBED_SEVERAL: &str = "/gemini/v1/models/{model}:batchEmbedContents";

/// The versions of the API that SDKs ask for. What they have in common is spoken here, whichever is asked for; the document
/// describes the first.
#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Version {
    V1,
    V1Beta,
    V1Alpha,
}

#[derive(OpenApi)]
#[openapi(paths(list, one, generate, stream, embed, embed_several))]
struct Documented;

pub(super) fn api() -> utoipa::openapi::OpenApi {
    Documented::openapi()
}

/// What stands in the address, its escapes resolved.
type Named = Result<Path<(Version, String)>, PathRejection>;

pub(super) fn routes() -> OpenApiRouter<Front> {
    let shown = async |State(front): State<Front>, name: Named, request: Request| match name {
        Ok(Path((_, model))) => one(front, model, request).await,
        Err(_) => nowhere(),
    };
    let asked = async |State(front): State<Front>, name: Named, request: Request| match name {
        Ok(Path((_, name))) => method(front, &name, request).await,
        Err(_) => nowhere(),
    };
    let all = async |State(front): State<Front>, version: Result<Path<Version>, PathRejection>, request: Request| {
        match version {
            Ok(_) => list(front, request).await,
            Err(_) => nowhere(),
        }
    };
    OpenApiRouter::new()
        .route("/gemini/{version}/models", get(all))
        .route("/gemini/{version}/models/{*name}", get(shown).post(asked))
}

fn nowhere() -> Response {
    let text = "This address leads nowhere: /gemini/v1/models/NAME:METHOD is expected, or v1beta, and a name in UTF-8.";
    refused(Dialect::Gemini, &Failure::new(Kind::NotFound, text).coded("address_unknown"))
}

/// Asks for what the last colon is followed by.
async fn method(front: Front, name: &str, request: Request) -> Response {
    let (model, method) = asked(name);
    let model = model.to_owned();
    match method {
        "generateContent" => generate(front, model, request).await,
        "streamGenerateContent" => stream(front, model, request).await,
        "embedContent" => embed(front, model, request).await,
        "batchEmbedContents" => embed_several(front, model, request).await,
        other => {
            let short: String = other.chars().take(50).collect();
            let text = format!(
                "There is no method \"{short}\" here. There are generateContent, streamGenerateContent, embedContent and \
                 batchEmbedContents."
            );
            refused(Dialect::Gemini, &Failure::new(Kind::NotFound, text).coded("method_not_found"))
        }
    }
}

/// The model's name, which may have colons in it, and the method.
fn asked(name: &str) -> (&str, &str) {
    name.rsplit_once(':').unwrap_or((name, ""))
}

/// Ask a model, as Google's Gemini API is asked
///
/// The request and the answer are those of Gemini's `generateContent`, whichever provider answers. The model is a name that
/// `GET /gemini/v1/models` lists; it may have slashes in it. SDKs are pointed at `/gemini`; `v1beta` is the same as `v1`.
/// The key comes as `x-goog-api-key`, and never in the address. Errors have Google's shape, with `RetryInfo` where there
/// is a wait.
#[utoipa::path(
    post, path = "/gemini/v1/models/{model}:generateContent", tag = "models", operation_id = "generate_content",
    security(("virtual_key" = ["chat"])),
    params(("model" = String, Path, description = "The model's name.")),
    request_body(content = serde_json::Value, description = "As Google's API describes it.", content_type = "application/json"),
    responses(
        (status = 200, description = "The answer.", body = serde_json::Value),
        (status = "default", description = "An error in Google's shape.", body = serde_json::Value)
    )
)]
async fn generate(front: Front, model: String, request: Request) -> Response {
    front.gemini(GENERATE, Operation::Chat, model, request).await
}

/// Ask a model for a stream, as Google's Gemini API is asked
///
/// The answer is a stream of events, each of which is a piece of an answer; an error in its midst is an event `{"error": …}`.
#[utoipa::path(
    post, path = "/gemini/v1/models/{model}:streamGenerateContent", tag = "models",
    operation_id = "stream_generate_content",
    security(("virtual_key" = ["chat"])),
    params(
        ("model" = String, Path, description = "The model's name."),
        ("alt" = String, Query, description = "`sse`: no other form of a stream is spoken here.")
    ),
    request_body(content = serde_json::Value, description = "As Google's API describes it.", content_type = "application/json"),
    responses(
        (status = 200, description = "The answer as a stream of events.", body = serde_json::Value),
        (status = "default", description = "An error in Google's shape.", body = serde_json::Value)
    )
)]
async fn stream(front: Front, model: String, request: Request) -> Response {
    front.gemini(STREAM, Operation::Chat, model, request).await
}

/// Turn a text into a vector, as Google's Gemini API does
#[utoipa::path(
    post, path = "/gemini/v1/models/{model}:embedContent", tag = "models", operation_id = "embed_content",
    security(("virtual_key" = ["embeddings"])),
    params(("model" = String, Path, description = "The model's name.")),
    request_body(content = serde_json::Value, description = "As Google's API describes it.", content_type = "application/json"),
    responses(
        (status = 200, description = "The vector.", body = serde_json::Value),
        (status = "default", description = "An error in Google's shape.", body = serde_json::Value)
    )
)]
async fn embed(front: Front, model: String, request: Request) -> Response {
    front.gemini(EMBED, Operation::Embeddings, model, request).await
}

/// Turn several texts into vectors, as Google's Gemini API does
#[utoipa::path(
    post, path = "/gemini/v1/models/{model}:batchEmbedContents", tag = "models", operation_id = "batch_embed_contents",
    security(("virtual_key" = ["embeddings"])),
    params(("model" = String, Path, description = "The model's name.")),
    request_body(content = serde_json::Value, description = "As Google's API describes it.", content_type = "application/json"),
    responses(
        (status = 200, description = "The vectors, in the order of the texts.", body = serde_json::Value),
        (status = "default", description = "An error in Google's shape.", body = serde_json::Value)
    )
)]
async fn embed_several(front: Front, model: String, request: Request) -> Response {
    front.gemini(EMBED_SEVERAL, Operation::Embeddings, model, request).await
}

/// List the models, as Google's Gemini API does
///
/// The names that the key may ask, all on one page.
#[utoipa::path(
    get, path = "/gemini/v1/models", tag = "models", operation_id = "list_gemini_models",
    security(("virtual_key" = ["models"])),
    responses(
        (status = 200, description = "The models.", body = serde_json::Value),
        (status = "default", description = "An error in Google's shape.", body = serde_json::Value)
    )
)]
async fn list(front: Front, request: Request) -> Response {
    let answer = front.admit_to_gemini(LIST, &request.into_parts().0).await;
    answer.map_or_else(
        |failure| refused(Dialect::Gemini, &failure),
        |caller| json(gemini::write_models(&listed(&caller))),
    )
}

/// Show a model, as Google's Gemini API does
#[utoipa::path(
    get, path = "/gemini/v1/models/{model}", tag = "models", operation_id = "get_gemini_model",
    security(("virtual_key" = ["models"])),
    params(("model" = String, Path, description = "The model's name.")),
    responses(
        (status = 200, description = "The model.", body = serde_json::Value),
        (status = "default", description = "An error in Google's shape.", body = serde_json::Value)
    )
)]
async fn one(front: Front, model: String, request: Request) -> Response {
    let head = request.into_parts().0;
    let answer = async {
        let caller = front.admit_to_gemini(ONE, &head).await?;
        let route = caller.route(&model)?;
        Ok(json(gemini::write_model(&told(route))))
    };
    answer.await.unwrap_or_else(|failure| refused(Dialect::Gemini, &failure))
}

impl Front {
    async fn admit_to_gemini(&self, route: &str, head: &Parts) -> Result<Caller, Failure> {
        if auth::key(&head.headers).is_none() && parameter(head, "key").is_some() {
            let text = "A key in an address stands in the logs of everything on the way, so that none is taken from there. \
                Send it as the header \"x-goog-api-key\".";
            return Err(Failure::new(Kind::Authentication, text).coded("key_in_address"));
        }
        self.admit_to(route, head).await
    }

    async fn gemini(&self, route: &str, operation: Operation, model: String, request: Request) -> Response {
        let answer = self.try_gemini(route, operation, model, request).await;
        answer.unwrap_or_else(|failure| refused(Dialect::Gemini, &failure))
    }

    async fn try_gemini(
        &self,
        route: &str,
        operation: Operation,
        model: String,
        request: Request,
    ) -> Result<Response, Failure> {
        let (head, body) = request.into_parts();
        let caller = self.admit_to_gemini(route, &head).await?;
        let stream = route == STREAM;
        if stream && parameter(&head, "alt") != Some("sse") {
            let text = "alt: sse is expected, as in \":streamGenerateContent?alt=sse\": streams are events here.";
            return Err(Failure::new(Kind::Invalid, text).at("alt"));
        }
        let body = read(body).await?;
        let peek = relay::peek_gemini(&body, model, stream)?;
        let several = route == EMBED_SEVERAL;
        if operation == Operation::Embeddings && peek.batch != several {
            let name = if several { "requests" } else { "content" };
            return Err(Failure::new(Kind::Invalid, format!("{name}: is missing")).at(name));
        }
        self.ask(&caller, &Question { front: Dialect::Gemini, operation, body, peek, headers: Vec::new() }).await
    }
}

/// What the address says by this name.
fn parameter<'h>(head: &'h Parts, name: &str) -> Option<&'h str> {
    let pairs = head.uri.query().unwrap_or_default().split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn names_may_have_slashes_and_colons() {
        for (name, model, method) in [
            ("openai/gpt-5-mini:generateContent", "openai/gpt-5-mini", "generateContent"),
            ("ollama/llama3.2:3b:embedContent", "ollama/llama3.2:3b", "embedContent"),
            ("plain", "plain", ""),
        ] {
            assert_eq!(asked(name), (model, method));
        }
    }
}
