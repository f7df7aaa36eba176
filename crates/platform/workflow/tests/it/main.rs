//! The engine, against a real PostgreSQL.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod crash;
mod engine;
mod errand;
mod kill;
mod poem;
mod race;
mod sealed;
