//! A request, read.

use super::content::read_content;
use super::version;
use crate::json::fields::utf8;
use crate::json::{Fields, Node};
use crate::{Chat, Dialect, Effort, Failure, Format, Kind, Message, Part, Reasoning, Role, Schema, Tool, ToolChoice};

/// Reads the body of a request.
///
/// # Errors
/// `Invalid`, naming the field that is wrong.
pub fn read_request(body: &[u8]) -> Result<Chat, Failure> {
    let mut fields = Fields::parse(utf8(body, Kind::Invalid)?, Kind::Invalid)?;
    let mut chat = Chat { model: fields.need_text("model")?, origin: Some(Dialect::Anthropic), ..Chat::default() };
    if let Some(system) = fields.take("system") {
        chat.system = read_content(&system)?;
    }
    for node in fields.need("messages")?.list()? {
        read_message(&node, &mut chat)?;
    }
    for node in fields.list("tools")? {
        read_tool(&node, &mut chat)?;
    }
    if let Some(node) = fields.take("tool_choice") {
        read_choice(&node, &mut chat)?;
    }
    chat.max_tokens = Some(fields.need("max_tokens")?.read("a whole number from 0 to 4294967295")?);
    chat.temperature = fields.number("temperature")?;
    chat.top_p = fields.number("top_p")?;
    chat.top_k = fields.count("top_k")?;
    chat.stop = fields.texts("stop_sequences")?;
    chat.stream = fields.flag("stream")?.unwrap_or_default();
    // Usage is always part of this dialect's streams.
    chat.include_usage = chat.stream;
    let (thinking, config) = (fields.take("thinking"), fields.take("output_config"));
    let metadata = fields.take("metadata");
    chat.other = fields.rest()?;
    if let Some(node) = metadata {
        let mut inner = node.object()?;
        chat.user = inner.text("user_id")?;
        if !inner.rest()?.is_empty() {
            chat.other.insert("metadata".to_owned(), node.value()?);
        }
    }
    read_config(thinking.as_ref(), config.as_ref(), &mut chat)?;
    Ok(chat)
}

/// A turn. What tools answered is a turn of its own here, before what the user says beside it.
fn read_message(node: &Node, chat: &mut Chat) -> Result<(), Failure> {
    let mut fields = node.object()?;
    let role = match fields.need_text("role")?.as_str() {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "system" => Role::System,
        _ => return Err(fields.fault("role", "user, assistant or system is expected")),
    };
    let parts = read_content(&fields.need("content")?)?;
    let other = fields.rest()?;
    let (results, said): (Vec<Part>, Vec<Part>) =
        parts.into_iter().partition(|part| matches!(part.plain(), Part::ToolResult { .. }));
    if results.is_empty() {
        chat.messages.push(Message { role, parts: said, other });
        return Ok(());
    }
    if said.is_empty() {
        chat.messages.push(Message { role: Role::Tool, parts: results, other });
    } else {
        chat.messages.push(Message::new(Role::Tool, results));
        chat.messages.push(Message { role, parts: said, other });
    }
    Ok(())
}

fn read_tool(node: &Node, chat: &mut Chat) -> Result<(), Failure> {
    let mut fields = node.object()?;
    // Tools that Anthropic runs itself have a type of their own.
    if fields.text("type")?.is_some_and(|kind| kind != "custom") {
        chat.own_tools.push(node.value()?);
        return Ok(());
    }
    let schema = fields.need("input_schema")?;
    if !schema.is_object() {
        return Err(schema.fault("a JSON schema is expected"));
    }
    chat.tools.push(Tool {
        name: fields.need_text("name")?,
        description: fields.text("description")?,
        parameters: Some(Schema::of_text(schema.raw())),
        strict: fields.flag("strict")?,
        other: fields.rest()?,
    });
    Ok(())
}

fn read_choice(node: &Node, chat: &mut Chat) -> Result<(), Failure> {
    let mut fields = node.object()?;
    let choice = match fields.need_text("type")?.as_str() {
        "auto" => ToolChoice::Auto,
        "any" => ToolChoice::Required,
        "none" => ToolChoice::None,
        "tool" => ToolChoice::Named(fields.need_text("name")?),
        _ => return Err(fields.fault("type", "auto, any, none or tool is expected")),
    };
    chat.parallel_tool_calls = fields.flag("disable_parallel_tool_use")?.map(|alone| !alone);
    chat.tool_choice = Some(choice);
    Ok(())
}

/// Thinking, effort and the answer's format. Where what was said is more than the common words say, it is kept as it is
/// and written as it was.
fn read_config(thinking: Option<&Node>, config: Option<&Node>, chat: &mut Chat) -> Result<(), Failure> {
    let mut exact = true;
    if let Some(node) = thinking {
        let mut fields = node.object()?;
        chat.reasoning = Some(match fields.need_text("type")?.as_str() {
            "enabled" => Reasoning::Budget(fields.need("budget_tokens")?.read("a whole number from 0 to 4294967295")?),
            "disabled" => Reasoning::Off,
            "adaptive" => Reasoning::Auto,
            _ => return Err(fields.fault("type", "enabled, disabled or adaptive is expected")),
        });
        exact &= fields.rest()?.is_empty();
    }
    if let Some(node) = config {
        let mut fields = node.object()?;
        if let Some(word) = fields.text("effort")? {
            let adaptive = chat.reasoning == Some(Reasoning::Auto) && version::is_adaptive(&chat.model);
            match Effort::read(&word).filter(|effort| *effort != Effort::Minimal) {
                Some(effort) if adaptive => chat.reasoning = Some(Reasoning::Effort(effort)),
                effort => {
                    exact = false;
                    chat.reasoning = chat.reasoning.or(effort.map(Reasoning::Effort));
                }
            }
        }
        if let Some(mut format) = fields.object("format")? {
            if format.need_text("type")? != "json_schema" {
                return Err(format.fault("type", "json_schema is expected"));
            }
            let schema = format.need("schema")?;
            if !schema.is_object() {
                return Err(schema.fault("a JSON schema is expected"));
            }
            exact &= format.rest()?.is_empty() && version::has_schemas(&chat.model);
            let schema = Schema::of_text(schema.raw());
            chat.format = Format::Schema { name: "answer".to_owned(), schema, strict: true };
        }
        exact &= fields.rest()?.is_empty();
    }
    if !exact {
        for (name, node) in [("thinking", thinking), ("output_config", config)] {
            if let Some(node) = node {
                chat.other.insert(name.to_owned(), node.value()?);
            }
        }
    }
    Ok(())
}
