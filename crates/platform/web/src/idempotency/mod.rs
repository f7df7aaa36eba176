//! `Idempotency-Key`: a `POST` that is repeated, because its answer was lost, does what it does once and gives the
//! first answer again (draft-ietf-httpapi-idempotency-key-header-07).
//!
//! A key belongs to an actor and is kept for a day. The same key with another request is refused (422); with the same
//! request that is still being answered, too (409). Only answers that say that something was done (2xx) are kept: after
//! any other the key is free again. An event stream is kept as it was sent, and is read to its end even when the client
//! goes away.

mod store;

pub use store::{export, forget};

use crate::app::Context;
use crate::body;
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use eduai_db::Db;
use eduai_kernel::id::Uuid;
use eduai_kernel::{Actor, Clock, Failure, FailureKind, FieldFault};
use eduai_vault::{ColumnOwner, Owner, Place, SealedColumn, Vault, VaultError};
use futures_util::StreamExt as _;
use jiff::SignedDuration;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::time::Duration;
use store::Stored;
use tokio::time::{Instant, sleep};

/// For how long answers are kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// After this time a request without an answer counts as given up: the program was killed meanwhile.
const GIVEN_UP: SignedDuration = SignedDuration::from_mins(2);
/// How soon it is tried again to write down what became of a request: first, and at most.
const AGAIN: [Duration; 2] = [Duration::from_millis(100), Duration::from_secs(2)];
/// Larger answers are sent and not kept.
const LARGEST: usize = 8 << 20;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The headers that are repeated with the answer.
const REPEATED: [HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::LOCATION,
    header::ETAG,
    header::CACHE_CONTROL,
    HeaderName::from_static("content-location"),
];

/// Keeps answers to repeated requests.
#[derive(Clone)]
pub struct Idempotency {
    db: Db,
    vault: Vault,
    clock: Arc<dyn Clock>,
    body_limit: usize,
}

/// Where answers are sealed; they once stood in clear.
const SEALED: SealedColumn =
    SealedColumn { table: "web.idempotency", column: "body", row: "id", owner: ColumnOwner::Person("user_id") };

const fn place(row: Uuid) -> Place<'static> {
    Place { table: SEALED.table, column: SEALED.column, row }
}

/// A request that is being answered under a key.
struct Claim {
    idempotency: Idempotency,
    actor: Actor,
    row: Uuid,
}

impl Idempotency {
    /// Keeps answers in `db`, sealed with the keys of those who got them; bodies of requests may have `body_limit` bytes.
    ///
    /// # Errors
    /// [`VaultError::BadName`], which a test rules out.
    pub fn new(db: Db, vault: Vault, clock: Arc<dyn Clock>, body_limit: usize) -> Result<Self, VaultError> {
        vault.declare_once_clear(&[SEALED])?;
        Ok(Self { db, vault, clock, body_limit })
    }

    /// Removes the answers of an institution that are older than a day. Returns how many.
    pub async fn remove_old(&self, system: &Actor) -> Result<u64, sqlx::Error> {
        let mut tx = self.db.begin(system).await?;
        let removed = store::remove_old(&mut tx, self.clock.now() - KEPT).await?;
        tx.commit().await?;
        Ok(removed)
    }

    /// Takes the key, or gives the answer that is kept under it.
    async fn claim(&self, actor: Actor, key: &str, fingerprint: &[u8]) -> Result<Result<Claim, Stored>, Failure> {
        let begin = self.begin(actor, key, fingerprint).await?;
        match begin {
            Begin::Mine(row) => Ok(Ok(self.claimed(actor, row))),
            Begin::Answered(stored) => Ok(Err(stored)),
            Begin::Other => Err(fault(
                FailureKind::Invalid,
                "idempotency_key_reused",
                "This key was used with another request. Use a new key for a new request.",
            )),
            Begin::Running => {
                let detail = "A request with this key is being answered. Wait for its answer.";
                let mut failure = fault(FailureKind::Conflict, "idempotent_request_running", detail);
                failure.retry_after_seconds = Some(1);
                Err(failure)
            }
        }
    }

