//! The keys of the house. [`Vault::seal`] and [`Vault::open_field`] encrypt single fields by envelope, with a data key of
//! the institution or of one person; [`Vault::shred`] destroys a person's. [`Vault::signing_keys`] gives keys that sign
//! what leaves the program and comes back (access tokens, cookies); they change by age, and all replicas on one database
//! agree on them.
//!
//! [`Token`] is a secret that is handed out once and kept as a hash.
//!
//! A column must be declared ([`Vault::declare`]) before values are sealed for it, so that all of them are found when keys
//! change ([`rotation`]).
//!
//! Every key at rest is wrapped (AES-256-GCM) by a master key that is never in the database ([`MasterKeys`]: a file, the
//! environment, or a command that asks a key management service). Key material in memory is wiped when it is dropped;
//! the few hundred bytes of expanded key that the cipher keeps on the stack during one operation are not.
//!
//! It is not a store for passwords (those are hashed, not encrypted), and it decides nothing about who may read.
//!
//! Start reading at [`fields`], then [`signing`] and [`master`].

mod cache;
mod crypto;
pub mod declared;
mod error;
pub mod fields;
pub mod master;
mod place;
pub mod rotation;
pub mod signing;
mod store;
mod token;
pub mod vault;

pub use declared::{ColumnOwner, SealedColumn};
pub use error::VaultError;
pub use master::{MasterError, MasterKeyId, MasterKeys};
pub use place::{Owner, Place};
pub use signing::{Lifetimes, SigningKey, SigningKeys};
pub use token::Token;
pub use vault::Vault;

/// This crate's tables.
pub static MIGRATIONS: eduai_db::Migrations = eduai_db::migrations!("vault");

/// Tables without a tenant, for the test that looks at all tables.
pub const WITHOUT_TENANT: [&str; 1] = ["vault.signing_key"];
