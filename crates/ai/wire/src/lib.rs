//! What model providers speak: requests, answers, event streams and errors in the dialects of `OpenAI` (and every
//! compatible server), Anthropic, Google Gemini and Ollama, and the translations between them through one set of types.
//!
//! It is pure: bytes in, bytes out; no sockets, no clock, no keys kept. It is not a gateway: who may ask what, of whom,
//! how often and for how much is decided elsewhere.
//!
//! Start reading at [`Chat`] (a question in no dialect), [`Reply`] and [`Delta`] (its answer, whole or as it is written)
//! and [`Failure`]; then at a dialect, `openai` first. [`relay`] is the short way for a caller and a provider who speak
//! the same dialect, which reads a request once and lets the answer's bytes pass.
//!
//! [`Dialect`] has a method for everything, so that a caller need not know which module it is in. Ask
//! [`Dialect::can_say`] before a question is translated: what a dialect has no words for is refused by name there, and
//! left out in silence otherwise. Ollama's [`Model::remote`] tells which of the models that it lists run elsewhere.
//!
//! What to know of the types: a part with unknown fields is [`Part::Marked`], so look at parts by [`Part::plain`]; to
//! change every text that leaves the house (names that are to be replaced), use [`Chat::each_text`], which forgets none;
//! a tool's arguments are JSON as text; unknown fields are written back in the dialect they came from and in no other.

pub mod anthropic;
mod chat;
mod date;
mod dialect;
mod embed;
mod failure;
mod fault;
pub mod gemini;
mod json;
pub mod ollama;
pub mod openai;
pub mod relay;
mod reply;
mod sse;
mod texts;

pub use chat::{Chat, Effort, Format, Message, Part, Reasoning, Role, Schema, Source, Tool, ToolChoice};
pub use dialect::{Dialect, StreamReader, StreamWriter, Target};
pub use embed::{Embed, Embedded, Encoding, Input, Model};
pub use failure::{Failure, Kind, retry_after, retry_after_ms};
pub use reply::{Delta, Reply, Stop, Usage};
