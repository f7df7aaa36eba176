//! A small application behind all layers on a port of its own, and a client that can send what no library would.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own server has failed")]

use axum::http::{HeaderMap, HeaderValue, Method};
use axum::routing::{Router, get, post};
use eduai_kernel::id::{InstitutionId, UserId, Uuid};
use eduai_kernel::{Failure, FailureKind, FixedClock, Random, Role};
use eduai_web::{
    Accept, Access, Actor, App, Authenticator, ClientAddress, Identity, Json, Layers, PageQuery, Path, Query,
    Requirement, WebConfig,
};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    title: String,
    #[serde(default)]
    tempo_bpm: Option<u16>,
}

/// Knows one token; everyone else without one is the same guest.
struct OneTeacher;

impl Authenticator for OneTeacher {
    fn identify<'a>(
        &'a self,
        headers: &'a HeaderMap,
        _: IpAddr,
        _: bool,
    ) -> BoxFuture<'a, Result<Option<Identity>, Failure>> {
        Box::pin(async move {
            let actor = |number, role| eduai_kernel::Actor {
                institution: InstitutionId::from_uuid(Uuid::from_u128(1)),
                user: UserId::from_uuid(Uuid::from_u128(number)),
                role,
            };
            match headers.get("authorization").map(HeaderValue::as_bytes) {
                Some(b"Bearer teacher") => {
                    Ok(Some(Identity { actor: actor(2, Role::Teacher), cookie: None, session: None }))
                }
                Some(_) => Err(Failure::new(FailureKind::Unauthenticated, "bad_token", "This token is not valid.")),
                None => {
                    let cookie = HeaderValue::from_static("eduai_guest=signed; HttpOnly");
                    Ok(Some(Identity { actor: actor(3, Role::Guest), cookie: Some(cookie), session: None }))
                }
            }
        })
    }
}

fn routes() -> Router {
    Router::new()
        .route("/api/v1/me", get(|actor: Actor| async move { actor.role.as_str() }))
        .route("/api/v1/pieces", post(|_: Actor, Json(piece): Json<Piece>| async move { Json(piece) }))
        .route(
            "/api/v1/pieces/list",
            get(|Query(page): Query<PageQuery>| async move {
                page.limit().map(|n| n.to_string()).map_err(eduai_web::Problem::from)
            }),
        )
        .route("/api/v1/pieces/{id}", get(|Path(id): Path<Uuid>| async move { id.to_string() }))
        .route("/api/v1/address", get(|ClientAddress(address): ClientAddress| async move { address.to_string() }))
        .route(
            "/api/v1/accept",
            get(|accept: Accept| async move { accept.require(&["application/json"]).map(ToOwned::to_owned) }),
        )
        .route("/api/v1/slow", get(|| async { tokio::time::sleep(Duration::from_mins(1)).await }))
        .route("/api/v1/large", get(|| async { vec![b'a'; LARGE] }))
        .route("/api/v1/panics", get(|| async { assert_eq!(1, 2, "a secret detail") }))
}

/// An answer that no socket takes at once.
pub const LARGE: usize = 64 << 20;

/// What the endpoints ask of whoever calls them.
fn access() -> Access {
    let visitors = |permission: &str| Requirement::Permission { permission: permission.to_owned(), visitors: true };
    Access::default().with(Method::GET, "/api/v1/me", visitors("profile.read")).with(
        Method::POST,
        "/api/v1/pieces",
        visitors("mashups.create"),
    )
}

/// Starts the application and gives its address.
pub async fn start(change: impl FnOnce(&mut WebConfig)) -> SocketAddr {
    let mut config = WebConfig {
        request_timeout: Duration::from_millis(400),
        header_timeout: Duration::from_millis(400),
        ..WebConfig::default()
    };
    change(&mut config);
    let layers = Layers {
        config: config.clone(),
        clock: Arc::new(FixedClock::at_unix_seconds(1_000)),
        random: Random::from_seed(1),
        authenticator: Arc::new(OneTeacher),
        access: access(),
        idempotency: None,
        database: None,
        counted: Vec::new(),
        observer: None,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = App::around(layers, routes());
    tokio::spawn(async move { eduai_web::server::serve(listener, router, &config, std::future::pending()).await });
    address
}

/// An answer as it came over the wire.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The problem document: its code and the first field at fault.
    pub fn problem(&self) -> (u16, String, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}\n{}", self.head, self.body);
        let problem: eduai_web::Problem = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem.status, self.status);
        assert_eq!(self.header("x-request-id"), Some(problem.request_id.as_str()));
        (self.status, problem.code, problem.errors.first().map(|e| e.field.clone()).unwrap_or_default())
    }
}

/// Sends these bytes and reads until the server closes.
pub async fn send_raw(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let _ = stream.write_all(bytes).await;
    let mut received = Vec::new();
    // Who refuses early closes while we are still sending: what was said before that counts.
    let _ = stream.read_to_end(&mut received).await;
    parse_answer(&received)
}

/// An answer from what was received, as far as it came.
pub fn parse_answer(received: &[u8]) -> Answer {
    let text = String::from_utf8_lossy(received);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// A request with a length and these headers, one connection each.
pub async fn send(address: SocketAddr, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut request = format!("{line} HTTP/1.1\r\nconnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "host") {
        request += "host: localhost\r\n";
    }
    for (name, value) in headers {
        let _ = write!(request, "{name}: {value}\r\n");
    }
    if !body.is_empty() {
        let _ = write!(request, "content-length: {}\r\n", body.len());
    }
    let mut bytes = (request + "\r\n").into_bytes();
    bytes.extend_from_slice(body);
    send_raw(address, &bytes).await
}

/// A JSON body posted to `/api/v1/pieces`.
pub async fn post_piece(address: SocketAddr, body: &[u8]) -> Answer {
    send(address, "POST /api/v1/pieces", &[("content-type", "application/json")], body).await
}
