//! Sends what waits, some spans at a time.

use super::collector::{Collector, Refused};
use super::queue::dropped;
use super::settings::TraceSettings;
use bytes::Bytes;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::trace::SpanData;
use prost::Message as _;
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;

/// How often one batch is sent at most.
const TRIES: u32 = 5;
/// The wait after the first try; it doubles.
const WAIT: Duration = Duration::from_secs(1);
/// The longest that a collector may ask to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Sends until it is told to stop, and then what is left.
pub async fn run(mut spans: Receiver<SpanData>, settings: TraceSettings, stop: CancellationToken) {
    let resource = ResourceAttributesWithSchema::from(&settings.resource);
    let mut sender = Sender { collector: Collector::new(&settings), shown: settings.shown(), failing: false };
    loop {
        let batch = gather(&mut spans, &settings, &stop).await;
        if batch.is_empty() {
            return;
        }
        let count = batch.len() as u64;
        let request = ExportTraceServiceRequest { resource_spans: group_spans_by_resource_and_scope(batch, &resource) };
        sender.deliver(request.encode_to_vec().into(), count, settings.named_by(), &stop).await;
    }
}

/// The next batch: full, or as old as one may get, or what is left at the end.
async fn gather(spans: &mut Receiver<SpanData>, settings: &TraceSettings, stop: &CancellationToken) -> Vec<SpanData> {
    let mut batch = Vec::new();
    tokio::select! {
        biased;
        _ = spans.recv_many(&mut batch, settings.at_once) => {}
        () = stop.cancelled() => {
            spans.close();
            spans.recv_many(&mut batch, settings.at_once).await;
        }
    }
    let oldest = tokio::time::sleep(settings.delay);
    tokio::pin!(oldest);
    while !batch.is_empty() && batch.len() < settings.at_once {
        let room = settings.at_once - batch.len();
        tokio::select! {
            biased;
            more = spans.recv_many(&mut batch, room) => if more == 0 { break },
            () = stop.cancelled() => break,
            () = &mut oldest => break,
        }
    }
    batch
}

/// What is known of the collector.
struct Sender {
    collector: Collector,
    shown: String,
    /// It has not taken the last batch, and that was said.
    failing: bool,
}

impl Sender {
    async fn deliver(&mut self, body: Bytes, spans: u64, variable: &'static str, stop: &CancellationToken) {
        for tried in 0..TRIES {
            let refused = match self.collector.send(body.clone()).await {
                Ok(taken) => return self.taken(spans, taken.rejected),
                Err(refused) => refused,
            };
            self.say(&refused, variable);
            // Whoever waits for the end does not wait for a collector to come back.
            if !refused.passing || tried + 1 == TRIES || stop.is_cancelled() {
                break;
            }
            let wait = refused.wait.unwrap_or(WAIT * 2_u32.pow(tried)).min(LONGEST_WAIT);
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stop.cancelled() => {}
            }
        }
        dropped(spans, "not_taken");
    }

    fn taken(&mut self, spans: u64, rejected: u64) {
        let rejected = rejected.min(spans);
        metrics::counter!("traces_spans_sent_total").increment(spans - rejected);
        if rejected > 0 {
            dropped(rejected, "rejected");
        }
        if std::mem::take(&mut self.failing) {
            tracing::info!(collector = self.shown, "the collector of traces takes them again");
        }
    }

    /// Once, until it has taken some again.
    fn say(&mut self, refused: &Refused, variable: &'static str) {
        if !std::mem::replace(&mut self.failing, true) {
            tracing::warn!(
                collector = self.shown,
                why = refused.why,
                "the collector of traces does not take them; they are dropped and counted \
                 (traces_spans_dropped_total) until it does. Correct or unset {variable}, or start the collector"
            );
        }
    }
}
