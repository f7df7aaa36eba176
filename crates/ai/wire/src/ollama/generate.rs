//! One text from another, without a conversation: `/api/generate`. Its answers are read as a chat's are.

use bytes::Bytes;

use super::request::write_format;
use crate::json::Writer;
use crate::{Format, Target};

/// A text that is to be gone on with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Generate {
    /// The model's name.
    pub model: String,
    /// What stands before.
    pub prompt: String,
    /// What stands after, for models that fill in.
    pub suffix: Option<String>,
    /// What the model is told before.
    pub system: Option<String>,
    /// What the answer must look like.
    pub format: Format,
    /// The longest answer, in tokens.
    pub max_tokens: Option<u32>,
    /// 0 (always the likeliest) to 2.
    pub temperature: Option<f64>,
    /// The same seed gives the same answer.
    pub seed: Option<i64>,
    /// The answer is wanted as it is written.
    pub stream: bool,
}

/// Where it goes.
#[must_use]
pub fn generate_target() -> Target {
    Target::post("/api/generate")
}

/// Writes the body of a request.
#[must_use]
pub fn write_generate(generate: &Generate) -> Bytes {
    Writer::body(|w| {
        w.put("model", &generate.model);
        w.put("prompt", &generate.prompt);
        w.maybe("suffix", generate.suffix.as_ref());
        w.maybe("system", generate.system.as_ref());
        write_format(w, &generate.format);
        w.put("stream", &generate.stream);
        w.object_at("options", |w| {
            w.maybe("temperature", generate.temperature.as_ref());
            w.maybe("num_predict", generate.max_tokens.as_ref());
            w.maybe("seed", generate.seed.as_ref());
        });
    })
}
