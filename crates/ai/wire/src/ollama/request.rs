//! A request, written.

use bytes::Bytes;
use serde_json::{Map, Value};
use std::collections::HashMap;

use crate::json::Writer;
use crate::{Chat, Dialect, Effort, Format, Message, Part, Reasoning, Role, Source, ToolChoice};

/// Writes the body of a request.
#[must_use]
pub fn write_request(chat: &Chat) -> Bytes {
    let own = chat.origin.is_none_or(|origin| origin == Dialect::Ollama);
    Writer::body(|w| {
        w.put("model", &chat.model);
        w.list_at("messages", |w| write_messages(w, chat));
        // A model that may use no tool is shown none: there is no other way to say it.
        if !chat.tools.is_empty() && chat.tool_choice != Some(ToolChoice::None) {
            w.list_at("tools", |w| {
                for tool in &chat.tools {
                    w.object(|w| {
                        w.put("type", "function");
                        w.object_at("function", |w| {
                            w.put("name", &tool.name);
                            w.put("description", tool.description.as_deref().unwrap_or_default());
                            let schema = tool.parameters.clone().unwrap_or_else(crate::Schema::any_object);
                            w.raw("parameters", schema.as_str());
                        });
                    });
                }
            });
        }
        write_format(w, &chat.format);
        write_think(w, chat.reasoning);
        // Streaming is what happens unless one declines.
        w.put("stream", &chat.stream);
        write_options(w, chat, own);
        if own {
            chat.other.iter().filter(|(name, _)| *name != "options").for_each(|(name, value)| w.put(name, value));
        }
    })
}

pub(super) fn write_format(w: &mut Writer, format: &Format) {
    match format {
        Format::Text => {}
        Format::Json => w.put("format", "json"),
        Format::Schema { schema, .. } => w.raw("format", schema.as_str()),
    }
}

fn write_think(w: &mut Writer, reasoning: Option<Reasoning>) {
    match reasoning {
        // Models that do not think refuse to be told to: what is not asked for is not said.
        None => {}
        Some(Reasoning::Off) => w.put("think", &false),
        Some(Reasoning::Auto) => w.put("think", &true),
        Some(Reasoning::Effort(effort)) => w.put("think", level(effort)),
        Some(Reasoning::Budget(tokens)) => w.put("think", level(Effort::of_budget(tokens))),
    }
}

fn level(effort: Effort) -> &'static str {
    match effort {
        Effort::Minimal | Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
        Effort::XHigh | Effort::Max => "max",
    }
}

fn write_options(w: &mut Writer, chat: &Chat, own: bool) {
    let more = chat.other.get("options").and_then(Value::as_object).filter(|_| own);
    w.object_at("options", |w| {
        w.maybe("temperature", chat.temperature.as_ref());
        w.maybe("top_p", chat.top_p.as_ref());
        w.maybe("top_k", chat.top_k.as_ref());
        w.maybe("num_predict", chat.max_tokens.as_ref());
        w.maybe("seed", chat.seed.as_ref());
        if !chat.stop.is_empty() {
            w.put("stop", &chat.stop);
        }
        if let Some(more) = more {
            w.rest(more);
        }
    });
}

fn write_messages(w: &mut Writer, chat: &Chat) {
    let parts = chat.messages.iter().flat_map(|message| &message.parts);
    let names: HashMap<&str, &str> = parts
        .filter_map(|part| match part.plain() {
            Part::ToolCall { id, name, .. } => Some((id.as_str(), name.as_str())),
            _ => None,
        })
        .collect();
    if !chat.system.is_empty() {
        w.object(|w| write_turn(w, "system", &chat.system));
    }
    for message in &chat.messages {
        match message.role {
            Role::System => w.object(|w| write_turn(w, "system", &message.parts)),
            Role::User => w.object(|w| write_turn(w, "user", &message.parts)),
            Role::Assistant => w.object(|w| write_turn(w, "assistant", &message.parts)),
            Role::Tool => write_results(w, message, &names),
        }
    }
}

fn write_turn(w: &mut Writer, role: &str, parts: &[Part]) {
    w.put("role", role);
    w.put("content", &text(parts));
    let thoughts: String = parts
        .iter()
        .filter_map(|part| if let Part::Thinking { text, .. } = part.plain() { Some(text.as_str()) } else { None })
        .collect();
    if !thoughts.is_empty() {
        w.put("thinking", &thoughts);
    }
    let images: Vec<&str> = parts.iter().filter_map(image).collect();
    if !images.is_empty() {
        w.put("images", &images);
    }
    if parts.iter().any(|part| matches!(part.plain(), Part::ToolCall { .. })) {
        w.list_at("tool_calls", |w| parts.iter().for_each(|part| write_call(w, part)));
    }
}

/// Texts are one text here; what were several are parted by an empty line.
fn text(parts: &[Part]) -> String {
    let texts = parts.iter().filter_map(|part| match part.plain() {
        Part::Text(text) | Part::Refusal(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

/// Pictures are bytes here; addresses have no word: [`Dialect::can_say`] says so beforehand.
fn image(part: &Part) -> Option<&str> {
    match part.plain() {
        Part::Image(Source::Base64 { data, .. }) => Some(data),
        _ => None,
    }
}

fn write_call(w: &mut Writer, part: &Part) {
    if let Part::ToolCall { id, name, arguments } = part.plain() {
        w.object(|w| {
            w.put("id", id);
            w.object_at("function", |w| {
                w.put("name", name);
                match serde_json::from_str::<Map<String, Value>>(arguments) {
                    Ok(_) => w.raw("arguments", arguments.trim()),
                    Err(_) => w.object_at("arguments", |w| w.put("arguments", arguments)),
                }
            });
        });
    }
}

fn write_results(w: &mut Writer, message: &Message, names: &HashMap<&str, &str>) {
    for part in &message.parts {
        if let Part::ToolResult { id, parts, .. } = part.plain() {
            w.object(|w| {
                write_turn(w, "tool", parts);
                w.maybe("tool_name", names.get(id.as_str()));
                w.put("tool_call_id", id);
            });
        }
    }
}
