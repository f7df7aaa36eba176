//! Tokens, as this dialect counts them: `input_tokens` are those that no cache was read or written for.

use crate::json::{Fields, Writer};
use crate::{Failure, Usage};

/// Adds what an event says: what it leaves out stands as it was.
pub(super) fn read_usage(mut fields: Fields, before: Usage) -> Result<Usage, Failure> {
    let uncached = before.input.saturating_sub(before.cached_read).saturating_sub(before.cached_write);
    let uncached = fields.large("input_tokens")?.unwrap_or(uncached);
    let cached_read = fields.large("cache_read_input_tokens")?.unwrap_or(before.cached_read);
    let cached_write = fields.large("cache_creation_input_tokens")?.unwrap_or(before.cached_write);
    let output = fields.large("output_tokens")?.unwrap_or(before.output);
    let reasoning = match fields.object("output_tokens_details")? {
        Some(mut details) => details.large("thinking_tokens")?.unwrap_or(before.reasoning),
        None => before.reasoning,
    };
    let input = uncached.saturating_add(cached_read).saturating_add(cached_write);
    Ok(Usage { input, cached_read, cached_write, output, reasoning })
}

pub(super) fn write_usage(w: &mut Writer, usage: &Usage) {
    let uncached = usage.input.saturating_sub(usage.cached_read).saturating_sub(usage.cached_write);
    w.put("input_tokens", &uncached);
    w.put("cache_creation_input_tokens", &usage.cached_write);
    w.put("cache_read_input_tokens", &usage.cached_read);
    w.put("output_tokens", &usage.output);
    if usage.reasoning > 0 {
        w.object_at("output_tokens_details", |w| w.put("thinking_tokens", &usage.reasoning));
    }
}
