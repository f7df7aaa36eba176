//! The endpoints that other programs use: those of OpenAI, Anthropic and Google, so that their SDKs work with another base
//! address and a virtual key. Everything is answered in the caller's dialect, errors as well.
//!
//! They stand outside of the layers of the other endpoints: who calls is a program with a key, an answer may take
//! minutes, and nothing here is bound to a session, a browser or a page.

mod auth;
mod chat;
mod embeddings;
mod gemini;
mod messages;
mod models;

use crate::call::{Caller, Outcome, Question};
use crate::gateway::Gateway;
use crate::model::Scope;
use crate::record::Operation;
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use eduai_web::access::Undeclared;
use eduai_web::{Access, Requirement};
use eduai_wire::{Dialect, Failure, Kind, relay};
use http_body_util::BodyExt as _;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest question, in bytes: pictures are in it.
const LARGEST: usize = 32 << 20;
/// Says who answered.
const PROVIDER: HeaderName = HeaderName::from_static("x-llm-provider");
/// Says that an answer was kept from before: given to the same question, or to a similar one.
const CACHE: HeaderName = HeaderName::from_static("x-llm-cache");
/// How a stream of events is called.
const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream; charset=utf-8");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What the endpoints share.
#[derive(Clone)]
struct Front {
    gateway: Gateway,
    access: Arc<Access>,
}

fn documented() -> OpenApiRouter<Front> {
    OpenApiRouter::new()
        .routes(routes!(chat::handler))
        .routes(routes!(messages::handler))
        .routes(routes!(embeddings::handler))
        .routes(routes!(models::handler))
}

/// The endpoints' part of the API's document.
pub fn api() -> utoipa::openapi::OpenApi {
    let mut document = documented().into_openapi();
    document.merge(gemini::api());
    document
}

/// The endpoints, to be served beside the others and outside of their layers.
///
/// # Errors
/// When one of them does not say who may call it.
pub fn router(gateway: &Gateway) -> Result<Router, Undeclared> {
    let front = Front { gateway: gateway.clone(), access: Arc::new(Access::of(&api())?) };
    let (router, _) = documented().merge(gemini::routes()).with_state(front).split_for_parts();
    Ok(router.layer(CatchPanicLayer::custom(|_| {
        tracing::error!("a handler of the model gateway panicked");
        refused(Dialect::OpenAi, &Failure::new(Kind::Unavailable, "a fault of the gateway").coded("internal"))
    })))
}

impl Front {
    /// Who asks, if the endpoint lets them in.
    async fn admit(&self, request: &Parts) -> Result<Caller, Failure> {
        let route = request.extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
        self.admit_to(route, request).await
    }

    /// The same for an endpoint that is known to the document by this path.
    async fn admit_to(&self, route: &str, request: &Parts) -> Result<Caller, Failure> {
        // An endpoint that no document describes lets nobody in.
        let scope = match self.access.requirement(&request.method, route).map(Arc::as_ref) {
            Some(Requirement::Key { scope }) => Scope::parse(scope),
            _ => None,
        };
        let scope = scope.ok_or_else(|| Failure::new(Kind::Permission, "this endpoint lets nobody in"))?;
        auth::caller(&self.gateway, &request.headers, scope).await
    }

    /// Answers a question that came in a dialect.
    async fn answer(&self, front: Dialect, operation: Operation, request: Request) -> Response {
        match self.try_answer(front, operation, request).await {
            Ok(response) => response,
            Err(failure) => refused(front, &failure),
        }
    }

    async fn try_answer(&self, front: Dialect, operation: Operation, request: Request) -> Result<Response, Failure> {
        let (head, body) = request.into_parts();
        let caller = self.admit(&head).await?;
        let body = read(body).await?;
        let peek = relay::peek(&body)?;
        let headers = passed_on(front, &head.headers);
        self.ask(&caller, &Question { front, operation, body, peek, headers }).await
    }

    async fn ask(&self, caller: &Caller, question: &Question) -> Result<Response, Failure> {
        Ok(match self.gateway.call(caller, question).await? {
            Outcome::Whole { body, target, kept, .. } => {
                let mut response = respond(JSON, Body::from(body), &target.provider.name);
                if let Some(source) = kept {
                    response.headers_mut().insert(CACHE, HeaderValue::from_static(source.as_str()));
                }
                response
            }
            Outcome::Stream { body, target } => respond(EVENT_STREAM, Body::new(*body), &target.provider.name),
        })
    }
}

/// What a caller says of the version and the trials of Anthropic's API.
fn passed_on(front: Dialect, headers: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    let names: &[&'static str] =
        if front == Dialect::Anthropic { &["anthropic-version", "anthropic-beta"] } else { &[] };
    let named = |name: &&'static str| Some((HeaderName::from_static(name), headers.get(*name)?.clone()));
    names.iter().filter_map(named).collect()
}

fn respond(kind: HeaderValue, body: Body, provider: &str) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    if let Ok(name) = HeaderValue::from_str(provider) {
        response.headers_mut().insert(PROVIDER, name);
    }
    response
}

/// An error, in the caller's dialect.
fn refused(front: Dialect, failure: &Failure) -> Response {
    let (status, body) = front.write_failure(failure);
    let status = StatusCode::from_u16(status).ok().filter(|status| status.as_u16() >= 400);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status.unwrap_or(StatusCode::BAD_GATEWAY);
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    if let Some(wait) = failure.retry_after {
        // Whole seconds, and never too early.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The whole body; where it came in one piece, without a copy.
async fn read(body: Body) -> Result<Bytes, Failure> {
    let broken = |_| Failure::new(Kind::Invalid, "the request broke off");
    let large = || Failure::new(Kind::TooLarge, format!("the request has more than {LARGEST} bytes"));
    let mut body = body;
    let mut first = Bytes::new();
    let mut more: Option<BytesMut> = None;
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.map_err(broken)?.into_data() else { continue };
        if first.is_empty() {
            first = piece;
        } else {
            more.get_or_insert_with(|| BytesMut::from(first.as_ref())).extend_from_slice(&piece);
        }
        if more.as_ref().map_or(first.len(), BytesMut::len) > LARGEST {
            return Err(large());
        }
    }
    Ok(more.map_or(first, BytesMut::freeze))
}
