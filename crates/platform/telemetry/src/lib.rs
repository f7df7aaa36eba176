//! What the program tells its operator: logs, lines for people on a terminal and JSON elsewhere; metrics ([`Metrics`]) for
//! Prometheus; and traces ([`Traces`]) by OpenTelemetry to a collector, where the environment names one
//! ([`TraceSettings`]). What is logged and what is traced are two filters: `EDUAI_LOG` has no part in traces.
//!
//! Other rooms use `tracing` and `metrics` alone; only the program knows this crate. It collects nothing about people:
//! spans carry ids and never names, texts or addresses, and whatever looks like a secret in a URL is cut out
//! ([`without_secrets`]).
//!
//! Start reading at [`start`].

mod logs;
mod metric;
mod traces;

pub use logs::{Form, TelemetryError, start, without_secrets};
pub use metric::Metrics;
pub use traces::{BadTraces, TraceSettings, Traces};
