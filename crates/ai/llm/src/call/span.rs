//! The span of a call, with the attributes of the OpenTelemetry conventions for generative AI (semantic conventions 1.41).
//! It is made where somebody listens at the level `debug`, and costs nothing elsewhere. What was asked and answered is
//! not in it. Counts are signed, because OpenTelemetry knows no others.

use super::Ongoing;
use crate::record::Call;
use crate::tenant::Target;
use eduai_wire::relay::Seen;
use eduai_wire::{Dialect, Stop};
use tracing::Span;
use tracing::field::{Empty, display};

/// A call begins.
pub fn begun(ongoing: &Ongoing<'_>) -> Span {
    let (question, peek) = (ongoing.question, &ongoing.question.peek);
    tracing::debug_span!(
        "model_call",
        otel.name = %format_args!("{} {}", question.operation.as_str(), peek.model),
        otel.kind = "client",
        otel.status_code = Empty,
        error.type = Empty,
        server.address = Empty,
        server.port = Empty,
        gen_ai.operation.name = question.operation.as_str(),
        gen_ai.provider.name = Empty,
        gen_ai.request.model = peek.model,
        gen_ai.request.max_tokens = peek.max_tokens.map(i64::from),
        gen_ai.request.temperature = peek.temperature,
        gen_ai.request.choice.count = (peek.choices > 1).then_some(i64::from(peek.choices)),
        gen_ai.response.id = Empty,
        gen_ai.response.model = Empty,
        gen_ai.response.finish_reasons = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.cache_read.input_tokens = Empty,
        gen_ai.usage.cache_creation.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        gen_ai.usage.reasoning.output_tokens = Empty,
        eduai.institution.id = %ongoing.caller.tenant.institution,
        user.id = ongoing.caller.person.map(display),
    )
}

/// It has ended so.
pub fn ended(span: &Span, call: &Call, target: Option<&Target>, seen: Option<&Seen>) {
    if span.is_disabled() {
        return;
    }
    if let Some(target) = target {
        let spec = &target.provider.spec;
        span.record("gen_ai.provider.name", provider(spec.dialect));
        span.record("server.address", spec.base_url.host_str().unwrap_or_default());
        span.record("server.port", spec.base_url.port_or_known_default().map(i64::from));
        span.record("gen_ai.response.model", call.model.as_ref());
    }
    if let Some(seen) = seen {
        span.record("gen_ai.response.id", seen.id.as_deref());
        if let Some(model) = &seen.model {
            span.record("gen_ai.response.model", model.as_str());
        }
        if let Some(stop) = &seen.stop {
            // A list by the conventions; spans have no lists.
            span.record("gen_ai.response.finish_reasons", display(format_args!("[\"{}\"]", reason(stop))));
        }
    }
    if call.status != "ok" {
        span.record("error.type", call.status);
        span.record("otel.status_code", "ERROR");
    }
    let usage = &call.usage;
    span.record("gen_ai.usage.input_tokens", usage.input.cast_signed());
    span.record("gen_ai.usage.output_tokens", usage.output.cast_signed());
    for (name, tokens) in [
        ("gen_ai.usage.cache_read.input_tokens", usage.cached_read),
        ("gen_ai.usage.cache_creation.input_tokens", usage.cached_write),
        ("gen_ai.usage.reasoning.output_tokens", usage.reasoning),
    ] {
        span.record(name, (tokens > 0).then_some(tokens.cast_signed()));
    }
    span.in_scope(|| tracing::debug!("a call of a model has ended"));
}

/// The conventions' word for a provider, as far as what it speaks tells.
fn provider(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Gemini => "gcp.gemini",
        other => other.name(),
    }
}

fn reason(stop: &Stop) -> &str {
    match stop {
        Stop::End | Stop::StopSequence(_) => "stop",
        Stop::Length => "length",
        Stop::ToolUse => "tool_call",
        Stop::Refusal => "content_filter",
        Stop::Other(word) => word,
    }
}
