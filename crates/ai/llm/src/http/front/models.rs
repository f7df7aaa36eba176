//! `GET /v1/models`

use super::{Front, JSON, refused};
use crate::call::Caller;
use crate::tenant::Route;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;
use bytes::Bytes;
use eduai_wire::{Dialect, Failure, Model, openai};

/// List the models, as OpenAI's API does
///
/// The names that the key may ask: what the operator and the institution's administrator have set.
#[utoipa::path(
    get, path = "/v1/models", tag = "models", operation_id = "list_gateway_models",
    security(("virtual_key" = ["models"])),
    responses(
        (status = 200, description = "The models.", body = serde_json::Value),
        (status = "default", description = "An error in OpenAI's shape.", body = serde_json::Value)
    )
)]
pub(super) async fn handler(State(front): State<Front>, request: Request) -> Response {
    front.models(&request.into_parts().0).await.unwrap_or_else(|failure| refused(Dialect::OpenAi, &failure))
}

impl Front {
    async fn models(&self, request: &Parts) -> Result<Response, Failure> {
        let caller = self.admit(request).await?;
        Ok(json(openai::write_models(&listed(&caller))))
    }
}

/// The names that the caller's key may ask.
pub(super) fn listed(caller: &Caller) -> Vec<Model> {
    let may_ask = |name: &str| caller.key.as_ref().is_none_or(|key| key.may_ask(name));
    caller.tenant.routes.values().filter(|route| may_ask(&route.model)).map(|route| told(route)).collect()
}

/// What is told of a model: its name, and who answers first by it.
pub(super) fn told(route: &Route) -> Model {
    let owner = route.targets.first().map(|target| target.provider.name.to_string());
    Model { id: route.model.to_string(), owner, ..Model::default() }
}

pub(super) fn json(body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}
