//! `eduai music key`.

use super::{Files, files, table};
use eduai_music::analysis;
use serde::Serialize;
use std::path::Path;

/// The columns.
const HEADER: &str = "file,tonic,mode,confidence";

/// The tonic, the mode, and the probability, 0 to 1, that both are right. Empty for a file that cannot be read and for
/// one without notes of a pitch.
#[derive(Serialize)]
struct Row {
    file: String,
    tonic: Option<String>,
    mode: Option<&'static str>,
    confidence: Option<f64>,
}

/// A file that cannot be read has a row of its own: who asks about many is answered about each.
pub fn run(wanted: &Files) -> Result<(), String> {
    let found = files::each(wanted, look);
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for (row, error) in found {
        rows.push(row);
        refused.extend(error);
    }
    table::print(&rows, HEADER, wanted.format)?;
    files::outcome(&refused)
}

fn look(path: &Path) -> (Row, Option<String>) {
    let mut row = Row { file: path.display().to_string(), tonic: None, mode: None, confidence: None };
    match files::open(path) {
        Ok(reading) => {
            let estimate = reading.scores.first().and_then(analysis::key_of);
            if let Some(estimate) = estimate {
                row.tonic = Some(estimate.key.tonic.to_string());
                row.mode = Some(estimate.key.mode.as_str());
                row.confidence = Some((estimate.family_confidence * 1e4).round() / 1e4);
            }
            (row, None)
        }
        Err(error) => (row, Some(error)),
    }
}
