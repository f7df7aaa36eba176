//! Reads, understands, writes and sounds music.
//!
//! Pure: bytes and values in, bytes and values out. It knows nothing of genres, lessons or people: who composes is
//! `eduai-compose`, who teaches is `eduai-pedagogy`.
//!
//! Start reading at [`score`], the model that all else reads or makes. [`theory`] holds pitches, keys, chords and Roman
//! numerals; [`analysis`] says what a score is, from its notes alone; [`midi`], [`musicxml`] and [`abc`] write and read,
//! and [`mod@file`] tells them apart; [`audio`] makes it sound. [`play`] follows
//! repeats and jumps.

pub mod abc;
pub mod analysis;
pub mod audio;
pub mod file;
pub mod midi;
pub mod musicxml;
pub mod notation;
pub mod play;
pub mod reading;
pub mod score;
pub mod theory;
pub mod time;

pub use score::{Note, Part, Score};
pub use theory::{Chord, ChordKind, Key, Mode, Pitch, PitchName, Roman, Step};
pub use time::Time;
