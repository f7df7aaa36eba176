//! What the program counts, for Prometheus.

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use eduai_kernel::{Failure, FailureKind};
use eduai_telemetry::Metrics;
use eduai_web::{Observer, Peer, Problem};
use std::sync::Arc;
use subtle::ConstantTimeEq as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The media type of Prometheus' text format.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is shown, and to whom.
#[derive(Clone, Debug, Default)]
pub struct Exposition {
    metrics: Option<Metrics>,
    token: Option<Arc<str>>,
}

impl Exposition {
    /// `metrics`, to whoever says `token`; without a token to this machine alone.
    pub fn new(metrics: Option<Metrics>, token: Option<String>) -> Self {
        Self { metrics, token: token.map(Arc::from) }
    }

    /// A proxy on this machine speaks for others: what it forwards does not come from this machine.
    fn may_see(&self, peer: Option<Peer>, headers: &HeaderMap) -> bool {
        if let Some(token) = &self.token {
            let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
            let said = said.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
            return said.as_bytes().ct_eq(token.as_bytes()).into();
        }
        let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED);
        peer.is_some_and(|Peer(address)| address.is_loopback()) && !forwarded
    }
}

/// Counts and times every answer, by route template.
pub fn observer() -> Observer {
    Arc::new(|method, route, status, took| {
        let labels = [
            ("method", method.as_str().to_owned()),
            ("endpoint", route.to_owned()),
            ("status_code", status.as_u16().to_string()),
        ];
        metrics::counter!("http_requests_total", &labels).increment(1);
        metrics::histogram!("http_request_duration_seconds", &labels[..2]).record(took);
    })
}

/// The route.
pub fn routes() -> OpenApiRouter<Exposition> {
    OpenApiRouter::new().routes(routes!(handler))
}

/// What was counted
///
/// Prometheus' text format. Only for this machine, or for who has the token `EDUAI_METRICS_TOKEN`. It holds nothing
/// about persons.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    tag = "operation",
    security(()),
    responses((status = 200, description = "The counters and histograms.", body = String, content_type = "text/plain"), Problem)
)]
async fn handler(
    State(exposition): State<Exposition>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !exposition.may_see(peer.map(|Extension(peer)| peer), &headers) {
        let detail = "Metrics are for this machine alone, or for `Authorization: Bearer` with EDUAI_METRICS_TOKEN.";
        return Err(Failure::new(FailureKind::Forbidden, "metrics_not_shown", detail).into());
    }
    let text = exposition.metrics.map(|metrics| metrics.render()).unwrap_or_default();
    let headers = [(header::CONTENT_TYPE, TEXT_FORMAT), (header::CACHE_CONTROL, "no-store")];
    Ok((StatusCode::OK, headers, text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(value))])
    }

    #[test]
    fn only_this_machine_or_who_knows_the_token_may_see() {
        let (here, there) = (Peer([127, 0, 0, 1].into()), Peer([192, 0, 2, 7].into()));
        let open = Exposition::default();
        assert!(open.may_see(Some(here), &HeaderMap::new()));
        assert!(!open.may_see(Some(there), &HeaderMap::new()) && !open.may_see(None, &HeaderMap::new()));
        assert!(!open.may_see(Some(here), &headers("x-forwarded-for", "192.0.2.7")));
        let closed = Exposition::new(None, Some("a-token".to_owned()));
        assert!(closed.may_see(Some(there), &headers("authorization", "Bearer a-token")));
        assert!(!closed.may_see(Some(here), &headers("authorization", "Bearer a-toke")));
        assert!(!closed.may_see(Some(here), &HeaderMap::new()));
    }
}
