//! A request, written.

use bytes::Bytes;
use serde_json::{Map, Value};
use std::borrow::Cow;

use super::content::write_blocks;
use super::schema::closed;
use super::{ANSWER_TOOL, version};
use crate::json::Writer;
use crate::{Chat, Dialect, Format, Message, Part, Reasoning, Role, Schema, Tool, ToolChoice};

/// Room for an answer whose asker set no limit: this dialect wants one, and every model in service has as much.
const ROOM: u32 = 8_192;

/// The least that a model can be told to think.
const LEAST_BUDGET: u32 = 1_024;

/// Writes the body of a request.
#[must_use]
pub fn write_request(chat: &Chat) -> Bytes {
    let own = chat.origin.is_none_or(|origin| origin == Dialect::Anthropic);
    let kept = |name: &str| own && chat.other.contains_key(name);
    let configured = kept("thinking") || kept("output_config");
    let plan = Plan::of(chat, own);
    Writer::body(|w| {
        w.put("model", &chat.model);
        w.put("max_tokens", &plan.max_tokens);
        write_system(w, chat, &plan, own);
        w.list_at("messages", |w| write_messages(w, &chat.messages, own));
        write_tools(w, chat, &plan, own);
        write_choice(w, chat, &plan);
        write_sampling(w, chat, &plan, own);
        if !plan.stops.is_empty() {
            w.put("stop_sequences", &plan.stops);
        }
        if chat.stream {
            w.put("stream", &true);
        }
        if let Some(user) = chat.user.as_ref().filter(|_| !kept("metadata")) {
            w.object_at("metadata", |w| w.put("user_id", user));
        }
        if !configured {
            write_config(w, &plan);
        }
        if own {
            w.rest(&chat.other);
        }
    })
}

/// What has to be decided before anything can be written.
struct Plan<'a> {
    max_tokens: u32,
    thinking: Thinking,
    /// By the model itself.
    schema: Option<Cow<'a, Schema>>,
    /// By a tool that must be used.
    answer_tool: Option<&'a Schema>,
    stops: Vec<&'a str>,
}

