//! What is counted for operators. The names and labels are those of the operations handbook; handles are kept, because
//! looking one up costs more than counting.

use crate::money::Money;
use eduai_wire::Usage;
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// The counters of one model of one provider.
pub struct Meters {
    provider: String,
    model: String,
    ok: Counter,
    others: RwLock<HashMap<&'static str, Counter>>,
    input: Counter,
    output: Counter,
    cached: Counter,
    cost: Gauge,
    duration: Histogram,
    first_byte: Histogram,
}

impl Meters {
    /// The counters of this model.
    pub fn new(provider: &str, model: &str) -> Self {
        let labels = [("provider", provider.to_owned()), ("model", model.to_owned())];
        let tokens = |kind: &'static str| {
            let [one, two] = labels.clone();
            counter!("llm_token_usage_total", &[one, two, ("type", kind.to_owned())])
        };
        Self {
            ok: requests(provider, model, "ok"),
            others: RwLock::default(),
            input: tokens("input"),
            output: tokens("output"),
            cached: tokens("cached_input"),
            cost: gauge!("llm_cost_total", &labels),
            duration: histogram!("llm_request_duration_seconds", &labels),
            first_byte: histogram!("llm_time_to_first_byte_seconds", &labels),
            provider: provider.to_owned(),
            model: model.to_owned(),
        }
    }

    /// A call has ended, or a try that is charged.
    pub fn spent(&self, usage: &Usage, cost: Money, duration: Duration, first_byte: Duration) {
        self.input.increment(usage.input);
        self.output.increment(usage.output);
        if usage.cached_read > 0 {
            self.cached.increment(usage.cached_read);
        }
        // A gauge that only rises: counters of this exposition are whole numbers, and a call costs fractions of a cent.
        // What is owed to the last digit stands in the database.
        self.cost.increment(cost.dollars());
        self.duration.record(duration);
        self.first_byte.record(first_byte);
    }

    /// A question was asked, and ended so.
    pub fn status(&self, status: &'static str) {
        if status == "ok" {
            self.ok.increment(1);
            return;
        }
        if let Some(known) = self.others.read().unwrap_or_else(PoisonError::into_inner).get(status) {
            known.increment(1);
            return;
        }
        let counter = requests(&self.provider, &self.model, status);
        counter.increment(1);
        self.others.write().unwrap_or_else(PoisonError::into_inner).insert(status, counter);
    }
}

fn requests(provider: &str, model: &str, status: &'static str) -> Counter {
    let labels = [("provider", provider.to_owned()), ("model", model.to_owned()), ("status", status.to_owned())];
    counter!("llm_requests_total", &labels)
}
