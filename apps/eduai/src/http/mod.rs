//! The program's own endpoints.

pub mod health;
