//! A request, written.

use bytes::Bytes;
use serde_json::{Map, Value};
use std::collections::HashMap;

use super::content::{write_part, write_source};
use super::request::{CONFIG, THINKING, TOOL_CONFIG};
use super::version;
use crate::json::Writer;
use crate::{Chat, Dialect, Effort, Format, Message, Part, Reasoning, Role, ToolChoice};

/// Models from 3 on refuse a call that lacks the signature of its thought. For calls that another model made, or whose
/// signature the caller lost, this is the value that the documentation names.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

/// Writes the body of a request.
#[must_use]
pub fn write_request(chat: &Chat) -> Bytes {
    let own = chat.origin.is_none_or(|origin| origin == Dialect::Gemini);
    let later = chat.messages.iter().filter(|message| message.role == Role::System).flat_map(|message| &message.parts);
    let system: Vec<&str> = chat.system.iter().chain(later).filter_map(Part::text).collect();
    // What is not known of an object that is also written here is written within it.
    let more = |name: &str| chat.other.get(name).filter(|_| own).and_then(Value::as_object);
    Writer::body(|w| {
        if !system.is_empty() {
            w.object_at("systemInstruction", |w| {
                w.list_at("parts", |w| system.iter().for_each(|text| w.object(|w| w.put("text", text))));
            });
        }
        w.list_at("contents", |w| Contents::of(chat, own).write(w, &chat.messages));
        write_tools(w, chat, own);
        write_choice(w, chat, own, more(TOOL_CONFIG));
        w.object_at(CONFIG, |w| write_config(w, chat, more(CONFIG)));
        for (name, value) in chat.other.iter().filter(|(name, value)| own && !(is_written(name) && value.is_object())) {
            w.put(name, value);
        }
    })
}

fn is_written(name: &str) -> bool {
    matches!(name, CONFIG | TOOL_CONFIG)
}

struct Contents<'a> {
    /// A result names its tool, and other dialects give the call's id alone.
    names: HashMap<&'a str, &'a str>,
    signed: bool,
    own: bool,
}

impl<'a> Contents<'a> {
    fn of(chat: &'a Chat, own: bool) -> Self {
        let parts = chat.messages.iter().flat_map(|message| &message.parts);
        let call = |part: &'a Part| match part.plain() {
            Part::ToolCall { id, name, .. } => Some((id.as_str(), name.as_str())),
            _ => None,
        };
        Self { names: parts.filter_map(call).collect(), signed: version(&chat.model) >= (3, 0), own }
    }

    fn write(&self, w: &mut Writer, messages: &[Message]) {
        for message in messages.iter().filter(|message| message.role != Role::System) {
            w.object(|w| {
                w.put("role", if message.role == Role::Assistant { "model" } else { "user" });
                w.list_at("parts", |w| {
                    let mut calls = 0;
                    for part in &message.parts {
                        self.write_part(w, part, calls == 0);
                        calls += u32::from(matches!(part.plain(), Part::ToolCall { .. }));
                    }
                });
                if self.own {
                    w.rest(&message.other);
                }
            });
        }
    }

    /// Of several calls in one turn the first alone is signed. Thoughts of another provider's stay behind.
    fn write_part(&self, w: &mut Writer, part: &Part, first: bool) {
        match part.plain() {
            Part::ToolResult { id, parts, is_error } => {
                let marks = part.marks().filter(|_| self.own);
                self.write_result(w, id, parts, *is_error, marks);
            }
            Part::Thinking { .. } if !self.own => {}
            _ => write_part(w, part, self.own, (self.signed && first).then_some(NO_SIGNATURE)),
        }
    }

    fn write_result(
        &self,
        w: &mut Writer,
        id: &str,
        parts: &[Part],
        is_error: bool,
        marks: Option<&Map<String, Value>>,
    ) {
        let text: String = parts.iter().filter_map(Part::text).collect();
        w.object(|w| {
            w.object_at("functionResponse", |w| {
                w.put("id", id);
                w.put("name", self.names.get(id).copied().unwrap_or(id));
                match serde_json::from_str::<Map<String, Value>>(&text) {
                    Ok(_) if !is_error => w.raw("response", text.trim()),
                    _ => w.object_at("response", |w| w.put(if is_error { "error" } else { "result" }, &text)),
                }
                if let Some(Value::Object(more)) = marks.and_then(|marks| marks.get("functionResponse")) {
                    w.rest(more);
                }
            });
            for (name, value) in marks.into_iter().flatten().filter(|(name, _)| *name != "functionResponse") {
                w.put(name, value);
            }
        });
        for part in parts {
            if let Part::Image(source) | Part::File { source, .. } = part.plain() {
                w.object(|w| write_source(w, source, None));
            }
        }
    }
}

