//! A stream that passes through, looked at once.

use bytes::{Bytes, BytesMut};
use memchr::memmem::Finder;
use std::ops::Range;

use crate::json::scan::Cursor;
use crate::{Delta, Dialect, Failure, Kind, Stop, Usage, anthropic, gemini, openai};

/// What was seen of an answer so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// The provider's id of it.
    pub id: Option<String>,
    /// The model that answers.
    pub model: Option<String>,
    /// What it cost.
    pub usage: Option<Usage>,
    /// Why it ended.
    pub stop: Option<Stop>,
    /// The end mark came.
    pub ended: bool,
    /// The error that came in its midst.
    pub failure: Option<Failure>,
    /// Events that carried text, thought or arguments.
    pub events: u64,
    /// Bytes of text, thought and arguments in them: a quarter is about the number of tokens, for an answer that broke
    /// off before its usage came.
    pub text_bytes: u64,
}

/// Passes an event stream on in whole events, so that an error can be said after any of them, and notes what it cost.
#[derive(Debug)]
pub struct Watch {
    state: State,
    drop_usage: bool,
    held: BytesMut,
    deltas: Vec<Delta>,
    drops: Vec<Range<usize>>,
    seen: Seen,
    /// The first event was read.
    begun: bool,
    finders: Finders,
}

#[derive(Debug)]
enum State {
    OpenAi(openai::StreamState),
    Anthropic(anthropic::StreamState),
    Gemini(gemini::StreamState),
}

/// A partial event longer than this will not end.
const LONGEST: usize = 16 << 20;

impl Watch {
    /// `drop_usage`: the event that holds the usage and nothing else is left out, because the gateway asked for it and
    /// the caller did not.
    #[must_use]
    pub fn new(dialect: Dialect, drop_usage: bool) -> Self {
        Self {
            state: State::new(dialect),
            drop_usage,
            held: BytesMut::new(),
            deltas: Vec::new(),
            drops: Vec::new(),
            seen: Seen::default(),
            begun: false,
            finders: Finders::new(),
        }
    }

    /// What was seen so far.
    #[must_use]
    pub fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Whether any event came; comments are none.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    /// Takes what came and returns what to send on: the events that are complete with it. Nothing is copied unless an
    /// event was cut on its way, or the usage is dropped from the midst.
    pub fn pass(&mut self, chunk: Bytes) -> Bytes {
        if self.seen.failure.is_some() {
            return Bytes::new();
        }
        let whole = if self.held.is_empty() {
            let end = last_boundary(&chunk, 0);
            self.held.extend_from_slice(&chunk[end..]);
            chunk.slice(..end)
        } else {
            let from = self.held.len().saturating_sub(3);
            self.held.extend_from_slice(&chunk);
            let end = last_boundary(&self.held, from);
            self.held.split_to(end).freeze()
        };
        if self.held.len() > LONGEST {
            self.seen.failure = Some(Failure::new(Kind::Nonsense, "an event of the provider's stream does not end"));
        }
        self.look_through(&whole);
        self.without_drops(whole)
    }

    /// The same without passing anything on.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.pass(Bytes::copy_from_slice(bytes));
    }

    /// The connection has ended. Returns what is still to be sent on, and the error if the answer was not complete; the
    /// caller of the gateway is told it by a `StreamWriter`.
    pub fn finish(&mut self) -> (Bytes, Option<Failure>) {
        let mut rest = Bytes::new();
        // A last event without the empty line after it counts if its line is whole, or is the end mark.
        if !self.held.is_empty() && !self.seen.ended {
            let held = std::mem::take(&mut self.held);
            if held.ends_with(b"\n") || held.ends_with(b"[DONE]") {
                let missing: &[u8] = if held.ends_with(b"\n") { b"\n" } else { b"\n\n" };
                rest = self.pass([&held[..], missing].concat().into());
            }
        }
        // Gemini's dialect has no end mark, and a few servers of OpenAI's say why the answer ended and close without
        // `[DONE]`: that answer is whole.
        let whole = self.seen.ended || (self.seen.stop.is_some() && !matches!(self.state, State::Anthropic(_)));
        if self.seen.failure.is_none() && !whole {
            self.seen.failure = Some(Failure::cut());
        }
        (rest, self.seen.failure.clone())
    }

    fn look_through(&mut self, whole: &[u8]) {
        let (mut at, mut event) = (0, 0);
        let mut dropped = false;
        while let Some(length) = memchr::memchr(b'\n', &whole[at..]) {
            let line = &whole[at..at + length];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            at += length + 1;
            if line.is_empty() {
                if dropped && self.drop_usage {
                    self.drops.push(event..at);
                }
                (event, dropped) = (at, false);
            } else if let Some(data) = line.strip_prefix(b"data:") {
                dropped = self.data(data.strip_prefix(b" ").unwrap_or(data));
            }
        }
    }

    /// Looks at the data of an event; true if it holds the usage and nothing else.
    fn data(&mut self, data: &[u8]) -> bool {
        let first = !std::mem::replace(&mut self.begun, true);
        let text = self.state.pass(&self.finders, data, first, &mut self.deltas);
        self.seen.events += u64::from(text > 0);
        self.seen.text_bytes += text;
        let mut only_usage = false;
        for (place, delta) in self.deltas.drain(..).enumerate() {
            only_usage = place == 0 && matches!(delta, Delta::Usage(_));
            match delta {
                Delta::Start { id, model, .. } => (self.seen.id, self.seen.model) = (Some(id), Some(model)),
                Delta::Usage(usage) => self.seen.usage = Some(usage),
                Delta::Stop(stop) => self.seen.stop = Some(stop),
                Delta::Error(failure) => self.seen.failure = Some(failure),
                Delta::End => self.seen.ended = true,
                _ => {}
            }
        }
        only_usage
    }

    fn without_drops(&mut self, whole: Bytes) -> Bytes {
        if self.drops.is_empty() {
            return whole;
        }
        let mut out = BytesMut::with_capacity(whole.len());
        let mut at = 0;
        for range in self.drops.drain(..) {
            out.extend_from_slice(&whole[at..range.start]);
            at = range.end;
        }
        out.extend_from_slice(&whole[at..]);
        out.freeze()
    }
}

