//! The span of a request, with the attributes of the OpenTelemetry conventions for HTTP servers (semantic conventions 1.41).
//!
//! It is laid around a router only where traces are sent, and costs nothing elsewhere. Of the address there is the route's
//! template alone: paths hold ids of people and codes, queries hold whatever somebody looked for, and a path that no route
//! knows holds anything. That is why `url.path`, which the conventions ask for, is not in it.

use crate::request::REQUEST_ID;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Version};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::Router;
use eduai_kernel::Actor;
use tracing::field::{Empty, display};
use tracing::{Instrument as _, Span};

/// Where a caller says which trace a request belongs to (W3C Trace Context).
const TRACEPARENT: &str = "traceparent";

/// Makes a span a part of the trace that a caller's `traceparent` names.
pub type Join = fn(&Span, &str);

/// `routes`, every request to which has a span. `https` says how people reach the program.
pub fn around(routes: Router, join: Join, https: bool) -> Router {
    routes.layer(from_fn_with_state((join, https), answer))
}

/// The span of the request that carries it.
#[derive(Clone, Debug)]
pub(crate) struct RequestSpan(Span);

impl RequestSpan {
    /// Who asks is known now.
    pub(crate) fn is_by(&self, actor: &Actor) {
        self.0.record("eduai.institution.id", display(actor.institution));
        self.0.record("user.id", display(actor.user));
    }
}

async fn answer(State((join, https)): State<(Join, bool)>, mut request: Request, next: Next) -> Response {
    let span = begun(&request, https);
    if let Some(parent) = text(request.headers(), TRACEPARENT) {
        join(&span, parent);
    }
    request.extensions_mut().insert(RequestSpan(span.clone()));
    let response = next.run(request).instrument(span.clone()).await;
    ended(&span, response.status(), response.headers());
    response
}

fn begun(request: &Request, https: bool) -> Span {
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let name = if method == OTHER { "HTTP" } else { method };
    tracing::debug_span!(
        "request",
        otel.name = route.map_or_else(|| name.to_owned(), |route| format!("{name} {route}")),
        otel.kind = "server",
        otel.status_code = Empty,
        error.type = Empty,
        http.request.method = method,
        http.response.status_code = Empty,
        http.route = route,
        network.protocol.version = version(request.version()),
        url.scheme = if https { "https" } else { "http" },
        eduai.request.id = Empty,
        eduai.institution.id = Empty,
        user.id = Empty,
    )
}

fn ended(span: &Span, status: StatusCode, headers: &HeaderMap) {
    span.record("http.response.status_code", i64::from(status.as_u16()));
    span.record("eduai.request.id", text(headers, REQUEST_ID.as_str()));
    // What a caller does wrong is no error of the server.
    if status.is_server_error() {
        span.record("error.type", status.as_str());
        span.record("otel.status_code", "ERROR");
    }
}

/// The conventions' word for a method that they do not know; a caller may send any.
const OTHER: &str = "_OTHER";

fn known(method: &Method) -> &str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
        Method::CONNECT,
        Method::TRACE,
    ];
    if KNOWN.contains(method) { method.as_str() } else { OTHER }
}

fn version(version: Version) -> Option<&'static str> {
    match version {
        Version::HTTP_10 => Some("1.0"),
        Version::HTTP_11 => Some("1.1"),
        Version::HTTP_2 => Some("2"),
        _ => None,
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
