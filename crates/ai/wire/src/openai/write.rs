//! A request, written.

use bytes::Bytes;
use serde_json::{Map, Value};

use crate::json::Writer;
use crate::{Chat, Dialect, Format, Message, Part, Reasoning, Role, Schema, Source, Tool, ToolChoice};

/// Writes the body of a request.
#[must_use]
pub fn write_request(chat: &Chat) -> Bytes {
    let own = chat.origin.is_none_or(|origin| origin == Dialect::OpenAi);
    let nothing = Map::new();
    let other = if own { &chat.other } else { &nothing };
    Writer::body(|w| {
        w.put("model", &chat.model);
        w.list_at("messages", |w| write_messages(w, chat, own));
        write_tools(w, chat, own);
        w.maybe("parallel_tool_calls", chat.parallel_tool_calls.as_ref().filter(|_| !chat.tools.is_empty()));
        if !other.contains_key("response_format") {
            write_format(w, &chat.format, chat.origin == Some(Dialect::OpenAi));
        }
        w.maybe(name_of_limit(&chat.model), chat.max_tokens.as_ref());
        w.maybe("temperature", chat.temperature.as_ref());
        w.maybe("top_p", chat.top_p.as_ref());
        // OpenAI itself refuses it; servers that know it are asked for it in their own dialect.
        w.maybe("top_k", chat.top_k.as_ref().filter(|_| chat.origin == Some(Dialect::OpenAi)));
        if !chat.stop.is_empty() {
            w.put("stop", &chat.stop);
        }
        w.maybe("seed", chat.seed.as_ref());
        if chat.stream {
            w.put("stream", &true);
        }
        if chat.include_usage && !other.contains_key("stream_options") {
            w.object_at("stream_options", |w| w.put("include_usage", &true));
        }
        w.maybe("user", chat.user.as_ref());
        if !other.contains_key("reasoning_effort") {
            write_reasoning(w, chat.reasoning);
        }
        w.rest(other);
    })
}

/// `OpenAI`'s reasoning models refuse the old name; servers of other makers may not know the new one.
fn name_of_limit(model: &str) -> &'static str {
    let name = model.rsplit('/').next().unwrap_or(model);
    let theirs = name.starts_with("gpt-") && !name.starts_with("gpt-oss") && !name.starts_with("gpt-3.5");
    let numbered = name.strip_prefix('o').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    if theirs || numbered { "max_completion_tokens" } else { "max_tokens" }
}

fn write_reasoning(w: &mut Writer, reasoning: Option<Reasoning>) {
    match reasoning {
        None | Some(Reasoning::Auto) => {}
        Some(Reasoning::Off) => w.put("reasoning_effort", "none"),
        Some(Reasoning::Effort(effort)) => w.put("reasoning_effort", effort.word()),
        Some(Reasoning::Budget(tokens)) => w.put("reasoning_effort", crate::Effort::of_budget(tokens).word()),
    }
}

fn write_tools(w: &mut Writer, chat: &Chat, own: bool) {
    let foreign = own && !chat.own_tools.is_empty();
    if chat.tools.is_empty() && !foreign {
        return;
    }
    w.list_at("tools", |w| {
        for tool in &chat.tools {
            w.object(|w| write_tool(w, tool, own));
        }
        for tool in chat.own_tools.iter().filter(|_| own) {
            w.item(tool);
        }
    });
    match &chat.tool_choice {
        None => {}
        Some(ToolChoice::Auto) => w.put("tool_choice", "auto"),
        Some(ToolChoice::None) => w.put("tool_choice", "none"),
        Some(ToolChoice::Required) => w.put("tool_choice", "required"),
        Some(ToolChoice::Named(name)) => w.object_at("tool_choice", |w| {
            w.put("type", "function");
            w.object_at("function", |w| w.put("name", name));
        }),
        Some(ToolChoice::Other(value)) => w.maybe("tool_choice", Some(value).filter(|_| own)),
    }
}

