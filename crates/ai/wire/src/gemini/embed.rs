//! Texts as vectors.

use bytes::Bytes;

use super::failure::read_failure;
use super::reply::read_usage;
use super::resource;
use crate::json::fields::utf8;
use crate::json::{Fields, Writer};
use crate::{Dialect, Embed, Embedded, Failure, Input, Kind, Target};

/// Where a request for vectors goes.
#[must_use]
pub fn embed_target(embed: &Embed) -> Target {
    Target::post(format!("/v1beta/{}:batchEmbedContents", resource(&embed.model)))
}

/// Writes the body of a request for vectors. Inputs that are tokens already have no word here:
/// [`crate::Dialect::can_embed`] says so beforehand.
#[must_use]
pub fn write_embed(embed: &Embed) -> Bytes {
    let own = embed.origin.is_none_or(|origin| origin == Dialect::Gemini);
    let model = resource(&embed.model);
    Writer::body(|w| {
        w.list_at("requests", |w| {
            for input in &embed.inputs {
                let Input::Text(text) = input else { continue };
                w.object(|w| {
                    w.put("model", &model);
                    w.object_at("content", |w| w.list_at("parts", |w| w.object(|w| w.put("text", text))));
                    w.maybe("outputDimensionality", embed.dimensions.as_ref());
                    if own {
                        w.rest(&embed.other);
                    }
                });
            }
        });
    })
}

/// Reads the vectors; this dialect does not say which model made them.
///
/// # Errors
/// The provider's error, or `Nonsense` for what cannot be read.
pub fn read_embedded(status: u16, body: &[u8]) -> Result<Embedded, Failure> {
    if !(200..300).contains(&status) {
        return Err(read_failure(status, None, body));
    }
    let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
    // `embedContent` gives one, `batchEmbedContents` a list.
    let list = match fields.take("embedding") {
        Some(one) => vec![one],
        None => fields.need("embeddings")?.list()?,
    };
    let vector = |node: &crate::json::Node| node.object()?.need("values")?.read("a list of numbers");
    Ok(Embedded {
        model: String::new(),
        vectors: list.iter().map(vector).collect::<Result<_, _>>()?,
        usage: fields.object("usageMetadata")?.map(read_usage).transpose()?.unwrap_or_default(),
    })
}
