//! Errors, read.

use std::time::Duration;

use crate::fault::{foreign, kind_of_words, with_answer};
use crate::json::Node;
use crate::json::fields::utf8;
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
