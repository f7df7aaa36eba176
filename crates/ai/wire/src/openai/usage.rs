//! Tokens, as this dialect counts them: cached ones are among the prompt's, reasoning is among the completion's.

use crate::json::{Fields, Writer};
use crate::{Failure, Usage};

pub(crate) fn read_usage(mut fields: Fields) -> Result<Usage, Failure> {
    let mut usage = Usage {
        input: fields.large("prompt_tokens")?.unwrap_or_default(),
        output: fields.large("completion_tokens")?.unwrap_or_default(),
        ..Usage::default()
    };
    let total = fields.large("total_tokens")?.unwrap_or_default();
    if let Some(mut details) = fields.object("prompt_tokens_details")? {
        usage.cached_read = details.large("cached_tokens")?.unwrap_or_default();
        usage.cached_write = details.large("cache_write_tokens")?.unwrap_or_default();
    }
    // DeepSeek's name for the same.
    if let Some(cached) = fields.large("prompt_cache_hit_tokens")? {
        usage.cached_read = usage.cached_read.max(cached);
    }
    if let Some(mut details) = fields.object("completion_tokens_details")? {
        usage.reasoning = details.large("reasoning_tokens")?.unwrap_or_default();
    }
    // xAI counts reasoning beside the completion, and shows it in the total alone.
    if usage.reasoning > 0 && total == usage.total().saturating_add(usage.reasoning) {
        usage.output += usage.reasoning;
    }
    Ok(usage)
}

pub(super) fn write_usage(w: &mut Writer, usage: &Usage) {
    w.put("prompt_tokens", &usage.input);
    w.put("completion_tokens", &usage.output);
    w.put("total_tokens", &usage.total());
    w.object_at("prompt_tokens_details", |w| {
        w.put("cached_tokens", &usage.cached_read);
        if usage.cached_write > 0 {
            w.put("cache_write_tokens", &usage.cached_write);
        }
    });
    w.object_at("completion_tokens_details", |w| w.put("reasoning_tokens", &usage.reasoning));
}
