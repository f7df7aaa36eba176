//! What can go wrong.

use eduai_kernel::{Failure, FailureKind, FieldFault};

/// Why something about a person failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The token proves nothing: forged, expired, of another installation.
    #[error("the token is not valid")]
    BadToken,
    /// The session behind a good token has ended, or the account may not act any more.
    #[error("the session has ended")]
    SessionEnded,
    /// A refresh token came a second time.
    #[error("a refresh token was used twice")]
    TokenReused,
    /// No account fits address and password.
    #[error("wrong credentials")]
    WrongCredentials,
    /// The same address and password open accounts of several institutions.
    #[error("several institutions")]
    SeveralInstitutions(Vec<FieldFault>),
    /// Too many failures.
    #[error("too many attempts")]
    TooManyAttempts {
        /// After which another may be made.
        seconds: u64,
    },
    /// A link that was used, has expired, or never was.
    #[error("the link is not good")]
    BadLink,
    /// The account waits for a guardian.
    #[error("the account waits for a guardian")]
    WaitsForGuardian,
    /// Single sign-on does not let somebody in.
    #[error(transparent)]
    SingleSignOn(crate::oidc::Refusal),
    /// Too many new visitors from one address.
    #[error(transparent)]
    TooMany(Failure),
    /// What was asked breaks a rule.
    #[error(transparent)]
    Refused(#[from] Failure),
    /// Keys.
    #[error(transparent)]
    Vault(#[from] eduai_vault::VaultError),
    /// The audit log.
    #[error(transparent)]
    Audit(#[from] eduai_audit::AuditError),
    /// A token could not be signed.
    #[error("a token could not be signed")]
    Unsigned,
    /// The operating system has no randomness.
    #[error("the operating system gives no randomness: {0}")]
    NoRandomness(getrandom::Error),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Error {
    /// What was asked breaks a rule of one field.
    pub fn field(fault: FieldFault) -> Self {
        Self::Refused(Failure::invalid(vec![fault]))
    }

    /// There is no such thing, or it is not the actor's to see.
    pub fn not_found(code: &'static str, what: &str) -> Self {
        Self::Refused(Failure::not_found(code, format!("There is no such {what}, or it is not yours to see.")))
    }

    /// Somebody else changed it meanwhile.
    pub fn stale() -> Self {
        let detail = "Somebody has changed this meanwhile. Read it again and send the change with its new ETag.";
        Self::Refused(Failure::new(FailureKind::Stale, "changed_meanwhile", detail))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let unauthenticated = |code, detail: &str| Self::new(FailureKind::Unauthenticated, code, detail);
        match error {
            Error::BadToken => unauthenticated(
                "bad_token",
                "This token is not valid. Sign in again, or leave the Authorization header away to work as a visitor.",
            ),
            Error::SessionEnded => unauthenticated("session_ended", "This session has ended. Sign in again."),
            Error::TokenReused => unauthenticated(
                "token_reused",
                "This refresh token was used before, so somebody may have copied it. The session was ended; sign in again.",
            ),
            Error::WrongCredentials => {
                unauthenticated("wrong_credentials", "No account fits this address and password. Check both.")
            }
            Error::SeveralInstitutions(fields) => {
                let detail = "Several institutions know this address and password. Name one as institution_id.";
                let mut failure = Self::new(FailureKind::Conflict, "several_institutions", detail);
                failure.fields = fields;
                failure
            }
            Error::TooManyAttempts { seconds } => {
                let minutes = seconds.div_ceil(60);
                let detail = format!("Too many failures. Try again in {minutes} minutes, or set a new password.");
                let mut failure = Self::new(FailureKind::RateLimited, "too_many_attempts", detail);
                failure.retry_after_seconds = Some(seconds);
                failure
            }
            Error::BadLink => Self::new(
                FailureKind::NotFound,
                "bad_link",
                "This link was used before, has expired, or is incomplete. Ask for a new one.",
            ),
            Error::WaitsForGuardian => Self::new(
                FailureKind::Forbidden,
                "waiting_for_guardian",
                "A parent or guardian has to agree first. They were sent a message.",
            ),
            Error::SingleSignOn(refusal) => {
                Self::new(FailureKind::Unauthenticated, refusal.code(), refusal.to_string())
            }
            Error::TooMany(failure) | Error::Refused(failure) => failure,
            Error::Vault(error) => Self::from(error),
            Error::Audit(error) => Self::from(error),
            Error::Unsigned => Self::new(FailureKind::Internal, "unsigned", "a token could not be signed"),
            Error::NoRandomness(error) => Self::new(FailureKind::Internal, "no_randomness", error.to_string()),
            Error::Database(error) => eduai_db::failure(&error),
        }
    }
}
