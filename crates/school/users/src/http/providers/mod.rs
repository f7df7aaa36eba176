//! Providers of single sign-on, for administrators.

mod change;
mod create;
mod get;
mod list;
mod remove;
mod test;

use crate::Users;
use crate::oidc::ProviderView;
use axum::response::{IntoResponse as _, Response};
use eduai_web::{ETag, Json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Users> {
    OpenApiRouter::new()
        .routes(routes!(list::handler, create::handler))
        .routes(routes!(get::handler, change::handler, remove::handler))
        .routes(routes!(test::handler))
}

/// The answer that describes a provider, with its `ETag`.
fn described(provider: ProviderView) -> Response {
    (ETag::of_version(i64::from(provider.version)), Json(provider)).into_response()
}
