//! Spans that have ended and wait to be sent: so many and no more, each of a bounded size.

use opentelemetry::{Array, Context, KeyValue, StringValue, Value};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};
use std::time::Duration;
use tokio::sync::mpsc;

/// The longest text of an attribute, in bytes: model providers choose some of them.
const LONGEST: usize = 512;
/// Attributes that are lists by the conventions. `tracing` has no lists, so that they come as JSON.
const LISTS: [&str; 1] = ["gen_ai.response.finish_reasons"];

/// Takes spans in.
#[derive(Debug)]
pub struct Queue(mpsc::Sender<SpanData>);

/// A queue of so many spans.
pub fn bounded(waiting: usize) -> (Queue, mpsc::Receiver<SpanData>) {
    let (queue, spans) = mpsc::channel(waiting);
    (Queue(queue), spans)
}

/// Counts spans that nobody will see.
pub fn dropped(spans: u64, reason: &'static str) {
    metrics::counter!("traces_spans_dropped_total", "reason" => reason).increment(spans);
}

impl SpanProcessor for Queue {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, mut span: SpanData) {
        if !span.span_context.is_sampled() {
            return;
        }
        tidy(&mut span.attributes);
        if self.0.try_send(span).is_err() {
            dropped(1, "queue_full");
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Each attribute once, as it was said last; lists as lists; nothing longer than it may be.
fn tidy(attributes: &mut Vec<KeyValue>) {
    let mut kept: Vec<KeyValue> = Vec::with_capacity(attributes.len());
    for mut attribute in attributes.drain(..) {
        if let Value::String(text) = &attribute.value {
            if LISTS.contains(&attribute.key.as_str())
                && let Ok(items) = serde_json::from_str::<Vec<String>>(text.as_str())
            {
                let items = items.iter().map(|item| StringValue::from(short(item).to_owned())).collect();
                attribute.value = Value::Array(Array::String(items));
            } else if text.as_str().len() > LONGEST {
                attribute.value = short(text.as_str()).to_owned().into();
            }
        }
        match kept.iter_mut().find(|known| known.key == attribute.key) {
            Some(known) => known.value = attribute.value,
            None => kept.push(attribute),
        }
    }
    *attributes = kept;
}

fn short(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_said_once_and_are_short() {
        let long = "ü".repeat(LONGEST);
        let mut attributes = vec![
            KeyValue::new("gen_ai.response.model", "asked"),
            KeyValue::new("gen_ai.response.finish_reasons", "[\"stop\"]"),
            KeyValue::new("gen_ai.response.model", "answered"),
            KeyValue::new("gen_ai.response.id", long),
            KeyValue::new("gen_ai.usage.input_tokens", 7),
        ];
        tidy(&mut attributes);
        assert_eq!(attributes.len(), 4);
        assert_eq!(attributes[0], KeyValue::new("gen_ai.response.model", "answered"));
        assert_eq!(attributes[1].value, Value::Array(Array::String(vec!["stop".into()])));
        assert_eq!(attributes[2].value.as_str().len(), LONGEST);
        assert_eq!(attributes[3].value, Value::I64(7));
    }
}
