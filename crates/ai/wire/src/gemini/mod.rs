//! Google's Gemini API, both ways.
//!
//! Source: `googleapis/js-genai` (`src/types.ts` and `src/converters`, August 2026) and the pages on function calling,
//! structured output, thinking and thought signatures of `ai.google.dev`.
//!
//! The base address is `https://generativelanguage.googleapis.com`; the version is part of the path.

mod content;
mod embed;
mod failure;
mod models;
mod reply;
mod request;
mod schema;
mod stream_read;
mod stream_write;
mod turns;
mod write;

pub use embed::{embed_target, read_embed, read_embedded, write_embed, write_embedded};
pub use failure::{read_failure, write_failure};
pub use models::{models_target, read_models, write_model, write_models};
pub use reply::{read_reply, write_reply};
pub use request::read_request;
pub use stream_read::StreamReader;
pub use stream_write::StreamWriter;
pub use write::write_request;

pub(crate) use reply::look;
pub(crate) use request::unsayable;
pub(crate) use stream_read::Glancing as StreamState;

use crate::{Chat, Target};

/// Where a chat goes: the model's name and whether it is streamed stand in the path.
#[must_use]
pub fn target(chat: &Chat) -> Target {
    let action = if chat.stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
    Target::post(format!("/v1beta/{}:{action}", resource(&chat.model)))
}

/// Where a question goes that passes as it came: as it asks for one text's vector or several texts' (`batch`).
#[must_use]
pub fn embed_path(model: &str, batch: bool) -> String {
    format!("/v1beta/{}:{}", resource(model), if batch { "batchEmbedContents" } else { "embedContent" })
}

/// A model's name as a resource, safe in a path: `models/gemini-2.5-flash`.
pub(crate) fn resource(model: &str) -> String {
    let (kind, name) = match model.split_once('/') {
        Some((kind @ ("models" | "tunedModels"), name)) => (kind, name),
        _ => ("models", model),
    };
    let mut out = format!("{kind}/");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            out.push(char::from(byte));
        } else {
            let hex = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default().to_ascii_uppercase();
            out.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    out
}

/// Major and minor version by a model's name; the newest for a name that has none.
fn version(model: &str) -> (u32, u32) {
    let Some(rest) = model.rsplit('/').next().and_then(|name| name.strip_prefix("gemini-")) else { return (0, 0) };
    let word = rest.split('-').next().unwrap_or_default();
    let mut numbers = word.split('.').map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), minor) => (major, minor.and_then(Result::ok).unwrap_or_default()),
        _ => (u32::MAX, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_in_a_path() {
        assert_eq!(resource("gemini-2.5-flash"), "models/gemini-2.5-flash");
        assert_eq!(resource("tunedModels/x-1"), "tunedModels/x-1");
        assert_eq!(resource("../../v1/x?a=b#é"), "models/..%2F..%2Fv1%2Fx%3Fa%3Db%23%C3%A9");
    }

    #[test]
    fn names_tell_versions() {
        assert_eq!(version("gemini-2.5-flash"), (2, 5));
        assert_eq!(version("models/gemini-3-pro-preview"), (3, 0));
        assert_eq!(version("gemini-flash-latest"), (u32::MAX, 0));
        assert_eq!(version("gemma-3-27b-it"), (0, 0));
    }
}
