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
use bytes::File;

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

/// Reads a file as [`read`] does, but makes a score of each pattern of a file of format 2 that has notes.
///
/// # Errors
/// As [`read`].
pub fn read_book(bytes: &[u8]) -> Result<(Vec<Score>, Vec<Diagnosis>), ReadError> {
    sized(bytes)?;
    let mut log = Diagnoses::default();
    let file = bytes::parse(bytes, &mut log)?;
    if file.format != 2 {
        return Ok((vec![build::score(&file, &mut log)], log.finish()));
    }
    // A pattern has its own tempo and meter, and its channels are parts, as in a file of format 0.
    let division = file.division;
    let pattern = |track| build::score(&File { format: 0, division, tracks: vec![track] }, &mut log);
    let mut scores: Vec<Score> = file.tracks.into_iter().map(pattern).collect();
    if scores.iter().any(|score| !score.parts.is_empty()) {
        scores.retain(|score| !score.parts.is_empty());
    }
    Ok((scores, log.finish()))
}
