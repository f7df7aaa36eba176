//! `eduai music meter`: where the beats are, by ear alone.

use super::{Files, files};
use eduai_music::Score;
use eduai_music::analysis;
use serde::Serialize;
use std::path::Path;

/// The columns.
const HEADER: &str = "file,tune,meter,beats_per_minute,confidence,first_downbeat_s,beats,printed";

/// The meter that the notes are heard in, whatever the file prints; `first_downbeat_s` in seconds from the start, `beats`
/// how many were followed (in the first twenty minutes), `printed` the meter of the first bar. Empty for music too short
/// to have a meter.
#[derive(Default, Serialize)]
struct Row {
    file: String,
    tune: usize,
    meter: Option<String>,
    beats_per_minute: Option<f64>,
    confidence: Option<f64>,
    first_downbeat_s: Option<f64>,
    beats: usize,
    printed: String,
}

/// One row a piece.
pub fn run(wanted: &Files) -> Result<(), String> {
    files::report(wanted, HEADER, |path| {
        let reading = files::quiet(path)?;
        Ok(reading.scores.iter().enumerate().map(|(index, score)| row(path, index + 1, score)).collect())
    })
}

fn row(path: &Path, tune: usize, score: &Score) -> Row {
    let printed = score.measures.first().map(|bar| bar.meter.to_string()).unwrap_or_default();
    let known = Row { file: path.display().to_string(), tune, printed, ..Row::default() };
    let Some(found) = analysis::meter_of(score) else { return known };
    let rounded = |number: f64, places: f64| (number * places).round() / places;
    Row {
        meter: Some(found.meter.to_string()),
        beats_per_minute: Some(rounded(found.beats_per_minute, 10.0)),
        confidence: Some(rounded(found.confidence, 1e4)),
        first_downbeat_s: found.beats.get(found.first_downbeat).map(|at| rounded(*at, 1e3)),
        beats: found.beats.len(),
        ..known
    }
}
