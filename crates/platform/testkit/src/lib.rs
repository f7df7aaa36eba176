//! What tests of services stand on: a database of their own in some tens of milliseconds ([`TestDb`]), sample actors
//! ([`sample`]), and the preparation of queries that are checked at compile time ([`prepare`], run by
//! `cargo xtask sqlx`).
//!
//! It is no part of the program: only `[dev-dependencies]` and `xtask` use it.
//!
//! Start reading at [`TestDb::new`].

mod database;
pub mod prepare;
pub mod sample;

pub use database::{TestDb, TestError, stop_cluster};
