//! Messages of a request, and the parts of an answer, read.

use crate::json::{Fields, Node};
use crate::{Chat, Failure, Message, Part, Role, Source};

/// Reads the conversation. Instructions before its first turn go to [`Chat::system`].
pub(super) fn read_all(node: Node, chat: &mut Chat) -> Result<(), Failure> {
    for node in node.list()? {
        let message = read(&node)?;
        match (message.role, chat.messages.last_mut()) {
            (Role::System, None) if message.other.is_empty() => chat.system.extend(message.parts),
            (Role::Tool, Some(last))
                if last.role == Role::Tool && last.other.is_empty() && message.other.is_empty() =>
            {
                last.parts.extend(message.parts);
            }
            _ => chat.messages.push(message),
        }
    }
    Ok(())
}

fn read(node: &Node) -> Result<Message, Failure> {
    let mut fields = node.object()?;
    let (role, parts) = match fields.need_text("role")?.as_str() {
        "system" | "developer" => (Role::System, read_content(&mut fields)?),
        "user" => (Role::User, read_content(&mut fields)?),
        "assistant" => (Role::Assistant, read_spoken(&mut fields)?),
        "tool" => {
            let id = fields.need_text("tool_call_id")?;
            (Role::Tool, vec![Part::ToolResult { id, parts: read_content(&mut fields)?, is_error: false }])
        }
        _ => return Err(fields.fault("role", "system, developer, user, assistant or tool is expected")),
    };
    Ok(Message { role, parts, other: fields.rest()? })
}

/// What an assistant said: in a conversation, or as an answer.
pub(super) fn read_spoken(fields: &mut Fields) -> Result<Vec<Part>, Failure> {
    let mut parts = Vec::new();
    for name in ["reasoning_content", "reasoning"] {
        // What a server calls `reasoning` may also be an object of its settings, which is left as unknown.
        if let Some(text) = fields.take_if(name, Node::is_text) {
            parts.push(Part::Thinking { text: text.text()?, signature: None });
        }
    }
    // Some servers give both names, with the same words.
    parts.dedup();
    parts.extend(read_content(fields)?);
    if let Some(text) = fields.text("refusal")? {
        parts.push(Part::Refusal(text));
    }
    for node in fields.list("tool_calls")? {
        parts.push(read_call(&node)?);
    }
    Ok(parts)
}

fn read_call(node: &Node) -> Result<Part, Failure> {
    let mut fields = node.object()?;
    let Some(mut function) = fields.object("function")? else { return Ok(Part::Unknown(node.value()?)) };
    fields.take("type");
    fields.take("index");
    let arguments = match function.take("arguments") {
        None => "{}".to_owned(),
        Some(node) if node.is_text() => node.text()?,
        // Some servers write the arguments as an object.
        Some(node) => node.raw().to_owned(),
    };
    let call =
        Part::ToolCall { id: fields.text("id")?.unwrap_or_default(), name: function.need_text("name")?, arguments };
    Ok(call.marked(fields.rest()?))
}

fn read_content(fields: &mut Fields) -> Result<Vec<Part>, Failure> {
    match fields.take("content") {
        None => Ok(Vec::new()),
        Some(node) if node.is_text() => {
            let text = node.text()?;
            Ok(if text.is_empty() { Vec::new() } else { vec![Part::Text(text)] })
        }
        Some(node) if node.is_list() => node.list()?.iter().map(read_part).collect(),
        Some(node) => Err(node.fault("a text or a list of parts is expected")),
    }
}

fn read_part(node: &Node) -> Result<Part, Failure> {
    let mut fields = node.object()?;
    let part = match fields.need_text("type")?.as_str() {
        "text" => Part::Text(fields.need_text("text")?),
        "refusal" => Part::Refusal(fields.need_text("refusal")?),
        "image_url" => {
            let image = fields.need("image_url")?;
            if image.is_text() {
                Part::Image(Source::read(image.text()?))
            } else {
                let mut image = image.object()?;
                let part = Part::Image(Source::read(image.need_text("url")?));
                let mut marks = image.rest()?;
                if !marks.is_empty() {
                    marks = [("image_url".to_owned(), marks.into())].into_iter().collect();
                }
                marks.extend(fields.rest()?);
                return Ok(part.marked(marks));
            }
        }
        "input_audio" => {
            let mut audio = fields.need("input_audio")?.object()?;
            let media_type = format!("audio/{}", audio.need_text("format")?);
            let source = Source::Base64 { media_type, data: audio.need_text("data")? };
            Part::File { source, name: None }
        }
        "file" => {
            let mut file = fields.need("file")?.object()?;
            let Some(data) = file.text("file_data")? else { return Ok(Part::Unknown(node.value()?)) };
            Part::File { source: Source::read(data), name: file.text("filename")? }
        }
        _ => return Ok(Part::Unknown(node.value()?)),
    };
    Ok(part.marked(fields.rest()?))
}