    fn claimed(&self, actor: Actor, row: Uuid) -> Claim {
        Claim { idempotency: self.clone(), actor, row }
    }

    async fn begin(&self, actor: Actor, key: &str, fingerprint: &[u8]) -> Result<Begin, VaultError> {
        let now = self.clock.now();
        let mut tx = self.db.begin(&actor).await?;
        let outcome = if let Some(row) = store::begin(&mut tx, &actor, key, fingerprint, now).await? {
            Begin::Mine(row)
        } else {
            match store::find(&mut tx, &actor, key).await? {
                Some(known) if known.fingerprint != fingerprint => Begin::Other,
                Some(store::Known { id, answer: Some(mut stored), .. }) => {
                    let owner = Owner::Person(actor.user);
                    stored.body = self.vault.open_field(&mut tx, owner, place(id), &stored.body).await?;
                    Begin::Answered(stored)
                }
                Some(known) if now.duration_since(known.begun_at) > GIVEN_UP => {
                    store::take_over(&mut tx, &actor, key, now).await?;
                    Begin::Mine(known.id)
                }
                // Still being answered; or given free between the two statements, and the client may ask again.
                Some(_) | None => Begin::Running,
            }
        };
        if let Err(error) = tx.commit().await {
            // The answer to the commit is lost, and the key may be taken for a request that nobody answers.
            if let Begin::Mine(row) = outcome {
                self.claimed(actor, row).settle_later(None);
            }
            return Err(error.into());
        }
        Ok(outcome)
    }
}

enum Begin {
    /// The id of the row.
    Mine(Uuid),
    Running,
    Other,
    Answered(Stored),
}

impl Claim {
    /// Keeps the answer, or gives the key free where there is none to keep. If the database is away that is done later:
    /// what was done must not be done again, and a key must not be taken for a request that nobody answers.
    async fn settle(self, answer: Option<&Stored>) {
        if let Err(error) = self.write(answer).await {
            tracing::warn!(%error, "what became of an idempotent request is not written down yet");
            self.settle_later(answer.cloned());
        }
    }

    fn settle_later(self, answer: Option<Stored>) {
        tokio::spawn(async move {
            let [mut wait, longest] = AGAIN;
            let end = Instant::now() + GIVEN_UP.unsigned_abs();
            loop {
                sleep(wait).await;
                wait = (wait * 2).min(longest);
                match self.write(answer.as_ref()).await {
                    Ok(()) => return,
                    Err(error) if Instant::now() > end => {
                        tracing::error!(%error, "what became of an idempotent request could not be written down");
                        return;
                    }
                    Err(_) => {}
                }
            }
        });
    }

    async fn write(&self, answer: Option<&Stored>) -> Result<(), VaultError> {
        let Idempotency { db, vault, .. } = &self.idempotency;
        let mut tx = db.begin(&self.actor).await?;
        match answer {
            Some(answer) => {
                let owner = Owner::Person(self.actor.user);
                let body = vault.seal(&mut tx, owner, place(self.row), &answer.body).await?;
                let sealed = Stored { status: answer.status, headers: answer.headers.clone(), body };
                store::finish(&mut tx, &self.actor, self.row, &sealed).await?;
            }
            None => store::release(&mut tx, &self.actor, self.row).await?,
        }
        Ok(tx.commit().await?)
    }
}

fn fault(kind: FailureKind, code: &'static str, detail: &str) -> Failure {
    let mut failure = Failure::new(kind, code, detail);
    failure.fields = vec![FieldFault::new("Idempotency-Key", code, detail)];
    failure
}

