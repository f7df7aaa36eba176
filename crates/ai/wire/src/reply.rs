//! An answer of a model, whole or as it is written, in no dialect.

use serde_json::{Map, Value};

use crate::{Dialect, Failure, Part};

/// A whole answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The provider's id of it.
    pub id: String,
    /// The model that answered, which may be a version of the one that was asked.
    pub model: String,
    /// Seconds since 1970; 0 where the provider does not say.
    pub created: u64,
    /// What it says.
    pub parts: Vec<Part>,
    /// Why it ends.
    pub stop: Stop,
    /// What it cost, in tokens.
    pub usage: Usage,
    /// Fields that are not known here, in the words of `origin`.
    pub other: Map<String, Value>,
    /// Whose words `other` is: it is written in that dialect alone. `None`: in any.
    pub origin: Option<Dialect>,
}

impl Reply {
    /// All text parts, one after the other.
    #[must_use]
    pub fn text(&self) -> String {
        self.parts.iter().filter_map(Part::text).collect()
    }

    /// The same as it would have been written bit by bit: for a caller who wants a stream of a provider who does not
    /// stream. What no stream has a word for (a picture) is left out.
    #[must_use]
    pub fn deltas(&self) -> Vec<Delta> {
        let mut deltas = vec![Delta::Start { id: self.id.clone(), model: self.model.clone(), created: self.created }];
        let mut index = 0;
        for part in &self.parts {
            match part.plain() {
                Part::Text(text) => deltas.push(Delta::Text(text.clone())),
                Part::Refusal(text) => deltas.push(Delta::Refusal(text.clone())),
                Part::Thinking { text, signature } => {
                    deltas.push(Delta::Thinking(text.clone()));
                    deltas.extend(signature.clone().map(Delta::Signature));
                }
                Part::ToolCall { id, name, arguments } => {
                    deltas.push(Delta::ToolCallStart { index, id: id.clone(), name: name.clone() });
                    deltas.push(Delta::ToolCallArguments { index, text: arguments.clone() });
                    index += 1;
                }
                _ => {}
            }
        }
        deltas.extend([Delta::Usage(self.usage), Delta::Stop(self.stop.clone()), Delta::End]);
        deltas
    }
}

/// Why an answer ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stop {
    /// It is complete.
    #[default]
    End,
    /// The room was full.
    Length,
    /// It came to a text that was to end it; which, where the provider says.
    StopSequence(Option<String>),
    /// It waits for tools.
    ToolUse,
    /// The model, or a filter, declined to go on.
    Refusal,
    /// Another reason, in the provider's word.
    Other(String),
}

/// Tokens of a call, counted alike for every provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// All that was read, cached tokens included.
    pub input: u64,
    /// Of `input`: read from the provider's cache.
    pub cached_read: u64,
    /// Of `input`: written into the provider's cache.
    pub cached_write: u64,
    /// All that was written, reasoning included.
    pub output: u64,
    /// Of `output`: reasoning.
    pub reasoning: u64,
}

impl Usage {
    /// Read and written together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.input.saturating_add(self.output)
    }
}

/// A step of an answer that is being written.
#[derive(Clone, Debug, PartialEq)]
pub enum Delta {
    /// The answer begins.
    Start {
        /// The provider's id of it.
        id: String,
        /// The model that answers.
        model: String,
        /// Seconds since 1970; 0 where the provider does not say.
        created: u64,
    },
    /// More text.
    Text(String),
    /// More of what the model thinks.
    Thinking(String),
    /// The signature under what it thought.
    Signature(String),
    /// More of its declining.
    Refusal(String),
    /// It asks for a tool.
    ToolCallStart {
        /// Counted from 0 over the tool calls of this answer.
        index: u32,
        /// By which the result refers to it.
        id: String,
        /// The tool.
        name: String,
    },
    /// More of a tool's arguments.
    ToolCallArguments {
        /// Of which call.
        index: u32,
        /// JSON, to be joined with the rest.
        text: String,
    },
    /// Tokens so far; the last one holds for the call.
    Usage(Usage),
    /// Why it ended.
    Stop(Stop),
    /// It broke off.
    Error(Failure),
    /// The provider's mark that this was all.
    End,
}
