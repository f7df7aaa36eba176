//! The SQL.

pub mod consents;
pub mod custody;
pub mod requests;
pub mod retention;
