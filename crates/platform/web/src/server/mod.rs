//! Serves a router on a listener until it is told to stop, and lets nobody hold it up: who sends a head, a body or
//! reads an answer too slowly is cut off, one address cannot take all connections, and only so many requests are worked
//! on at a time.

mod connections;
mod slow;
mod wire;

use crate::app::Peer;
use crate::config::WebConfig;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use axum::routing::Router;
use connections::{Connections, Ticket};
use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;
use wire::{Framing, Wire};

pub use slow::TooSlow;

/// How long requests that are being answered may go on after the stop.
const GRACE: Duration = Duration::from_secs(8);
/// Headers larger than this are refused.
const HEADER_BYTES: usize = 64 << 10;
/// How long a request waits for its turn while as many as may be are worked on.
const TURN: Duration = Duration::from_secs(2);

/// What the server knows of a request that the request does not say itself; it comes with every request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arrival {
    /// Its head can be read in two ways, or is not written as HTTP says.
    pub ambiguous: bool,
    /// Its turn did not come.
    pub overloaded: bool,
}

/// What all connections share.
struct Shared {
    router: Router,
    turns: Arc<Semaphore>,
    body_timeout: Duration,
}

/// Serves `router` until `stop` is done; then no connection is accepted any more, and those that are open may finish
/// what they are at for eight seconds.
pub async fn serve(listener: TcpListener, router: Router, config: &WebConfig, stop: impl Future<Output = ()>) {
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(config.idle_timeout).max_buf_size(HEADER_BYTES);
    let turns = Arc::new(Semaphore::new(config.max_in_progress.clamp(1, Semaphore::MAX_PERMITS)));
    let shared = Arc::new(Shared { router, turns, body_timeout: config.body_timeout });
    let connections = Connections::new(config);
    let open = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let peer = Peer(peer.ip().to_canonical());
                let Some(ticket) = connections.admit(peer.0) else {
                    connections::refuse(&stream);
                    continue;
                };
                let framing = Arc::new(Framing::default());
                let wire = Wire::new(prompt(stream), framing.clone(), config.header_timeout, config.stall_timeout);
                let ticket = Arc::new(ticket);
                let answering = service(shared.clone(), peer, framing, ticket.clone());
                let watched = open.watch(http.serve_connection(TokioIo::new(wire), answering));
                tokio::spawn(async move {
                    tokio::select! {
                        ended = watched => if let Err(error) = ended {
                            tracing::debug!(%error, "a connection ended early");
                        },
                        () = ticket.evicted() => tracing::debug!(peer = %peer.0, "an idle connection made room"),
                    }
                });
            }
            Err(error) => {
                // Usually too many open files: wait for some to close rather than spin.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, open.shutdown()).await.is_err() {
        tracing::warn!("connections were still open when the program stopped");
    }
}

/// Small answers leave at once (no Nagle delay).
fn prompt(stream: TcpStream) -> TcpStream {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    stream
}

fn service(
    shared: Arc<Shared>,
    peer: Peer,
    framing: Arc<Framing>,
    ticket: Arc<Ticket>,
) -> impl hyper::service::Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send + 'static> {
    service_fn(move |request: Request<Incoming>| {
        let busy = ticket.busy();
        let ambiguous = framing.is_ambiguous();
        let shared = shared.clone();
        async move {
            let turn = turn(&shared.turns).await;
            let arrival = Arrival { ambiguous, overloaded: turn.is_none() };
            // What follows a chunked body is never read as another request: where two servers disagree about the end of
            // a body, that is where requests are smuggled in.
            let last = ambiguous
                || request.headers().contains_key(header::TRANSFER_ENCODING)
                || request.headers().get_all(header::HOST).iter().count() != 1;
            let timeout = shared.body_timeout;
            let mut request = request.map(|body| slow::patient(body, timeout));
            request.extensions_mut().insert(peer);
            request.extensions_mut().insert(arrival);
            let Ok(mut response) = shared.router.clone().oneshot(request).await;
            if last || response.status() == StatusCode::REQUEST_TIMEOUT {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            if response.body().size_hint().exact().is_none() {
                response = response.map(|body| Body::new(connections::Held::new(body, busy)));
            }
            Ok(response)
        }
    })
}

/// The right to be worked on; none when it is not had in time.
async fn turn(turns: &Arc<Semaphore>) -> Option<tokio::sync::OwnedSemaphorePermit> {
    if let Ok(turn) = turns.clone().try_acquire_owned() {
        return Some(turn);
    }
    tokio::time::timeout(TURN, turns.clone().acquire_owned()).await.ok()?.ok()
}
