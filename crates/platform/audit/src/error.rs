//! What can go wrong.

use eduai_kernel::{Failure, FailureKind};
use eduai_vault::VaultError;

/// Why an entry was not written, or the log not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// The details of an entry are longer than 16 KiB: they name what was done, they do not repeat it.
    #[error("the details of an audit entry take {0} bytes; at most {most} are kept", most = crate::entry::MOST_DETAILS)]
    TooLarge(usize),
    /// The transaction has no institution, or another than the actor.
    #[error("an audit entry is written in the institution of its actor")]
    NoInstitution,
    /// A line of an export is not a checkpoint.
    #[error("line {line} is not a checkpoint: {error}")]
    NotACheckpoint {
        /// Counted from 1.
        line: usize,
        /// Why not.
        error: serde_json::Error,
    },
    /// The key that signs checkpoints.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Database(error) => eduai_db::failure(&error),
            AuditError::Vault(error) => error.into(),
            AuditError::NotACheckpoint { .. } => Self::new(FailureKind::Invalid, "not_a_checkpoint", error.to_string()),
            other => Self::new(FailureKind::Internal, "audit", other.to_string()),
        }
    }
}
