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

/// Whether the database was not there to ask, or had no room for one more: nothing was done, and another try may
/// succeed.
pub fn is_away(error: &sqlx::Error) -> bool {
    use sqlx::Error;
    match error {
        Error::Io(_) | Error::Tls(_) | Error::Protocol(_) | Error::PoolTimedOut | Error::WorkerCrashed => true,
        Error::Database(error) => error.code().as_deref().is_some_and(|code| {
            // Class 08: the connection. 53: no connection, memory or disk left. 57P01 to 57P05: the server stops, has
            // crashed, starts, or has ended the session. 25P03, 25P04: the session rested in a transaction. 58: its
            // files cannot be read. 25006: it only reads, being a copy of another.
            ["08", "53", "58", "57P", "25P"].iter().any(|class| code.starts_with(class)) && code != "25P02"
                || code == "25006"
        }),
        _ => false,
    }
}

/// Whether the database is there and gave up for now: a lock or a statement took too long, or two transactions were in
/// each other's way.
fn is_busy(code: Option<&str>) -> bool {
    matches!(code, Some("40001" | "40P01" | "55P03" | "57014"))
}

/// A database error as the failure that a client may see: nothing of the error's text leaves with it.
///
/// Unreachable or overloaded is [`FailureKind::Unavailable`]; text that PostgreSQL cannot store (NUL, in text or in
/// JSON) is [`FailureKind::Invalid`]; a row that row-level security refuses is [`FailureKind::Forbidden`]; all else is
/// a fault of ours, and logged.
pub fn failure(error: &sqlx::Error) -> Failure {
    let sqlstate = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    let code = sqlstate.as_deref();
    match code {
        Some("22021" | "22P05") => {
            let detail = "A text holds a character that cannot be stored (NUL).";
            Failure::new(FailureKind::Invalid, "unstorable_text", detail)
        }
        // Raised by app.session_goes_on.
        Some("EDU01") => {
            let detail = "This session has ended. Sign in again.";
            Failure::new(FailureKind::Unauthenticated, "session_ended", detail)
        }
        Some("42501") => Failure::new(FailureKind::Forbidden, "forbidden", "You may not do this."),
        _ if is_busy(code) => {
            tracing::warn!(%error, "the database gave up for now");
            let detail = "The database is busy at the moment. Please try again shortly.";
            unavailable("database_busy", detail, 1)
        }
        _ if is_away(error) || matches!(error, sqlx::Error::PoolClosed) => {
            tracing::warn!(%error, "the database is not reachable");
            away()
        }
        _ => {
            tracing::error!(%error, "unexpected database error");
            Failure::new(FailureKind::Internal, "internal", "Something went wrong on our side.")
        }
    }
}

/// The failure of a request that needs a database that is away.
pub fn away() -> Failure {
    let detail = "The database is not reachable at the moment. Please try again shortly.";
    unavailable("database_unavailable", detail, 2)
}

fn unavailable(code: &'static str, detail: &str, retry_after_seconds: u64) -> Failure {
    let mut failure = Failure::new(FailureKind::Unavailable, code, detail);
    failure.retry_after_seconds = Some(retry_after_seconds);
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_is_gone_is_no_fault_of_ours() {
        for error in [
            sqlx::Error::Io(std::io::ErrorKind::BrokenPipe.into()),
            sqlx::Error::Io(std::io::ErrorKind::UnexpectedEof.into()),
            sqlx::Error::PoolTimedOut,
            sqlx::Error::PoolClosed,
            sqlx::Error::Protocol("unexpected end".into()),
        ] {
            assert_eq!(failure(&error).kind, FailureKind::Unavailable, "{error}");
        }
        assert_eq!(failure(&sqlx::Error::RowNotFound).kind, FailureKind::Internal);
    }
}
