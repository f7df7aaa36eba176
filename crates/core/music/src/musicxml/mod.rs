//! MusicXML 4.0: the notation that every score program reads.
//!
//! [`write()`] draws a score as bars of tied, beamed values; every note carries an `id` that leads back to the
//! [`Note`](crate::Note) it came from (see [`note_id`]). [`read()`] takes partwise and timewise scores, plain or
//! compressed, and gives the notes back as they sound.

mod chords;
pub mod read;

mod write;

pub use read::read;
pub use write::{note_id, write, write_compressed};

/// MusicXML's `dynamics` of a note is a percentage of this velocity (the standard's own default for forte).
const FORTE: f64 = 90.0;
