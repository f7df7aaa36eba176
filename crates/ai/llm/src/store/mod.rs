//! The SQL.

pub mod budgets;
pub mod calls;
pub mod custody;
pub mod keys;
pub mod ledger;
pub mod providers;
pub mod routes;
pub mod transcripts;
pub mod usage;
