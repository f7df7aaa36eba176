//! The institution itself.

mod change;
mod create;
mod get;
mod list;

use crate::Users;
use crate::institutions::InstitutionView;
use axum::response::{IntoResponse as _, Response};
use eduai_web::{ETag, Json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Users> {
    OpenApiRouter::new().routes(routes!(get::handler, change::handler)).routes(routes!(list::handler, create::handler))
}

/// The answer that describes an institution, with its `ETag`.
fn described(institution: InstitutionView) -> Response {
    (ETag::of_version(i64::from(institution.version)), Json(institution)).into_response()
}