fn write_tool(w: &mut Writer, tool: &Tool, own: bool) {
    w.put("type", "function");
    w.object_at("function", |w| {
        w.put("name", &tool.name);
        w.maybe("description", tool.description.as_ref());
        if let Some(schema) = &tool.parameters {
            w.raw("parameters", schema.as_str());
        }
        w.maybe("strict", tool.strict.as_ref());
        if let Some(Value::Object(more)) = tool.other.get("function").filter(|_| own) {
            w.rest(more);
        }
    });
    for (name, value) in tool.other.iter().filter(|(name, _)| own && *name != "function") {
        w.put(name, value);
    }
}

/// Who speaks this dialect says for themselves whether the schema is kept to for certain.
fn write_format(w: &mut Writer, format: &Format, as_asked: bool) {
    let keeps = |schema: &Schema| as_asked || is_strict(&schema.value());
    match format {
        Format::Text => {}
        Format::Json => w.object_at("response_format", |w| w.put("type", "json_object")),
        Format::Schema { name, schema, strict } => w.object_at("response_format", |w| {
            w.put("type", "json_schema");
            w.object_at("json_schema", |w| write_schema(w, name, schema, *strict && keeps(schema)));
        }),
    }
}

/// Whether a schema is one of those that are kept to for certain here: every object is closed, and needs every property.
/// With any other, `strict` is refused.
fn is_strict(schema: &Value) -> bool {
    match schema {
        Value::Object(fields) => {
            let properties = fields.get("properties").and_then(Value::as_object);
            let required = fields.get("required").and_then(Value::as_array);
            let needed = |name: &String| required.is_some_and(|list| list.iter().any(|item| item == name.as_str()));
            let closed = fields.get("additionalProperties") == Some(&Value::Bool(false));
            let object = fields.get("type").is_some_and(|kind| kind == "object") || properties.is_some();
            (!object || (closed && properties.is_none_or(|all| all.keys().all(needed))))
                && fields.values().all(is_strict)
        }
        Value::Array(list) => list.iter().all(is_strict),
        _ => true,
    }
}

fn write_schema(w: &mut Writer, name: &str, schema: &Schema, strict: bool) {
    w.put("name", name);
    w.raw("schema", schema.as_str());
    if strict {
        w.put("strict", &true);
    }
}

fn write_messages(w: &mut Writer, chat: &Chat, own: bool) {
    if !chat.system.is_empty() {
        let first = Message::new(Role::System, chat.system.clone());
        w.object(|w| write_message(w, "system", &first.parts, &first.other, own));
    }
    for message in &chat.messages {
        let nothing = Map::new();
        let other = if own { &message.other } else { &nothing };
        match message.role {
            Role::System => w.object(|w| write_message(w, "system", &message.parts, other, own)),
            Role::User => w.object(|w| write_message(w, "user", &message.parts, other, own)),
            Role::Assistant => w.object(|w| write_assistant(w, &message.parts, other, own)),
            Role::Tool => write_results(w, &message.parts, other, own),
        }
    }
}

fn write_message(w: &mut Writer, role: &str, parts: &[Part], other: &Map<String, Value>, own: bool) {
    w.put("role", role);
    write_content(w, &parts.iter().collect::<Vec<_>>(), own);
    w.rest(other);
}

fn write_content(w: &mut Writer, parts: &[&Part], own: bool) {
    match parts {
        [] => w.put("content", ""),
        [Part::Text(text)] => w.put("content", text),
        [part @ Part::Marked { .. }] if !own && part.text().is_some() => w.maybe("content", part.text()),
        _ => w.list_at("content", |w| parts.iter().for_each(|part| write_part(w, part, own))),
    }
}

