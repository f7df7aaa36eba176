//! The institution itself: what its administrator may set, which institutions are open, making a new one.

mod service;

pub use service::{InstitutionPatch, InstitutionView, NewInstitution};
