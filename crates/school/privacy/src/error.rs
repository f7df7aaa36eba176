//! What can go wrong.

use crate::rules::DataError;
use eduai_audit::AuditError;
use eduai_kernel::{Failure, FailureKind, FieldFault};
use eduai_vault::VaultError;

/// Why something about privacy failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such purpose, request or link, or it is not the actor's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The actor may not do this.
    #[error("only administrators may do this")]
    Forbidden,
    /// For people under age a parent or guardian decides.
    #[error("a parent or guardian decides this")]
    GuardianNeeded,
    /// The text that was agreed to is not the present one.
    #[error("the text is of version {0}")]
    OtherVersion(i32),
    /// A request of this kind waits for its answer already.
    #[error("such a request is open already")]
    AlreadyOpen,
    /// The request was decided before, or may not be extended again.
    #[error("{0}")]
    Decided(&'static str),
    /// The archive of this request is not to be had any more.
    #[error("the archive is given out for 30 days")]
    ArchiveGone,
    /// Fields break rules.
    #[error("{0}")]
    Invalid(Failure),
    /// A room failed to give out or erase what it keeps.
    #[error("{0}")]
    Room(Failure),
    /// A data file is wrong.
    #[error(transparent)]
    Data(#[from] DataError),
    /// An archive cannot be written.
    #[error("the archive cannot be written: {0}")]
    Archive(String),
    /// The audit log.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// The keys.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Error {
    pub(crate) fn field(field: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::Invalid(Failure::invalid(vec![FieldFault::new(field, code, detail)]))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let new = |kind, code, detail: &str| Self::new(kind, code, detail);
        match error {
            Error::NotFound(what) => Self::not_found(
                match what {
                    "purpose" => "purpose_not_found",
                    "link" => "link_not_found",
                    _ => "request_not_found",
                },
                format!("There is no such {what}, or it is not good any more."),
            ),
            Error::Forbidden => new(FailureKind::Forbidden, "forbidden", "Only administrators may do this."),
            Error::GuardianNeeded => {
                new(FailureKind::Forbidden, "guardian_needed", "A parent or guardian decides this for you.")
            }
            Error::OtherVersion(version) => Self::new(
                FailureKind::Conflict,
                "other_version",
                format!("The text has changed: it is version {version} now. Read it and decide again."),
            ),
            Error::AlreadyOpen => {
                new(FailureKind::Conflict, "already_open", "You have asked for this already; it waits for its answer.")
            }
            Error::Decided(detail) => new(FailureKind::Conflict, "already_decided", detail),
            Error::ArchiveGone => new(
                FailureKind::NotFound,
                "archive_gone",
                "The archive of a request is given out for 30 days. Ask again for a new one.",
            ),
            Error::Invalid(failure) | Error::Room(failure) => failure,
            Error::Audit(error) => error.into(),
            Error::Vault(error) => error.into(),
            Error::Database(error) => eduai_db::failure(&error),
            Error::Data(_) | Error::Archive(_) => Self::new(FailureKind::Internal, "privacy", error.to_string()),
        }
    }
}
