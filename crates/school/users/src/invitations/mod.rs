//! Invitations: administrators ask people to join, by address and with the role that they will have.

mod service;
pub mod store;

pub use service::{Invite, InviteOutcome, InviteResult, OpenInvitation};
