//! Classes that sign in with a code.

mod add_members;
mod change;
mod change_member;
mod create;
mod delete;
mod get;
mod list;
mod remove_member;
mod renew_code;

use crate::Users;
use crate::classes::Class;
use axum::response::{IntoResponse as _, Response};
use eduai_web::{ETag, Json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Users> {
    OpenApiRouter::new()
        .routes(routes!(list::handler, create::handler))
        .routes(routes!(get::handler, change::handler, delete::handler))
        .routes(routes!(renew_code::handler))
        .routes(routes!(add_members::handler))
        .routes(routes!(change_member::handler, remove_member::handler))
}

/// The answer that describes a class, with its `ETag`.
fn described(class: Class) -> Response {
    (ETag::of_version(i64::from(class.version)), Json(class)).into_response()
}
