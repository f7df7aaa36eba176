//! The log over a real database, written by the program and tampered with by its superuser.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own database has failed")]

mod append;
mod checkpoints;
mod tampering;
mod world;
