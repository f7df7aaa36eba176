//! Links that are good once: to confirm an address, to set a new password, to join by invitation. The token in a link
//! is made when the message is written and kept as a hash, so that neither the queue nor a dump can open an account.

pub mod messages;
mod service;
pub mod store;

pub use service::MESSAGE;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// What a link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To confirm an address.
    VerifyEmail,
    /// To set a new password.
    ResetPassword,
    /// To join an institution.
    Invitation,
}

impl Purpose {
    /// As it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::Invitation => "invitation",
        }
    }

    /// For how long it is good.
    pub fn lasts(self) -> SignedDuration {
        match self {
            Self::ResetPassword => SignedDuration::from_hours(1),
            Self::VerifyEmail => SignedDuration::from_hours(3 * 24),
            Self::Invitation => SignedDuration::from_hours(14 * 24),
        }
    }

    /// The page of the web app that takes its token.
    pub fn page(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::ResetPassword => "reset-password",
            Self::Invitation => "register",
        }
    }
}
