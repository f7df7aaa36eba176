//! `OpenAI`'s chat completions, embeddings and models, and every server that calls itself compatible.
//!
//! Source: `openai/openai-openapi` (`openapi.yaml`, August 2026) and the `openai` Python SDK of the same month; what
//! compatible servers add (`reasoning_content`, `top_k`, errors of vLLM and llama.cpp) from their own documentation.
//!
//! The base address ends in the version (`https://api.openai.com/v1`), as every SDK of this dialect has it.

mod embed;
mod failure;
mod message;
mod models;
mod reply;
mod request;
mod stream;
mod usage;
mod write;

pub use embed::{embed_target, read_embed, read_embedded, write_embed, write_embedded};
pub use failure::{read_failure, write_failure};
pub use models::{models_target, read_models, write_models};
pub use reply::{read_reply, write_reply};
pub use request::read_request;
pub use stream::{StreamReader, StreamWriter};
pub use write::write_request;

pub(crate) use reply::look;
pub(crate) use stream::State as StreamState;

use crate::{Chat, Target};

/// Where a chat goes.
#[must_use]
pub fn target(_: &Chat) -> Target {
    Target::post("/chat/completions")
}
