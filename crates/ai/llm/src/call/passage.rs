//! How an answer in pieces gets from a provider to a caller: as it is, where both speak the same; else event by event
//! through the words that all dialects share.

use crate::personal::{Restorer, Swap};
use bytes::{Bytes, BytesMut};
use eduai_wire::relay::{Seen, Watch};
use eduai_wire::{Delta, Dialect, Failure, StreamReader, StreamWriter};

/// The way of a stream.
pub enum Passage {
    /// The bytes pass.
    Relay { watch: Box<Watch>, front: Dialect },
    /// They are read and written anew.
    Translate(Box<Translation>),
}

/// A stream that is read in one dialect and written in another.
pub struct Translation {
    reader: StreamReader,
    writer: StreamWriter,
    restorer: Option<Restorer>,
    seen: Seen,
}

impl Passage {
    /// From a provider who speaks as the caller does.
    pub fn relay(front: Dialect, include_usage: bool) -> Self {
        // Only OpenAI's dialect has an event for the usage alone, which we asked for and the caller perhaps did not.
        let drop_usage = front == Dialect::OpenAi && !include_usage;
        Self::Relay { watch: Box::new(Watch::new(front, drop_usage)), front }
    }

    /// From `back` to `front`, putting back what was replaced.
    pub fn translate(back: Dialect, front: Dialect, include_usage: bool, swap: Option<Swap>) -> Self {
        Self::Translate(Box::new(Translation {
            reader: back.stream_reader(),
            writer: front.stream_writer(include_usage),
            restorer: swap.map(Restorer::new),
            seen: Seen::default(),
        }))
    }

    /// What was seen so far.
    pub fn seen(&self) -> &Seen {
        match self {
            Self::Relay { watch, .. } => watch.seen(),
            Self::Translate(translation) => &translation.seen,
        }
    }

    /// Whether anything was said yet: a comment by which a provider keeps its connection says nothing.
    pub fn has_begun(&self) -> bool {
        match self {
            Self::Relay { watch, .. } => watch.has_begun(),
            Self::Translate(_) => true,
        }
    }

    /// Takes what came, and returns what can be passed on; an error of the provider's own with it.
    pub fn pass(&mut self, piece: Bytes) -> Bytes {
        match self {
            Self::Relay { watch, .. } => watch.pass(piece),
            Self::Translate(translation) => {
                let deltas = translation.reader.feed(&piece);
                translation.write(deltas)
            }
        }
    }

    /// The same of what was read already. Only where it is written anew.
    pub fn pass_deltas(&mut self, deltas: Vec<Delta>) -> Bytes {
        match self {
            Self::Relay { .. } => Bytes::new(),
            Self::Translate(translation) => translation.write(deltas),
        }
    }

    /// The provider has ended: the rest, and the error when it was not complete. The error is still to be told.
    pub fn finish(&mut self) -> (Bytes, Option<Failure>) {
        match self {
            Self::Relay { watch, .. } => watch.finish(),
            Self::Translate(translation) if translation.seen.ended => (Bytes::new(), None),
            Self::Translate(translation) => {
                let (errors, deltas): (Vec<_>, Vec<_>) =
                    translation.reader.finish().into_iter().partition(|delta| matches!(delta, Delta::Error(_)));
                let rest = translation.write(deltas);
                let failure = errors.into_iter().find_map(|delta| match delta {
                    Delta::Error(failure) => Some(failure),
                    _ => None,
                });
                (rest, failure)
            }
        }
    }

    /// An error, as the caller expects one in the midst of a stream.
    pub fn tell(&mut self, failure: &Failure) -> Bytes {
        let error = Delta::Error(failure.clone());
        match self {
            Self::Relay { front, .. } => front.stream_writer(false).write(&error),
            Self::Translate(translation) => translation.writer.write(&error),
        }
    }
}

impl Translation {
    fn write(&mut self, deltas: Vec<Delta>) -> Bytes {
        let mut out = BytesMut::new();
        for delta in deltas {
            self.note(&delta);
            if self.seen.failure.is_some() || matches!(delta, Delta::End | Delta::Stop(_)) {
                let held = self.restorer.as_mut().and_then(Restorer::finish);
                if let Some(held) = held {
                    out.extend_from_slice(&self.writer.write(&held));
                }
            }
            let ready = match &mut self.restorer {
                Some(restorer) => restorer.pass(delta),
                None => vec![delta],
            };
            for delta in &ready {
                out.extend_from_slice(&self.writer.write(delta));
            }
        }
        out.freeze()
    }

    fn note(&mut self, delta: &Delta) {
        let seen = &mut self.seen;
        match delta {
            Delta::Start { id, model, .. } => (seen.id, seen.model) = (Some(id.clone()), Some(model.clone())),
            Delta::Text(text)
            | Delta::Thinking(text)
            | Delta::Refusal(text)
            | Delta::ToolCallArguments { text, .. } => {
                seen.events += 1;
                seen.text_bytes += text.len() as u64;
            }
            Delta::Usage(usage) => seen.usage = Some(*usage),
            Delta::Stop(stop) => seen.stop = Some(stop.clone()),
            Delta::Error(failure) => seen.failure = Some(failure.clone()),
            Delta::End => seen.ended = true,
            Delta::Signature(_) | Delta::ToolCallStart { .. } => {}
        }
    }
}