/// The end of the last event that is complete; the line end that completes it stands at or after `from`.
fn last_boundary(bytes: &[u8], from: usize) -> usize {
    let mut end = bytes.len();
    while let Some(at) = memchr::memrchr(b'\n', &bytes[from.min(end)..end]).map(|at| at + from.min(end)) {
        if bytes[..at].ends_with(b"\n") || bytes[..at].ends_with(b"\n\r") {
            return at + 1;
        }
        end = at;
    }
    0
}

/// What is looked for in every event, prepared once.
#[derive(Debug)]
struct Finders {
    usage: Finder<'static>,
    stop: Finder<'static>,
    error: Finder<'static>,
    content: Finder<'static>,
    arguments: Finder<'static>,
    text: Finder<'static>,
    json: Finder<'static>,
    reasoning: Finder<'static>,
    thinking: Finder<'static>,
}

impl Finders {
    fn new() -> Self {
        Self {
            usage: Finder::new("\"usage\""),
            stop: Finder::new("\"finish_reason\""),
            error: Finder::new("\"error\""),
            content: Finder::new("\"content\""),
            arguments: Finder::new("\"arguments\""),
            text: Finder::new("\"text\":"),
            json: Finder::new("\"partial_json\""),
            reasoning: Finder::new("\"reasoning_content\""),
            thinking: Finder::new("\"thinking\":"),
        }
    }
}

/// Where the value after a key begins, unless it is `null`.
fn value_of(finder: &Finder, data: &[u8]) -> Option<usize> {
    let at = finder.find(data)? + finder.needle().len();
    let rest = &data[at..];
    let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b':')).count();
    (!rest[space..].starts_with(b"null")).then_some(at + space)
}

/// How long the text after a key is.
fn text_of(finder: &Finder, data: &[u8]) -> u64 {
    let Some(at) = value_of(finder, data) else { return 0 };
    let mut cursor = Cursor { bytes: data, at };
    cursor.string().map_or(0, |range| range.len() as u64)
}

/// How long the first of these texts is that says anything.
fn first_of(finders: &[&Finder], data: &[u8]) -> u64 {
    finders.iter().map(|finder| text_of(finder, data)).find(|length| *length > 0).unwrap_or_default()
}

impl State {
    fn new(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Anthropic => Self::Anthropic(anthropic::StreamState::default()),
            Dialect::Gemini => Self::Gemini(gemini::StreamState::default()),
            // Nobody asks in Ollama's words.
            Dialect::OpenAi | Dialect::Ollama => Self::OpenAi(openai::StreamState::default()),
        }
    }

    /// How long the text of an event is; what it says besides is put into `out`.
    fn pass(&mut self, finders: &Finders, data: &[u8], first: bool, out: &mut Vec<Delta>) -> u64 {
        match self {
            Self::OpenAi(state) => {
                let tells = data.first() != Some(&b'{')
                    || value_of(&finders.stop, data).is_some()
                    || value_of(&finders.usage, data).is_some()
                    || value_of(&finders.error, data).is_some();
                if first || tells {
                    state.event(data, out);
                }
                first_of(&[&finders.content, &finders.arguments, &finders.reasoning], data)
            }
            Self::Anthropic(state) => {
                // The type comes first in Anthropic's own events; of others every one is read.
                let only_text =
                    data.starts_with(br#"{"type":"content_block_"#) || data.starts_with(br#"{"type": "content_block_"#);
                if first || !only_text {
                    state.event(data, out);
                }
                first_of(&[&finders.text, &finders.json, &finders.thinking], data)
            }
            // Every event says all of this, and there are few of them.
            Self::Gemini(state) => state.event(data, out),
        }
    }
}
