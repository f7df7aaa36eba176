//! The whole program over a database of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own program has failed")]

mod api;
mod command;
mod crash;
mod document;
mod mashup;
mod operation;
mod outage;
mod proxy;
mod server;
mod sources;
mod visitor;
mod world;
