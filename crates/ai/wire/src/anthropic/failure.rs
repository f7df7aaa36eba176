//! Errors, read and written.

use bytes::Bytes;
use std::time::Duration;

use crate::fault::{foreign, kind_of_words, with_answer};
use crate::json::fields::utf8;
use crate::json::{Fields, Writer};
use crate::{Failure, Kind};

/// Reads the error that came instead of an answer, whatever its body is.
#[must_use]
pub fn read_failure(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Failure {
    let read = || -> Result<Failure, Failure> {
        let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
        read_error(status, fields.need("error")?.object()?)
    };
    match read() {
        Ok(failure) => with_answer(failure, status, retry_after, body),
        Err(_) => foreign(status, retry_after, body),
    }
}

/// Reads the error itself. In a stream it has no status but what its type says.
pub(super) fn read_error(status: u16, mut fields: Fields) -> Result<Failure, Failure> {
    let code = fields.need_text("type")?;
    let message = fields.text("message")?.unwrap_or_default();
    let status = if status == 200 { status_of(&code) } else { status };
    let words = if code == "invalid_request_error" { "" } else { &code };
    let kind = kind_of_words(status, words, &message).unwrap_or_else(|| Kind::of_status(status));
    let mut failure = Failure::new(kind, message).coded(code);
    failure.status = status;
    Ok(failure)
}

fn status_of(code: &str) -> u16 {
    match code {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "billing_error" => 402,
        "permission_error" => 403,
        "not_found_error" => 404,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        "timeout_error" => 504,
        "overloaded_error" => 529,
        _ => 500,
    }
}

/// The status and the body that say this error to a caller.
#[must_use]
pub fn write_failure(failure: &Failure) -> (u16, Bytes) {
    (failure.status, Writer::body(|w| write_error(w, failure)))
}

pub(super) fn write_error(w: &mut Writer, failure: &Failure) {
    w.put("type", "error");
    w.object_at("error", |w| {
        w.put("type", code_of(failure));
        // Programs know a context that is too long by these words alone.
        let known = failure.message.contains("prompt is too long");
        if failure.kind == Kind::ContextOverflow && !known {
            w.put("message", &format!("prompt is too long: {}", failure.message));
        } else {
            w.put("message", &failure.message);
        }
    });
}

fn code_of(failure: &Failure) -> &'static str {
    match failure.kind {
        Kind::Invalid | Kind::ContextOverflow | Kind::Refused | Kind::Cancelled => "invalid_request_error",
        Kind::Authentication => "authentication_error",
        Kind::Permission => "permission_error",
        Kind::NotFound => "not_found_error",
        Kind::TooLarge => "request_too_large",
        Kind::RateLimited => "rate_limit_error",
        Kind::Budget => "billing_error",
        Kind::Timeout => "timeout_error",
        Kind::Unavailable if matches!(failure.status, 503 | 529) => "overloaded_error",
        Kind::Unavailable | Kind::Nonsense => "api_error",
    }
}
