//! The program's own endpoints.

pub mod health;
pub mod metrics;
