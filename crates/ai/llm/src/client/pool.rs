//! The connections to one provider.

use super::answer::Answer;
use super::connect::{Connector, Reachable};
use super::link::Link;
use bytes::Bytes;
use eduai_wire::{Failure, Kind};
use http_body_util::Full;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Uri};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

/// A connection that has rested longer is not used any more: many servers close them after a minute.
const RESTS: Duration = Duration::from_secs(50);
/// How we call ourselves.
const USER_AGENT: HeaderValue = HeaderValue::from_static("EduAI");

/// One provider's API, with the connections to it. Cheap to clone.
#[derive(Clone)]
pub struct Upstream(Arc<Inner>);

pub(super) struct Inner {
    base: Url,
    /// The path of `base` without a slash at its end.
    prefix: String,
    headers: HeaderMap,
    connector: Connector,
    reachable: Reachable,
    connect: Duration,
    places: Arc<Semaphore>,
    resting: Mutex<Vec<Link>>,
}

/// A connection in use, with its place among those that may be.
pub(super) struct Used {
    pub link: Link,
    pool: Arc<Inner>,
    _place: OwnedSemaphorePermit,
}

impl Used {
    /// Gives the connection back, for the next question. Only where its answer was read to the end.
    pub fn give_back(mut self, context: &mut std::task::Context<'_>) {
        if self.link.is_ready(context) {
            self.link.rests_since = Instant::now();
            self.pool.resting.lock().unwrap_or_else(PoisonError::into_inner).push(self.link);
        }
    }
}

impl Upstream {
    /// The API at `base`. `headers` go with every question: what a dialect asks for, and the key.
    pub fn new(
        base: &Url,
        headers: HeaderMap,
        connector: Connector,
        reachable: Reachable,
        connect: Duration,
        most: usize,
    ) -> Self {
        let mut all = headers;
        let host = base.host_str().unwrap_or_default();
        let named = base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        if let Ok(value) = HeaderValue::from_str(&named) {
            all.insert(header::HOST, value);
        }
        all.insert(header::USER_AGENT, USER_AGENT);
        Self(Arc::new(Inner {
            prefix: base.path().trim_end_matches('/').to_owned(),
            base: base.clone(),
            headers: all,
            connector,
            reachable,
            connect,
            places: Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))),
            resting: Mutex::default(),
        }))
    }

    /// The same API for questions that may reach less.
    pub fn reachable(&self) -> Reachable {
        self.0.reachable
    }

    /// A path below the API's address, ready to be asked.
    pub fn path(&self, path: &str) -> Result<Uri, Failure> {
        let wrong = |_| Failure::new(Kind::Invalid, "the model's name cannot be put into an address");
        format!("{}/{}", self.0.prefix, path.trim_start_matches('/')).parse().map_err(wrong)
    }

    /// Asks, and waits for the head of the answer for at most `patience`.
    ///
    /// A connection that turns out to have been closed while it rested is replaced by a fresh one, once: nobody has read
    /// the question.
    pub async fn ask(
        &self,
        method: Method,
        path: &Uri,
        extra: &[(HeaderName, HeaderValue)],
        body: Bytes,
        patience: Duration,
    ) -> Result<Answer, Failure> {
        let begun = Instant::now();
        let late = || {
            let host = self.0.base.host_str().unwrap_or_default();
            let text = format!("{host} has not begun to answer within {} ms", patience.as_millis());
            Failure::new(Kind::Timeout, text).coded("answer_not_begun")
        };
        let work = async {
            let mut fresh = false;
            loop {
                let mut used = self.link(fresh).await?;
                let tried_before = used.link.asked > 0;
                let request = self.request(method.clone(), path, extra, body.clone());
                match used.link.ask(request).await {
                    Ok(response) => return Ok(Answer::new(response, used)),
                    Err(error) if tried_before && !fresh && (error.is_canceled() || error.is_incomplete_message()) => {
                        fresh = true;
                    }
                    Err(error) => return Err(self.broken(&error)),
                }
            }
        };
        let answered = tokio::time::timeout(patience, work).await.map_err(|_| late())?;
        tracing::trace!(took = ?begun.elapsed(), "the head of an answer");
        answered
    }

    fn request(
        &self,
        method: Method,
        path: &Uri,
        extra: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = path.clone();
        *request.headers_mut() = self.0.headers.clone();
        for (name, value) in extra {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        request
    }

    fn broken(&self, error: &hyper::Error) -> Failure {
        let host = self.0.base.host_str().unwrap_or_default();
        if error.is_parse() || error.is_parse_too_large() {
            return Failure::new(Kind::Nonsense, format!("what {host} answers is no HTTP: {error}")).coded("no_http");
        }
        Failure::new(Kind::Unavailable, format!("the connection to {host} broke off: {error}")).coded("connection_cut")
    }

    /// A connection: one at rest unless it must be `fresh`.
    async fn link(&self, fresh: bool) -> Result<Used, Failure> {
        let closed = |_| Failure::new(Kind::Unavailable, "the gateway stops");
        let place = match self.0.places.clone().try_acquire_owned() {
            Ok(place) => place,
            Err(_) => self.0.places.clone().acquire_owned().await.map_err(closed)?,
        };
        let rested = if fresh { None } else { self.rested().await };
        if let Some(link) = rested {
            return Ok(Used { link, pool: self.0.clone(), _place: place });
        }
        let inner = &self.0;
        let wire = inner.connector.connect(&inner.base, inner.reachable, inner.connect).await?;
        let link = Link::over(wire).await.map_err(|error| self.broken(&error))?;
        Ok(Used { link, pool: self.0.clone(), _place: place })
    }

    async fn rested(&self) -> Option<Link> {
        loop {
            let mut link = self.0.resting.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
            if link.rests_since.elapsed() > RESTS {
                // The others have rested longer still.
                self.0.resting.lock().unwrap_or_else(PoisonError::into_inner).clear();
                return None;
            }
            if poll_fn(|context| Poll::Ready(link.is_ready(context))).await {
                return Some(link);
            }
        }
    }
}
