//! Sessions: from a sign-in to its end. An access token proves who one is for half an hour; a refresh token, good once,
//! brings the next pair. A refresh token that comes twice was stolen from somebody, and ends the session.

pub mod attempts;
pub mod device;
pub mod doors;
mod service;
pub mod standing;
pub mod store;
pub mod token;

pub use service::{Device, SignInMethod, SignedIn};

use crate::error::Error;
use eduai_kernel::id::Uuid;
use jiff::{SignedDuration, Timestamp};

/// How long an access token lasts, unless the institution grants classes more.
pub const ACCESS_LASTS: SignedDuration = SignedDuration::from_mins(30);
/// How long a refresh token lasts; each brings a new one.
pub const REFRESH_LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a session lasts, however often it is refreshed.
pub const SESSION_LASTS: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A UUID of version 7 of the system's randomness: for what must not be guessed or must not come twice, even where the
/// generator of ids is seeded.
pub(crate) fn fresh_id(now: Timestamp) -> Result<Uuid, Error> {
    let mut bytes = [0; 10];
    fill(&mut bytes)?;
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
}

/// Fills `bytes` with the system's randomness.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(Error::NoRandomness)
}
