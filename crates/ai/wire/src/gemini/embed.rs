//! Texts as vectors.

use bytes::Bytes;

use super::failure::read_failure;
use super::reply::read_usage;
use super::resource;
use super::turns::read_alone;
use crate::json::fields::utf8;
use crate::json::{Fields, Node, Writer};
use crate::{Dialect, Embed, Embedded, Encoding, Failure, Input, Kind, Part, Target};

/// Where a request for vectors goes.
#[must_use]
pub fn embed_target(embed: &Embed) -> Target {
    Target::post(format!("/v1beta/{}:batchEmbedContents", resource(&embed.model)))
}

/// Reads the body of a request for vectors: of one text (`embedContent`), or of several (`batchEmbedContents`). The model
/// is left empty, because it stands in the path.
///
/// # Errors
/// `Invalid`, naming the field that is wrong.
pub fn read_embed(body: &[u8]) -> Result<Embed, Failure> {
    let mut fields = Fields::parse(utf8(body, Kind::Invalid)?, Kind::Invalid)?.in_camel_case();
    let mut embed = Embed { origin: Some(Dialect::Gemini), ..Embed::default() };
    let Some(requests) = fields.take("requests") else {
        embed.encoding = Encoding::Single;
        read_one(fields, &mut embed)?;
        return Ok(embed);
    };
    let requests = requests.list()?;
    for node in &requests {
        read_one(node.object()?.in_camel_case(), &mut embed)?;
    }
    if requests.is_empty() {
        return Err(fields.fault("requests", "there is nothing to embed"));
    }
    Ok(embed)
}

/// One text. Of what is said beside it, that holds which is said of all.
fn read_one(mut fields: Fields, embed: &mut Embed) -> Result<(), Failure> {
    let content = fields.need("content")?;
    let text = read_alone(&content)?.iter().map(|part| said(&content, part)).collect::<Result<String, _>>()?;
    let dimensions = fields.count("outputDimensionality")?;
    let first = embed.inputs.is_empty();
    if !first && dimensions != embed.dimensions {
        return Err(fields.fault("outputDimensionality", "is not the same in all requests"));
    }
    fields.take("model");
    let other = fields.rest()?;
    if first {
        embed.other = other;
    } else {
        embed.other.retain(|name, value| other.get(name) == Some(value));
    }
    embed.dimensions = dimensions;
    embed.inputs.push(Input::Text(text));
    Ok(())
}

fn said(content: &Node, part: &Part) -> Result<String, Failure> {
    part.text().map(str::to_owned).ok_or_else(|| content.fault("only texts can be embedded"))
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
    let vector = |node: &Node| node.object()?.need("values")?.read("a list of numbers");
    Ok(Embedded {
        model: String::new(),
        vectors: list.iter().map(vector).collect::<Result<_, _>>()?,
        usage: fields.object("usageMetadata")?.map(read_usage).transpose()?.unwrap_or_default(),
    })
}

/// Writes the vectors as the caller wants them.
#[must_use]
pub fn write_embedded(embedded: &Embedded, encoding: Encoding) -> Bytes {
    let values = |w: &mut Writer, vector: &Vec<f32>| w.put("values", vector);
    Writer::body(|w| {
        match embedded.vectors.as_slice() {
            [vector] if encoding == Encoding::Single => w.object_at("embedding", |w| values(w, vector)),
            vectors => w.list_at("embeddings", |w| {
                for vector in vectors {
                    w.object(|w| values(w, vector));
                }
            }),
        }
        w.object_at("usageMetadata", |w| w.put("promptTokenCount", &embedded.usage.input));
    })
}
