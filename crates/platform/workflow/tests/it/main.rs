//! The engine, against a real PostgreSQL.

mod engine;
mod poem;
