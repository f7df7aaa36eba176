//! Anthropic's messages, both ways.
//!
//! Source: `anthropics/anthropic-sdk-python` (its types are generated from Anthropic's API description; August 2026) and
//! the pages on structured outputs, streaming and errors of `platform.claude.com/docs`.
//!
//! The base address is `https://api.anthropic.com`; the version is part of the path.

mod content;
mod failure;
mod models;
mod reply;
mod request;
mod schema;
mod stream_read;
mod stream_write;
mod usage;
mod version;
mod write;

pub use failure::{read_failure, write_failure};
pub use models::{models_target, read_models, write_models};
pub use reply::{read_reply, write_reply};
pub use request::read_request;
pub use stream_read::StreamReader;
pub use stream_write::StreamWriter;
pub use write::write_request;

pub(crate) use reply::look;
pub(crate) use stream_read::State as StreamState;

use crate::{Chat, Target};

/// Where a chat goes.
#[must_use]
pub fn target(_: &Chat) -> Target {
    Target::post("/v1/messages").with("anthropic-version", VERSION)
}

/// The version of the API that is spoken here.
const VERSION: &str = "2023-06-01";

/// The tool by which older models are made to answer by a schema. Its arguments are the answer, and are read as text.
const ANSWER_TOOL: &str = "__answer_in_json";
