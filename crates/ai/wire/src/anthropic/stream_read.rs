//! Answers as they are written, read: blocks begin, grow and end, between `message_start` and `message_stop`.

use super::ANSWER_TOOL;
use super::failure::read_error;
use super::reply::read_stop;
use super::usage::read_usage;
use crate::json::Fields;
use crate::json::fields::utf8;
use crate::sse::Events;
use crate::{Delta, Failure, Kind, Stop, Usage};

/// Reads an event stream, in whatever pieces it comes.
#[derive(Debug, Default)]
pub struct StreamReader {
    events: Events,
    state: State,
}

/// Where the answer is.
#[derive(Debug, Default)]
pub(crate) struct State {
    over: bool,
    usage: Usage,
    /// The call of every block that is one.
    calls: Vec<Call>,
    count: u32,
    /// The answer came by the tool for it.
    by_tool: bool,
}

#[derive(Debug)]
struct Call {
    block: u64,
    /// Its number among the calls; none for the tool that is the answer.
    index: Option<u32>,
    written: bool,
}

impl StreamReader {
    /// Reads on; returns what the bytes have completed.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Delta> {
        let mut out = Vec::new();
        let Self { events, state } = self;
        if let Err(fault) = events.feed(bytes, |_, data| state.event(data, &mut out)) {
            state.fail(fault, &mut out);
        }
        out
    }

    /// The connection has ended. An answer that was not complete ends with an error.
    pub fn finish(&mut self) -> Vec<Delta> {
        let mut out = Vec::new();
        let Self { events, state } = self;
        events.finish(|_, data| state.event(data, &mut out));
        state.fail(Failure::cut(), &mut out);
        out
    }
}

/// A tool that is the answer is no tool to wait for.
pub(super) fn answered(stop: Stop) -> Stop {
    if stop == Stop::ToolUse { Stop::End } else { stop }
}

impl State {
    fn fail(&mut self, failure: Failure, out: &mut Vec<Delta>) {
        if !self.over {
            out.push(Delta::Error(failure));
            self.over = true;
        }
    }

    pub(crate) fn event(&mut self, data: &[u8], out: &mut Vec<Delta>) {
        if self.over || data.is_empty() {
            return;
        }
        let read = utf8(data, Kind::Nonsense)
            .and_then(|text| Fields::parse(text, Kind::Nonsense))
            .and_then(|event| self.read(event, out));
        if let Err(fault) = read {
            self.fail(fault, out);
        }
    }

    fn read(&mut self, mut event: Fields, out: &mut Vec<Delta>) -> Result<(), Failure> {
        match event.need_text("type")?.as_str() {
            "message_start" => self.start(event.need("message")?.object()?, out)?,
            "content_block_start" => {
                let block = event.large("index")?.unwrap_or_default();
                self.block_start(block, event.need("content_block")?.object()?, out)?;
            }
            "content_block_delta" => {
                let block = event.large("index")?.unwrap_or_default();
                self.block_delta(block, event.need("delta")?.object()?, out)?;
            }
            "content_block_stop" => {
                let block = event.large("index")?.unwrap_or_default();
                // A call without arguments is written as nothing; elsewhere nothing is no JSON.
                if let Some(call) = self.calls.iter().find(|call| call.block == block && !call.written) {
                    out.push(call.arguments("{}".to_owned()));
                }
                self.calls.retain(|call| call.block != block);
            }
            "message_delta" => {
                if let Some(usage) = event.object("usage")? {
                    self.usage = read_usage(usage, self.usage)?;
                    out.push(Delta::Usage(self.usage));
                }
                if let Some(mut delta) = event.object("delta")?
                    && let Some(word) = delta.text("stop_reason")?
                {
                    let stop = read_stop(Some(&word), delta.text("stop_sequence")?);
                    out.push(Delta::Stop(if self.by_tool { answered(stop) } else { stop }));
                }
            }
            "message_stop" => {
                self.over = true;
                out.push(Delta::End);
            }
            "error" => {
                let failure = read_error(200, event.need("error")?.object()?)?;
                self.fail(failure, out);
            }
            // Pings, and events that there may be one day: the documentation asks to pass over them.
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, mut message: Fields, out: &mut Vec<Delta>) -> Result<(), Failure> {
        out.push(Delta::Start {
            id: message.text("id")?.unwrap_or_default(),
            model: message.text("model")?.unwrap_or_default(),
            created: 0,
        });
        if let Some(usage) = message.object("usage")? {
            self.usage = read_usage(usage, self.usage)?;
            out.push(Delta::Usage(self.usage));
        }
        Ok(())
    }

    fn block_start(&mut self, block: u64, mut fields: Fields, out: &mut Vec<Delta>) -> Result<(), Failure> {
        match fields.need_text("type")?.as_str() {
            "text" => push(out, Delta::Text, fields.text("text")?),
            "thinking" => {
                push(out, Delta::Thinking, fields.text("thinking")?);
                push(out, Delta::Signature, fields.text("signature")?);
            }
            "tool_use" => {
                let (id, name) = (fields.need_text("id")?, fields.need_text("name")?);
                let index = if name == ANSWER_TOOL {
                    self.by_tool = true;
                    None
                } else {
                    out.push(Delta::ToolCallStart { index: self.count, id, name });
                    self.count += 1;
                    Some(self.count - 1)
                };
                let mut call = Call { block, index, written: false };
                // The whole input may be there already.
                if let Some(input) = fields.take("input").filter(|input| input.is_object() && input.raw().len() > 2) {
                    call.written = true;
                    out.push(call.arguments(input.raw().to_owned()));
                }
                self.calls.push(call);
            }
            _ => {}
        }
        Ok(())
    }

    fn block_delta(&mut self, block: u64, mut delta: Fields, out: &mut Vec<Delta>) -> Result<(), Failure> {
        match delta.need_text("type")?.as_str() {
            "text_delta" => push(out, Delta::Text, delta.text("text")?),
            "thinking_delta" => push(out, Delta::Thinking, delta.text("thinking")?),
            "signature_delta" => push(out, Delta::Signature, delta.text("signature")?),
            "input_json_delta" => {
                let text = delta.text("partial_json")?.unwrap_or_default();
                if let Some(call) = self.calls.iter_mut().find(|call| call.block == block && !text.is_empty()) {
                    call.written = true;
                    out.push(call.arguments(text));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Call {
    fn arguments(&self, text: String) -> Delta {
        match self.index {
            Some(index) => Delta::ToolCallArguments { index, text },
            None => Delta::Text(text),
        }
    }
}

fn push(out: &mut Vec<Delta>, delta: impl Fn(String) -> Delta, text: Option<String>) {
    out.extend(text.filter(|text| !text.is_empty()).map(delta));
}
