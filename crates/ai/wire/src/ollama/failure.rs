//! Errors, read: `{"error": "model 'x' not found"}`.

use std::time::Duration;

use crate::fault::{foreign, kind_of_words};
use crate::json::Node;
use crate::{Failure, Kind};

/// Reads the error that came instead of an answer, whatever its body is.
#[must_use]
pub fn read_failure(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Failure {
    foreign(status, retry_after, body)
}

/// The error in the midst of a stream, which has no status.
pub(super) fn read_error(node: &Node) -> Result<Failure, Failure> {
    let words = node.text()?;
    let kind = kind_of_words(400, "", &words).unwrap_or(Kind::Unavailable);
    Ok(Failure::new(kind, words))
}
