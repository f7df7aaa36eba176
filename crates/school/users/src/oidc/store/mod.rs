//! The SQL of single sign-on.

pub mod flow;
pub mod identity;
pub mod provider;
