//! The room over a real database, with another room that keeps personal data.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own database has failed")]

mod consents;
mod guardians;
mod http;
mod requests;
mod retention;
mod room;
mod world;
