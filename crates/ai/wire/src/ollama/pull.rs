//! Fetching a model: lines of JSON that say how far it is, and `success` in the last.

use bytes::Bytes;

use super::failure::read_error;
use crate::json::fields::utf8;
use crate::json::{Fields, Writer};
use crate::sse::Lines;
use crate::{Failure, Kind, Target};

/// Where a request to fetch a model goes.
#[must_use]
pub fn pull_target() -> Target {
    Target::post("/api/pull")
}

/// Asks for a model, step by step.
#[must_use]
pub fn write_pull(model: &str) -> Bytes {
    Writer::body(|w| {
        w.put("model", model);
        w.put("stream", &true);
    })
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// `pulling manifest`, `pulling 8934d96d3f08`, `verifying sha256 digest`, `writing manifest`, `success`.
    pub status: String,
    /// Of which file.
    pub digest: Option<String>,
    /// Its bytes.
    pub total: Option<u64>,
    /// Of them, here already.
    pub completed: Option<u64>,
}

impl Progress {
    /// The model is here.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.status == "success"
    }
}

/// Reads the lines, in whatever pieces they come.
#[derive(Debug, Default)]
pub struct PullReader {
    lines: Lines,
    over: bool,
}

impl PullReader {
    /// Reads on; returns what the bytes have completed. Nothing follows an error, or `success`.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Result<Progress, Failure>> {
        let mut out = Vec::new();
        let Self { lines, over } = self;
        let fed = lines.feed(bytes, |line| {
            if !*over && !line.trim_ascii().is_empty() {
                let step = read(line);
                *over = step.as_ref().map_or(true, Progress::is_done);
                out.push(step);
            }
        });
        if let Err(fault) = fed
            && !std::mem::replace(over, true)
        {
            out.push(Err(fault));
        }
        out
    }

    /// The connection has ended: an error if the model is not here.
    ///
    /// # Errors
    /// `Unavailable`, for a stream that was cut.
    pub fn finish(&mut self) -> Result<(), Failure> {
        let last = self.feed(b"\n").pop();
        match last {
            Some(Err(fault)) => Err(fault),
            _ if self.over => Ok(()),
            _ => Err(Failure::cut()),
        }
    }
}

fn read(line: &[u8]) -> Result<Progress, Failure> {
    let mut fields = Fields::parse(utf8(line, Kind::Nonsense)?, Kind::Nonsense)?;
    if let Some(error) = fields.take("error") {
        return Err(read_error(&error)?);
    }
    Ok(Progress {
        status: fields.need_text("status")?,
        digest: fields.text("digest")?,
        total: fields.large("total")?,
        completed: fields.large("completed")?,
    })
}
