//! Pieces of one's own: brought as a file, looked into, and offered to be borrowed from.
//!
//! Start reading at [`model`].

mod facts;
pub(crate) mod kept;
pub mod model;
mod service;
pub(crate) mod store;

pub(crate) use facts::{Opened, open};
pub(crate) use service::check_request;
pub use service::{Loan, Upload};
