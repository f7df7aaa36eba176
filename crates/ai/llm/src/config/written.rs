//! `gateway.toml` as it is written.

use crate::money::Money;
use crate::prices::WrittenPrice;
use eduai_kernel::id::UserId;
use jiff::Timestamp;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "a file of certificates is one")]
pub struct File {
    pub institution: Option<String>,
    pub prices: Option<String>,
    pub ca_file: Option<String>,
    #[serde(default)]
    pub cache: Cache,
    #[serde(default)]
    pub agents: Agents,
    #[serde(default)]
    pub timeouts: Timeouts,
    #[serde(default)]
    pub retry: Retry,
    #[serde(default)]
    pub breaker: Breaker,
    #[serde(default)]
    pub provider: Vec<Provider>,
    #[serde(default)]
    pub route: Vec<Route>,
    #[serde(default)]
    pub key: Vec<Key>,
    #[serde(default)]
    pub budget: Vec<Budget>,
    #[serde(default)]
    pub price: Vec<WrittenPrice>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cache {
    pub megabytes: Option<usize>,
    pub embeddings: Option<String>,
    pub redis: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agents {
    pub step_ms: Option<u64>,
    pub run_ms: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "what is written says its unit")]
pub struct Timeouts {
    pub connect_ms: Option<u64>,
    pub first_byte_ms: Option<u64>,
    pub between_bytes_ms: Option<u64>,
    pub total_ms: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    pub attempts: Option<u32>,
    pub base_ms: Option<u64>,
    pub longest_ms: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breaker {
    pub failures: Option<u32>,
    pub open_ms: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    pub name: String,
    pub dialect: String,
    pub base_url: String,
    pub api_key: Option<String>,
    pub local: Option<bool>,
    #[serde(default)]
    pub models: Vec<String>,
    pub agreement: Option<String>,
    pub prices: Option<String>,
    pub max_connections: Option<usize>,
    #[serde(default)]
    pub timeouts: Timeouts,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    pub model: String,
    #[serde(default)]
    pub tasks: Vec<String>,
    pub targets: Vec<Target>,
    #[serde(default)]
    pub retry: Retry,
    #[serde(default)]
    pub cache_seconds: u64,
    pub similar: Option<f64>,
    pub hedge_ms: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub provider: String,
    pub model: String,
    pub order: Option<u32>,
    pub weight: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    pub name: String,
    pub secret: Option<String>,
    pub sha256: Option<String>,
    pub scopes: Option<Vec<String>>,
    #[serde(default)]
    pub models: Vec<String>,
    pub person: Option<UserId>,
    pub requests_per_minute: Option<u32>,
    pub expires: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    #[serde(rename = "for")]
    pub subject: String,
    pub period: String,
    pub amount: Money,
    pub warn_percent: Option<u8>,
    pub hard: Option<bool>,
}
