//! What can go wrong.

use eduai_kernel::{Failure, FailureKind};

/// Why something about a person failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A token was presented; there are no accounts yet that could have one.
    #[error("the token is not valid")]
    BadToken,
    /// Too many new visitors from one address.
    #[error(transparent)]
    TooManyGuests(Failure),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::BadToken => Self::new(
                FailureKind::Unauthenticated,
                "bad_token",
                "This token is not valid. Leave the Authorization header away to work as a visitor.",
            ),
            Error::TooManyGuests(failure) => failure,
            Error::Database(error) => eduai_db::failure(&error),
        }
    }
}
