//! The whole program over a database of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own program has failed")]

mod access;
mod adoption;
mod api;
mod away;
mod canary;
mod command;
mod consent;
mod crash;
mod custody;
mod document;
mod mashup;
mod models;
mod operation;
mod operator;
mod outage;
mod proxy;
mod replicas;
mod school;
mod sealed;
mod server;
mod sources;
mod tenancy;
mod visitor;
mod world;
