//! What the two ends of single sign-on share: the cookie of the browser that began it, and where it goes when it fails.

use crate::oidc::CALLBACK;
use crate::{Error, Users};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use eduai_kernel::{Failure, FailureKind};
use eduai_web::Problem;

/// Binds a sign-in to the browser that began it.
const COOKIE: &str = "eduai_sso";
/// The page that explains why somebody is not let in.
const PAGE: &str = "/sign-in/done";
/// What that page is told of the one that the sign-in began at.
const KEPT: [&str; 2] = ["to", "institution"];

/// A redirect that nobody keeps and no referrer tells of.
pub fn redirect(location: &str) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(location).map_err(|_| {
        let detail = "an address that cannot be redirected to";
        Problem::from(Failure::new(FailureKind::Internal, "bad_location", detail))
    })?;
    let mut response = StatusCode::FOUND.into_response();
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, location);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

/// Sends a browser to the page that explains an error. Faults of ours are told by no more than a code.
pub fn explained(error: Error, return_to: Option<&str>) -> Result<Response, Problem> {
    let failure = Failure::from(error);
    let code = failure.code;
    // As every other failure it goes into the log, where it is one of ours.
    let problem = Problem::from(failure);
    if problem.status_code() == StatusCode::TOO_MANY_REQUESTS {
        return Err(problem);
    }
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("error", code);
    // Where the person wants to be in the end and whose providers they were shown, which the page that they were to come
    // back to knows, so that they can try again.
    let to = return_to.and_then(|path| path.strip_prefix("/sign-in/done?"));
    for (name, value) in to.into_iter().flat_map(|query| form_urlencoded::parse(query.as_bytes())) {
        if KEPT.contains(&&*name) {
            query.append_pair(&name, &value);
        }
    }
    redirect(&format!("{PAGE}?{}", query.finish()))
}

/// The cookie for as long as a sign-in may take.
pub fn cookie(users: &Users, value: &str, seconds: i64) -> Option<HeaderValue> {
    let secure = if users.0.settings.https { "; Secure" } else { "" };
    // Lax: it has to come along when the provider sends the browser back.
    let text = format!("{COOKIE}={value}; Path={CALLBACK}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}

/// The cookie in a request.
pub fn in_cookies(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}
