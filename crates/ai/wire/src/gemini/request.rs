//! A request, written.

use bytes::Bytes;
use serde_json::{Map, Value};
use std::collections::HashMap;

use super::version;
use crate::json::Writer;
use crate::{Chat, Dialect, Effort, Format, Message, Part, Reasoning, Role, Source, ToolChoice};

/// Models from 3 on refuse a call that lacks the signature of its thought. For calls that another model made, or whose
/// signature the caller lost, this is the value that the documentation names.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

/// Writes the body of a request.
#[must_use]
pub fn write_request(chat: &Chat) -> Bytes {
    let own = chat.origin.is_none_or(|origin| origin == Dialect::Gemini);
    let later = chat.messages.iter().filter(|message| message.role == Role::System).flat_map(|message| &message.parts);
    let system: Vec<&str> = chat.system.iter().chain(later).filter_map(Part::text).collect();
    Writer::body(|w| {
        if !system.is_empty() {
            w.object_at("systemInstruction", |w| {
                w.list_at("parts", |w| system.iter().for_each(|text| w.object(|w| w.put("text", text))));
            });
        }
        w.list_at("contents", |w| Contents::of(chat).write(w, &chat.messages));
        write_tools(w, chat, own);
        w.object_at("generationConfig", |w| write_config(w, chat));
        if own {
            w.rest(&chat.other);
        }
    })
}

struct Contents<'a> {
    /// A result names its tool, and other dialects give the call's id alone.
    names: HashMap<&'a str, &'a str>,
    signed: bool,
}

impl<'a> Contents<'a> {
    fn of(chat: &'a Chat) -> Self {
        let parts = chat.messages.iter().flat_map(|message| &message.parts);
        let call = |part: &'a Part| match part.plain() {
            Part::ToolCall { id, name, .. } => Some((id.as_str(), name.as_str())),
            _ => None,
        };
        Self { names: parts.filter_map(call).collect(), signed: version(&chat.model) >= (3, 0) }
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
            });
        }
    }

    /// Of several calls in one turn the first alone is signed.
    fn write_part(&self, w: &mut Writer, part: &Part, first: bool) {
        match part.plain() {
            Part::Text(text) | Part::Refusal(text) => w.object(|w| w.put("text", text)),
            Part::Image(source) | Part::File { source, .. } => w.object(|w| write_source(w, source)),
            Part::ToolCall { id, name, arguments } => w.object(|w| {
                w.object_at("functionCall", |w| {
                    w.put("id", id);
                    w.put("name", name);
                    match serde_json::from_str::<Map<String, Value>>(arguments) {
                        Ok(_) => w.raw("args", arguments.trim()),
                        Err(_) => w.object_at("args", |w| w.put("arguments", arguments)),
                    }
                });
                let unsigned = (self.signed && first).then_some(NO_SIGNATURE);
                w.maybe("thoughtSignature", signature(part).or(unsigned));
            }),
            Part::ToolResult { id, parts, is_error } => self.write_result(w, id, parts, *is_error),
            Part::Thinking { .. } | Part::Unknown(_) | Part::Marked { .. } => {}
        }
    }

    fn write_result(&self, w: &mut Writer, id: &str, parts: &[Part], is_error: bool) {
        let text: String = parts.iter().filter_map(Part::text).collect();
        w.object(|w| {
            w.object_at("functionResponse", |w| {
                w.put("id", id);
                w.put("name", self.names.get(id).copied().unwrap_or(id));
                match serde_json::from_str::<Map<String, Value>>(&text) {
                    Ok(_) if !is_error => w.raw("response", text.trim()),
                    _ => w.object_at("response", |w| w.put(if is_error { "error" } else { "result" }, &text)),
                }
            });
        });
        for part in parts {
            if let Part::Image(source) | Part::File { source, .. } = part.plain() {
                w.object(|w| write_source(w, source));
            }
        }
    }
}

/// The signature of a call's thought, where Google's endpoint for `OpenAI`'s dialect has it too.
fn signature(part: &Part) -> Option<&str> {
    part.marks()?.get("extra_content")?.get("google")?.get("thought_signature")?.as_str()
}

fn write_source(w: &mut Writer, source: &Source) {
    match source {
        Source::Base64 { media_type, data } => w.object_at("inlineData", |w| {
            w.put("mimeType", media_type);
            w.put("data", data);
        }),
        Source::Url(url) => w.object_at("fileData", |w| w.put("fileUri", url)),
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
                        });
                    }
                });
            });
        }
        for tool in chat.own_tools.iter().filter(|_| own) {
            w.item(tool);
        }
    });
    let (mode, name) = match &chat.tool_choice {
        None | Some(ToolChoice::Other(_)) => return,
        Some(ToolChoice::Auto) => ("AUTO", None),
        Some(ToolChoice::None) => ("NONE", None),
        Some(ToolChoice::Required) => ("ANY", None),
        Some(ToolChoice::Named(name)) => ("ANY", Some(name)),
    };
    w.object_at("toolConfig", |w| {
        w.object_at("functionCallingConfig", |w| {
            w.put("mode", mode);
            if let Some(name) = name {
                w.list_at("allowedFunctionNames", |w| w.item(name));
            }
        });
    });
}

fn write_config(w: &mut Writer, chat: &Chat) {
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
    if let Some(reasoning) = chat.reasoning {
        write_thinking(w, reasoning, version(&chat.model));
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
