//! Proving who one is.

mod class;
mod class_card;
mod email_resend;
mod email_verify;
mod institutions;
mod invitation;
mod login;
mod logout;
mod oidc_callback;
mod oidc_start;
mod passkey;
mod passkey_options;
mod password_forgot;
mod password_reset;
mod providers;
mod refresh;
mod register;
mod sso;
mod tokens;

use crate::Users;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Users> {
    OpenApiRouter::new()
        .routes(routes!(register::handler))
        .routes(routes!(login::handler))
        .routes(routes!(refresh::handler))
        .routes(routes!(logout::handler))
        .routes(routes!(password_forgot::handler))
        .routes(routes!(password_reset::handler))
        .routes(routes!(email_verify::handler))
        .routes(routes!(email_resend::handler))
        .routes(routes!(invitation::handler))
        .routes(routes!(institutions::handler))
        .routes(routes!(class_card::handler))
        .routes(routes!(class::handler))
        .routes(routes!(passkey_options::handler))
        .routes(routes!(passkey::handler))
        .routes(routes!(providers::handler))
        .routes(routes!(oidc_start::handler))
        .routes(routes!(oidc_callback::handler))
}
