//! Errors, read and written.

use bytes::Bytes;
use std::time::Duration;

use crate::fault::{foreign, kind_of_words, with_answer};
use crate::json::fields::utf8;
use crate::json::{Node, Writer};
use crate::{Failure, Kind};

/// Reads the error that came instead of an answer, whatever its body is. A stream's error may come in a list.
#[must_use]
pub fn read_failure(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Failure {
    let read = || -> Result<Failure, Failure> {
        let node = Node::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
        let list = if node.is_list() { node.list()? } else { vec![node.clone()] };
        let first = list.first().ok_or_else(|| node.fault("is empty"))?;
        read_error(status, &first.object()?.need("error")?)
    };
    match read() {
        Ok(failure) => with_answer(failure, status, retry_after, body),
        Err(_) => foreign(status, retry_after, body),
    }
}

pub(super) fn read_error(status: u16, node: &Node) -> Result<Failure, Failure> {
    let mut fields = node.object()?;
    let status = match fields.large("code")? {
        Some(code @ 400..=599) => code as u16,
        _ => status,
    };
    let code = fields.text("status")?;
    let message = fields.text("message")?.unwrap_or_default();
    let (mut wait, mut reason) = (None, None);
    for node in fields.list("details")? {
        let mut detail = node.object()?;
        let kind = detail.text("@type")?.unwrap_or_default();
        if kind.ends_with("google.rpc.RetryInfo") {
            wait = detail.text("retryDelay")?.and_then(|delay| read_delay(&delay));
        } else if kind.ends_with("google.rpc.ErrorInfo") {
            reason = detail.text("reason")?;
        }
    }
    let by_words = kind_of_words(status, "", &message);
    let kind = match reason.as_deref() {
        Some("API_KEY_INVALID" | "ACCESS_TOKEN_EXPIRED") => Kind::Authentication,
        _ => by_words.unwrap_or_else(|| Kind::of_status(status)),
    };
    let mut failure = Failure::new(kind, message);
    failure.status = status;
    failure.code = reason.or(code);
    failure.retry_after = wait;
    Ok(failure)
}

/// `34.074824224s`, of at most a day.
fn read_delay(text: &str) -> Option<Duration> {
    let seconds: f64 = text.strip_suffix('s')?.parse().ok()?;
    (seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(86_400.0)))
}

/// A question that a filter did not let through.
pub(super) fn blocked(reason: &str, words: Option<String>) -> Failure {
    let words = words.unwrap_or_else(|| format!("the provider blocked the question: {reason}"));
    Failure::new(Kind::Refused, words).coded(reason)
}

/// The status and the body that say this error to a caller.
#[must_use]
pub fn write_failure(failure: &Failure) -> (u16, Bytes) {
    (failure.status, Writer::body(|w| write_error(w, failure)))
}

/// Writes the error in the shape of `google.rpc.Status`, with the details of `google/rpc/error_details.proto`.
pub(super) fn write_error(w: &mut Writer, failure: &Failure) {
    // Programs tell by this number who is at fault, in the midst of a stream as well.
    let code = if (400..600).contains(&failure.status) { failure.status } else { failure.kind.status() };
    w.object_at("error", |w| {
        w.put("code", &code);
        w.put("message", &failure.message);
        w.put("status", status_word(failure.kind, code));
        w.list_at("details", |w| {
            if let Some(code) = &failure.code {
                detail(w, "ErrorInfo", |w| {
                    w.put("reason", &reason(code));
                    w.put("domain", "eduai");
                });
            }
            if let Some(param) = &failure.param {
                detail(w, "BadRequest", |w| {
                    w.list_at("fieldViolations", |w| {
                        w.object(|w| {
                            w.put("field", param);
                            w.put("description", &failure.message);
                        });
                    });
                });
            }
            if let Some(wait) = failure.retry_after {
                detail(w, "RetryInfo", |w| w.put("retryDelay", &format!("{}s", wait.as_secs_f64())));
            }
        });
    });
}

fn detail(w: &mut Writer, name: &str, write: impl FnOnce(&mut Writer)) {
    w.object(|w| {
        w.put("@type", &format!("type.googleapis.com/google.rpc.{name}"));
        write(w);
    });
}

/// Reasons are words of capitals here.
fn reason(code: &str) -> String {
    code.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// The word that `google.rpc.Code` has.
fn status_word(kind: Kind, code: u16) -> &'static str {
    match kind {
        Kind::Invalid | Kind::ContextOverflow | Kind::Refused | Kind::TooLarge => "INVALID_ARGUMENT",
        Kind::Authentication => "UNAUTHENTICATED",
        Kind::Permission => "PERMISSION_DENIED",
        Kind::NotFound => "NOT_FOUND",
        Kind::RateLimited | Kind::Budget => "RESOURCE_EXHAUSTED",
        Kind::Timeout => "DEADLINE_EXCEEDED",
        Kind::Cancelled => "CANCELLED",
        Kind::Unavailable if code == 500 => "INTERNAL",
        Kind::Unavailable => "UNAVAILABLE",
        Kind::Nonsense => "INTERNAL",
    }
}
