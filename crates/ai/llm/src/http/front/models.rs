//! `GET /v1/models`

use super::{Front, JSON, refused};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;
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
        let may_ask = |name: &str| caller.key.as_ref().is_none_or(|key| key.may_ask(name));
        let owner = |route: &crate::tenant::Route| route.targets.first().map(|target| target.provider.name.to_string());
        let listed = caller.tenant.routes.values().filter(|route| may_ask(&route.model));
        let models: Vec<Model> = listed
            .map(|route| Model { id: route.model.to_string(), owner: owner(route), ..Model::default() })
            .collect();
        let mut response = Response::new(Body::from(openai::write_models(&models)));
        response.headers_mut().insert(header::CONTENT_TYPE, JSON);
        Ok(response)
    }
}
