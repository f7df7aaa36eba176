//! Metrics.

use crate::logs::TelemetryError;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::time::Duration;

/// How often old measurements are folded into their histograms.
const UPKEEP: Duration = Duration::from_secs(5);

/// The program's metrics. Rooms count with the macros of the `metrics` crate.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Starts counting. Once in a process. Histograms of names that end in `_seconds` have buckets from 0.5 ms to 30 s.
    pub fn start() -> Result<Self, TelemetryError> {
        let recorder = builder().build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).map_err(|_| TelemetryError::Twice)?;
        let upkeep = handle.clone();
        // A thread of its own: it must not matter which runtime there is, or whether it is busy.
        let named = std::thread::Builder::new().name("metrics".into());
        let _ = named.spawn(move || {
            loop {
                std::thread::sleep(UPKEEP);
                upkeep.run_upkeep();
            }
        });
        Ok(Self { handle })
    }

    /// Everything counted so far, in Prometheus' text format.
    pub fn render(&self) -> String {
        self.handle.render()
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

fn builder() -> PrometheusBuilder {
    let buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
    let seconds = metrics_exporter_prometheus::Matcher::Suffix("_seconds".into());
    let builder = PrometheusBuilder::new();
    // It refuses only an empty list of buckets.
    builder.set_buckets_for_metric(seconds, &buckets).unwrap_or_else(|_| PrometheusBuilder::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_rendered_and_histograms_have_buckets() {
        let metrics = Metrics::start().unwrap();
        metrics::counter!("things_total", "kind" => "small").increment(3);
        metrics::histogram!("work_seconds").record(0.003);
        let text = metrics.render();
        assert!(text.contains("things_total{kind=\"small\"} 3"), "{text}");
        assert!(text.contains("work_seconds_bucket{le=\"0.005\"} 1"), "{text}");
        assert!(text.contains("work_seconds_bucket{le=\"0.0025\"} 0"), "{text}");
        assert!(matches!(Metrics::start(), Err(TelemetryError::Twice)));
    }
}