#[derive(Clone, Copy, PartialEq)]
enum Thinking {
    Unsaid,
    Off,
    Budget(u32),
    Adaptive(Option<&'static str>),
}

impl<'a> Plan<'a> {
    fn of(chat: &'a Chat, own: bool) -> Self {
        let (mut schema, mut answer_tool) = (None, None);
        if let Format::Schema { schema: asked, .. } = &chat.format {
            match version::has_schemas(&chat.model) {
                true if chat.origin == Some(Dialect::Anthropic) => schema = Some(Cow::Borrowed(asked)),
                true => schema = Some(Cow::Owned(closed(asked))),
                false => answer_tool = Some(asked),
            }
        }
        let mut thinking = thinking_of(chat);
        // A tool that must be used leaves no room for thoughts.
        let forced = matches!(chat.tool_choice, Some(ToolChoice::Required | ToolChoice::Named(_)));
        if answer_tool.is_some() || (forced && !own) {
            thinking = Thinking::Unsaid;
        }
        let mut max_tokens = chat.max_tokens.unwrap_or(ROOM);
        if let Thinking::Budget(budget) = thinking {
            match chat.max_tokens {
                None => max_tokens = budget.saturating_add(ROOM),
                Some(room) if !own && room <= LEAST_BUDGET => thinking = Thinking::Unsaid,
                Some(room) if !own => thinking = Thinking::Budget(budget.clamp(LEAST_BUDGET, room - 1)),
                Some(_) => {}
            }
        }
        // Stops of nothing but space are refused.
        let stops = chat.stop.iter().map(String::as_str).filter(|stop| own || !stop.trim().is_empty()).collect();
        Self { max_tokens, thinking, schema, answer_tool, stops }
    }
}

fn thinking_of(chat: &Chat) -> Thinking {
    let adaptive = version::is_adaptive(&chat.model);
    match chat.reasoning {
        Some(Reasoning::Off) => Thinking::Off,
        Some(Reasoning::Budget(tokens)) => Thinking::Budget(tokens),
        Some(Reasoning::Auto) if adaptive || chat.origin == Some(Dialect::Anthropic) => Thinking::Adaptive(None),
        None | Some(Reasoning::Auto) => Thinking::Unsaid,
        Some(Reasoning::Effort(effort)) if adaptive => {
            let word = if effort == crate::Effort::Minimal { "low" } else { effort.word() };
            Thinking::Adaptive(Some(word))
        }
        Some(Reasoning::Effort(effort)) => Thinking::Budget(effort.budget()),
    }
}

fn write_config(w: &mut Writer, plan: &Plan) {
    match plan.thinking {
        Thinking::Unsaid => {}
        Thinking::Off => w.object_at("thinking", |w| w.put("type", "disabled")),
        Thinking::Budget(tokens) => w.object_at("thinking", |w| {
            w.put("type", "enabled");
            w.put("budget_tokens", &tokens);
        }),
        Thinking::Adaptive(_) => w.object_at("thinking", |w| w.put("type", "adaptive")),
    }
    let effort = if let Thinking::Adaptive(effort) = plan.thinking { effort } else { None };
    if effort.is_none() && plan.schema.is_none() {
        return;
    }
    w.object_at("output_config", |w| {
        w.maybe("effort", effort);
        if let Some(schema) = &plan.schema {
            w.object_at("format", |w| {
                w.put("type", "json_schema");
                w.raw("schema", schema.as_str());
            });
        }
    });
}

/// Other dialects' temperatures go to 2; thinking wants none, 4.1 and later not both of temperature and `top_p`, and the
/// newest models none at all.
fn write_sampling(w: &mut Writer, chat: &Chat, plan: &Plan, own: bool) {
    if own {
        w.maybe("temperature", chat.temperature.as_ref());
        w.maybe("top_p", chat.top_p.as_ref());
        w.maybe("top_k", chat.top_k.as_ref());
        return;
    }
    let thinks = matches!(plan.thinking, Thinking::Budget(_) | Thinking::Adaptive(_));
    if thinks || !version::takes_sampling(&chat.model) {
        return;
    }
    w.maybe("temperature", chat.temperature.map(|t| t.clamp(0.0, 1.0)).as_ref());
    w.maybe("top_p", chat.top_p.as_ref().filter(|_| chat.temperature.is_none()));
    w.maybe("top_k", chat.top_k.as_ref());
}

fn write_system(w: &mut Writer, chat: &Chat, plan: &Plan, own: bool) {
    let mut parts = Cow::Borrowed(&chat.system[..]);
    if chat.origin != Some(Dialect::Anthropic) {
        // Instructions in the midst are known to the newest models alone.
        let later = chat.messages.iter().filter(|message| message.role == Role::System);
        parts.to_mut().extend(later.flat_map(|message| message.parts.iter().cloned()));
    }
    if chat.format == Format::Json {
        parts.to_mut().push(Part::Text("Answer with one JSON object and nothing else.".to_owned()));
    }
    if plan.answer_tool.is_some() && !chat.tools.is_empty() {
        parts.to_mut().push(Part::Text(format!("When you have what you need, answer by the tool {ANSWER_TOOL}.")));
    }
    match &parts[..] {
        [] => {}
        [Part::Text(text)] => w.put("system", text),
        parts => w.list_at("system", |w| write_blocks(w, parts, own)),
    }
}

fn write_messages(w: &mut Writer, messages: &[Message], own: bool) {
    let nothing = Map::new();
    let mut messages = messages.iter().peekable();
    while let Some(message) = messages.next() {
        let mut other = if own { &message.other } else { &nothing };
        let role = match message.role {
            Role::System if !own => continue,
            Role::System => "system",
            Role::User | Role::Tool => "user",
            Role::Assistant => "assistant",
        };
        // What tools answered stands before what the user says, in one turn.
        let mut beside: &[Part] = &[];
        if message.role == Role::Tool
            && other.is_empty()
            && let Some(next) = messages.next_if(|next| next.role == Role::User)
        {
            beside = &next.parts;
            other = if own { &next.other } else { &nothing };
        }
        w.object(|w| write_message(w, role, &message.parts, beside, other, own));
    }
}

fn write_message(w: &mut Writer, role: &str, parts: &[Part], beside: &[Part], other: &Map<String, Value>, own: bool) {
    w.put("role", role);
    match (parts, beside) {
        ([Part::Text(text)], []) => w.put("content", text),
        _ => w.list_at("content", |w| {
            write_blocks(w, parts, own);
            write_blocks(w, beside, own);
        }),
    }
    w.rest(other);
}

fn write_tools(w: &mut Writer, chat: &Chat, plan: &Plan, own: bool) {
    let foreign = own && !chat.own_tools.is_empty();
    if chat.tools.is_empty() && !foreign && plan.answer_tool.is_none() {
        return;
    }
    let strict = version::has_schemas(&chat.model);
    w.list_at("tools", |w| {
        for tool in &chat.tools {
            w.object(|w| write_tool(w, tool, strict, own));
        }
        for tool in chat.own_tools.iter().filter(|_| own) {
            w.item(tool);
        }
        if let Some(schema) = plan.answer_tool {
            w.object(|w| {
                w.put("name", ANSWER_TOOL);
                w.put("description", "Gives the answer. Its arguments are the whole answer.");
                w.raw("input_schema", object_schema(Some(schema)).as_str());
            });
        }
    });
}

fn write_tool(w: &mut Writer, tool: &Tool, strict: bool, own: bool) {
    w.put("name", &tool.name);
    w.maybe("description", tool.description.as_ref());
    let schema = object_schema(tool.parameters.as_ref());
    if own {
        w.raw("input_schema", schema.as_str());
        w.maybe("strict", tool.strict.as_ref());
        w.rest(&tool.other);
    } else if tool.strict == Some(true) && strict {
        w.raw("input_schema", closed(&schema).as_str());
        w.put("strict", &true);
    } else {
        w.raw("input_schema", schema.as_str());
    }
}

/// A tool's schema is one of an object, and says so.
fn object_schema(schema: Option<&Schema>) -> Cow<'_, Schema> {
    let Some(schema) = schema else { return Cow::Owned(Schema::any_object()) };
    match schema.value() {
        Value::Object(fields) if !fields.contains_key("type") => {
            let rest = schema.as_str().trim_start_matches('{');
            let comma = if fields.is_empty() { "" } else { "," };
            Cow::Owned(Schema::of_text(&format!("{{\"type\":\"object\"{comma}{rest}")))
        }
        _ => Cow::Borrowed(schema),
    }
}

