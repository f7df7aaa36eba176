//! Standard MIDI files.
//!
//! [`write()`] makes a file of format 1 that sounds as the score is played, swing and all. [`read()`] takes formats 0, 1
//! and 2, musical and SMPTE time, and gives a score whose times are exact, with the swing undone where the file says
//! how it was done.
//!
//! # What is not said by the standard
//! MIDI has no words for chord symbols, modes or swing. The writer says them in text events on the first track, which
//! other programs ignore and the reader understands: `swing eighth 667` (which value swings, and what the first of a
//! pair takes in thousandths), `key D dorian`, `meter 4/4` (where a pickup makes the bar shorter), `chord Bb7/D` and
//! `chord N.C.`, `tempo Medium swing` and `composer Name`. Verses after the first, articulations and the spelling of notes that is
//! not the key's are not in the file.

mod events;
pub mod read;
mod write;

pub use read::read;
pub use write::write;

/// Ticks a quarter note in what is written.
pub const TICKS: i64 = 480;

/// The channel of percussion, counted from 0.
const DRUM_CHANNEL: u8 = 9;
