//! `POST /api/v1/auth/login`

use super::tokens::{self, Tokens};
use crate::Users;
use crate::http::device::From;
use crate::http::problem;
use axum::extract::State;
use axum::response::Response;
use eduai_kernel::id::InstitutionId;
use eduai_web::{Json, MaybeActor, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// Address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginRequest {
    /// The address of the account.
    email: String,
    /// Its password.
    password: String,
    /// Which institution, for those who have accounts in several.
    #[serde(default)]
    institution_id: Option<InstitutionId>,
    /// Whether what was made as a visitor is given to the account.
    #[serde(default)]
    keep_guest_work: bool,
}

/// Sign in
///
/// Five failures in fifteen minutes block an account for an address. The answer takes the same time whether there is an
/// account or not.
#[utoipa::path(
    post, path = "/api/v1/auth/login", tag = "auth", operation_id = "login",
    security(()),
    request_body = LoginRequest,
    responses((status = 200, description = "Signed in.", body = Tokens), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    MaybeActor(visitor): MaybeActor,
    from: From,
    Json(request): Json<LoginRequest>,
) -> Result<Response, Problem> {
    let signed_in =
        users.login(&request.email, &request.password, request.institution_id, &from.device).await.map_err(problem)?;
    if request.keep_guest_work {
        users.adopt(visitor, &signed_in).await.map_err(problem)?;
    }
    tokens::answer(&users, &signed_in, &from).await.map_err(problem)
}
