//! Passkeys (`WebAuthn` Level 3): signing in by a device, without a password. The device proves itself and its user's
//! presence; nothing that could be stolen from a server is kept here.

mod service;
pub mod store;

pub use service::{Challenge, Passkey, RelyingParty};
