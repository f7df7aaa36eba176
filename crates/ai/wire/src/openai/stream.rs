//! Answers as they are written: `chat.completion.chunk`s in an event stream, and `[DONE]` after the last.

use bytes::Bytes;
use serde_json::Value;

use super::failure::{read_error, write_error};
use super::reply::{read_stop, write_stop};
use super::usage::{read_usage, write_usage};
use crate::json::fields::utf8;
use crate::json::{Fields, Node, Writer};
use crate::sse::Events;
use crate::{Delta, Failure, Kind, Stop, Usage};

/// Reads an event stream, in whatever pieces it comes.
#[derive(Debug, Default)]
pub struct StreamReader {
    events: Events,
    state: State,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    started: bool,
    stopped: bool,
    over: bool,
    /// Tool calls that have begun: the provider's index and id of each.
    calls: Vec<(u64, String)>,
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
        if !state.over {
            // A few servers say why the answer ended and close without `[DONE]`: that answer is whole.
            out.push(if state.stopped { Delta::End } else { Delta::Error(Failure::cut()) });
            state.over = true;
        }
        out
    }
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
        if data.trim_ascii() == b"[DONE]" {
            self.over = true;
            out.push(Delta::End);
            return;
        }
        let read = utf8(data, Kind::Nonsense)
            .and_then(|text| Fields::parse(text, Kind::Nonsense))
            .and_then(|chunk| self.chunk(chunk, out));
        if let Err(fault) = read {
            self.fail(fault, out);
        }
    }

    fn chunk(&mut self, mut chunk: Fields, out: &mut Vec<Delta>) -> Result<(), Failure> {
        if let Some(error) = chunk.take("error") {
            let failure = read_error(500, &error)?;
            self.fail(failure, out);
            return Ok(());
        }
        if !self.started {
            self.started = true;
            out.push(Delta::Start {
                id: chunk.text("id")?.unwrap_or_default(),
                model: chunk.text("model")?.unwrap_or_default(),
                created: chunk.large("created")?.unwrap_or_default(),
            });
        }
        for node in chunk.list("choices")? {
            let mut choice = node.object()?;
            if choice.large("index")?.unwrap_or_default() == 0 {
                self.choice(&mut choice, out)?;
            }
        }
        if let Some(usage) = chunk.object("usage")? {
            out.push(Delta::Usage(read_usage(usage)?));
        }
        Ok(())
    }

    fn choice(&mut self, choice: &mut Fields, out: &mut Vec<Delta>) -> Result<(), Failure> {
        if let Some(mut delta) = choice.object("delta")? {
            let thought = delta.take_if("reasoning_content", Node::is_text);
            if let Some(text) = thought.or_else(|| delta.take_if("reasoning", Node::is_text)) {
                push(out, Delta::Thinking, text.text()?);
            }
            push(out, Delta::Text, delta.text("content")?.unwrap_or_default());
            push(out, Delta::Refusal, delta.text("refusal")?.unwrap_or_default());
            for node in delta.list("tool_calls")? {
                self.call(&mut node.object()?, out)?;
            }
        }
        if let Some(word) = choice.text("finish_reason")? {
            self.stopped = true;
            out.push(Delta::Stop(read_stop(&word)));
        }
        Ok(())
    }

    /// A call begins where its index is new, or where a server that counts none gives a new id.
    fn call(&mut self, call: &mut Fields, out: &mut Vec<Delta>) -> Result<(), Failure> {
        let id = call.text("id")?.unwrap_or_default();
        let named = call.large("index")?;
        let mut function = call.object("function")?;
        let mut text = |name: &str| function.as_mut().map_or(Ok(None), |function| function.text(name));
        let (name, arguments) = (text("name")?.unwrap_or_default(), text("arguments")?.unwrap_or_default());
        let known = match named {
            Some(index) => self.calls.iter().rposition(|(known, _)| *known == index),
            None if id.is_empty() => self.calls.len().checked_sub(1),
            None => self.calls.iter().rposition(|(_, known)| *known == id),
        };
        let index = known.unwrap_or_else(|| {
            self.calls.push((named.unwrap_or(self.calls.len() as u64), id.clone()));
            out.push(Delta::ToolCallStart { index: self.calls.len() as u32 - 1, id, name });
            self.calls.len() - 1
        });
        push(out, |text| Delta::ToolCallArguments { index: index as u32, text }, arguments);
        Ok(())
    }
}

