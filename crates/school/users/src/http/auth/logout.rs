//! `POST /api/v1/auth/logout`

use super::tokens;
use crate::Users;
use crate::http::problem;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use eduai_web::Problem;

/// Sign out
///
/// Ends the session of the access token, of the refresh token in the cookie, or of both. Signing out twice is no fault.
#[utoipa::path(
    post, path = "/api/v1/auth/logout", tag = "auth", operation_id = "logout",
    security(()),
    responses((status = 204, description = "Signed out."), Problem)
)]
pub(super) async fn handler(State(users): State<Users>, headers: HeaderMap) -> Result<Response, Problem> {
    let proof = users.proof(&headers).await.map_err(problem)?;
    users.logout(tokens::in_cookies(&headers), proof).await.map_err(problem)?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = tokens::farewell(&users) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
