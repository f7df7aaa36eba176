//! Traces by OpenTelemetry: the spans that the rooms make with `tracing`, sent to a collector by OTLP over HTTP.
//!
//! The SDK makes ids and decides what is recorded ([`sampling`]); what waits is bounded ([`queue`]); one thread of its own
//! sends it ([`worker`], [`collector`]), so that a collector that is away, slow or full holds up no request. Events stay in
//! the log: their sentences are written for whoever operates the program, and a collector may be somebody else's.

mod collector;
mod queue;
mod sampling;
mod settings;
mod worker;

pub use settings::{BadTraces, TraceSettings};

use crate::logs::TelemetryError;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tracing::level_filters::LevelFilter;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, filter::filter_fn};

/// How long what waits may take to be sent when the program ends.
const LAST: Duration = Duration::from_secs(2);
/// The spans of which crates are sent: only ours are known to carry nothing of people.
const OURS: &str = "eduai";

/// Spans on their way to a collector.
#[derive(Debug)]
pub struct Traces {
    /// Spans are made as long as it lives.
    _provider: SdkTracerProvider,
    stop: CancellationToken,
    done: oneshot::Receiver<()>,
}

impl Traces {
    /// The layer that records spans, and what sends them.
    pub(crate) fn start<S>(settings: TraceSettings) -> Result<(Box<dyn Layer<S> + Send + Sync>, Self), TelemetryError>
    where
        S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
    {
        let (queue, spans) = queue::bounded(settings.waiting);
        let provider = SdkTracerProvider::builder()
            .with_span_processor(queue)
            .with_sampler(sampling::of(settings.ratio))
            .with_resource(settings.resource.clone())
            .build();
        let (stop, (told, done)) = (CancellationToken::new(), oneshot::channel());
        let stopped = stop.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(TelemetryError::Thread)?;
        let named = std::thread::Builder::new().name("traces".into());
        named
            .spawn(move || {
                runtime.block_on(worker::run(spans, settings, stopped));
                let _ = told.send(());
                // A name that is still being looked up is not waited for.
                runtime.shutdown_background();
            })
            .map_err(TelemetryError::Thread)?;
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("eduai"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false)
            .with_filter(recorded());
        Ok((layer.boxed(), Self { _provider: provider, stop, done }))
    }

    /// Makes `span` a part of the trace that a caller names in `traceparent` (W3C Trace Context). Nothing happens where it
    /// is not well-formed, or where nothing is recorded. Whether the caller records it makes no difference here, and its
    /// `tracestate` is not taken.
    pub fn join(span: &Span, traceparent: &str) {
        let context = TraceContextPropagator::new().extract(&Caller(traceparent));
        // Refused where the span is not recorded.
        let _ = span.set_parent(context);
    }

    /// Sends what waits, for at most two seconds.
    pub async fn finish(self) {
        self.stop.cancel();
        if tokio::time::timeout(LAST, self.done).await.is_err() {
            tracing::warn!("the last spans were not taken by the collector of traces within {} s", LAST.as_secs());
        }
    }
}

/// Spans of our own crates; nothing else, and no events. The log's filter has no part in it.
fn recorded() -> FilterFn<fn(&tracing::Metadata<'_>) -> bool> {
    let ours: fn(&tracing::Metadata<'_>) -> bool = |metadata| metadata.is_span() && metadata.target().starts_with(OURS);
    filter_fn(ours).with_max_level_hint(LevelFilter::DEBUG)
}

/// What a caller says of its trace.
struct Caller<'a>(&'a str);

impl Extractor for Caller<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == "traceparent").then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent"]
    }
}

#[cfg(test)]
mod tests;
