//! People, for their administrators, teachers and guardians.

mod change;
mod create;
mod delete;
mod get;
mod invitations;
mod invite;
mod list;
mod restore;
mod sign_out;
mod withdraw;

use crate::Users;
use crate::accounts::model::User;
use axum::response::{IntoResponse as _, Response};
use eduai_web::{ETag, Json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Users> {
    OpenApiRouter::new()
        .routes(routes!(list::handler, create::handler))
        .routes(routes!(invitations::handler, invite::handler))
        .routes(routes!(withdraw::handler))
        .routes(routes!(get::handler, change::handler, delete::handler))
        .routes(routes!(restore::handler))
        .routes(routes!(sign_out::handler))
}

/// The answer that describes a person, with the `ETag` of their account.
fn described(user: User) -> Response {
    (ETag::of_version(i64::from(user.version)), Json(user)).into_response()
}
