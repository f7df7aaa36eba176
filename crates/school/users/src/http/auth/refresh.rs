//! `POST /api/v1/auth/refresh`

use super::tokens::{self, Tokens};
use crate::Users;
use crate::http::device::From;
use crate::http::problem;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use eduai_web::{Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;

/// The refresh token, for whoever does not keep it in a cookie.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RefreshRequest {
    /// The token; without it the cookie's.
    #[serde(default)]
    refresh_token: Option<String>,
}

/// Go on
///
/// Gives the next pair of tokens. A refresh token is good once: if it comes a second time, somebody has copied it, and
/// the session ends. There is no time in which two may come: tabs of a browser must take turns.
#[utoipa::path(
    post, path = "/api/v1/auth/refresh", tag = "auth", operation_id = "refresh",
    security(()),
    request_body = RefreshRequest,
    responses((status = 200, description = "The next pair of tokens.", body = Tokens), Problem)
)]
pub(super) async fn handler(
    State(users): State<Users>,
    headers: HeaderMap,
    from: From,
    Json(request): Json<RefreshRequest>,
) -> Response {
    let token = request.refresh_token.as_deref().or_else(|| tokens::in_cookies(&headers)).unwrap_or_default();
    let answered = match users.refresh(token, &from.device).await {
        Ok(signed_in) => tokens::answer(&users, &signed_in, &from).await,
        Err(error) => Err(error),
    };
    answered.unwrap_or_else(|error| {
        let problem: Problem = problem(error);
        let gone = problem.status_code() == axum::http::StatusCode::UNAUTHORIZED;
        let mut response = problem.into_response();
        if let Some(cookie) = tokens::farewell(&users).filter(|_| gone) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    })
}
