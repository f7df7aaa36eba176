//! `POST /api/v1/auth/register`

use super::tokens::{self, Tokens};
use crate::accounts::Registration;
use crate::accounts::model::AccountStatus;
use crate::http::device::From;
use crate::http::problem;
use crate::{Users, guests};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use eduai_web::{Json, MaybeActor, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// An account that was made.
#[derive(Serialize, ToSchema)]
pub(super) struct RegisterResponse {
    /// Whether it may be used already.
    #[schema(inline)]
    status: AccountStatus,
    /// The first session; absent while a guardian has to agree.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<Tokens>,
}

/// Make an account
///
/// By the token of an invitation, or where an institution is open to everybody. A visitor may keep what they have made.
#[utoipa::path(
    post, path = "/api/v1/auth/register", tag = "auth", operation_id = "register",
    security(()),
    request_body = Registration,
    responses((status = 201, description = "The account is there.", body = RegisterResponse), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    MaybeActor(visitor): MaybeActor,
    from: From,
    Json(request): Json<Registration>,
) -> Result<Response, Problem> {
    let registered = users.register(&request, visitor, &from.device).await.map_err(problem)?;
    let mut response = if let Some(signed_in) = &registered.session {
        let session = tokens::of(&users, signed_in, &from).await.map_err(problem)?;
        let body = RegisterResponse { status: registered.status, session: Some(session) };
        tokens::with_cookie(&users, signed_in, (StatusCode::CREATED, Json(body)))
    } else {
        let body = RegisterResponse { status: registered.status, session: None };
        (StatusCode::CREATED, Json(body)).into_response()
    };
    if request.keep_guest_work {
        response.headers_mut().append(header::SET_COOKIE, guests::farewell());
    }
    Ok(response)
}
