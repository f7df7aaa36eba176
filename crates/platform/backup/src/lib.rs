//! Backups: [`write`](write()) reads the whole database in one snapshot into an encrypted file, [`restore`](restore())
//! makes a database of such a file again and compares every table with what was counted when it was written.
//!
//! The file is encrypted under a key that follows from the master key, which is not in it: whoever has the file alone has
//! nothing, and whoever loses the master key loses the backup (and could not read the sealed fields either).
//!
//! It decides neither when backups are made nor how long they are kept. It needs a role that row-level security does not
//! bind, which the program itself never works as.
//!
//! Start reading at [`file`](mod@file), then [`snapshot`] and [`restore`](mod@restore).

pub mod file;
pub mod manifest;
pub mod restore;
pub mod snapshot;
mod store;

pub use file::{Reader, Writer};
pub use manifest::{Manifest, TableSummary};
pub use restore::restore;
pub use snapshot::write;

/// Why a backup was not written or not restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The file.
    #[error("the file: {0}")]
    Io(#[from] std::io::Error),
    /// The schema.
    #[error(transparent)]
    Migration(#[from] eduai_db::MigrationError),
    /// The file is no backup of ours.
    #[error("this is no backup: {0}")]
    NotABackup(&'static str),
    /// The file was made with a master key that is not at hand.
    #[error(
        "the backup was made with the master key {0}, which is not at hand; put it into keys/master.key of the data \
         folder, or name it by EDUAI_MASTER_KEY_FILE"
    )]
    UnknownMaster(String),
    /// The file was changed, cut off or put together of several.
    #[error("the backup was changed or cut off, at part {0}")]
    Tampered(u64),
    /// The database that was made differs from the one that was written.
    #[error("the restored table {table} has {found}; the backup says {expected}")]
    Differs {
        /// Which.
        table: String,
        /// What was found.
        found: String,
        /// What was expected.
        expected: String,
    },
    /// Keys and randomness.
    #[error("{0}")]
    Vault(#[from] eduai_vault::VaultError),
    /// JSON of ours.
    #[error("the backup holds something that cannot be read: {0}")]
    Json(#[from] serde_json::Error),
}
