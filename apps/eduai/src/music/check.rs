//! `eduai music check`: voice-leading faults, as a teacher of harmony marks them.

use super::{Files, files};
use clap::Args;
use eduai_music::analysis::{self, Fault, VoiceLeadingStyle};
use serde::Serialize;
use std::path::Path;

/// The columns.
const HEADER: &str = "file,tune,bar,quarter,fault,voices,pitches";

/// What to check, and by whose customs.
#[derive(Args, Debug)]
pub struct Check {
    /// The customs of `common_practice`, `jazz` or `popular`
    #[arg(long, default_value = "common_practice", value_parser = style)]
    style: VoiceLeadingStyle,
    /// The files
    #[command(flatten)]
    files: Files,
}

fn style(text: &str) -> Result<VoiceLeadingStyle, String> {
    let known = VoiceLeadingStyle::ALL.into_iter().find(|style| style.as_str() == text);
    known.ok_or_else(|| "write common_practice, jazz or popular".to_owned())
}

/// A fault: `bar` as printed, `quarter` the time in the bar in quarter notes from 0, `voices` from the top, 1 the highest.
#[derive(Serialize)]
struct Row {
    file: String,
    tune: usize,
    bar: u32,
    quarter: String,
    fault: &'static str,
    voices: String,
    pitches: String,
}

/// One row a fault.
pub fn run(wanted: &Check) -> Result<(), String> {
    files::report(&wanted.files, HEADER, |path| look(path, wanted.style))
}

fn look(path: &Path, style: VoiceLeadingStyle) -> Result<Vec<Row>, String> {
    let reading = files::quiet(path)?;
    let mut rows = Vec::new();
    for (index, score) in reading.scores.iter().enumerate() {
        let key = analysis::key_of(score).map(|estimate| estimate.key);
        let faults = analysis::voice_leading_faults(score, key, style);
        rows.extend(faults.iter().map(|fault| row(path, index + 1, score, fault)));
    }
    Ok(rows)
}

fn row(path: &Path, tune: usize, score: &eduai_music::Score, fault: &Fault) -> Row {
    let bar = score.measures.get(fault.measure);
    let voices: Vec<String> = fault.voices.iter().map(|voice| (voice + 1).to_string()).collect();
    let pitches: Vec<String> = fault.pitches.iter().map(ToString::to_string).collect();
    Row {
        file: path.display().to_string(),
        tune,
        bar: bar.map_or(0, |bar| bar.number),
        quarter: bar.map_or(fault.at, |bar| fault.at - bar.start).to_string(),
        fault: fault.kind.as_str(),
        voices: voices.join(" "),
        pitches: pitches.join(" "),
    }
}
