//! `eduai music notes`.

use super::{Files, files};
use eduai_music::score::{Part, Sound};
use serde::Serialize;
use std::path::Path;

/// The columns.
const HEADER: &str = "file,tune,onset,duration,pitch,part,voice";

/// Onset and duration in quarter notes from the start of the piece, exact; the sounding MIDI pitch or percussion key.
#[derive(Serialize)]
struct Row {
    file: String,
    tune: usize,
    onset: String,
    duration: String,
    pitch: i32,
    part: String,
    voice: usize,
}

/// Ties are joined, grace notes left out, repeats not unfolded. The tunes of a book all start at 0.
pub fn run(wanted: &Files) -> Result<(), String> {
    files::report(wanted, HEADER, look)
}

fn look(path: &Path) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    let file = path.display().to_string();
    for (index, score) in files::open(path)?.scores.iter().enumerate() {
        let first = rows.len();
        for part in &score.parts {
            rows.extend(of_part(part, &file, index + 1));
        }
        rows[first..].sort_by_key(|(onset, _)| *onset);
    }
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

fn of_part(part: &Part, file: &str, tune: usize) -> Vec<(eduai_music::Time, Row)> {
    let mut rows = Vec::new();
    for (voice, notes) in part.voices.iter().enumerate() {
        for note in notes {
            let keys: Vec<i32> = match &note.sound {
                Sound::Pitched(pitches) => pitches.iter().map(|pitch| pitch.midi()).collect(),
                Sound::Drums(keys) => keys.iter().map(|key| i32::from(*key)).collect(),
            };
            for pitch in keys {
                let row = Row {
                    file: file.to_owned(),
                    tune,
                    onset: note.onset.to_string(),
                    duration: note.duration.to_string(),
                    pitch,
                    part: part.name.clone(),
                    voice: voice + 1,
                };
                rows.push((note.onset, row));
            }
        }
    }
    rows
}
