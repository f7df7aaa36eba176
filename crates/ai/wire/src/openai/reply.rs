//! An answer, read and written.

use super::failure::{read_error, read_failure};
use super::usage::{read_usage, write_usage};
use super::{message, write};
use crate::json::fields::utf8;
use crate::json::{Fields, Writer};
use crate::{Dialect, Failure, Kind, Reply, Stop};
use bytes::Bytes;

/// Reads a whole answer, or the error that came instead of it. Of several choices the first counts.
///
/// # Errors
/// The provider's error, or `Nonsense` for what cannot be read.
pub fn read_reply(status: u16, body: &[u8]) -> Result<Reply, Failure> {
    if !(200..300).contains(&status) {
        return Err(read_failure(status, None, body));
    }
    let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
    if let Some(error) = fields.take("error") {
        // Some servers answer 200 with an error inside.
        return Err(read_error(500, &error)?);
    }
    let mut reply = Reply {
        id: fields.text("id")?.unwrap_or_default(),
        model: fields.text("model")?.unwrap_or_default(),
        created: fields.large("created")?.unwrap_or_default(),
        origin: Some(Dialect::OpenAi),
        ..Reply::default()
    };
    let choices = fields.need("choices")?;
    let mut choice = match choices.list()?.first() {
        Some(choice) => choice.object()?,
        None => return Err(choices.fault("there is no choice")),
    };
    reply.parts = message::read_spoken(&mut choice.need("message")?.object()?)?;
    reply.stop = choice.text("finish_reason")?.map_or(Stop::End, |word| read_stop(&word));
    if let Some(usage) = fields.object("usage")? {
        reply.usage = read_usage(usage)?;
    }
    fields.take("object");
    reply.other = fields.rest()?;
    Ok(reply)
}

pub(super) fn read_stop(word: &str) -> Stop {
    match word {
        "stop" | "eos" => Stop::End,
        "length" => Stop::Length,
        "tool_calls" | "function_call" => Stop::ToolUse,
        "content_filter" => Stop::Refusal,
        other => Stop::Other(other.to_owned()),
    }
}

pub(super) fn write_stop(stop: &Stop) -> &'static str {
    match stop {
        // SDKs read this field as one of five words: what is not among them has merely ended.
        Stop::End | Stop::StopSequence(_) | Stop::Other(_) => "stop",
        Stop::Length => "length",
        Stop::ToolUse => "tool_calls",
        Stop::Refusal => "content_filter",
    }
}

/// Writes a whole answer.
#[must_use]
pub fn write_reply(reply: &Reply) -> Bytes {
    let own = reply.origin.is_none_or(|origin| origin == Dialect::OpenAi);
    Writer::body(|w| {
        w.put("id", &reply.id);
        w.put("object", "chat.completion");
        w.put("created", &reply.created);
        w.put("model", &reply.model);
        w.list_at("choices", |w| {
            w.object(|w| {
                w.put("index", &0);
                w.object_at("message", |w| {
                    w.put("role", "assistant");
                    write::write_spoken(w, &joined(&reply.parts), true);
                });
                w.put("finish_reason", write_stop(&reply.stop));
                w.put("logprobs", &serde_json::Value::Null);
            });
        });
        w.object_at("usage", |w| write_usage(w, &reply.usage));
        if own {
            w.rest(&reply.other);
        }
    })
}

/// The texts of an answer as one: its `content` is a text, never a list.
fn joined(parts: &[crate::Part]) -> Vec<crate::Part> {
    let text: String = parts.iter().filter_map(crate::Part::text).collect();
    let mut all: Vec<_> = parts.iter().filter(|part| part.text().is_none()).cloned().collect();
    if !text.is_empty() {
        all.insert(0, crate::Part::Text(text));
    }
    all
}

/// What an answer that is only passed on cost, and why it ended. Answers with vectors have `data` and no choices; what
/// has neither is no answer.
pub(crate) fn look(fields: &mut Fields, seen: &mut crate::relay::Seen) -> Result<(), Failure> {
    if let Some(error) = fields.take("error") {
        return Err(read_error(500, &error)?);
    }
    seen.usage = fields.object("usage")?.map(read_usage).transpose()?;
    seen.model = fields.text("model")?;
    seen.id = fields.text("id")?;
    let Some(choices) = fields.take("choices") else {
        return fields.need("data")?.list().map(|_| ());
    };
    let listed = choices.list()?;
    let mut first = listed.first().ok_or_else(|| choices.fault("there is no choice"))?.object()?;
    first.need("message")?.object()?;
    seen.stop = first.text("finish_reason")?.map(|word| read_stop(&word));
    Ok(())
}