/// The layer: answers what was answered before, and keeps what is answered now.
pub(crate) async fn layer(State(idempotency): State<Idempotency>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    match answer(idempotency, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn answer(idempotency: Idempotency, request: Request, next: Next) -> Result<Response, Problem> {
    let key = key_of(request.headers())?;
    let Some(context) = request.extensions().get::<Arc<Context>>().cloned() else {
        return Ok(next.run(request).await);
    };
    // A key belongs to an actor, and what an open endpoint answers (a token) is not to be kept.
    if context.is_open() {
        return Ok(next.run(request).await);
    }
    let actor = context.identify(request.headers()).await?;
    let (parts, body) = request.into_parts();
    let body = body::read(body, idempotency.body_limit).await?;
    let fingerprint = Sha256::new()
        .chain_update(parts.method.as_str())
        .chain_update([0])
        .chain_update(parts.uri.to_string())
        .chain_update([0])
        .chain_update(&body)
        .finalize();
    let claim = match idempotency.claim(actor, &key, &fingerprint).await? {
        Ok(claim) => claim,
        Err(stored) => return Ok(replay(stored)),
    };
    // On a task of its own: a client that goes away must not leave a key behind that nobody answers.
    let answering = tokio::spawn(crate::request::inherit(async move {
        let response = next.run(Request::from_parts(parts, Body::from(body))).await;
        record(claim, response).await
    }));
    answering.await.map_err(|error| Failure::new(FailureKind::Internal, "internal", error.to_string()).into())
}

fn key_of(headers: &HeaderMap) -> Result<String, Failure> {
    let key = headers.get(KEY).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let key = key.strip_prefix('"').and_then(|k| k.strip_suffix('"')).unwrap_or(key);
    if (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic() && b != b'"') {
        return Ok(key.to_owned());
    }
    let detail = "The key must be 1 to 255 visible ASCII characters without quotes inside; a UUID is a good one.";
    Err(fault(FailureKind::Malformed, "bad_idempotency_key", detail))
}

/// Passes the answer on and keeps it.
async fn record(claim: Claim, response: Response) -> Response {
    if !response.status().is_success() {
        claim.settle(None).await;
        return response;
    }
    let (parts, body) = response.into_parts();
    let status = parts.status.as_u16() as i16;
    let headers = repeated(&parts.headers);
    let stream =
        parts.headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/event-stream"));
    if stream {
        return Response::from_parts(parts, Body::from_stream(tee(claim, status, headers, body)));
    }
    match body::read(body, LARGEST).await {
        Ok(bytes) => {
            let stored = Stored { status, headers, body: bytes };
            claim.settle(Some(&stored)).await;
            Response::from_parts(parts, Body::from(stored.body))
        }
        Err(problem) => {
            claim.settle(None).await;
            problem.into_response()
        }
    }
}

/// Reads a stream to its end, whether or not someone still listens, passes it on and keeps it.
fn tee(
    claim: Claim,
    status: i16,
    headers: Value,
    body: Body,
) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    let (send, mut receive) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut chunks = body.into_data_stream();
        let mut whole = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let Ok(chunk) = chunk else {
                claim.settle(None).await;
                return;
            };
            if whole.len() <= LARGEST {
                whole.extend_from_slice(&chunk);
            }
            // Nobody listens any more: go on, for whoever asks again.
            let _ = send.send(chunk);
        }
        if whole.len() <= LARGEST {
            claim.settle(Some(&Stored { status, headers, body: whole })).await;
        } else {
            claim.settle(None).await;
        }
    });
    futures_util::stream::poll_fn(move |context| receive.poll_recv(context).map(|chunk| chunk.map(Ok)))
}

fn repeated(headers: &HeaderMap) -> Value {
    let kept = REPEATED.into_iter().filter_map(|name| {
        let value = headers.get(&name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), Value::from(value)))
    });
    Value::Object(kept.collect())
}

fn replay(stored: Stored) -> Response {
    let status = u16::try_from(stored.status).ok().and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
    let mut response = (status, stored.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in stored.headers.as_object().into_iter().flatten() {
        let value = value.as_str().and_then(|text| HeaderValue::from_str(text).ok());
        if let (Ok(name), Some(value)) = (name.parse::<HeaderName>(), value) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
