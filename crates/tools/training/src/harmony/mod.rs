//! Harmony: which chords follow one another in a key and which keys one another, and how far the analyser agrees with
//! experts once it knows.
//!
//! ```text
//! cargo run --release -p eduai-training -- harmony --when-in-rome DIR --billboard data/analysis/billboard.csv \
//!     --out data/analysis/harmony.txt
//! ```
//!
//! [`corpus`] says what is learnt from and why, [`romantext`] reads an analysis, [`mod@measure`] compares the analyser with
//! an expert's labels and [`mod@tune`] seeks the few weights that are not counted.

mod billboard;
mod corpus;
mod labels;
mod measure;
mod romantext;
mod tune;

use eduai_music::analysis::analyse;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What to count, and where to write it.
#[derive(clap::Args)]
pub struct Learn {
    /// A checkout of github.com/MarkGotham/When-in-Rome
    #[arg(long)]
    when_in_rome: PathBuf,
    /// Chords of popular songs: a table with the columns kind, pattern and count
    #[arg(long)]
    billboard: PathBuf,
    /// The file to write
    #[arg(long)]
    out: PathBuf,
}

/// Scores with an expert's labels.
#[derive(clap::Args)]
pub struct Labelled {
    /// A folder with index.csv (piece, score, labels), the scores and the labels
    folder: PathBuf,
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("{path}: {source}")]
    File { path: String, source: std::io::Error },
    #[error("{path}: {what}")]
    Content { path: String, what: String },
}

impl Fault {
    fn file(path: &Path, source: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), source }
    }

    fn content(path: &Path, what: impl ToString) -> Self {
        Self::Content { path: path.display().to_string(), what: what.to_string() }
    }
}

/// Counts, and writes the counts down; says of what.
pub fn learn(wanted: &Learn) -> Result<String, String> {
    let learned = corpus::learn(&wanted.when_in_rome, &wanted.billboard).map_err(|fault| fault.to_string())?;
    fs::write(&wanted.out, learned.text()).map_err(|error| Fault::file(&wanted.out, error).to_string())?;
    Ok(learned.summary())
}

/// Seeks the weights that are not counted.
pub fn tune(wanted: &Labelled) -> Result<String, String> {
    labels::pieces(&wanted.folder).map(|pieces| tune::report(&pieces)).map_err(|fault| fault.to_string())
}

/// Says how far the analyser agrees with the labels, and how long it takes.
pub fn measure(wanted: &Labelled) -> Result<String, String> {
    let pieces = labels::pieces(&wanted.folder).map_err(|fault| fault.to_string())?;
    let mut text = String::new();
    let mut agreements = Vec::new();
    for piece in &pieces {
        let start = Instant::now();
        let analysis = analyse(&piece.score);
        let milliseconds = start.elapsed().as_secs_f64() * 1e3;
        let agreement = measure::agreement(piece, &analysis);
        let _ = writeln!(text, "{:48} {milliseconds:6.2} ms  {agreement}", piece.name);
        agreements.push((piece.kind.as_str(), agreement));
    }
    Ok(text + &measure::table(&agreements))
}
