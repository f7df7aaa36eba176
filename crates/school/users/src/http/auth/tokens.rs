//! What a sign-in is answered with.

use crate::http::device::From;
use crate::sessions::{REFRESH_LASTS, SignedIn};
use crate::{Error, Me, Users};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use eduai_web::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// The cookie that browsers keep the refresh token in.
const COOKIE: &str = "eduai_refresh";

/// Tokens, and whose they are.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tokens {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// For how many seconds it is good.
    pub expires_in: i64,
    /// Good once, for the next pair of tokens. Browsers get it as a cookie that scripts cannot read, and not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who signed in.
    pub user: Me,
}

/// The tokens of somebody who has signed in, for a body.
pub async fn of(users: &Users, signed_in: &SignedIn, from: &From) -> Result<Tokens, Error> {
    Ok(Tokens {
        access_token: signed_in.access_token.clone(),
        token_type: "Bearer",
        expires_in: signed_in.access_lasts.as_secs(),
        refresh_token: (!from.browser).then(|| signed_in.refresh_token.clone()),
        user: users.me(&signed_in.actor).await?,
    })
}

/// The answer to a sign-in: tokens, and the cookie for browsers.
pub async fn answer(users: &Users, signed_in: &SignedIn, from: &From) -> Result<Response, Error> {
    let tokens = of(users, signed_in, from).await?;
    Ok(with_cookie(users, signed_in, (StatusCode::OK, Json(tokens))))
}

/// `answer`, with the refresh token as a cookie and not to be kept by anybody.
pub fn with_cookie(users: &Users, signed_in: &SignedIn, answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(cookie) = cookie(users, &signed_in.refresh_token, REFRESH_LASTS.as_secs()) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

/// A cookie that takes the refresh token away.
pub fn farewell(users: &Users) -> Option<HeaderValue> {
    cookie(users, "", 0)
}

fn cookie(users: &Users, value: &str, seconds: i64) -> Option<HeaderValue> {
    let secure = if users.0.settings.https { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/api/v1/auth; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).ok()
}

/// The refresh token in a request's cookies.
pub fn in_cookies(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}
