//! Answers as they are written, read: a line of JSON for each step, and `done` in the last.

use super::reply::Step;
use crate::json::Fields;
use crate::json::fields::utf8;
use crate::sse::Lines;
use crate::{Delta, Failure, Kind, Part};

/// Reads a stream of lines, in whatever pieces it comes.
#[derive(Debug, Default)]
pub struct StreamReader {
    lines: Lines,
    state: State,
}

#[derive(Debug, Default)]
struct State {
    started: bool,
    over: bool,
    calls: usize,
}

impl StreamReader {
    /// Reads on; returns what the bytes have completed.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Delta> {
        let mut out = Vec::new();
        let Self { lines, state } = self;
        if let Err(fault) = lines.feed(bytes, |line| state.line(line, &mut out)) {
            state.fail(fault, &mut out);
        }
        out
    }

    /// The connection has ended. An answer that was not complete ends with an error; the last line may lack its end.
    pub fn finish(&mut self) -> Vec<Delta> {
        let mut out = Vec::new();
        let Self { lines, state } = self;
        let rest = lines.partial();
        if serde_json::from_slice::<serde::de::IgnoredAny>(rest).is_ok() {
            state.line(rest, &mut out);
        }
        state.fail(Failure::cut(), &mut out);
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

    fn line(&mut self, line: &[u8], out: &mut Vec<Delta>) {
        if self.over || line.trim_ascii().is_empty() {
            return;
        }
        let read = utf8(line, Kind::Nonsense)
            .and_then(|text| Fields::parse(text, Kind::Nonsense))
            .and_then(|mut fields| Step::read(&mut fields, self.calls));
        match read {
            Ok(step) => self.step(step, out),
            Err(fault) => self.fail(fault, out),
        }
    }

    fn step(&mut self, step: Step, out: &mut Vec<Delta>) {
        if !self.started {
            self.started = true;
            out.push(Delta::Start { id: step.id, model: step.model, created: step.created });
        }
        for part in step.parts {
            match part {
                Part::Text(text) => out.push(Delta::Text(text)),
                Part::Thinking { text, .. } => out.push(Delta::Thinking(text)),
                Part::ToolCall { id, name, arguments } => {
                    let index = self.calls as u32;
                    self.calls += 1;
                    out.push(Delta::ToolCallStart { index, id, name });
                    out.push(Delta::ToolCallArguments { index, text: arguments });
                }
                _ => {}
            }
        }
        if let Some(stop) = step.stop {
            self.over = true;
            out.extend([Delta::Usage(step.usage), Delta::Stop(stop), Delta::End]);
        }
    }
}
