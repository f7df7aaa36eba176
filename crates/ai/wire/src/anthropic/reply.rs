//! An answer, read and written.

use bytes::Bytes;
use serde_json::Value;

use super::content::{read_content, write_blocks};
use super::failure::{read_error, read_failure};
use super::usage::{read_usage, write_usage};
use super::{ANSWER_TOOL, stream_read::answered};
use crate::json::fields::utf8;
use crate::json::{Fields, Writer};
use crate::{Dialect, Failure, Kind, Part, Reply, Stop, Usage};

/// Reads a whole answer, or the error that came instead of it.
///
/// # Errors
/// The provider's error, or `Nonsense` for what cannot be read.
pub fn read_reply(status: u16, body: &[u8]) -> Result<Reply, Failure> {
    if !(200..300).contains(&status) {
        return Err(read_failure(status, None, body));
    }
    let text = utf8(body, Kind::Nonsense)?;
    let mut fields = Fields::parse(text, Kind::Nonsense)?;
    if let Some(error) = fields.object("error")? {
        return Err(read_error(200, error)?);
    }
    let by_tool = memchr::memmem::find(body, ANSWER_TOOL.as_bytes()).is_some();
    let stop = read_stop(fields.text("stop_reason")?.as_deref(), fields.text("stop_sequence")?);
    let mut reply = Reply {
        id: fields.text("id")?.unwrap_or_default(),
        model: fields.text("model")?.unwrap_or_default(),
        created: 0,
        parts: read_content(&fields.need("content")?)?,
        stop: if by_tool { answered(stop) } else { stop },
        usage: Usage::default(),
        origin: Some(Dialect::Anthropic),
        ..Reply::default()
    };
    if let Some(usage) = fields.object("usage")? {
        reply.usage = read_usage(usage, Usage::default())?;
    }
    for known in ["type", "role"] {
        fields.take(known);
    }
    reply.other = fields.rest()?;
    Ok(reply)
}

pub(super) fn read_stop(word: Option<&str>, sequence: Option<String>) -> Stop {
    match word {
        None | Some("end_turn") => Stop::End,
        Some("max_tokens" | "model_context_window_exceeded") => Stop::Length,
        Some("stop_sequence") => Stop::StopSequence(sequence),
        Some("tool_use") => Stop::ToolUse,
        Some("refusal") => Stop::Refusal,
        Some(other) => Stop::Other(other.to_owned()),
    }
}

pub(super) fn write_stop(w: &mut Writer, stop: &Stop) {
    let (word, sequence) = match stop {
        Stop::Other(word) if word == "pause_turn" => ("pause_turn", None),
        Stop::End | Stop::Other(_) => ("end_turn", None),
        Stop::Length => ("max_tokens", None),
        Stop::StopSequence(sequence) => ("stop_sequence", sequence.as_ref()),
        Stop::ToolUse => ("tool_use", None),
        Stop::Refusal => ("refusal", None),
    };
    w.put("stop_reason", word);
    w.put("stop_sequence", &sequence);
}

/// Writes a whole answer.
#[must_use]
pub fn write_reply(reply: &Reply) -> Bytes {
    let own = reply.origin.is_none_or(|origin| origin == Dialect::Anthropic);
    Writer::body(|w| {
        w.put("id", &reply.id);
        w.put("type", "message");
        w.put("role", "assistant");
        w.put("model", &reply.model);
        w.list_at("content", |w| {
            for part in &reply.parts {
                match part.plain() {
                    // Its caller may see it; as a part of a question it would be refused.
                    Part::Thinking { text, signature: None } => {
                        let shown = Part::Thinking { text: text.clone(), signature: Some(String::new()) };
                        write_blocks(w, &[shown], own);
                    }
                    _ => write_blocks(w, std::slice::from_ref(part), own),
                }
            }
        });
        write_stop(w, &reply.stop);
        w.object_at("usage", |w| write_usage(w, &reply.usage));
        if own {
            w.rest(&reply.other);
        }
    })
}

/// What an answer that is only passed on cost, and why it ended.
pub(crate) fn look(fields: &mut Fields, seen: &mut crate::relay::Seen) -> Result<(), Failure> {
    if let Some(error) = fields.object("error")? {
        return Err(read_error(200, error)?);
    }
    fields.need("content")?.list()?;
    seen.usage = fields.object("usage")?.map(|usage| read_usage(usage, Usage::default())).transpose()?;
    seen.model = fields.text("model")?;
    seen.id = fields.text("id")?;
    seen.stop = fields.text("stop_reason")?.map(|word| read_stop(Some(&word), None));
    if let (Some(Stop::StopSequence(which)), Some(Value::String(text))) =
        (&mut seen.stop, fields.take("stop_sequence").map(|node| node.value()).transpose()?)
    {
        *which = Some(text);
    }
    Ok(())
}
