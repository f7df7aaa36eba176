//! Every failure leaves the program as a problem document (RFC 9457), and is made into one here only.

use crate::request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use eduai_kernel::{Failure, FailureKind, FieldFault};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::openapi::{ContentBuilder, RefOr, ResponseBuilder, schema::Ref};
use utoipa::{IntoResponses, ToSchema};

/// The media type of problem documents.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong, in a form that programs can act on and people can read (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem: `urn:eduai:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in a few words; the same for every problem of this status.
    pub title: String,
    /// The HTTP status, repeated for whoever sees the body alone.
    pub status: u16,
    /// What happened here, and what to do about it.
    pub detail: String,
    /// A stable code to act upon: `unknown_field`, `mashup_not_found`.
    pub code: String,
    /// The fields at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldFault>,
    /// The request's id, which is also in the log and in the `X-Request-Id` header.
    pub request_id: String,
    /// After how many seconds another try makes sense; it becomes the `Retry-After` header.
    #[serde(skip)]
    #[schema(ignore)]
    pub retry_after_seconds: Option<u64>,
}

impl Problem {
    /// A problem of this status. For what HTTP itself forbids; use cases fail with a [`Failure`].
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:eduai:problem:{code}"),
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            errors: Vec::new(),
            request_id: request::current_id(),
            retry_after_seconds: None,
        }
    }

    /// The same problem, and the field that is at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.errors.push(FieldFault::new(field, self.code.clone(), self.detail.clone()));
        self
    }

    /// The HTTP status.
    pub fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The one place where kinds of failure become statuses.
fn status_of(kind: FailureKind) -> StatusCode {
    match kind {
        FailureKind::Malformed => StatusCode::BAD_REQUEST,
        FailureKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FailureKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        FailureKind::Forbidden => StatusCode::FORBIDDEN,
        FailureKind::NotFound => StatusCode::NOT_FOUND,
        FailureKind::Conflict => StatusCode::CONFLICT,
        FailureKind::Stale => StatusCode::PRECONDITION_FAILED,
        FailureKind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        FailureKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        FailureKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let status = status_of(failure.kind);
        let detail = if failure.kind == FailureKind::Internal {
            tracing::error!(
                code = failure.code,
                detail = failure.detail,
                request_id = request::current_id(),
                "request failed"
            );
            "Something went wrong on our side. It has been recorded under this request_id.".to_owned()
        } else {
            failure.detail
        };
        let mut problem = Self::new(status, failure.code, detail);
        problem.errors = failure.fields;
        problem.retry_after_seconds = failure.retry_after_seconds;
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status_code(), [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status_code() == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"eduai\""));
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.extensions_mut().insert(Finished);
        response
    }
}

/// Marks an answer that is already a problem document.
#[derive(Clone, Copy)]
struct Finished;

/// Makes a problem document of any error answer that is not one yet: a route that does not exist, a wrong method,
/// a refusal by a library.
pub fn finish(response: Response) -> Response {
    if response.extensions().get::<Finished>().is_some() {
        return response;
    }
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || has_own_words(&response) {
        return response;
    }
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => {
            ("no_such_route", "There is nothing at this address. The routes are listed at /openapi.json.")
        }
        StatusCode::METHOD_NOT_ALLOWED => (
            "method_not_allowed",
            "This address does not know that method. The Allow header lists the ones that it does.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("body_too_large", "The body is larger than this address accepts."),
        s if s.is_server_error() => {
            tracing::error!(status = s.as_u16(), request_id = request::current_id(), "request failed without a cause");
            ("internal", "Something went wrong on our side. It has been recorded under this request_id.")
        }
        _ => ("refused", "The request was refused."),
    };
    let kept: Vec<_> = [header::ALLOW, header::RETRY_AFTER, header::SET_COOKIE]
        .into_iter()
        .filter_map(|name| response.headers().get(&name).cloned().map(|value| (name, value)))
        .collect();
    let mut problem = Problem::new(status, code, detail).into_response();
    problem.headers_mut().extend(kept);
    problem
}

/// Whether a handler wrote this answer itself: a page, a readiness report. Libraries refuse in plain text or in silence.
fn has_own_words(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"))
}

impl IntoResponses for Problem {
    fn responses() -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new()
            .description("A problem document (RFC 9457): `code` says what went wrong, `errors` names the fields.")
            .content(PROBLEM_JSON, content)
            .build();
        BTreeMap::from([("default".to_owned(), response.into())])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_failure_says_nothing_of_its_cause() {
        let problem = Problem::from(Failure::new(FailureKind::Internal, "database", "password of user eduai is wrong"));
        assert_eq!(problem.status, 500);
        assert!(!problem.detail.contains("password"));
    }

    #[test]
    fn a_failure_keeps_its_code_its_fields_and_its_waiting_time() {
        let mut failure = Failure::invalid(vec![FieldFault::new("genres[1]", "unknown_genre", "No such genre.")]);
        failure.retry_after_seconds = Some(7);
        let problem = Problem::from(failure);
        assert_eq!((problem.status, problem.code.as_str()), (422, "invalid_request"));
        assert_eq!(problem.errors[0].field, "genres[1]");
        let response = problem.into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "7");
        assert_eq!(response.headers()[header::CONTENT_TYPE], PROBLEM_JSON);
    }
}
