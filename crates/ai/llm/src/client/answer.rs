//! An answer of a provider, as it comes in.

use super::pool::Used;
use bytes::{Bytes, BytesMut};
use eduai_wire::{Failure, Kind};
use hyper::Response;
use hyper::body::{Body as _, Incoming};
use hyper::header::{self, HeaderMap};
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::time::Sleep;

/// An answer: its head, and the pieces of its body. Dropped before its end, the connection is closed, and the provider
/// need not go on.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    body: Incoming,
    used: Option<Used>,
    /// When the wait for the next piece ends.
    patience: Option<Pin<Box<Sleep>>>,
}

impl Answer {
    pub(super) fn new(response: Response<Incoming>, used: Used) -> Self {
        let (head, body) = response.into_parts();
        Self { status: head.status.as_u16(), headers: head.headers, body, used: Some(used), patience: None }
    }

    /// A header's text, if it is there and is text.
    pub fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the body is compressed, which was not asked for.
    pub fn is_compressed(&self) -> bool {
        self.header(header::CONTENT_ENCODING).is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity"))
    }

    /// The next piece of the body; none at its end. A piece that takes longer than `limit` is a failure.
    pub fn poll_piece(&mut self, context: &mut Context<'_>, limit: Duration) -> Poll<Option<Result<Bytes, Failure>>> {
        loop {
            if let Some(used) = &mut self.used {
                used.link.drive(context);
            }
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    self.patience = None;
                    // Trailers say nothing that matters here.
                    if let Ok(piece) = frame.into_data() {
                        return Poll::Ready(Some(Ok(piece)));
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    self.used = None;
                    let text = format!("the answer broke off: {error}");
                    return Poll::Ready(Some(Err(Failure::new(Kind::Unavailable, text).coded("answer_cut"))));
                }
                Poll::Ready(None) => {
                    if let Some(used) = self.used.take() {
                        used.give_back(context);
                    }
                    return Poll::Ready(None);
                }
                Poll::Pending => {
                    let patience = self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
                    if patience.as_mut().poll(context).is_pending() {
                        return Poll::Pending;
                    }
                    self.used = None;
                    let text = format!("the provider was silent for {} ms within its answer", limit.as_millis());
                    return Poll::Ready(Some(Err(Failure::new(Kind::Timeout, text).coded("answer_stalled"))));
                }
            }
        }
    }

    /// The next piece of the body; none at its end.
    pub async fn piece(&mut self, limit: Duration) -> Option<Result<Bytes, Failure>> {
        poll_fn(|context| self.poll_piece(context, limit)).await
    }

    /// The whole body, if it has at most `most` bytes and comes before `deadline`.
    pub async fn whole(&mut self, most: usize, between: Duration, deadline: Instant) -> Result<Bytes, Failure> {
        let long = || Failure::new(Kind::Nonsense, format!("the answer has more than {most} bytes")).coded("too_long");
        if self.body.size_hint().lower() > most as u64 {
            self.used = None;
            return Err(long());
        }
        let Some(first) = self.piece(between).await.transpose()? else { return Ok(Bytes::new()) };
        if self.body.is_end_stream() {
            // Almost always the answer is one piece, which need not be copied.
            let rest = self.piece(between).await.transpose()?;
            debug_assert!(rest.is_none(), "a body that has ended has no further piece");
            return Ok(first);
        }
        let mut all = BytesMut::from(first.as_ref());
        loop {
            if all.len() > most {
                self.used = None;
                return Err(long());
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                self.used = None;
                return Err(Failure::new(Kind::Timeout, "the answer took too long").coded("answer_too_slow"));
            }
            match self.piece(between.min(left)).await.transpose()? {
                Some(piece) => all.extend_from_slice(&piece),
                None => return Ok(all.freeze()),
            }
        }
    }
}
