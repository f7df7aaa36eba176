//! An answer, read, whole or a step of it: both have the same form.

use super::failure::{read_error, read_failure};
use crate::json::fields::utf8;
use crate::json::{Fields, Node};
use crate::{Dialect, Failure, Kind, Part, Reply, Stop, Usage, date};

/// Reads a whole answer of `/api/chat` or `/api/generate`, or the error that came instead of it.
///
/// # Errors
/// The provider's error, or `Nonsense` for what cannot be read.
pub fn read_reply(status: u16, body: &[u8]) -> Result<Reply, Failure> {
    if !(200..300).contains(&status) {
        return Err(read_failure(status, None, body));
    }
    let mut fields = Fields::parse(utf8(body, Kind::Nonsense)?, Kind::Nonsense)?;
    let step = Step::read(&mut fields, 0)?;
    let Some(stop) = step.stop else {
        return Err(fields.fault("done", "the answer is not complete"));
    };
    Ok(Reply {
        id: step.id,
        model: step.model,
        created: step.created,
        parts: step.parts,
        stop,
        usage: step.usage,
        other: fields.rest()?,
        origin: Some(Dialect::Ollama),
    })
}

pub(super) struct Step {
    pub id: String,
    pub model: String,
    pub created: u64,
    pub parts: Vec<Part>,
    pub usage: Usage,
    /// Why it ended, in the last step.
    pub stop: Option<Stop>,
}

impl Step {
    /// `calls`: how many tools were asked for before.
    pub(super) fn read(fields: &mut Fields, calls: usize) -> Result<Self, Failure> {
        if let Some(error) = fields.take("error") {
            return Err(read_error(&error)?);
        }
        let time = fields.text("created_at")?.unwrap_or_default();
        let digits: String = time.chars().filter(char::is_ascii_digit).collect();
        let model = fields.text("model")?.unwrap_or_default();
        let mut parts = Vec::new();
        let mut made = Made { digits: &digits, count: calls };
        match fields.object("message")? {
            Some(mut message) => made.read(&mut message, "content", &mut parts)?,
            None => made.read(fields, "response", &mut parts)?,
        }
        let asked = made.count > 0;
        let usage = Usage {
            input: fields.large("prompt_eval_count")?.unwrap_or_default(),
            output: fields.large("eval_count")?.unwrap_or_default(),
            ..Usage::default()
        };
        let done = fields.flag("done")?.unwrap_or_default();
        let reason = fields.text("done_reason")?;
        let stop = done.then(|| match reason.as_deref() {
            None | Some("stop") if asked => Stop::ToolUse,
            None | Some("stop") => Stop::End,
            Some("length") => Stop::Length,
            Some(other) => Stop::Other(other.to_owned()),
        });
        let created = date::read_rfc3339(&time).unwrap_or_default();
        Ok(Self { id: format!("ollama-{digits}"), model, created, parts, usage, stop })
    }
}

/// Makes ids for calls that have none: older servers give none.
struct Made<'a> {
    digits: &'a str,
    count: usize,
}

impl Made<'_> {
    fn read(&mut self, fields: &mut Fields, content: &str, parts: &mut Vec<Part>) -> Result<(), Failure> {
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
        parts.extend(filled(fields.text("thinking")?).map(|text| Part::Thinking { text, signature: None }));
        parts.extend(filled(fields.text(content)?).map(Part::Text));
        for node in fields.list("tool_calls")? {
            parts.push(self.call(&node)?);
        }
        Ok(())
    }

    fn call(&mut self, node: &Node) -> Result<Part, Failure> {
        let mut fields = node.object()?;
        let mut function = fields.need("function")?.object()?;
        let id = fields.text("id")?.unwrap_or_else(|| format!("call_{}_{}", self.digits, self.count));
        self.count += 1;
        let arguments = match function.take("arguments") {
            Some(node) if node.is_text() => node.text()?,
            Some(node) => node.raw().to_owned(),
            None => "{}".to_owned(),
        };
        Ok(Part::ToolCall { id, name: function.need_text("name")?, arguments })
    }
}
