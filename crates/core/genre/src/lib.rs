//! Genre profiles as checked data, how genres blend, and where they come from.
//!
//! It composes nothing: a profile says what is typical, with its sources; `eduai-compose` makes music of it. Profiles
//! are TOML files in `data/genres`, compiled in, and a school may add its own.
//!
//! Start reading at [`profile`].

pub mod blend;
pub mod profile;

pub use blend::{Blend, BlendChoice, Dimension};
pub use profile::{Feel, GenreId, Profile};