fn write_part(w: &mut Writer, part: &Part, own: bool) {
    let nothing = Map::new();
    let marks = part.marks().filter(|_| own).unwrap_or(&nothing);
    match part.plain() {
        Part::Text(text) => w.object(|w| {
            w.put("type", "text");
            w.put("text", text);
            w.rest(marks);
        }),
        Part::Refusal(text) => w.object(|w| {
            w.put("type", "refusal");
            w.put("refusal", text);
            w.rest(marks);
        }),
        Part::Image(source) => w.object(|w| {
            w.put("type", "image_url");
            w.object_at("image_url", |w| {
                w.put("url", &source.url());
                if let Some(Value::Object(more)) = marks.get("image_url") {
                    w.rest(more);
                }
            });
            marks.iter().filter(|(name, _)| *name != "image_url").for_each(|(name, value)| w.put(name, value));
        }),
        Part::File { source, name } => w.object(|w| {
            write_file(w, source, name.as_deref());
            w.rest(marks);
        }),
        Part::Unknown(value) if own => w.item(value),
        // Calls, results and thoughts have their own places in a message.
        _ => {}
    }
}

fn write_file(w: &mut Writer, source: &Source, name: Option<&str>) {
    let sound = match source {
        Source::Base64 { media_type, data } => media_type.strip_prefix("audio/").map(|format| (format, data)),
        Source::Url(_) => None,
    };
    if let Some((format, data)) = sound {
        w.put("type", "input_audio");
        w.object_at("input_audio", |w| {
            w.put("data", data);
            w.put("format", if format == "mpeg" { "mp3" } else { format });
        });
        return;
    }
    w.put("type", "file");
    w.object_at("file", |w| {
        w.maybe("filename", name);
        w.put("file_data", &source.url());
    });
}

fn write_assistant(w: &mut Writer, parts: &[Part], other: &Map<String, Value>, own: bool) {
    w.put("role", "assistant");
    write_spoken(w, parts, own);
    w.rest(other);
}

/// What an assistant said: in a conversation, or as an answer.
pub(super) fn write_spoken(w: &mut Writer, parts: &[Part], own: bool) {
    let said: Vec<&Part> = parts.iter().filter(|p| matches!(p.plain(), Part::Text(_) | Part::Refusal(_))).collect();
    let calls: Vec<&Part> = parts.iter().filter(|p| matches!(p.plain(), Part::ToolCall { .. })).collect();
    match said[..] {
        [] => w.put("content", &Value::Null),
        [Part::Refusal(text)] => {
            w.put("content", &Value::Null);
            w.put("refusal", text);
        }
        _ => write_content(w, &said, own),
    }
    let thoughts: String = parts
        .iter()
        .filter_map(|part| match part.plain() {
            Part::Thinking { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    if own && !thoughts.is_empty() {
        w.put("reasoning_content", &thoughts);
    }
    if !calls.is_empty() {
        w.list_at("tool_calls", |w| calls.iter().for_each(|call| write_call(w, call, own)));
    }
}

fn write_call(w: &mut Writer, part: &Part, own: bool) {
    if let Part::ToolCall { id, name, arguments } = part.plain() {
        w.object(|w| {
            w.put("id", id);
            w.put("type", "function");
            w.object_at("function", |w| {
                w.put("name", name);
                w.put("arguments", arguments);
            });
            if let Some(marks) = part.marks().filter(|_| own) {
                w.rest(marks);
            }
        });
    }
}

/// A message for each result. Pictures cannot stand in one: they follow as a message of the user's.
fn write_results(w: &mut Writer, parts: &[Part], other: &Map<String, Value>, own: bool) {
    let mut pictures = Vec::new();
    for part in parts {
        if let Part::ToolResult { id, parts, .. } = part.plain() {
            let (said, shown): (Vec<&Part>, Vec<&Part>) =
                parts.iter().partition(|p| !matches!(p.plain(), Part::Image(_) | Part::File { .. }));
            pictures.extend(shown);
            w.object(|w| {
                w.put("role", "tool");
                w.put("tool_call_id", id);
                write_content(w, &said, own);
                w.rest(other);
            });
        }
    }
    if !pictures.is_empty() {
        w.object(|w| {
            w.put("role", "user");
            write_content(w, &pictures, own);
        });
    }
}
