//! What the database says, in the words of use cases.

use eduai_kernel::{Failure, FailureKind};

/// A named constraint becomes the caller's own error: the database enforces the rule, so two requests at the same
/// moment cannot both pass it.
pub trait OnConstraint<T> {
    /// `error` where the constraint `name` was broken; any other failure is converted.
    ///
    /// ```ignore
    /// store::insert(&mut tx, &booking).await.on_constraint("booking_no_overlap", || Error::Taken)?;
    /// ```
    fn on_constraint<E: From<sqlx::Error>>(self, name: &str, error: impl FnOnce() -> E) -> Result<T, E>;
}

impl<T> OnConstraint<T> for Result<T, sqlx::Error> {
    fn on_constraint<E: From<sqlx::Error>>(self, name: &str, error: impl FnOnce() -> E) -> Result<T, E> {
        self.map_err(|e| if constraint(&e) == Some(name) { error() } else { E::from(e) })
    }
}

/// The name of the constraint that was broken, where that is what happened.
pub fn constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::constraint)
}

/// A database error as the failure that a client may see: nothing of the error's text leaves with it.
///
/// Unreachable or overloaded is [`FailureKind::Unavailable`]; text that PostgreSQL cannot store (NUL, in text or in
/// JSON) is [`FailureKind::Invalid`]; a row that row-level security refuses is [`FailureKind::Forbidden`]; all else is
/// a fault of ours, and logged.
pub fn failure(error: &sqlx::Error) -> Failure {
    let sqlstate = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    match (error, sqlstate.as_deref()) {
        (_, Some("22021" | "22P05")) => {
            Failure::new(FailureKind::Invalid, "unstorable_text", "A text holds a character that cannot be stored (NUL).")
        }
        (_, Some("42501")) => Failure::new(FailureKind::Forbidden, "forbidden", "You may not do this."),
        (sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_), _)
        // 57P0x: the server is stopping or starting; 53300: too many connections.
        | (_, Some("57P01" | "57P02" | "57P03" | "53300")) => {
            tracing::error!(%error, "the database is not reachable");
            let mut failure = Failure::new(
                FailureKind::Unavailable,
                "database_unavailable",
                "The database is not reachable at the moment. Please try again shortly.",
            );
            failure.retry_after_seconds = Some(2);
            failure
        }
        _ => {
            tracing::error!(%error, "unexpected database error");
            Failure::new(FailureKind::Internal, "internal", "Something went wrong on our side.")
        }
    }
}
