//! Changing keys while everything goes on.
//!
//! A new master key wraps every data key and signing key anew ([`crate::Vault::rotate_master`]). A new generation of data keys
//! ([`crate::Vault::rotate_data`]) encrypts from now on, while the old one still decrypts; a job encrypts every old value anew
//! ([`crate::Vault::reencrypt`]) and then destroys the old keys.

mod data;
mod master;

pub use data::{Reencrypted, register};
pub use master::Rewrapped;
