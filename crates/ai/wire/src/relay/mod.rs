//! The short way, for a caller and a provider who speak the same dialect: a request is read once for what routing needs
//! and passed on with another model's name in it; the answer's bytes pass through and are looked at once, for usage, stop
//! and end. Nothing is built of what is only passed on.
//!
//! Start at [`peek`] and [`Peek::splice`] for requests, [`Watch::pass`] for streams, [`look`] for whole answers.

mod look;
mod peek;
mod peek_gemini;
mod splice;
mod watch;

pub use look::look;
pub use peek::{Peek, peek};
pub use peek_gemini::peek_gemini;
pub use watch::{Seen, Watch};

use crate::Failure;
use bytes::Bytes;

/// [`peek`] and [`Peek::splice`] in one.
///
/// # Errors
/// `Invalid`, for what is no JSON object, lies too deep, or says one thing twice.
pub fn rewrite(body: &Bytes, model: &str, ask_for_usage: bool) -> Result<(Peek, Bytes), Failure> {
    let peek = peek(body)?;
    let spliced = peek.splice(body, model, ask_for_usage);
    Ok((peek, spliced))
}
