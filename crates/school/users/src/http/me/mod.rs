//! Oneself.

mod add_passkey;
mod change;
mod end_session;
mod end_sessions;
mod get;
mod identities;
mod passkey_options;
mod passkeys;
mod password;
mod remove_passkey;
mod sessions;
mod unlink_identity;

use crate::Users;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Users> {
    OpenApiRouter::new()
        .routes(routes!(get::handler))
        .routes(routes!(change::handler))
        .routes(routes!(password::handler))
        .routes(routes!(sessions::handler, end_sessions::handler))
        .routes(routes!(end_session::handler))
        .routes(routes!(passkeys::handler, add_passkey::handler))
        .routes(routes!(passkey_options::handler))
        .routes(routes!(remove_passkey::handler))
        .routes(routes!(identities::handler))
        .routes(routes!(unlink_identity::handler))
}

/// The answer that describes oneself, with the `ETag` of one's account.
fn described(me: crate::Me) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    match &me.user {
        Some(user) => (eduai_web::ETag::of_version(i64::from(user.version)), eduai_web::Json(me)).into_response(),
        None => eduai_web::Json(me).into_response(),
    }
}
