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
//! `chord N.C.`, `tempo Medium swing` and `composer Name`. On the track of a part, `grace 1 0 74 eighth slashed` says that key 74 of channel
//! 0 is a grace note of the first graced note, and `graced 1 0 72 60 71 120` that key 72 is this note, put off by 60 ticks, and that key
//! 71 before it was cut short by 120. Verses after the first, articulations and the spelling of notes that is
//! not the key's are not in the file.

mod events;
mod graces;
pub mod read;
mod write;

pub use read::{read, read_book};
pub use write::write;

/// Ticks a quarter note in what is written.
pub const TICKS: i64 = 480;

/// The kind of a text event.
const TEXT: u8 = 0x01;

/// The channel of percussion, counted from 0.
const DRUM_CHANNEL: u8 = 9;
