//! Errors, read and written.

use bytes::Bytes;
use std::time::Duration;

use crate::fault::{foreign, kind_of_words, with_answer};
use crate::json::fields::utf8;
use crate::json::{Fields, Node, Writer};
use crate::{Failure, Kind};

/// Reads the error that came instead of an answer, whatever its body is.
#[must_use]
pub fn read_failure(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Failure {
    let read = || -> Result<Failure, Failure> {
        let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
        let error = fields.need("error")?;
        if !error.is_object() {
            return Err(error.fault("an object is expected"));
        }
        read_error(status, &error)
    };
    match read() {
        Ok(failure) => with_answer(failure, status, retry_after, body),
        Err(_) => foreign(status, retry_after, body),
    }
}

/// Reads the error itself: an object, or its words alone.
pub(super) fn read_error(status: u16, node: &Node) -> Result<Failure, Failure> {
    if node.is_text() {
        let words = node.text()?;
        let kind = kind_of_words(status, "", &words).unwrap_or_else(|| Kind::of_status(status));
        return Ok(Failure::new(kind, words));
    }
    let mut fields = node.object()?;
    let message = fields.take_if("message", Node::is_text).map(|node| node.text()).transpose()?.unwrap_or_default();
    let word = |node: Node| if node.is_text() { node.text() } else { Ok(node.raw().to_owned()) };
    let code = fields.take("code").map(word).transpose()?;
    let param = fields.take("param").map(word).transpose()?;
    let sort = fields.take("type").map(word).transpose()?;
    // In a stream, or in an answer of 200, the code may be the status.
    let status =
        code.as_deref().and_then(|code| code.parse().ok()).filter(|s| (400..600).contains(s)).unwrap_or(status);
    let by = |word: &Option<String>| kind_of_words(status, word.as_deref().unwrap_or_default(), &message);
    let kind = by(&code).or_else(|| by(&sort)).unwrap_or_else(|| Kind::of_status(status));
    let mut failure = Failure::new(kind, message);
    failure.code = code.or(sort);
    failure.param = param.filter(|param| !param.is_empty());
    failure.status = status;
    Ok(failure)
}

/// The status and the body that say this error to a caller.
#[must_use]
pub fn write_failure(failure: &Failure) -> (u16, Bytes) {
    (failure.status, Writer::body(|w| write_error(w, failure)))
}

pub(super) fn write_error(w: &mut Writer, failure: &Failure) {
    let (sort, code) = words(failure.kind);
    w.object_at("error", |w| {
        w.put("message", &failure.message);
        w.put("type", sort);
        w.put("param", &failure.param);
        // The codes that programs look for are this dialect's; a foreign provider's own says more where there is none.
        match code {
            Some(code) => w.put("code", code),
            None => w.put("code", &failure.code),
        }
    });
}

/// `type` and `code` of an error.
fn words(kind: Kind) -> (&'static str, Option<&'static str>) {
    match kind {
        Kind::Invalid | Kind::TooLarge | Kind::Cancelled => ("invalid_request_error", None),
        Kind::Authentication => ("invalid_request_error", Some("invalid_api_key")),
        Kind::Permission => ("permission_error", None),
        Kind::NotFound => ("invalid_request_error", Some("model_not_found")),
        Kind::ContextOverflow => ("invalid_request_error", Some("context_length_exceeded")),
        Kind::Refused => ("invalid_request_error", Some("content_filter")),
        Kind::RateLimited => ("rate_limit_error", Some("rate_limit_exceeded")),
        Kind::Budget => ("insufficient_quota", Some("insufficient_quota")),
        Kind::Unavailable | Kind::Nonsense => ("server_error", None),
        Kind::Timeout => ("timeout_error", None),
    }
}
