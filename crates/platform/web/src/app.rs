//! Puts the layers around the routes, in the one order that is right.
//!
//! From the outside in: the request's id, security headers, problem documents; the host and origin guards; the rate of
//! the address; the size of the body; the time limit; a panic becomes an answer; repeated requests; the routes. The actor, and with it
//! the rate of the actor, comes with the [`crate::Actor`] extractor, for handlers that need one.

use crate::access::{self, Access, Requirement};
use crate::actor::Authenticator;
use crate::config::WebConfig;
use crate::idempotency::{self, Idempotency};
use crate::limiter::{Counted, Limiter};
use crate::problem::{self, Problem};
use crate::replicas::{self, Limiters};
use crate::request::{self, REQUEST_ID, RequestIds};
use crate::trace::RequestSpan;
use crate::{body, guard, headers, hosts};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::Router;
use eduai_audit::Origin;
use eduai_db::{Db, session};
use eduai_kernel::id::InstitutionId;
use eduai_kernel::{Actor, Clock, Failure, FailureKind, Random, Role};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;
use tower_http::catch_panic::CatchPanicLayer;

/// What the layers need to know.
pub struct Layers {
    /// The settings.
    pub config: WebConfig,
    /// Tells the time to the limiters.
    pub clock: Arc<dyn Clock>,
    /// Where request ids come from.
    pub random: Random,
    /// Finds out who sent a request.
    pub authenticator: Arc<dyn Authenticator>,
    /// What each endpoint asks of whoever calls it.
    pub access: Access,
    /// Keeps answers to repeated requests; none where there is no database.
    pub idempotency: Option<Idempotency>,
    /// What requests are given up with that wait for its answer while it gives none; none where there is no database.
    pub database: Option<Db>,
    /// What the rooms hold people to beside the rates of the settings: counted together with other replicas.
    pub counted: Limiters,
    /// Told of every answer, for metrics.
    pub observer: Option<Observer>,
}

/// Told of an answer: method, route template, status, time to the head of the answer.
pub type Observer = Arc<dyn Fn(&Method, &str, StatusCode, Duration) + Send + Sync>;

/// The address of the other end of the connection; the server puts it with every request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The layers, ready to be put around routes.
pub struct App {
    layers: Layers,
    ids: RequestIds,
    per_address: Option<Arc<Limiter<IpAddr>>>,
    per_actor: Option<Arc<Limiter<Actor>>>,
    per_institution: Option<Arc<Limiter<InstitutionId>>>,
    /// All of them, as other replicas see them.
    counted: Arc<Limiters>,
}

impl App {
    /// `routes` with all layers around them.
    pub fn around(mut layers: Layers, routes: Router) -> Router {
        let config = &layers.config;
        let per_address = config.rate_per_address.map(|rate| Arc::new(Limiter::new("address", rate)));
        let per_actor = config.rate_per_actor.map(|rate| Arc::new(Limiter::new("actor", rate)));
        let per_institution = config.rate_per_institution.map(|rate| Arc::new(Limiter::new("institution", rate)));
        let mut counted = std::mem::take(&mut layers.counted);
        counted.extend(per_address.clone().map(|limiter| limiter as Arc<dyn Counted>));
        counted.extend(per_actor.clone().map(|limiter| limiter as Arc<dyn Counted>));
        counted.extend(per_institution.clone().map(|limiter| limiter as Arc<dyn Counted>));
        let ids = RequestIds::new(layers.random.fork("requests"));
        let app = Arc::new(Self { ids, per_address, per_actor, per_institution, counted: Arc::new(counted), layers });
        if let Some(db) = &app.layers.database {
            let own = app.layers.random.fork("replica").next_u64();
            let (counted, clock) = (Arc::downgrade(&app.counted), app.layers.clock.clone());
            tokio::spawn(replicas::count_together(db.clone(), counted, clock, own));
        }
        let routes = match app.layers.idempotency.clone() {
            Some(idempotency) => routes.layer(from_fn_with_state(idempotency, idempotency::layer)),
            None => routes,
        };
        routes.layer(CatchPanicLayer::custom(|_| panicked())).layer(from_fn_with_state(app, outermost))
    }

    async fn answer(self: &Arc<Self>, mut request: Request, next: Next) -> Response {
        let (method, uri, asked) = (request.method().clone(), request.uri().clone(), request.headers().clone());
        let peer = request.extensions().get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
        let context = Arc::new(Context {
            app: self.clone(),
            address: hosts::client_address(&self.layers.config, peer, &asked),
            requirement: self.requirement(&request),
            actor: OnceCell::new(),
            span: request.extensions().get().cloned(),
            headers: Mutex::default(),
        });
        request.extensions_mut().insert(context.clone());
        let origin = Origin { address: Some(context.address), request_id: Some(request::current_id()) };
        let mut response = match self.admit(&context, request).await {
            Ok(request) => origin.scope(session::scope(self.in_time(next.run(request)))).await,
            Err(problem) => problem.into_response(),
        };
        if method == Method::OPTIONS && response.status() == StatusCode::METHOD_NOT_ALLOWED {
            *response.status_mut() = StatusCode::NO_CONTENT;
        }
        let mut response = problem::finish(response);
        let collected = std::mem::take(&mut *context.headers.lock().unwrap_or_else(PoisonError::into_inner));
        for (name, value) in &collected {
            response.headers_mut().append(name.clone(), value.clone());
        }
        headers::secure(uri.path(), response.headers_mut());
        hosts::allow_origin(&self.layers.config, &asked, response.headers_mut());
        response
    }

