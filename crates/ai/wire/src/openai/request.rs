//! A request, read.

use serde_json::{Map, Value};

use super::message;
use crate::json::fields::utf8;
use crate::json::{Fields, Node};
use crate::{Chat, Dialect, Effort, Failure, Format, Kind, Reasoning, Schema, Tool, ToolChoice};

/// Reads the body of a request.
///
/// # Errors
/// `Invalid`, naming the field that is wrong.
pub fn read_request(body: &[u8]) -> Result<Chat, Failure> {
    let mut fields = Fields::parse(utf8(body, Kind::Invalid)?, Kind::Invalid)?;
    let mut chat = Chat { model: fields.need_text("model")?, origin: Some(Dialect::OpenAi), ..Chat::default() };
    let mut kept = Map::new();
    message::read_all(fields.need("messages")?, &mut chat)?;
    for tool in fields.list("tools")? {
        read_tool(&tool, &mut chat)?;
    }
    chat.tool_choice = fields.take("tool_choice").map(|node| read_choice(&node)).transpose()?;
    chat.parallel_tool_calls = fields.flag("parallel_tool_calls")?;
    if let Some(node) = fields.take("response_format") {
        chat.format = read_format(&node, &mut kept)?;
    }
    // The older name gives way to the newer one where both are there.
    let older = fields.count("max_tokens")?;
    chat.max_tokens = fields.count("max_completion_tokens")?.or(older);
    chat.temperature = fields.number("temperature")?;
    chat.top_p = fields.number("top_p")?;
    chat.top_k = fields.count("top_k")?;
    chat.stop = fields.texts("stop")?;
    chat.seed = fields.take("seed").map(|node| node.read("a whole number")).transpose()?;
    chat.stream = fields.flag("stream")?.unwrap_or_default();
    if let Some(node) = fields.take("stream_options") {
        let mut options = node.object()?;
        chat.include_usage = options.flag("include_usage")?.unwrap_or_default();
        keep_if_more(&node, options, "stream_options", &mut kept)?;
    }
    chat.user = fields.text("user")?;
    if let Some(node) = fields.take("reasoning_effort") {
        let word = node.text()?;
        chat.reasoning = if word == "none" { Some(Reasoning::Off) } else { Effort::read(&word).map(Reasoning::Effort) };
        if chat.reasoning.is_none() {
            kept.insert("reasoning_effort".to_owned(), word.into());
        }
    }
    chat.other = fields.rest()?;
    chat.other.extend(kept);
    Ok(chat)
}

/// An object with fields that are not known here is kept whole, and written as it was.
fn keep_if_more(node: &Node, left: Fields, name: &str, kept: &mut Map<String, Value>) -> Result<(), Failure> {
    if !left.rest()?.is_empty() {
        kept.insert(name.to_owned(), node.value()?);
    }
    Ok(())
}

fn read_tool(node: &Node, chat: &mut Chat) -> Result<(), Failure> {
    let mut fields = node.object()?;
    let kind = fields.need_text("type")?;
    let function = fields.object("function")?;
    let Some(mut function) = function.filter(|_| kind == "function") else {
        if kind == "function" {
            return Err(fields.fault("function", "is missing"));
        }
        chat.own_tools.push(node.value()?);
        return Ok(());
    };
    let parameters = function.take("parameters");
    if let Some(wrong) = parameters.as_ref().filter(|node| !node.is_object()) {
        return Err(wrong.fault("a JSON schema is expected"));
    }
    let mut tool = Tool {
        name: function.need_text("name")?,
        description: function.text("description")?,
        parameters: parameters.map(|node| Schema::of_text(node.raw())),
        strict: function.flag("strict")?,
        other: fields.rest()?,
    };
    let rest = function.rest()?;
    if !rest.is_empty() {
        tool.other.insert("function".to_owned(), rest.into());
    }
    chat.tools.push(tool);
    Ok(())
}

fn read_choice(node: &Node) -> Result<ToolChoice, Failure> {
    if node.is_text() {
        return match node.text()?.as_str() {
            "auto" => Ok(ToolChoice::Auto),
            "none" => Ok(ToolChoice::None),
            "required" | "any" => Ok(ToolChoice::Required),
            _ => Err(node.fault("auto, none, required or a named tool is expected")),
        };
    }
    let mut fields = node.object()?;
    if fields.need_text("type")? == "function" {
        let mut function = fields.need("function")?.object()?;
        return Ok(ToolChoice::Named(function.need_text("name")?));
    }
    Ok(ToolChoice::Other(node.value()?))
}

fn read_format(node: &Node, kept: &mut Map<String, Value>) -> Result<Format, Failure> {
    let mut fields = node.object()?;
    let format = match fields.need_text("type")?.as_str() {
        "text" => Format::Text,
        "json_object" => Format::Json,
        "json_schema" => {
            let mut inner = fields.need("json_schema")?.object()?;
            let schema = inner.take("schema");
            if let Some(wrong) = schema.as_ref().filter(|node| !node.is_object()) {
                return Err(wrong.fault("a JSON schema is expected"));
            }
            let format = Format::Schema {
                name: inner.need_text("name")?,
                schema: schema.map_or_else(Schema::any_object, |node| Schema::of_text(node.raw())),
                strict: inner.flag("strict")?.unwrap_or_default(),
            };
            keep_if_more(node, inner, "response_format", kept)?;
            format
        }
        _ => return Err(fields.fault("type", "text, json_object or json_schema is expected")),
    };
    keep_if_more(node, fields, "response_format", kept)?;
    Ok(format)
}
