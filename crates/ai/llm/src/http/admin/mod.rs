//! What administrators see and set of language models.

mod budgets;
mod keys;
mod models;
mod privacy;
mod providers;
mod pull;
mod routes;
mod transcripts;

use crate::gateway::Gateway;
use axum::response::{IntoResponse as _, Response};
use eduai_kernel::Failure;
use eduai_web::{ETag, IfMatch, Json};
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Gateway> {
    OpenApiRouter::new()
        .routes(routes!(models::list))
        .routes(routes!(providers::list, providers::create))
        .routes(routes!(providers::get, providers::change, providers::remove))
        .routes(routes!(providers::test))
        .routes(routes!(pull::handler))
        .routes(routes!(privacy::get))
        .routes(routes!(routes::list, routes::create))
        .routes(routes!(routes::change, routes::remove))
        .routes(routes!(keys::list, keys::create))
        .routes(routes!(keys::change, keys::remove))
        .routes(routes!(budgets::list, budgets::create))
        .routes(routes!(budgets::change, budgets::remove))
        .routes(routes!(transcripts::list))
        .routes(routes!(transcripts::open))
}

/// The answer that describes something at this version, with its `ETag`.
fn described<T: Serialize>(version: i32, shown: T) -> Response {
    (ETag::of_version(i64::from(version)), Json(shown)).into_response()
}

/// Whether whoever asks knows the version that there is.
fn agrees(if_match: &IfMatch) -> impl FnOnce(i32) -> Result<(), Failure> {
    |version| if_match.check(&ETag::of_version(i64::from(version)))
}
