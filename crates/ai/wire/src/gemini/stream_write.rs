//! Answers as they are written, written for a caller who speaks this dialect: every event is a piece of an answer, and the
//! last one says why it ended and what it cost.

use bytes::Bytes;
use serde_json::Map;

use super::content::{seal, sign, write_part};
use super::failure::write_error;
use super::reply::{stop_word, write_usage};
use crate::json::Writer;
use crate::{Delta, Part, Stop, Usage};

/// Writes an event stream from what another provider says.
#[derive(Debug, Default)]
pub struct StreamWriter {
    id: String,
    model: String,
    /// Calls are said whole, when what follows them comes.
    calls: Vec<Call>,
    /// The model was thinking: a signature that comes now stands under its thought.
    thinks: bool,
    stop: Stop,
    usage: Usage,
    over: bool,
}

#[derive(Debug)]
struct Call {
    index: u32,
    id: String,
    name: String,
    arguments: String,
    signature: Option<String>,
}

impl StreamWriter {
    /// A stream that has not begun.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes that say this step; none for some.
    pub fn write(&mut self, delta: &Delta) -> Bytes {
        if self.over {
            return Bytes::new();
        }
        let mut out = Vec::new();
        match delta {
            Delta::Start { id, model, .. } => (self.id, self.model) = (id.clone(), model.clone()),
            Delta::Text(text) | Delta::Refusal(text) => self.say(&mut out, Part::Text(text.clone())),
            Delta::Thinking(text) => {
                self.say(&mut out, Part::Thinking { text: text.clone(), signature: None });
            }
            Delta::Signature(text) => self.signed(&mut out, text),
            Delta::ToolCallStart { index, id, name } => self.calls.push(Call {
                index: *index,
                id: id.clone(),
                name: name.clone(),
                arguments: String::new(),
                signature: None,
            }),
            Delta::ToolCallArguments { index, text } => {
                if let Some(call) = self.calls.iter_mut().rfind(|call| call.index == *index) {
                    call.arguments.push_str(text);
                }
            }
            Delta::Usage(usage) => self.usage = *usage,
            Delta::Stop(stop) => self.stop = stop.clone(),
            Delta::Error(failure) => {
                self.over = true;
                event(&mut out, |w| write_error(w, failure));
            }
            Delta::End => {
                self.over = true;
                let parts = self.called();
                self.piece(&mut out, &parts, true);
            }
        }
        self.thinks = matches!(delta, Delta::Thinking(_) | Delta::Signature(_)) && self.calls.is_empty();
        out.into()
    }

    fn say(&mut self, out: &mut Vec<u8>, part: Part) {
        let mut parts = self.called();
        parts.push(part);
        self.piece(out, &parts, false);
    }

    /// A signature under a call, in Google's own words; or under the thought before it, in another provider's.
    fn signed(&mut self, out: &mut Vec<u8>, text: &str) {
        if let Some(call) = self.calls.last_mut() {
            call.signature = Some(text.to_owned());
        } else if self.thinks {
            let sealed = Map::from_iter([("thoughtSignature".to_owned(), seal(text).into())]);
            self.piece(out, &[Part::Thinking { text: String::new(), signature: None }.marked(sealed)], false);
        }
    }

    /// The calls that were not said yet.
    fn called(&mut self) -> Vec<Part> {
        let call = |call: Call| {
            let mut marks = Map::new();
            if let Some(signature) = call.signature {
                sign(&mut marks, signature);
            }
            Part::ToolCall { id: call.id, name: call.name, arguments: call.arguments }.marked(marks)
        };
        self.calls.drain(..).map(call).collect()
    }

    /// A piece of the answer. A last one that says nothing says it as an empty text, which programs join to the rest.
    fn piece(&self, out: &mut Vec<u8>, parts: &[Part], last: bool) {
        event(out, |w| {
            w.list_at("candidates", |w| {
                w.object(|w| {
                    w.object_at("content", |w| {
                        w.list_at("parts", |w| {
                            for part in parts {
                                write_part(w, part, true, None);
                            }
                            if parts.is_empty() {
                                w.object(|w| w.put("text", ""));
                            }
                        });
                        w.put("role", "model");
                    });
                    if last {
                        w.put("finishReason", stop_word(&self.stop));
                    }
                    w.put("index", &0);
                });
            });
            if last {
                w.object_at("usageMetadata", |w| write_usage(w, &self.usage));
            }
            w.put("modelVersion", &self.model);
            w.put("responseId", &self.id);
        });
    }
}

fn event(out: &mut Vec<u8>, write: impl FnOnce(&mut Writer)) {
    out.extend_from_slice(b"data: ");
    *out = Writer::after(std::mem::take(out), write);
    out.extend_from_slice(b"\n\n");
}
