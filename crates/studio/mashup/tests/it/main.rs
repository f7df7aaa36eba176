//! The agents with models that answer well, badly, slowly and not at all.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that cannot reach its own room has failed"
)]

mod answers;
mod crash;
mod doubles;
mod injection;
mod limits;
mod lyrics;
mod nonsense;
mod poet;
mod requests;
mod room;
mod steps;
