//! ABC notation, version 2.1 (abcnotation.com/wiki/abc:standard:v2.1): music as text that a pupil can type.
//!
//! [`write()`] gives every line of music a voice, with the notes at the pitch at which they sound, whatever the clef:
//! the standard's octave clefs are played differently by different programs. A transposing instrument is written for its
//! player, with `transpose=` and a `K:` field of its own. Grace notes stand in braces, their lengths counted in eighths,
//! and their accidentals hold until the bar line as those of other notes do. Percussion is written the way abc2midi
//! plays it: `%%MIDI channel 10`, and each General MIDI key as the pitch of that number. ABC cannot say swing; it
//! stands in an `N:` field (`N:swing eighth 667`), which the reader understands.

mod music;
pub mod read;
mod repeat;
mod words;
pub mod write;

pub use read::{read, read_book};
pub use write::write;
