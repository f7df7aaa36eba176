//! `eduai music analyze`.

use super::{Files, files};
use eduai_music::analysis::{Analysis, ChordSpan, analyse};
use eduai_music::{ChordKind, Key};
use serde::Serialize;
use std::path::Path;

/// The columns.
const HEADER: &str = "file,onset_quarter,duration,root,quality,bass,key,numeral,symbol,fit";

/// A chord: from when and for how long in quarter notes, its root, quality and bass, the local key (lower case for
/// minor) and its Roman numeral in it, the chord symbol, and how much of what sounds its tones explain (0 to 1).
#[derive(Serialize)]
struct Row {
    file: String,
    onset_quarter: String,
    duration: String,
    root: String,
    quality: &'static str,
    bass: String,
    key: String,
    numeral: String,
    symbol: String,
    fit: f64,
}

/// One row a chord, in order.
pub fn run(wanted: &Files) -> Result<(), String> {
    files::report(wanted, HEADER, look)
}

fn look(path: &Path) -> Result<Vec<Row>, String> {
    let score = files::open(path)?.together();
    let analysis = analyse(&score);
    let file = path.display().to_string();
    Ok(analysis.chords.iter().map(|span| row(span, &analysis, &file)).collect())
}

fn row(span: &ChordSpan, analysis: &Analysis, file: &str) -> Row {
    let key = analysis.keys.iter().rev().find(|stretch| stretch.onset <= span.onset).map(|stretch| stretch.key);
    Row {
        file: file.to_owned(),
        onset_quarter: span.onset.to_string(),
        duration: span.duration.to_string(),
        root: span.chord.root.to_string(),
        quality: quality(span.chord.kind),
        bass: span.chord.lowest().to_string(),
        key: key.map(cased).unwrap_or_default(),
        numeral: span.numeral.figured(),
        symbol: span.chord.to_string(),
        fit: (span.fit * 1e3).round() / 1e3,
    }
}

/// The tonic, in lower case where its third is minor.
fn cased(key: Key) -> String {
    let tonic = key.tonic.to_string();
    if key.mode.is_minor() { tonic[..1].to_lowercase() + &tonic[1..] } else { tonic }
}

/// The quality of a chord without its ninths and higher tones.
const fn quality(kind: ChordKind) -> &'static str {
    use ChordKind as K;
    match kind {
        K::Major | K::Major6 | K::Add9 | K::SixNine => "maj",
        K::Minor | K::Minor6 | K::MinorAdd9 => "min",
        K::Diminished => "dim",
        K::Augmented => "aug",
        K::Major7 | K::Major9 | K::Major7Sharp11 => "maj7",
        K::Dominant7 | K::Dominant9 | K::Dominant7Flat9 | K::Dominant7Sharp9 | K::Dominant13 => "dom7",
        K::Minor7 | K::Minor9 | K::Minor11 => "min7",
        K::HalfDiminished7 => "hdim7",
        K::Diminished7 => "dim7",
        K::MinorMajor7 => "minmaj7",
        K::Augmented7 => "aug7",
        K::AugmentedMajor7 => "augmaj7",
        K::Sus2 => "sus2",
        K::Sus4 | K::Dominant7Sus4 => "sus4",
        K::Power => "power",
        K::Dominant7Flat5 => "other",
    }
}