fn push(out: &mut Vec<Delta>, delta: impl Fn(String) -> Delta, text: String) {
    if !text.is_empty() {
        out.push(delta(text));
    }
}

/// Writes an event stream from what another provider says.
#[derive(Debug, Default)]
pub struct StreamWriter {
    include_usage: bool,
    id: String,
    model: String,
    created: u64,
    stop: Option<Stop>,
    usage: Option<Usage>,
    last_call: Option<u32>,
    over: bool,
}

impl StreamWriter {
    /// `include_usage`: the caller asked for the usage by `stream_options`.
    #[must_use]
    pub fn new(include_usage: bool) -> Self {
        Self { include_usage, ..Self::default() }
    }

    /// The bytes that say this step; none for some, because stop and usage are written at the end.
    pub fn write(&mut self, delta: &Delta) -> Bytes {
        if self.over {
            return Bytes::new();
        }
        match delta {
            Delta::Start { id, model, created } => {
                (self.id, self.model, self.created) = (id.clone(), model.clone(), *created);
                self.step(|w| {
                    w.put("role", "assistant");
                    w.put("content", "");
                })
            }
            Delta::Text(text) => self.step(|w| w.put("content", text)),
            Delta::Thinking(text) => self.step(|w| w.put("reasoning_content", text)),
            Delta::Refusal(text) => self.step(|w| w.put("refusal", text)),
            Delta::ToolCallStart { index, id, name } => {
                self.last_call = Some(*index);
                self.call(*index, Some((id, name)), "")
            }
            Delta::ToolCallArguments { index, text } => self.call(*index, None, text),
            Delta::Signature(text) => self.signature(text),
            Delta::Usage(usage) => {
                self.usage = Some(*usage);
                Bytes::new()
            }
            Delta::Stop(stop) => {
                self.stop = Some(stop.clone());
                Bytes::new()
            }
            Delta::Error(failure) => {
                self.over = true;
                event(|w| write_error(w, failure)).into()
            }
            Delta::End => self.end(),
        }
    }

    /// A thought's signature belongs to the call that follows from it, in the place where Google's endpoint for this
    /// dialect has it. Of thoughts without a call this dialect keeps none.
    fn signature(&self, text: &str) -> Bytes {
        let Some(index) = self.last_call else { return Bytes::new() };
        self.step(|w| {
            w.list_at("tool_calls", |w| {
                w.object(|w| {
                    w.put("index", &index);
                    w.object_at("extra_content", |w| {
                        w.object_at("google", |w| w.put("thought_signature", text));
                    });
                });
            });
        })
    }

    fn end(&mut self) -> Bytes {
        self.over = true;
        let stop = self.stop.take().unwrap_or_default();
        let mut out = event(|w| self.chunk(w, |_| (), Some(&stop)));
        if self.include_usage {
            let usage = self.usage.unwrap_or_default();
            out.extend(event(|w| {
                self.head(w);
                w.list_at("choices", |_| ());
                w.object_at("usage", |w| write_usage(w, &usage));
            }));
        }
        out.extend_from_slice(b"data: [DONE]\n\n");
        out.into()
    }

    fn call(&self, index: u32, start: Option<(&String, &String)>, arguments: &str) -> Bytes {
        self.step(|w| {
            w.list_at("tool_calls", |w| {
                w.object(|w| {
                    w.put("index", &index);
                    if let Some((id, _)) = start {
                        w.put("id", id);
                        w.put("type", "function");
                    }
                    w.object_at("function", |w| {
                        w.maybe("name", start.map(|(_, name)| name));
                        w.put("arguments", arguments);
                    });
                });
            });
        })
    }

    fn step(&self, delta: impl FnOnce(&mut Writer)) -> Bytes {
        event(|w| self.chunk(w, delta, None)).into()
    }

    fn head(&self, w: &mut Writer) {
        w.put("id", &self.id);
        w.put("object", "chat.completion.chunk");
        w.put("created", &self.created);
        w.put("model", &self.model);
    }

    fn chunk(&self, w: &mut Writer, delta: impl FnOnce(&mut Writer), stop: Option<&Stop>) {
        self.head(w);
        w.list_at("choices", |w| {
            w.object(|w| {
                w.put("index", &0);
                w.object_at("delta", delta);
                w.put("finish_reason", &stop.map(write_stop));
            });
        });
        if self.include_usage {
            w.put("usage", &Value::Null);
        }
    }
}

fn event(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut out = Writer::after(b"data: ".to_vec(), write);
    out.extend_from_slice(b"\n\n");
    out
}
