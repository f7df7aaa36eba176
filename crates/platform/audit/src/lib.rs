//! The audit log: who did what, on what, when, from where, why, and what came of it.
//!
//! [`append`] writes an entry in the transaction of what it tells of: both are done, or neither. The entries of an
//! institution are numbered from 1 without gaps, and each holds the hash of the one before; the program's own database
//! role can neither change nor remove one. [`checkpoint`] signs the last entry's hash with a key that is not in the
//! database (Ed25519), and [`verify`](verify()) finds what was edited, deleted, put in another order, inserted or cut
//! off by whoever has all rights in the database. What it can know is bounded by the checkpoints: somebody with all
//! rights who writes the whole log anew since the last checkpoint, and takes care that all hashes fit, is not found out.
//! Checkpoints that are kept outside the database also show that the log was cut back before one of them.
//!
//! It is not the program's log of operations (that is `tracing`), and it decides nothing about who may read it. Entries
//! name people by id and hold no names, addresses or contents: what must be erased does not belong here.
//!
//! Start reading at [`entry`], then [`verify`](mod@verify).

mod canonical;
pub mod checkpoint;
pub mod chore;
pub mod entry;
mod error;
pub mod export;
pub mod origin;
pub mod read;
mod store;
pub mod verify;

pub use checkpoint::{Checkpoint, Checkpoints};
pub use entry::{Entry, Outcome, append, record};
pub use error::AuditError;
pub use origin::Origin;
pub use read::{Filter, Recorded, list};
pub use verify::{Fault, Report, verify};

/// This crate's tables.
pub static MIGRATIONS: eduai_db::Migrations = eduai_db::migrations!("audit");