    /// What the endpoint of `request` asks; none where nothing was declared.
    fn requirement(&self, request: &Request) -> Option<Arc<Requirement>> {
        let route = request.extensions().get::<MatchedPath>()?;
        self.layers.access.requirement(request.method(), route.as_str()).cloned()
    }

    /// The guards before anything is read.
    async fn admit(&self, context: &Context, request: Request) -> Result<Request, Problem> {
        let config = &self.layers.config;
        guard::check(&request)?;
        hosts::check_host(config, request.uri(), request.headers())?;
        hosts::check_origin(config, request.method(), request.uri(), request.headers())?;
        if let Some(limiter) = &self.per_address {
            context.hold(limiter, context.address)?;
        }
        if body::declared_length(request.headers()).is_some_and(|length| length > config.body_limit) {
            body::read(request.into_body(), config.body_limit).await?;
            return Err(body::too_large(config.body_limit));
        }
        Ok(request)
    }

    async fn in_time(&self, answer: impl Future<Output = Response>) -> Response {
        let limit = self.layers.config.request_timeout;
        let answer = async {
            match &self.layers.database {
                Some(db) => {
                    db.while_answering(answer).await.unwrap_or_else(|| Problem::from(eduai_db::away()).into_response())
                }
                None => answer.await,
            }
        };
        tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
            let detail = format!("There was no answer within {} seconds. Try again.", limit.as_secs());
            let mut failure = Failure::new(FailureKind::Unavailable, "too_slow", detail);
            failure.retry_after_seconds = Some(5);
            Problem::from(failure).into_response()
        })
    }
}

async fn outermost(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let own_id =
        request.headers().get(REQUEST_ID).and_then(|v| v.to_str().ok()).filter(|id| request::acceptable_id(id));
    let id = own_id.map_or_else(|| app.ids.next(app.layers.clock.as_ref()), ToOwned::to_owned);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let mut response = request::on_behalf_of(id.clone(), app.answer(request, next)).await;
    let (status, took) = (response.status(), begun.elapsed());
    tracing::info!(request_id = id, %method, route, status = status.as_u16(), ms = took.as_millis(), "answered");
    if let Some(observer) = &app.layers.observer {
        observer(&method, &route, status, took);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn panicked() -> Response {
    Problem::from(Failure::new(FailureKind::Internal, "internal", "a handler panicked")).into_response()
}

/// What is known of a request beside itself.
pub struct Context {
    app: Arc<App>,
    /// Where it comes from.
    pub address: IpAddr,
    requirement: Option<Arc<Requirement>>,
    actor: OnceCell<Actor>,
    /// The request's span, where traces are sent.
    span: Option<RequestSpan>,
    /// Headers that the answer shall have.
    headers: Mutex<HeaderMap>,
}

impl Context {
    /// Whether the endpoint asks for anybody at all.
    pub(crate) fn is_open(&self) -> bool {
        self.requirement.as_deref() == Some(&Requirement::Open)
    }

    /// Who sent the request, if the endpoint lets them in; found out once, and held to the rate of one actor.
    pub async fn identify(&self, headers: &HeaderMap) -> Result<Actor, Failure> {
        let Some(Requirement::Permission { permission, visitors }) = self.requirement.as_deref() else {
            let wrong = "the endpoint takes an actor and does not declare what it asks of one";
            return Err(Failure::new(FailureKind::Internal, "undeclared", wrong));
        };
        let found = self.actor.get_or_try_init(|| async {
            let actor = self.ask(headers, *visitors).await?.ok_or_else(nobody)?;
            if actor.role == Role::Guest && !visitors {
                return Err(nobody());
            }
            access::admit(actor.role, permission)?;
            Ok(actor)
        });
        found.await.copied()
    }

    /// Who sent the request to an endpoint that is open to everybody, if they say so.
    pub async fn recognise(&self, headers: &HeaderMap) -> Result<Option<Actor>, Failure> {
        self.ask(headers, false).await
    }

    async fn ask(&self, headers: &HeaderMap, welcome: bool) -> Result<Option<Actor>, Failure> {
        let found = self.app.layers.authenticator.identify(headers, self.address, welcome).await?;
        let Some(identity) = found else { return Ok(None) };
        if let Some(span) = &self.span {
            span.is_by(&identity.actor);
        }
        if let Some(id) = identity.session {
            session::name(id);
        }
        if let Some(cookie) = identity.cookie {
            self.headers.lock().unwrap_or_else(PoisonError::into_inner).append(header::SET_COOKIE, cookie);
        }
        if let Some(limiter) = &self.app.per_actor {
            self.hold(limiter, identity.actor)?;
        }
        if let Some(limiter) = &self.app.per_institution {
            self.hold(limiter, identity.actor.institution)?;
        }
        Ok(Some(identity.actor))
    }

    /// Counts the request against `key`, and tells the client where it stands.
    fn hold<K: Eq + std::hash::Hash>(&self, limiter: &Limiter<K>, key: K) -> Result<(), Failure> {
        let now = self.app.layers.clock.now();
        let verdict = limiter.take(key, now);
        limiter.describe(&verdict, &mut self.headers.lock().unwrap_or_else(PoisonError::into_inner));
        limiter.admit(&verdict)
    }
}

fn nobody() -> Failure {
    let detail = "This is for people who have signed in. Send the access token that POST /api/v1/auth/login gives as \
                  \"Authorization: Bearer …\".";
    Failure::new(FailureKind::Unauthenticated, "not_signed_in", detail)
}
