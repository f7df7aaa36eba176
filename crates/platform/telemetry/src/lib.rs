//! What the program tells its operator: logs ([`start_logs`]), lines for people on a terminal and JSON elsewhere, and
//! metrics ([`Metrics`]) for Prometheus.
//!
//! Other rooms use `tracing` and `metrics` alone; only the program knows this crate. It collects nothing about people:
//! spans carry ids and never names, texts or addresses, and whatever looks like a secret in a URL is cut out
//! ([`without_secrets`]).
//!
//! Start reading at [`start_logs`].

mod logs;
mod metric;

pub use logs::{Form, TelemetryError, start_logs, without_secrets};
pub use metric::Metrics;
