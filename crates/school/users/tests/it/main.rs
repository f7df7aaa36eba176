//! Visitors, as the database and a browser see them.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own database has failed")]

mod guests;
mod idempotency;
mod joining;
mod sign_in;
mod world;