fn write_tools(w: &mut Writer, chat: &Chat, own: bool) {
    let foreign = own && !chat.own_tools.is_empty();
    if chat.tools.is_empty() && !foreign {
        return;
    }
    w.list_at("tools", |w| {
        if !chat.tools.is_empty() {
            w.object(|w| {
                w.list_at("functionDeclarations", |w| {
                    for tool in &chat.tools {
                        w.object(|w| {
                            w.put("name", &tool.name);
                            w.maybe("description", tool.description.as_ref());
                            if let Some(schema) = &tool.parameters {
                                w.raw("parametersJsonSchema", schema.as_str());
                            }
                            if own {
                                w.rest(&tool.other);
                            }
                        });
                    }
                });
            });
        }
        for tool in chat.own_tools.iter().filter(|_| own) {
            w.item(tool);
        }
    });
}

fn write_choice(w: &mut Writer, chat: &Chat, own: bool, more: Option<&Map<String, Value>>) {
    let choice = match &chat.tool_choice {
        None | Some(ToolChoice::Other(_)) => None,
        Some(_) if chat.tools.is_empty() && (!own || chat.own_tools.is_empty()) => None,
        Some(ToolChoice::Auto) => Some(("AUTO", None)),
        Some(ToolChoice::None) => Some(("NONE", None)),
        Some(ToolChoice::Required) => Some(("ANY", None)),
        Some(ToolChoice::Named(name)) => Some(("ANY", Some(name))),
    };
    if choice.is_none() && more.is_none() {
        return;
    }
    w.object_at(TOOL_CONFIG, |w| {
        if let Some((mode, name)) = choice {
            w.object_at("functionCallingConfig", |w| {
                w.put("mode", mode);
                if let Some(name) = name {
                    w.list_at("allowedFunctionNames", |w| w.item(name));
                }
            });
        }
        if let Some(more) = more {
            w.rest(more);
        }
    });
}

fn write_config(w: &mut Writer, chat: &Chat, more: Option<&Map<String, Value>>) {
    w.maybe("temperature", chat.temperature.as_ref());
    w.maybe("topP", chat.top_p.as_ref());
    w.maybe("topK", chat.top_k.as_ref());
    w.maybe("maxOutputTokens", chat.max_tokens.as_ref());
    if !chat.stop.is_empty() {
        w.put("stopSequences", &chat.stop);
    }
    w.maybe("seed", chat.seed.as_ref());
    match &chat.format {
        Format::Text => {}
        Format::Json => w.put("responseMimeType", "application/json"),
        Format::Schema { schema, .. } => {
            w.put("responseMimeType", "application/json");
            w.raw("responseJsonSchema", schema.as_str());
        }
    }
    let said = more.is_some_and(|more| more.contains_key(THINKING));
    if let Some(reasoning) = chat.reasoning.filter(|_| !said) {
        write_thinking(w, reasoning, version(&chat.model));
    }
    if let Some(more) = more {
        w.rest(more);
    }
}

/// Models of 2.5 think by a budget (-1: as they like), later ones by a level; earlier ones refuse to be told.
fn write_thinking(w: &mut Writer, reasoning: Reasoning, version: (u32, u32)) {
    if version < (2, 5) {
        return;
    }
    let levels = version >= (3, 0);
    w.object_at("thinkingConfig", |w| match reasoning {
        Reasoning::Off if levels => w.put("thinkingLevel", "minimal"),
        Reasoning::Off => w.put("thinkingBudget", &0),
        Reasoning::Auto if levels => {}
        Reasoning::Auto => w.put("thinkingBudget", &-1),
        Reasoning::Effort(effort) if levels => w.put("thinkingLevel", effort.min(Effort::High).word()),
        Reasoning::Effort(effort) => w.put("thinkingBudget", &effort.budget().min(24_576)),
        Reasoning::Budget(tokens) if levels => {
            w.put("thinkingLevel", Effort::of_budget(tokens).min(Effort::High).word());
        }
        Reasoning::Budget(tokens) => w.put("thinkingBudget", &tokens.min(24_576)),
    });
}
