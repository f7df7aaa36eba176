//! What the providers' errors have in common: words by which one is known whatever its status, and bodies that are not
//! what the dialect says.

use crate::{Failure, Kind};
use bytes::Bytes;
use serde_json::Value;
use std::time::Duration;

/// What an error's own words say, where they say more than its status.
pub(crate) fn kind_of_words(status: u16, code: &str, message: &str) -> Option<Kind> {
    let message = message.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
    let kind = match code {
        "context_length_exceeded" | "exceed_context_size_error" | "model_context_window_exceeded" => {
            Kind::ContextOverflow
        }
        "insufficient_quota" | "billing_error" | "billing_hard_limit_reached" => Kind::Budget,
        "content_policy_violation" | "content_filter" | "refusal" => Kind::Refused,
        "model_not_found" | "not_found_error" => Kind::NotFound,
        "invalid_api_key" | "authentication_error" => Kind::Authentication,
        "permission_error" => Kind::Permission,
        "rate_limit_exceeded" | "rate_limit_error" => Kind::RateLimited,
        "request_too_large" => Kind::TooLarge,
        "overloaded_error" | "api_error" | "server_error" | "stream_cut" => Kind::Unavailable,
        "timeout_error" => Kind::Timeout,
        _ if (400..500).contains(&status)
            && says(&[
                "maximum context length",
                "context length exceeded",
                "context_length_exceeded",
                "exceeds the available context size",
                "exceed context limit",
                "prompt is too long",
                "input is too long",
                "input token count",
                "exceeds the context window",
                "exceeds the maximum number of tokens",
            ]) =>
        {
            Kind::ContextOverflow
        }
        _ if status == 400 && says(&["api key not valid", "api key expired", "api_key_invalid"]) => {
            Kind::Authentication
        }
        _ if status == 400 && says(&["credit balance is too low"]) => Kind::Budget,
        _ => return None,
    };
    // A code that means one thing in a body must not turn a server's fault into the caller's.
    (status < 500 || matches!(kind, Kind::Unavailable | Kind::Timeout)).then_some(kind)
}

/// The error of a body that is not the dialect's: its first words, for whoever looks for the reason.
pub(crate) fn foreign(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Failure {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let found =
        ["message", "detail", "error", "error_description", "msg"].iter().find_map(|name| value.get(name)?.as_str());
    let words = found.map_or_else(|| String::from_utf8_lossy(body), Into::into);
    let mut words: String = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect();
    if words.is_empty() {
        words = format!("the provider answered {status} and said nothing");
    }
    let code = value.get("code").or_else(|| value.get("type")).and_then(Value::as_str).unwrap_or_default();
    let kind = kind_of_words(status, code, &words).unwrap_or_else(|| Kind::of_status(status));
    let mut failure = Failure::new(kind, words);
    failure.code = (!code.is_empty()).then(|| code.to_owned());
    with_answer(failure, status, retry_after, body)
}

/// The same, with what came with it.
pub(crate) fn with_answer(mut failure: Failure, status: u16, retry_after: Option<Duration>, body: &[u8]) -> Failure {
    failure.status = if (400..600).contains(&status) { status } else { failure.kind.status() };
    failure.retry_after = retry_after.or(failure.retry_after);
    failure.raw = Some(Bytes::copy_from_slice(body));
    failure
}
