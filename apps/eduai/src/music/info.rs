//! `eduai music info`.

use super::{Files, files};
use eduai_music::Score;
use eduai_music::analysis;
use eduai_music::score::{Measure, Part, Tempo};
use serde::Serialize;
use std::path::Path;

/// The columns.
const HEADER: &str = "file,tune,format,title,creator,parts,bars,quarters,seconds,meter,bpm,key,notes,texture,density,synchrony,semblance,remarks";

/// What a file is. `quarters` and `seconds` are its length, `key` what the analyser hears (see `eduai music key`),
/// texture and its measures those of [`analysis::TextureFacts`], `remarks` what had to be repaired, approximated or left out.
#[derive(Default, Serialize)]
struct Row {
    file: String,
    tune: usize,
    format: &'static str,
    title: String,
    creator: String,
    parts: String,
    bars: usize,
    quarters: String,
    seconds: f64,
    meter: String,
    bpm: f64,
    key: String,
    notes: usize,
    texture: &'static str,
    density: f64,
    synchrony: f64,
    semblance: f64,
    remarks: String,
}

/// One row a piece.
pub fn run(wanted: &Files) -> Result<(), String> {
    files::report(wanted, HEADER, look)
}

fn look(path: &Path) -> Result<Vec<Row>, String> {
    let reading = files::quiet(path)?;
    let remarks: Vec<String> = reading.diagnoses.iter().map(|d| format!("{}: {}", d.place, d.message)).collect();
    let (file, remarks) = (path.display().to_string(), remarks.join(" "));
    let rows = reading.scores.iter().enumerate().map(|(index, score)| {
        let (file, remarks) = (file.clone(), remarks.clone());
        row(score, Row { file, tune: index + 1, format: reading.format.name(), remarks, ..Row::default() })
    });
    Ok(rows.collect())
}

fn row(score: &Score, known: Row) -> Row {
    let names: Vec<&str> = score.parts.iter().map(|part| part.name.as_str()).collect();
    let mut meters: Vec<String> = score.measures.iter().map(|bar: &Measure| bar.meter.to_string()).collect();
    meters.dedup();
    let texture = analysis::texture_of(score);
    let rounded = |share: f64| (share * 100.0).round() / 100.0;
    Row {
        title: score.title.clone(),
        creator: score.creator.clone(),
        parts: names.join(", "),
        bars: score.measures.len(),
        quarters: score.end().to_string(),
        seconds: (score.seconds(score.end()) * 10.0).round() / 10.0,
        meter: meters.join(" "),
        bpm: score.tempos.first().map_or(120.0, Tempo::bpm),
        key: analysis::key_of(score).map(|estimate| estimate.key.to_string()).unwrap_or_default(),
        notes: score.parts.iter().flat_map(Part::notes).count(),
        texture: texture.kind.map_or("", analysis::TextureKind::as_str),
        density: rounded(texture.density),
        synchrony: rounded(texture.synchrony),
        semblance: rounded(texture.semblance),
        ..known
    }
}
