//! The engine, against a real PostgreSQL.

mod crash;
mod engine;
mod errand;
mod kill;
mod poem;
mod race;
