//! Texts as vectors.

use super::failure::read_failure;
use super::usage::read_usage;
use crate::json::fields::utf8;
use crate::json::{Fields, Node, Writer};
use crate::{Dialect, Embed, Embedded, Encoding, Failure, Input, Kind, Target};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

/// Where a request for vectors goes.
#[must_use]
pub fn embed_target(_: &Embed) -> Target {
    Target::post("/embeddings")
}

/// Reads the body of a request for vectors.
///
/// # Errors
/// `Invalid`, naming the field that is wrong.
pub fn read_embed(body: &[u8]) -> Result<Embed, Failure> {
    let mut fields = Fields::parse(utf8(body, Kind::Invalid)?, Kind::Invalid)?;
    let mut embed = Embed {
        model: fields.need_text("model")?,
        inputs: read_inputs(&fields.need("input")?)?,
        dimensions: fields.count("dimensions")?,
        user: fields.text("user")?,
        origin: Some(Dialect::OpenAi),
        ..Embed::default()
    };
    if let Some(node) = fields.take("encoding_format") {
        embed.encoding = match node.text()?.as_str() {
            "float" => Encoding::Float,
            "base64" => Encoding::Base64,
            _ => return Err(node.fault("float or base64 is expected")),
        };
    }
    embed.other = fields.rest()?;
    Ok(embed)
}

/// A text, texts, a list of tokens, or lists of tokens.
fn read_inputs(node: &Node) -> Result<Vec<Input>, Failure> {
    if node.is_text() {
        return Ok(vec![Input::Text(node.text()?)]);
    }
    let list = node.list()?;
    let Some(first) = list.first() else { return Err(node.fault("there is nothing to embed")) };
    if !first.is_text() && !first.is_list() {
        return Ok(vec![Input::Tokens(node.read("a text, or a list of texts or tokens")?)]);
    }
    let input = |node: &Node| {
        if node.is_text() { node.text().map(Input::Text) } else { node.read("a list of tokens").map(Input::Tokens) }
    };
    list.iter().map(input).collect()
}

/// Writes the body of a request for vectors.
#[must_use]
pub fn write_embed(embed: &Embed) -> Bytes {
    let own = embed.origin.is_none_or(|origin| origin == Dialect::OpenAi);
    Writer::body(|w| {
        w.put("model", &embed.model);
        w.list_at("input", |w| {
            for input in &embed.inputs {
                match input {
                    Input::Text(text) => w.item(text),
                    Input::Tokens(tokens) => w.item(tokens),
                }
            }
        });
        if embed.encoding == Encoding::Base64 {
            w.put("encoding_format", "base64");
        }
        w.maybe("dimensions", embed.dimensions.as_ref());
        w.maybe("user", embed.user.as_ref());
        if own {
            w.rest(&embed.other);
        }
    })
}

/// Reads the vectors, into the order of the inputs.
///
/// # Errors
/// The provider's error, or `Nonsense` for what cannot be read.
pub fn read_embedded(status: u16, body: &[u8]) -> Result<Embedded, Failure> {
    if !(200..300).contains(&status) {
        return Err(read_failure(status, None, body));
    }
    let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
    let mut vectors = Vec::new();
    for (place, node) in fields.need("data")?.list()?.into_iter().enumerate() {
        let mut item = node.object()?;
        let index = item.large("index")?.map_or(place, |index| index as usize);
        vectors.push((index, read_vector(&item.need("embedding")?)?));
    }
    vectors.sort_by_key(|(index, _)| *index);
    Ok(Embedded {
        model: fields.text("model")?.unwrap_or_default(),
        vectors: vectors.into_iter().map(|(_, vector)| vector).collect(),
        usage: fields.object("usage")?.map(read_usage).transpose()?.unwrap_or_default(),
    })
}

fn read_vector(node: &Node) -> Result<Vec<f32>, Failure> {
    if !node.is_text() {
        return node.read("a list of numbers");
    }
    let bytes = STANDARD.decode(node.text()?).map_err(|_| node.fault("is no base64"))?;
    let (floats, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(node.fault("is no list of 32-bit floats"));
    }
    Ok(floats.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
}

/// Writes the vectors as the caller wants them.
#[must_use]
pub fn write_embedded(embedded: &Embedded, encoding: Encoding) -> Bytes {
    Writer::body(|w| {
        w.put("object", "list");
        w.list_at("data", |w| {
            for (index, vector) in embedded.vectors.iter().enumerate() {
                w.object(|w| {
                    w.put("object", "embedding");
                    w.put("index", &index);
                    match encoding {
                        Encoding::Float | Encoding::Single => w.put("embedding", vector),
                        Encoding::Base64 => {
                            let bytes: Vec<u8> = vector.iter().flat_map(|number| number.to_le_bytes()).collect();
                            w.put("embedding", &STANDARD.encode(bytes));
                        }
                    }
                });
            }
        });
        w.put("model", &embedded.model);
        w.object_at("usage", |w| {
            w.put("prompt_tokens", &embedded.usage.input);
            w.put("total_tokens", &embedded.usage.input);
        });
    })
}
