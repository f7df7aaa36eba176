//! Event streams (server-sent events) whose events are numbered, so that a client that lost the connection goes on
//! where it was.
//!
//! A stream only watches: dropping it, because the client went away, stops nothing but the watching. Whoever does the
//! work must do it elsewhere.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use eduai_kernel::Failure;
use futures_util::{Stream, StreamExt as _};
use std::convert::Infallible;
use std::time::Duration;
use utoipa::ToSchema;

/// One event of a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberedEvent {
    /// Its number, rising within the stream; the client sends the last one back as `Last-Event-ID`.
    pub number: i64,
    /// Its name: `started`, `finished`.
    pub name: String,
    /// Its content: JSON.
    pub data: String,
}

/// One event of a stream, as its fields come.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes what is written field by field")]
pub struct ServerSentEvent {
    /// Its number; send the last one back as `Last-Event-ID`. A problem that ends the stream has none.
    id: Option<String>,
    /// Its name: `started`, `step`, `waiting`, `result`, `problem`.
    event: String,
    /// Its content: JSON.
    data: String,
}

/// The number of the last event that the client has seen, 0 at the beginning. A header that is no number counts as 0:
/// seeing an event again does no harm, missing one does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastEventId(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for LastEventId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get("last-event-id").and_then(|v| v.to_str().ok());
        Ok(Self(header.and_then(|v| v.trim().parse().ok()).filter(|n| *n >= 0).unwrap_or(0)))
    }
}

/// Comes when nothing else does, so that proxies keep the connection and dead clients are noticed.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a browser waits before it connects again.
const RETRY: Duration = Duration::from_secs(1);

/// The answer that sends `events` as they come. A failure is sent as an event named `problem`, which ends the stream.
pub fn event_stream<S>(events: S) -> Response
where
    S: Stream<Item = Result<NumberedEvent, Failure>> + Send + 'static,
{
    let mut failed = false;
    let written = events
        .take_while(move |event| {
            let go_on = !failed;
            failed |= event.is_err();
            std::future::ready(go_on)
        })
        .map(|event| Ok::<_, Infallible>(write(event)));
    let opening = futures_util::stream::once(async { Ok(Event::default().retry(RETRY).comment("open")) });
    let mut response =
        Sse::new(opening.chain(written)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx holds answers back unless it is told not to.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

fn write(event: Result<NumberedEvent, Failure>) -> Event {
    match event {
        Ok(event) => Event::default().id(event.number.to_string()).event(single_line(&event.name)).data(event.data),
        Err(failure) => {
            let problem = crate::Problem::from(failure);
            Event::default().event("problem").data(serde_json::to_string(&problem).unwrap_or_default())
        }
    }
}

/// Line breaks would end the field, and the library panics at them.
fn single_line(name: &str) -> String {
    name.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_kernel::FailureKind;
    use http_body_util::BodyExt as _;

    async fn text(events: Vec<Result<NumberedEvent, Failure>>) -> String {
        let body = event_stream(futures_util::stream::iter(events)).into_body();
        String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    fn event(number: i64) -> NumberedEvent {
        NumberedEvent {
            number,
            name: "progress\ninjected".into(),
            data: serde_json::json!({"line": "a\nb"}).to_string(),
        }
    }

    #[tokio::test]
    async fn events_are_numbered_and_cannot_break_out_of_their_lines() {
        let text = text(vec![Ok(event(7))]).await;
        assert!(text.contains("id: 7\nevent: progress injected\ndata: {\"line\":\"a\\nb\"}\n\n"), "{text}");
    }

    #[tokio::test]
    async fn a_failure_is_told_and_ends_the_stream() {
        let failure = Failure::new(FailureKind::Unavailable, "gone", "It went away.");
        let text = text(vec![Ok(event(1)), Err(failure), Ok(event(2))]).await;
        assert!(text.contains("event: problem\ndata: {") && text.contains("\"code\":\"gone\""), "{text}");
        assert!(!text.contains("id: 2"));
    }
}
