//! Answers as they are written, read: every event is a piece of an answer, and the last one says why it ended.

use super::reply::{Answer, Glance, read_stop};
use crate::json::Fields;
use crate::json::fields::utf8;
use crate::sse::Events;
use crate::{Delta, Failure, Kind, Part, Stop};

/// Reads an event stream, in whatever pieces it comes.
#[derive(Debug, Default)]
pub struct StreamReader {
    events: Events,
    state: State,
}

#[derive(Debug, Default)]
struct State {
    started: bool,
    stopped: bool,
    over: bool,
    calls: u32,
}

impl StreamReader {
    /// Reads on; returns what the bytes have completed.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Delta> {
        let mut out = Vec::new();
        let Self { events, state } = self;
        if let Err(fault) = events.feed(bytes, |_, data| state.event(data, &mut out)) {
            state.fail(fault, &mut out);
        }
        out
    }

    /// The connection has ended, which is this dialect's end mark: the answer is whole if it said why it ended.
    pub fn finish(&mut self) -> Vec<Delta> {
        let mut out = Vec::new();
        let Self { events, state } = self;
        events.finish(|_, data| state.event(data, &mut out));
        if !state.over {
            state.over = true;
            out.push(if state.stopped { Delta::End } else { Delta::Error(Failure::cut()) });
        }
        out
    }
}

impl State {
    fn fail(&mut self, failure: Failure, out: &mut Vec<Delta>) {
        if !self.over {
            out.push(Delta::Error(failure));
            self.over = true;
        }
    }

    fn event(&mut self, data: &[u8], out: &mut Vec<Delta>) {
        if self.over || data.is_empty() {
            return;
        }
        let read = utf8(data, Kind::Nonsense)
            .and_then(|text| Fields::parse(text, Kind::Nonsense))
            .and_then(|mut fields| Answer::read(&mut fields));
        match read {
            Ok(answer) => self.answer(answer, out),
            Err(fault) => self.fail(fault, out),
        }
    }

    fn answer(&mut self, answer: Answer, out: &mut Vec<Delta>) {
        if !self.started {
            self.started = true;
            out.push(Delta::Start { id: answer.id.clone(), model: answer.model, created: 0 });
        }
        let mut stop = None;
        if let Some(candidate) = answer.candidate {
            for part in candidate.parts {
                self.part(part, &answer.id, out);
            }
            stop = candidate.stop;
        }
        out.extend(answer.usage.map(Delta::Usage));
        if let Some(word) = stop {
            self.stopped = true;
            out.push(Delta::Stop(read_stop(Some(&word), self.calls > 0)));
        }
    }

    fn part(&mut self, part: Part, answer: &str, out: &mut Vec<Delta>) {
        let mark =
            |name: &str| part.marks()?.get("extra_content")?.get("google")?.get(name)?.as_str().map(str::to_owned);
        let signature = mark("thought_signature");
        match part.plain() {
            Part::Text(text) if !text.is_empty() => out.push(Delta::Text(text.clone())),
            Part::Thinking { text, .. } if !text.is_empty() => out.push(Delta::Thinking(text.clone())),
            Part::ToolCall { id, name, arguments } => {
                let index = self.calls;
                self.calls += 1;
                // An id that was made here counts within its event; two events' would be the same.
                let made = id.starts_with(&format!("call_{answer}_"));
                let id = if made { format!("call_{answer}_{index}") } else { id.clone() };
                out.push(Delta::ToolCallStart { index, id, name: name.clone() });
                out.extend(signature.map(Delta::Signature));
                out.push(Delta::ToolCallArguments { index, text: arguments.clone() });
            }
            _ => {}
        }
    }
}

/// Looks at the events of a stream that is only passed on.
#[derive(Debug, Default)]
pub(crate) struct Glancing {
    started: bool,
    called: bool,
}

impl Glancing {
    /// What the event says, and how many bytes of text, thought and arguments are in it.
    pub(crate) fn event(&mut self, data: &[u8], out: &mut Vec<Delta>) -> u64 {
        let mut glance = Glance::default();
        let read = utf8(data, Kind::Nonsense)
            .and_then(|text| Fields::parse(text, Kind::Nonsense))
            .and_then(|mut fields| glance.read(&mut fields));
        if let Err(fault) = read {
            out.push(Delta::Error(fault));
            return 0;
        }
        if !std::mem::replace(&mut self.started, true) {
            let (id, model) = (glance.id.unwrap_or_default(), glance.model.unwrap_or_default());
            out.push(Delta::Start { id, model, created: 0 });
        }
        self.called |= glance.calls;
        out.extend(glance.usage.map(Delta::Usage));
        let stop = glance.stop.map(|stop| if stop == Stop::End && self.called { Stop::ToolUse } else { stop });
        out.extend(stop.map(Delta::Stop));
        glance.text_bytes
    }
}