fn write_choice(w: &mut Writer, chat: &Chat, plan: &Plan) {
    let alone = chat.parallel_tool_calls.map(|parallel| !parallel);
    let asked = match &chat.tool_choice {
        // Either a tool or the answer; with no other tool, the answer.
        None | Some(ToolChoice::Auto | ToolChoice::Other(_)) if plan.answer_tool.is_some() => match chat.tools.len() {
            0 => Some(("tool", Some(ANSWER_TOOL))),
            _ => Some(("any", None)),
        },
        Some(ToolChoice::None) if plan.answer_tool.is_some() => Some(("tool", Some(ANSWER_TOOL))),
        None if alone == Some(true) && !chat.tools.is_empty() => Some(("auto", None)),
        None | Some(ToolChoice::Other(_)) => None,
        Some(ToolChoice::Auto) => Some(("auto", None)),
        Some(ToolChoice::None) => Some(("none", None)),
        Some(ToolChoice::Required) => Some(("any", None)),
        Some(ToolChoice::Named(name)) => Some(("tool", Some(name.as_str()))),
    };
    let any = !chat.tools.is_empty() || !chat.own_tools.is_empty() || plan.answer_tool.is_some();
    if let Some((kind, name)) = asked.filter(|_| any) {
        w.object_at("tool_choice", |w| {
            w.put("type", kind);
            w.maybe("name", name);
            w.maybe("disable_parallel_tool_use", alone.as_ref().filter(|_| kind != "none"));
        });
    }
}
