//! Keys over a real database, by one program and by several.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own database has failed")]

mod fields;
mod master;
mod rotation;
mod signing;
mod world;
