//! An answer that passes through in pieces. It ends with the provider's own end mark or with an error that the caller
//! can see, never in silence.

use super::bill::{self, Bill};
use super::passage::Passage;
use crate::client::Answer;
use bytes::Bytes;
use eduai_wire::{Failure, Kind};
use hyper::body::{Body, Frame};
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::time::Sleep;

/// The most that passes through in one stream, in bytes.
const LONGEST: u64 = 128 << 20;

/// A stream whose first event is there.
pub struct Begun {
    pub answer: Answer,
    pub passage: Passage,
    /// What can be passed on already.
    pub first: Bytes,
    /// How long the wait between two pieces may be.
    pub between: Duration,
}

/// The body of the caller's answer.
pub(crate) struct Passing {
    begun: Begun,
    bill: Bill,
    deadline: Pin<Box<Sleep>>,
    passed: u64,
    over: bool,
}

impl Passing {
    pub fn new(begun: Begun, bill: Bill, deadline: Instant) -> Self {
        let deadline = Box::pin(tokio::time::sleep_until(deadline.into()));
        Self { begun, bill, deadline, passed: 0, over: false }
    }

    /// The last piece: the error, said so that the caller sees it.
    fn fail(&mut self, failure: &Failure) -> Bytes {
        self.over = true;
        self.bill.settle_in_place(self.begun.passage.seen(), bill::status(failure.kind));
        tracing::warn!(%failure, "a stream ends with an error");
        self.begun.passage.tell(failure)
    }

    fn next(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if !self.begun.first.is_empty() {
            let first = std::mem::take(&mut self.begun.first);
            return Poll::Ready(Some(first));
        }
        loop {
            if self.over {
                return Poll::Ready(None);
            }
            if self.deadline.as_mut().poll(context).is_ready() {
                let failure = Failure::new(Kind::Timeout, "the answer took too long").coded("answer_too_slow");
                return Poll::Ready(Some(self.fail(&failure)));
            }
            let piece = std::task::ready!(self.begun.answer.poll_piece(context, self.begun.between));
            match piece {
                Some(Ok(piece)) => {
                    self.passed += piece.len() as u64;
                    let out = self.begun.passage.pass(piece);
                    if let Some(failure) = self.begun.passage.seen().failure.clone() {
                        // What the provider said of its error was passed on with the rest.
                        let said = self.fail(&failure);
                        return Poll::Ready(Some(if out.is_empty() { said } else { out }));
                    }
                    if self.passed > LONGEST {
                        let failure = Failure::new(Kind::Nonsense, "the answer does not end").coded("too_long");
                        return Poll::Ready(Some(self.fail(&failure)));
                    }
                    if !out.is_empty() {
                        return Poll::Ready(Some(out));
                    }
                }
                Some(Err(failure)) => return Poll::Ready(Some(self.fail(&failure))),
                None => {
                    let (rest, failure) = self.begun.passage.finish();
                    let said = failure.map(|failure| self.fail(&failure)).unwrap_or_default();
                    self.over = true;
                    self.bill.settle_in_place(self.begun.passage.seen(), "ok");
                    let last = if said.is_empty() { rest } else { [rest, said].concat().into() };
                    return Poll::Ready((!last.is_empty()).then_some(last));
                }
            }
        }
    }
}

impl Body for Passing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.next(context).map(|piece| {
            let piece = piece?;
            self.bill.told(&piece);
            Some(Ok(Frame::data(piece)))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.over && self.begun.first.is_empty()
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // Nobody waits for the rest: the connection to the provider closes with this, and what came so far is counted.
        let seen = self.begun.passage.seen();
        let how = if seen.ended { "ok" } else { bill::status(Kind::Cancelled) };
        self.bill.settle_in_place(seen, how);
    }
}
