//! Genre profiles as checked data, how genres blend, and where they come from.
//!
//! It composes nothing: a profile says what is typical, with its sources; `eduai-compose` makes music of it. Profiles
//! are TOML files in `data/genres`, compiled in, and a school may add its own.
//!
//! Start reading at [`profile`]; [`book`] loads and finds profiles, [`negotiate`] decides who leads what in a blend.

pub mod blend;
pub mod book;
mod check;
pub mod compatibility;
pub mod error;
mod mention;
pub mod negotiate;
pub mod pattern;
pub mod profile;
mod reason;
pub mod traits;

pub use blend::{Blend, BlendChoice, Dimension};
pub use book::GenreBook;
pub use compatibility::{Compatibility, compatibility};
pub use error::GenreError;
pub use negotiate::{Agreement, agree_meter, agree_tempo, blend, drop_colour, swing_at};
pub use pattern::{DrumSound, Grid, Levels};
pub use profile::{Feel, GenreId, Profile};
