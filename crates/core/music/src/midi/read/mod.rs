//! Reading MIDI.
//!
//! `bytes` takes the file apart into events at ticks; `notes` pairs what starts and ends notes; `build` makes
//! bars, parts and voices.

mod build;
mod bytes;
mod clock;
mod conductor;
mod graces;
mod notes;
mod spelling;

use crate::Score;
use crate::reading::{Diagnoses, Diagnosis, ReadError, sized};

/// Reads a score from a standard MIDI file of format 0, 1 or 2, in musical or SMPTE time (one second is two quarters),
/// also wrapped in RIFF.
///
/// Each channel of a track is a part; channels of one track with one program are voices of one part. Notes are spelled
/// by the key in force. The patterns of a file of format 2 follow one another.
///
/// # Errors
/// When it is empty, larger than [`MAX_BYTES`], no MIDI file, or broken so that its notes cannot be known: a division of
/// 0, data that belong to no event, a delta time of more than four bytes.
///
/// [`MAX_BYTES`]: crate::reading::MAX_BYTES
pub fn read(bytes: &[u8]) -> Result<(Score, Vec<Diagnosis>), ReadError> {
    sized(bytes)?;
    let mut log = Diagnoses::default();
    let file = bytes::parse(bytes, &mut log)?;
    let score = build::score(&file, &mut log);
    Ok((score, log.finish()))
}
