//! The database: PostgreSQL, started by the program itself in its data folder or given as `DATABASE_URL`
//! ([`open`](open())), and the only way to it, a transaction as an actor ([`Db::begin`]), in which row-level security
//! holds. Migrations of each module ([`migrations!`]), events that are written with what they tell of ([`outbox`]), and
//! the institutions, which are the tenants ([`institution`]).
//!
//! It is not a query builder and holds no SQL of services: that is in each service's `store.rs`. This crate's own few
//! statements are not checked at compile time, because everything that checks the others is built on it; its tests run
//! every one of them.
//!
//! Start reading at [`pool`], then `cluster/mod.rs`. How to add a table and a query is in this crate's README.

pub mod cluster;
mod connections;
pub mod error;
mod health;
pub mod institution;
pub mod migrate;
mod open;
pub mod outbox;
pub mod pool;
pub mod presence;
pub mod roles;
pub mod session;
pub mod tables;

pub use error::{OnConstraint, away, constraint, failure, is_away};
pub use institution::{DEMONSTRATION, Institution, InstitutionKind, PrivacyLevel};
pub use jiff_sqlx::Timestamp as DbTimestamp;
pub use migrate::{MigrationError, Migrations};
pub use open::{Database, OpenError, Settings, connect, open, prepare};
pub use pool::{Claim, Db, PoolStats, Tx};
pub use presence::Presence;

#[doc(hidden)]
pub use sqlx;

/// This crate's own migrations; [`open`](open()) applies them before all others.
pub static MIGRATIONS: Migrations = migrations!("platform");
