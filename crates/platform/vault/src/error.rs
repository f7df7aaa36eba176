//! What can go wrong.

use crate::master::{MasterError, MasterKeyId};
use eduai_kernel::{Failure, FailureKind};
use uuid::Uuid;

/// Why a key or a sealed value cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The value was changed, or does not stand where it was sealed.
    #[error("the sealed value was changed, or does not stand where it was sealed")]
    Tampered,
    /// The key was destroyed: its owner was erased, or the value is older than the last change of keys.
    #[error("the key of this value was destroyed")]
    Shredded,
    /// The value is not one that the vault sealed.
    #[error("this is no sealed value")]
    NotSealed,
    /// The institution has no such key.
    #[error("there is no key {0}")]
    UnknownKey(Uuid),
    /// The owner is not of the transaction's institution, or the transaction has none.
    #[error("the owner of the value is not of the institution in which the transaction acts")]
    ForeignOwner,
    /// Nobody declared that values are sealed here.
    #[error("{0} was not declared for such values: name it with Vault::declare before anything is sealed for it")]
    Undeclared(String),
    /// A name of a declared column cannot be put into SQL.
    #[error("{0} is not a column that can be declared: schema.table and columns in small letters, digits and _")]
    BadName(String),
    /// The master keys cannot be changed or read.
    #[error(transparent)]
    Master(#[from] MasterError),
    /// A key is wrapped by a master key that this program was not given.
    #[error(
        "a key is wrapped by the master key {0}, which this program was not given; add it after the current one to \
         EDUAI_MASTER_KEY or to the file of master keys"
    )]
    UnknownMaster(MasterKeyId),
    /// The operating system has no randomness.
    #[error("the operating system gives no randomness")]
    NoRandomness,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Database(error) => eduai_db::failure(&error),
            VaultError::Shredded => Self::not_found("erased", "This was erased and cannot be read any more."),
            other => {
                tracing::error!(error = %other, "the vault failed");
                Self::new(FailureKind::Internal, "vault", other.to_string())
            }
        }
    }
}
