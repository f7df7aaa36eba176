//! One try of one provider.

use super::Ongoing;
use super::bill::Bill;
use super::passage::Passage;
use super::prepare::Way;
use super::sniff;
use super::stream::Begun;
use crate::client::Answer;
use crate::tenant::Target;
use bytes::{Bytes, BytesMut};
use eduai_wire::relay::Seen;
use eduai_wire::{Dialect, Failure, Kind};
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// The longest whole answer, in bytes.
const LONGEST_ANSWER: usize = 32 << 20;
/// Says more exactly what `Retry-After` says in whole seconds.
const RETRY_AFTER_MS: HeaderName = HeaderName::from_static("retry-after-ms");
/// The longest error that is read.
const LONGEST_ERROR: usize = 256 << 10;

/// What a try brought.
pub enum Tried {
    /// A whole answer.
    Whole { body: Bytes, seen: Box<Seen> },
    /// One that has begun.
    Stream(Box<Begun>),
}

impl Ongoing<'_> {
    /// Asks `target` once, and waits until it is sure that it answers: for a whole answer until its end, for a stream
    /// until its first event.
    pub(super) async fn attempt(&self, target: &Arc<Target>, bill: &mut Bill) -> Result<Tried, Failure> {
        let question = self.question;
        let spec = &target.provider.spec;
        let left = self.left(target);
        self.answering.store(false, Ordering::Relaxed);
        let prepared = self.prepare(target)?;
        let upstream = &target.provider.upstream;
        let path = upstream.path(&prepared.path)?;
        bill.sent();
        let patience = spec.deadlines.first_byte.min(left);
        let mut answer = upstream.ask(Method::POST, &path, &prepared.headers, prepared.body, patience).await?;
        bill.answered();
        if !(200..300).contains(&answer.status) {
            return Err(self.refusal(&mut answer, target).await);
        }
        if answer.is_compressed() {
            return Err(Failure::new(Kind::Nonsense, "the answer is compressed, which was not asked for"));
        }
        if question.peek.stream {
            return self.first_event(answer, target, prepared.way).await;
        }
        self.answering.store(true, Ordering::Relaxed);
        let deadline = self.begun + spec.deadlines.total;
        let body = answer.whole(LONGEST_ANSWER, spec.deadlines.between_bytes, deadline).await?;
        let (body, seen) = prepared.way.whole(spec.dialect, question.front, body)?;
        Ok(Tried::Whole { body, seen: Box::new(seen) })
    }

    /// Waits for the first event: until then another provider can still be asked.
    async fn first_event(&self, mut answer: Answer, target: &Target, way: Way) -> Result<Tried, Failure> {
        let spec = &target.provider.spec;
        let mut held = Bytes::new();
        // Ollama sends lines of JSON, the others events; what an answer calls itself is not always what it is.
        if spec.dialect != Dialect::Ollama {
            held = match self.beginning(&mut answer, target).await? {
                (begin, true) => begin,
                (begin, false) => return self.whole_instead(answer, begin, target, way).await,
            };
        }
        let (front, include_usage) = (self.question.front, self.question.peek.include_usage);
        let mut passage = match way {
            Way::Chat(swap) => Passage::translate(spec.dialect, front, include_usage, swap),
            Way::Relay | Way::Embed(_) => Passage::relay(front, include_usage),
        };
        loop {
            let piece = match std::mem::take(&mut held) {
                held if held.is_empty() => self.next_piece(&mut answer, target).await?,
                held => Some(held),
            };
            let between = spec.deadlines.between_bytes;
            if let Some(piece) = piece {
                let first = passage.pass(piece);
                if let Some(failure) = &passage.seen().failure {
                    return Err(failure.clone());
                }
                if passage.has_begun() && !first.is_empty() {
                    return Ok(Tried::Stream(Box::new(Begun { answer, passage, first, between })));
                }
            } else {
                let (first, failure) = passage.finish();
                return match failure {
                    Some(failure) => Err(failure),
                    None => Ok(Tried::Stream(Box::new(Begun { answer, passage, first, between }))),
                };
            }
        }
    }

    /// The next piece of an answer that has not begun to be passed on.
    async fn next_piece(&self, answer: &mut Answer, target: &Target) -> Result<Option<Bytes>, Failure> {
        let left = self.left(target);
        if left.is_zero() {
            return Err(Failure::new(Kind::Timeout, "the answer took too long").coded("answer_too_slow"));
        }
        answer.piece(target.provider.spec.deadlines.first_byte.min(left)).await.transpose()
    }

    /// The first bytes of an answer, and whether they begin a stream of events.
    async fn beginning(&self, answer: &mut Answer, target: &Target) -> Result<(Bytes, bool), Failure> {
        let called = answer.header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/event-stream"));
        let mut begin = Bytes::new();
        loop {
            if let Some(events) = sniff::are_events(&begin, called) {
                return Ok((begin, events));
            }
            match self.next_piece(answer, target).await? {
                Some(piece) if begin.is_empty() => begin = piece,
                Some(piece) => {
                    let mut joined = BytesMut::from(begin.as_ref());
                    joined.extend_from_slice(&piece);
                    begin = joined.freeze();
                }
                None if begin.is_empty() => {
                    return Err(Failure::new(Kind::Nonsense, "the answer is empty").coded("empty_answer"));
                }
                // Hardly anything came: whoever reads the stream says what is missing.
                None => return Ok((begin, true)),
            }
        }
    }

    /// A whole answer, or an error, where a stream was asked for: some servers do not stream. It is passed on as the
    /// stream that the caller expects.
    async fn whole_instead(
        &self,
        mut answer: Answer,
        begin: Bytes,
        target: &Target,
        way: Way,
    ) -> Result<Tried, Failure> {
        let spec = &target.provider.spec;
        let between = spec.deadlines.between_bytes;
        let rest = answer.whole(LONGEST_ANSWER, between, self.begun + spec.deadlines.total).await?;
        let reply = spec.dialect.read_reply(200, &[begin, rest].concat())?;
        let swap = match way {
            Way::Chat(swap) => swap,
            Way::Relay | Way::Embed(_) => None,
        };
        let (front, include_usage) = (self.question.front, self.question.peek.include_usage);
        let mut passage = Passage::translate(spec.dialect, front, include_usage, swap);
        let first = passage.pass_deltas(reply.deltas());
        Ok(Tried::Stream(Box::new(Begun { answer, passage, first, between })))
    }

    async fn refusal(&self, answer: &mut Answer, target: &Target) -> Failure {
        let spec = &target.provider.spec;
        let wait = self.wait_asked_for(answer);
        let deadline = Instant::now() + spec.deadlines.between_bytes;
        // What is packed, though nobody asked for that, is not unpacked; the status says enough.
        let body = if answer.is_compressed() {
            Bytes::new()
        } else {
            answer.whole(LONGEST_ERROR, spec.deadlines.between_bytes, deadline).await.unwrap_or_default()
        };
        spec.dialect.read_failure(answer.status, wait, &body)
    }

    fn wait_asked_for(&self, answer: &Answer) -> Option<Duration> {
        let exact = answer.header(RETRY_AFTER_MS).and_then(eduai_wire::retry_after_ms);
        exact.or_else(|| {
            let now = u64::try_from(self.gateway.inner.clock.now().as_second()).unwrap_or(0);
            eduai_wire::retry_after(answer.header(RETRY_AFTER)?, now)
        })
    }
}
