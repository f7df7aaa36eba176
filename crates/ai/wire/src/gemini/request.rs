//! A request, read. Which model is asked, and whether a stream is wanted, stands in its path and not here.

use serde_json::{Map, Value};
use std::collections::HashSet;

use super::schema::read_schema;
use super::turns::{read_alone, read_contents};
use crate::json::fields::utf8;
use crate::json::{Fields, Node};
use crate::{Chat, Dialect, Effort, Failure, Format, Kind, Reasoning, Schema, Tool, ToolChoice};

/// Fields of a question that are objects of known and unknown members: the unknown ones are kept below their name.
pub(super) const CONFIG: &str = "generationConfig";
pub(super) const TOOL_CONFIG: &str = "toolConfig";
pub(super) const THINKING: &str = "thinkingConfig";

/// Reads the body of a request. Names may be in `camelCase` or in `snake_case`. The model is left empty.
///
/// # Errors
/// `Invalid`, naming the field that is wrong.
pub fn read_request(body: &[u8]) -> Result<Chat, Failure> {
    let mut fields = Fields::parse(utf8(body, Kind::Invalid)?, Kind::Invalid)?.in_camel_case();
    let mut chat = Chat { origin: Some(Dialect::Gemini), ..Chat::default() };
    // The path counts.
    fields.take("model");
    if let Some(node) = fields.take("systemInstruction") {
        chat.system = read_alone(&node)?;
    }
    chat.messages = read_contents(&fields.need("contents")?.list()?)?;
    for node in fields.list("tools")? {
        read_tools(&node, &mut chat)?;
    }
    let (config, tool_config) = (fields.object(CONFIG)?, fields.object(TOOL_CONFIG)?);
    chat.other = fields.rest()?;
    if let Some(fields) = tool_config {
        let rest = read_choice(fields.in_camel_case(), &mut chat)?;
        keep(&mut chat.other, TOOL_CONFIG, rest);
    }
    if let Some(fields) = config {
        let rest = read_config(fields.in_camel_case(), &mut chat)?;
        keep(&mut chat.other, CONFIG, rest);
    }
    Ok(chat)
}

fn keep(other: &mut Map<String, Value>, name: &str, rest: Map<String, Value>) {
    if !rest.is_empty() {
        other.insert(name.to_owned(), Value::Object(rest));
    }
}

/// What of a question's unknown fields changes its meaning so much that no other dialect may leave it out.
pub(crate) fn unsayable(other: &Map<String, Value>) -> Option<(&'static str, &'static str)> {
    let config = other.get(CONFIG);
    let member = |name: &str| config.and_then(|config| config.get(name));
    if other.contains_key("cachedContent") {
        return Some(("cachedContent", "what was sent before"));
    }
    if member("candidateCount").and_then(Value::as_u64).is_some_and(|count| count > 1) {
        return Some(("generationConfig.candidateCount", "more than one answer"));
    }
    if member("responseMimeType").is_some() {
        return Some(("generationConfig.responseMimeType", "an answer of this type"));
    }
    let others = |list: &Vec<Value>| list.iter().any(|kind| !kind.as_str().unwrap_or("").eq_ignore_ascii_case("text"));
    if member("responseModalities").and_then(Value::as_array).is_some_and(others) {
        return Some(("generationConfig.responseModalities", "an answer that is no text"));
    }
    None
}

/// Functions, and beside them tools that Google runs itself.
fn read_tools(node: &Node, chat: &mut Chat) -> Result<(), Failure> {
    let mut fields = node.object()?.in_camel_case();
    for node in fields.list("functionDeclarations")? {
        let mut fields = node.object()?.in_camel_case();
        let parameters = match fields.take("parametersJsonSchema") {
            Some(schema) if schema.is_object() => Some(Schema::of_text(schema.raw())),
            Some(wrong) => return Err(wrong.fault("a JSON schema is expected")),
            None => fields.take("parameters").map(|schema| read_schema(&schema)).transpose()?,
        };
        chat.tools.push(Tool {
            name: fields.need_text("name")?,
            description: fields.text("description")?,
            parameters,
            strict: None,
            other: fields.rest()?,
        });
    }
    let own = fields.rest()?;
    if !own.is_empty() {
        chat.own_tools.push(Value::Object(own));
    }
    Ok(())
}

