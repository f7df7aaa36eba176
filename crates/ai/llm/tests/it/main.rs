//! The gateway over a database of its own and a provider that is made up.
#![expect(clippy::unwrap_used, reason = "a test that cannot reach its own database has failed")]

mod admin;
mod budgets;
mod costs;
mod disclosed;
mod example;
mod faults;
mod front;
mod hedge;
mod kept;
mod kept_talk;
mod ollama;
mod privacy;
mod shared;
mod similar;
mod spans;
mod streams;
mod upstream;
mod world;
