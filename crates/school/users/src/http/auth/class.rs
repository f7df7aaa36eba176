//! `POST /api/v1/auth/class`

use super::tokens::{self, Tokens};
use crate::Users;
use crate::http::device::From;
use crate::http::problem;
use axum::extract::State;
use axum::response::Response;
use eduai_web::{Json, MaybeActor, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// A class's code, a nickname, and a PIN or three pictures.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassSignIn {
    /// The code of the class.
    code: String,
    /// The nickname in it.
    nickname: String,
    /// 4 to 8 digits.
    #[serde(default)]
    pin: Option<String>,
    /// Three pictures in their order.
    #[serde(default)]
    pictures: Option<Vec<String>>,
    /// Whether what was made as a visitor is given to the account.
    #[serde(default)]
    keep_guest_work: bool,
}

/// Sign in with the code of a class
///
/// For pupils without an e-mail address.
#[utoipa::path(
    post, path = "/api/v1/auth/class", tag = "auth", operation_id = "class_sign_in",
    security(()),
    request_body = ClassSignIn,
    responses((status = 200, description = "Signed in.", body = Tokens), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    MaybeActor(visitor): MaybeActor,
    from: From,
    Json(request): Json<ClassSignIn>,
) -> Result<Response, Problem> {
    let signed_in = users
        .class_sign_in(
            &request.code,
            &request.nickname,
            request.pin.as_deref(),
            request.pictures.as_deref(),
            &from.device,
        )
        .await
        .map_err(problem)?;
    if request.keep_guest_work {
        users.adopt(visitor, &signed_in).await.map_err(problem)?;
    }
    tokens::answer(&users, &signed_in, &from).await.map_err(problem)
}