/// Reads whether and which function must be called; returns what is not known.
fn read_choice(mut fields: Fields, chat: &mut Chat) -> Result<Map<String, Value>, Failure> {
    let Some(calling) = fields.object("functionCallingConfig")? else { return fields.rest() };
    let mut calling = calling.in_camel_case();
    let mut names = calling.texts("allowedFunctionNames")?;
    let mode = calling.text("mode")?.unwrap_or_default();
    chat.tool_choice = match (mode.as_str(), names.len()) {
        ("" | "MODE_UNSPECIFIED", _) => None,
        // Arguments keep to their schema where the provider can make them.
        ("AUTO" | "VALIDATED", _) => Some(ToolChoice::Auto),
        ("NONE", _) => Some(ToolChoice::None),
        ("ANY", 1) => names.pop().map(ToolChoice::Named),
        ("ANY", _) => Some(ToolChoice::Required),
        _ => return Err(calling.fault("mode", "AUTO, ANY, NONE or VALIDATED is expected")),
    };
    // Which of several must be called, no other dialect can say but by offering no others.
    if !names.is_empty() {
        let names: HashSet<String> = names.into_iter().collect();
        chat.tools.retain(|tool| names.contains(&tool.name));
    }
    fields.rest()
}

/// Reads how the answer is to be made; returns what is not known.
fn read_config(mut fields: Fields, chat: &mut Chat) -> Result<Map<String, Value>, Failure> {
    chat.temperature = fields.number("temperature")?;
    chat.top_p = fields.number("topP")?;
    // Google's own SDK writes it as 40.0.
    chat.top_k = fields.number("topK")?.map(|top_k| top_k as u32);
    chat.max_tokens = fields.count("maxOutputTokens")?;
    chat.stop = fields.texts("stopSequences")?;
    chat.seed = fields.take("seed").map(|node| node.read("a whole number")).transpose()?;
    let schema = match fields.take_if("responseJsonSchema", Node::is_object) {
        Some(schema) => Some(Schema::of_text(schema.raw())),
        None => fields.take("responseSchema").map(|schema| read_schema(&schema)).transpose()?,
    };
    let media = fields.text("responseMimeType")?;
    let mut more = Map::new();
    chat.format = match (media.as_deref(), schema) {
        (None | Some("application/json"), Some(schema)) => {
            Format::Schema { name: "answer".to_owned(), schema, strict: true }
        }
        (Some("application/json"), None) => Format::Json,
        (None | Some("text/plain"), _) => Format::Text,
        (Some(media), schema) => {
            more.insert("responseMimeType".to_owned(), media.into());
            more.extend(schema.map(|schema| ("responseJsonSchema".to_owned(), schema.value())));
            Format::Text
        }
    };
    if let Some(node) = fields.take(THINKING) {
        let (reasoning, exact) = read_thinking(node.object()?.in_camel_case())?;
        chat.reasoning = reasoning;
        if !exact {
            more.insert(THINKING.to_owned(), node.value()?);
        }
    }
    more.extend(fields.rest()?);
    Ok(more)
}

/// How much to think, and whether that is all that was said of it.
fn read_thinking(mut fields: Fields) -> Result<(Option<Reasoning>, bool), Failure> {
    let level = fields.text("thinkingLevel")?.map(|level| level.to_lowercase());
    let effort = level.as_deref().and_then(Effort::read);
    let budget: Option<i64> = fields.take("thinkingBudget").map(|node| node.read("a whole number")).transpose()?;
    let reasoning = match (effort, budget) {
        (Some(effort), _) => Some(Reasoning::Effort(effort)),
        (None, Some(0)) => Some(Reasoning::Off),
        (None, Some(tokens)) => Some(u32::try_from(tokens).map_or(Reasoning::Auto, Reasoning::Budget)),
        (None, None) => None,
    };
    let exact = level.is_some() == effort.is_some() && !(effort.is_some() && budget.is_some());
    Ok((reasoning, exact && fields.rest()?.is_empty()))
}
