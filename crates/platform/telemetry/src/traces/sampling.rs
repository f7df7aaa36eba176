//! Which traces are recorded.
//!
//! A span follows the span of this program that it is part of. Where the parent is a caller's, the caller's own decision is
//! ignored, and its trace id decides nothing either: both are in the hands of whoever sends the request, who could have
//! everything recorded by a flag, or by an id that is small enough. At the place where a span begins it is not yet known who
//! asks, so that nobody is believed.

use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{
    IdGenerator as _, ParentBasedSampler, RandomIdGenerator, Sampler, SamplingResult, ShouldSample,
};

/// Records `ratio` (0 to 1) of the traces.
pub fn of(ratio: f64) -> ParentBasedSampler {
    ParentBasedSampler::new(Sampler::TraceIdRatioBased(ratio))
        .with_remote_parent_sampled(Drawn(ratio))
        .with_remote_parent_not_sampled(Drawn(ratio))
}

/// Decides by an id that nobody knows before.
#[derive(Clone, Debug)]
struct Drawn(f64);

impl ShouldSample for Drawn {
    fn should_sample(
        &self,
        _: Option<&Context>,
        _: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let drawn = RandomIdGenerator::default().new_trace_id();
        Sampler::TraceIdRatioBased(self.0).should_sample(None, drawn, name, kind, attributes, links)
    }
}
