//! Answers as they are written, written for a caller who speaks this dialect.

use bytes::Bytes;

use super::failure::write_error;
use super::reply::write_stop;
use super::usage::write_usage;
use crate::json::Writer;
use crate::{Delta, Stop, Usage};

/// Writes an event stream from what another provider says.
#[derive(Debug, Default)]
pub struct StreamWriter {
    /// The block that is being written, and its number.
    open: Option<(Block, u32)>,
    blocks: u32,
    /// The block of every call, by the call's number.
    calls: Vec<(u32, u32)>,
    stop: Option<Stop>,
    usage: Usage,
    over: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Block {
    Text,
    Thinking,
    Call,
}

impl StreamWriter {
    /// A stream that has not begun.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes that say this step; none for some, because stop and usage are written at the end.
    pub fn write(&mut self, delta: &Delta) -> Bytes {
        if self.over {
            return Bytes::new();
        }
        let mut out = Vec::new();
        match delta {
            Delta::Start { id, model, .. } => self.start(&mut out, id, model),
            Delta::Text(text) | Delta::Refusal(text) => self.grow(&mut out, Block::Text, "text_delta", "text", text),
            Delta::Thinking(text) => self.grow(&mut out, Block::Thinking, "thinking_delta", "thinking", text),
            // A signature under a call, or under a thought that was not shown, is no block of this dialect's.
            Delta::Signature(text) if matches!(self.open, Some((Block::Thinking, _))) => {
                self.grow(&mut out, Block::Thinking, "signature_delta", "signature", text);
            }
            Delta::Signature(_) => {}
            Delta::ToolCallStart { index, id, name } => {
                let block = self.begin(&mut out, Block::Call, |w| {
                    w.put("type", "tool_use");
                    w.put("id", id);
                    w.put("name", name);
                    w.raw("input", "{}");
                });
                self.calls.push((*index, block));
            }
            Delta::ToolCallArguments { index, text } => {
                if let Some((_, block)) = self.calls.iter().rfind(|(call, _)| call == index) {
                    grow(&mut out, *block, "input_json_delta", "partial_json", text);
                }
            }
            Delta::Usage(usage) => self.usage = *usage,
            Delta::Stop(stop) => self.stop = Some(stop.clone()),
            Delta::Error(failure) => {
                self.over = true;
                event(&mut out, "error", |w| write_error(w, failure));
            }
            Delta::End => self.end(&mut out),
        }
        out.into()
    }

    fn start(&mut self, out: &mut Vec<u8>, id: &str, model: &str) {
        let usage = Usage { output: 0, reasoning: 0, ..self.usage };
        event(out, "message_start", |w| {
            w.put("type", "message_start");
            w.object_at("message", |w| {
                w.put("id", id);
                w.put("type", "message");
                w.put("role", "assistant");
                w.put("model", model);
                w.list_at("content", |_| ());
                w.put("stop_reason", &None::<&str>);
                w.put("stop_sequence", &None::<&str>);
                w.object_at("usage", |w| write_usage(w, &usage));
            });
        });
    }

    fn grow(&mut self, out: &mut Vec<u8>, block: Block, kind: &str, name: &str, text: &str) {
        let number = match self.open {
            Some((open, number)) if open == block => number,
            _ => self.begin(out, block, |w| {
                if block == Block::Thinking {
                    w.put("type", "thinking");
                    w.put("thinking", "");
                    w.put("signature", "");
                } else {
                    w.put("type", "text");
                    w.put("text", "");
                }
            }),
        };
        grow(out, number, kind, name, text);
    }

    fn begin(&mut self, out: &mut Vec<u8>, block: Block, content: impl FnOnce(&mut Writer)) -> u32 {
        self.close(out);
        let number = self.blocks;
        event(out, "content_block_start", |w| {
            w.put("type", "content_block_start");
            w.put("index", &number);
            w.object_at("content_block", content);
        });
        self.open = Some((block, number));
        self.blocks += 1;
        number
    }

    fn close(&mut self, out: &mut Vec<u8>) {
        if let Some((_, number)) = self.open.take() {
            event(out, "content_block_stop", |w| {
                w.put("type", "content_block_stop");
                w.put("index", &number);
            });
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        self.over = true;
        self.close(out);
        let (stop, usage) = (self.stop.take().unwrap_or_default(), self.usage);
        event(out, "message_delta", |w| {
            w.put("type", "message_delta");
            w.object_at("delta", |w| write_stop(w, &stop));
            w.object_at("usage", |w| write_usage(w, &usage));
        });
        event(out, "message_stop", |w| w.put("type", "message_stop"));
    }
}

fn grow(out: &mut Vec<u8>, block: u32, kind: &str, name: &str, text: &str) {
    event(out, "content_block_delta", |w| {
        w.put("type", "content_block_delta");
        w.put("index", &block);
        w.object_at("delta", |w| {
            w.put("type", kind);
            w.put(name, text);
        });
    });
}

fn event(out: &mut Vec<u8>, name: &str, write: impl FnOnce(&mut Writer)) {
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\ndata: ");
    *out = Writer::after(std::mem::take(out), write);
    out.extend_from_slice(b"\n\n");
}
