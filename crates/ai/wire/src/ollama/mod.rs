//! Ollama's own API, as a provider: requests out, answers in, and the models that lie on the machine.
//!
//! Source: `ollama/ollama` (`docs/api.md` and `api/types.go`, August 2026).
//!
//! The base address is the server's, `http://127.0.0.1:11434` as a rule.

mod embed;
mod failure;
mod generate;
mod models;
mod pull;
mod reply;
mod request;
mod stream;

pub use embed::{embed_target, read_embedded, write_embed};
pub use failure::read_failure;
pub use generate::{Generate, generate_target, write_generate};
pub use models::{models_target, read_models};
pub use pull::{Progress, PullReader, pull_target, write_pull};
pub use reply::read_reply;
pub use request::write_request;
pub use stream::StreamReader;

use crate::{Chat, Target};

/// Where a chat goes.
#[must_use]
pub fn target(_: &Chat) -> Target {
    Target::post("/api/chat")
}
