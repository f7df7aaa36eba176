//! Blocks of content, read and written.

use serde_json::{Map, Value};

use super::ANSWER_TOOL;
use crate::json::{Node, Writer};
use crate::{Failure, Part, Source};

/// A text, or a list of blocks.
pub(super) fn read_content(node: &Node) -> Result<Vec<Part>, Failure> {
    if node.is_text() {
        let text = node.text()?;
        return Ok(if text.is_empty() { Vec::new() } else { vec![Part::Text(text)] });
    }
    node.list()?.iter().map(read_block).collect()
}

fn read_block(node: &Node) -> Result<Part, Failure> {
    let mut fields = node.object()?;
    let part = match fields.need_text("type")?.as_str() {
        "text" => Part::Text(fields.need_text("text")?),
        "image" => match read_source(&fields.need("source")?)? {
            Some(source) => Part::Image(source),
            None => return Ok(Part::Unknown(node.value()?)),
        },
        "document" => match read_source(&fields.need("source")?)? {
            Some(source) => Part::File { source, name: fields.text("title")? },
            None => return Ok(Part::Unknown(node.value()?)),
        },
        "tool_use" => {
            let (id, name) = (fields.need_text("id")?, fields.need_text("name")?);
            let input = fields.take("input");
            if let Some(wrong) = input.as_ref().filter(|input| !input.is_object()) {
                return Err(wrong.fault("an object is expected"));
            }
            let arguments = input.map_or_else(|| "{}".to_owned(), |input| input.raw().to_owned());
            if name == ANSWER_TOOL { Part::Text(arguments) } else { Part::ToolCall { id, name, arguments } }
        }
        "tool_result" => {
            let id = fields.need_text("tool_use_id")?;
            let parts = fields.take("content").map(|content| read_content(&content)).transpose()?.unwrap_or_default();
            Part::ToolResult { id, parts, is_error: fields.flag("is_error")?.unwrap_or_default() }
        }
        "thinking" => {
            // A thought that came from another provider has a signature of nothing.
            let signature = Some(fields.need_text("signature")?).filter(|signature| !signature.is_empty());
            Part::Thinking { text: fields.need_text("thinking")?, signature }
        }
        _ => return Ok(Part::Unknown(node.value()?)),
    };
    let mut marks = fields.rest()?;
    // Answers name citations, and who called a tool, also where there is nothing to name.
    marks.retain(|_, value| !value.is_null());
    Ok(part.marked(marks))
}

/// `None` for a source that other dialects have no word for: a file that was sent before, a text.
fn read_source(node: &Node) -> Result<Option<Source>, Failure> {
    let mut fields = node.object()?;
    let source = match fields.need_text("type")?.as_str() {
        "base64" => Source::Base64 { media_type: fields.need_text("media_type")?, data: fields.need_text("data")? },
        "url" => Source::Url(fields.need_text("url")?),
        _ => return Ok(None),
    };
    Ok(fields.rest()?.is_empty().then_some(source))
}

/// Writes blocks; what this dialect has no word for is left out, and so are texts of nothing, which are refused.
pub(super) fn write_blocks(w: &mut Writer, parts: &[Part], own: bool) {
    for part in parts {
        write_block(w, part, own);
    }
}

fn write_block(w: &mut Writer, part: &Part, own: bool) {
    let nothing = Map::new();
    let marks = part.marks().filter(|_| own).unwrap_or(&nothing);
    let mut block = |kind: &str, write: &mut dyn FnMut(&mut Writer)| {
        w.object(|w| {
            w.put("type", kind);
            write(w);
            w.rest(marks);
        });
    };
    match part.plain() {
        Part::Text(text) | Part::Refusal(text) if !text.is_empty() => block("text", &mut |w| w.put("text", text)),
        Part::Image(source) => block("image", &mut |w| write_source(w, source)),
        Part::File { source, name } => block("document", &mut |w| {
            write_source(w, source);
            w.maybe("title", name.as_ref());
        }),
        Part::ToolCall { id, name, arguments } => block("tool_use", &mut |w| {
            w.put("id", &safe_id(id));
            w.put("name", name);
            write_input(w, arguments);
        }),
        Part::ToolResult { id, parts, is_error } => block("tool_result", &mut |w| {
            w.put("tool_use_id", &safe_id(id));
            match &parts[..] {
                [] => {}
                [Part::Text(text)] => w.put("content", text),
                parts => w.list_at("content", |w| write_blocks(w, parts, own)),
            }
            if *is_error {
                w.put("is_error", &true);
            }
        }),
        Part::Thinking { text, signature: Some(signature) } => block("thinking", &mut |w| {
            w.put("thinking", text);
            w.put("signature", signature);
        }),
        Part::Unknown(value) if own => w.item(value),
        // Thoughts without a signature are another provider's.
        _ => {}
    }
}

fn write_source(w: &mut Writer, source: &Source) {
    w.object_at("source", |w| match source {
        Source::Base64 { media_type, data } => {
            w.put("type", "base64");
            w.put("media_type", media_type);
            w.put("data", data);
        }
        Source::Url(url) => {
            w.put("type", "url");
            w.put("url", url);
        }
    });
}

/// The arguments as an object. What a model wrote that is none is passed on as a text in one.
fn write_input(w: &mut Writer, arguments: &str) {
    match serde_json::from_str::<Map<String, Value>>(arguments) {
        Ok(_) => w.raw("input", arguments.trim()),
        Err(_) if arguments.trim().is_empty() => w.raw("input", "{}"),
        Err(_) => w.object_at("input", |w| w.put("arguments", arguments)),
    }
}

/// Ids are letters, digits, `_` and `-` here; other providers' may have dots and colons.
fn safe_id(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' }).collect()
}
