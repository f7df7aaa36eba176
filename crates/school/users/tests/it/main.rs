//! Visitors, as the database and a browser see them.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own database has failed")]

mod guests;
mod idempotency;
mod identities;
mod joining;
mod outbound;
mod provider;
mod sign_in;
mod single_sign_on;
mod world;
