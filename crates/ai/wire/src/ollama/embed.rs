//! Texts as vectors.

use bytes::Bytes;

use super::failure::read_failure;
use crate::json::fields::utf8;
use crate::json::{Fields, Writer};
use crate::{Dialect, Embed, Embedded, Failure, Input, Kind, Target, Usage};

/// Where a request for vectors goes.
#[must_use]
pub fn embed_target(_: &Embed) -> Target {
    Target::post("/api/embed")
}

/// Writes the body of a request for vectors. Inputs that are tokens already have no word here:
/// [`crate::Dialect::can_embed`] says so beforehand.
#[must_use]
pub fn write_embed(embed: &Embed) -> Bytes {
    let own = embed.origin.is_none_or(|origin| origin == Dialect::Ollama);
    Writer::body(|w| {
        w.put("model", &embed.model);
        w.list_at("input", |w| {
            for input in &embed.inputs {
                if let Input::Text(text) = input {
                    w.item(text);
                }
            }
        });
        w.maybe("dimensions", embed.dimensions.as_ref());
        if own {
            w.rest(&embed.other);
        }
    })
}

/// Reads the vectors.
///
/// # Errors
/// The provider's error, or `Nonsense` for what cannot be read.
pub fn read_embedded(status: u16, body: &[u8]) -> Result<Embedded, Failure> {
    if !(200..300).contains(&status) {
        return Err(read_failure(status, None, body));
    }
    let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
    Ok(Embedded {
        model: fields.text("model")?.unwrap_or_default(),
        vectors: fields.need("embeddings")?.read("lists of numbers")?,
        usage: Usage { input: fields.large("prompt_eval_count")?.unwrap_or_default(), ..Usage::default() },
    })
}
