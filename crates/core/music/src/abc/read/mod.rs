//! Reading ABC.
//!
//! `fields` understands the lines that start with a letter and a colon, `voice` keeps the time and the accidentals
//! of a voice, `body` reads the music itself, `words` sets syllables to notes, and `build` makes the score.

mod body;
mod build;
mod fields;
mod text;
mod voice;
mod words;

use crate::Score;
use crate::reading::{Diagnoses, Diagnosis, ReadError, sized};
use body::Tune;

/// Reads the first tune of an ABC file.
///
/// Notes come out as they sound; repeats are kept as signs, not unfolded. What is not understood is
/// passed over and reported.
///
/// # Errors
/// When it is empty, larger than [`MAX_BYTES`], no text, or without a tune; when it is longer than any music.
///
/// [`MAX_BYTES`]: crate::reading::MAX_BYTES
pub fn read(bytes: &[u8]) -> Result<(Score, Vec<Diagnosis>), ReadError> {
    let mut log = Diagnoses::default();
    let mut scores = tunes(bytes, &mut log)?.into_iter();
    let first = scores.next().ok_or(ReadError::Empty)?;
    let more = scores.count();
    if more > 0 {
        log.note("file", format!("{more} more tunes follow the first; they were not read."));
    }
    Ok((first, log.finish()))
}

/// Reads all tunes of an ABC file.
///
/// # Errors
/// As [`read`].
pub fn read_book(bytes: &[u8]) -> Result<(Vec<Score>, Vec<Diagnosis>), ReadError> {
    let mut log = Diagnoses::default();
    let scores = tunes(bytes, &mut log)?;
    Ok((scores, log.finish()))
}

/// More tunes than any book has.
const MAX_TUNES: usize = 5_000;

fn tunes(bytes: &[u8], log: &mut Diagnoses) -> Result<Vec<Score>, ReadError> {
    sized(bytes)?;
    let text = text::decode(bytes, log)?;
    let lines: Vec<&str> = text.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].starts_with("X:")).collect();
    if starts.is_empty() {
        let found = "there is no X: field that starts a tune".to_owned();
        return Err(ReadError::Foreign { expected: "ABC", found });
    }
    if starts.len() > MAX_TUNES {
        return Err(ReadError::TooLarge { what: "the number of tunes", limit: MAX_TUNES });
    }
    // What stands above the first tune, up to an empty line, holds for all tunes.
    let shared: Vec<&str> = lines[..starts[0]].iter().copied().take_while(|line| !line.trim().is_empty()).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let mut out = Vec::new();
    for (start, end) in starts.iter().copied().zip(ends) {
        let mut tune = Tune::new();
        for line in &shared {
            tune.shared(line);
        }
        let own = lines[start..end].iter().take_while(|line| !line.trim().is_empty());
        for (index, line) in text::joined(own.copied().collect()) {
            tune.line(&line, start + index + 1, log)?;
        }
        out.push(build::score(tune, log)?);
    }
    Ok(out)
}
