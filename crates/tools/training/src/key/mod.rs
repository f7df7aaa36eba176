//! The main key: what the estimate of `eduai_music::analysis` weighs.
//!
//! Where the collections are, and under what licence:
//!
//! | option | collection | licence |
//! |---|---|---|
//! | `--tunes` | `cre_corpus` of github.com/polifonia-project/folk_ngram_analysis | public domain (Unlicense); CC BY 4.0 in its README |
//! | `--hymns` | `Complete` of github.com/mzealey/openhymnal, a copy of openhymnal.org | public domain or freely distributable, as each file says |
//! | `--songs` | `Corpus/OpenScore-LiederCorpus` of github.com/MarkGotham/When-in-Rome: the scores alone | CC0 |
//! | `--progressions` | counts of chord degrees in the Billboard annotations 2.0 (Burgoyne, Wild and Fujinaga 2011) | CC0 |
//!
//! ```text
//! cargo run --release -p eduai-training -- key --tunes cre_corpus --hymns Complete --songs OpenScore-LiederCorpus \
//!     --progressions progressions.csv --exclude music21/corpus --validate truth.csv \
//!     --out crates/core/music/src/analysis/weights.rs && cargo fmt -p eduai-music
//! ```
//!
//! It is learnt from tunes, hymns, songs and progressions of known key ([`corpora`], [`loops`]), without those that share their melody with a
//! collection that the estimate is tested on ([`overlap`]). [`examples`] says what each piece teaches, [`learn`] finds
//! the weights, and [`report`] tells how they do on pieces of which nothing was learnt.

pub mod corpora;
mod examples;
mod learn;
mod loops;
pub mod overlap;
mod report;

use corpora::{Piece, Source};
use eduai_music::analysis::Texture;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

/// What to learn from, and what not to.
#[derive(clap::Args)]
pub struct Arguments {
    /// Irish dance tunes: a folder with roots.csv and MIDI/ (Ceol Rince na hÉireann)
    #[arg(long)]
    tunes: PathBuf,
    /// Hymns in ABC notation (the Open Hymnal Project)
    #[arg(long)]
    hymns: PathBuf,
    /// Songs with piano in MusicXML (the Lieder Corpus)
    #[arg(long)]
    songs: PathBuf,
    /// Chord progressions: a table with the columns source, scope, kind, pattern and count (as counted in songs)
    #[arg(long)]
    progressions: PathBuf,
    /// Scores that nothing may be learnt from: a piece that shares more than half of its melody with one is left out
    #[arg(long)]
    exclude: Vec<PathBuf>,
    /// A table of pieces of known key that nothing is learnt from, to report on
    #[arg(long)]
    validate: Option<PathBuf>,
    /// The source file to write
    #[arg(long)]
    out: Option<PathBuf>,
}

/// More than this share of a melody in common, and nothing is learnt from it.
const SHARED: f64 = 0.5;

/// Learns the weights, reports on them and writes them.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    let (pieces, mut notes) = gather(arguments)?;
    let counted: Vec<_> = pieces.iter().flat_map(examples::counted).collect();
    let all: Vec<_> = counted.iter().collect();
    let mut weights = BTreeMap::new();
    for texture in [Texture::Line, Texture::Harmony] {
        let holds: Vec<f64> = texture.groups().into_iter().map(learn::hold).collect();
        let examples = examples::examples(&all, texture);
        let _ = writeln!(notes, "{}: {} examples", name(texture), examples.len());
        weights.insert(name(texture), learn::fit(&examples, &holds));
    }
    if let Some(table) = &arguments.validate {
        notes += &report::report(&report::held(table)?, &weights);
    }
    io::stdout().write_all(notes.as_bytes()).map_err(|error| error.to_string())?;
    match &arguments.out {
        Some(path) => {
            fs::write(path, source(&weights, &pieces)).map_err(|error| format!("{}: {error}", path.display()))
        }
        None => Ok(()),
    }
}

/// The pieces that may be learnt from, and what was left out.
fn gather(arguments: &Arguments) -> Result<(Vec<Piece>, String), String> {
    let mut melodies = overlap::Melodies::default();
    for folder in &arguments.exclude {
        melodies.add(folder)?;
    }
    let mut pieces = corpora::tunes(&arguments.tunes)?;
    pieces.extend(corpora::harmony(&arguments.hymns, Source::Hymn)?);
    pieces.extend(corpora::harmony(&arguments.songs, Source::Song)?);
    pieces.extend(loops::loops(&arguments.progressions)?);
    let before = count(&pieces);
    pieces.retain(|piece| melodies.share(&piece.score) <= SHARED);
    let after = count(&pieces);
    let mut notes = format!("{} melodies to keep away from\n", melodies.len());
    for (source, had) in before {
        let kept = after.get(&source).copied().unwrap_or(0);
        let _ = writeln!(notes, "{source:?}: {kept} pieces, {} left out", had - kept);
    }
    Ok((pieces, notes))
}

fn count(pieces: &[Piece]) -> BTreeMap<Source, usize> {
    let mut counts = BTreeMap::new();
    for piece in pieces {
        *counts.entry(piece.source).or_default() += 1;
    }
    counts
}

/// The name of a texture's weights.
const fn name(texture: Texture) -> &'static str {
    match texture {
        Texture::Line => "LINE",
        Texture::Harmony => "HARMONY",
    }
}

/// The source file that holds the weights.
fn source(weights: &BTreeMap<&'static str, Vec<f64>>, pieces: &[Piece]) -> String {
    let kept = count(pieces);
    let of = |source| kept.get(&source).copied().unwrap_or(0);
    let mut text = format!(
        "//! The weights of the key model, in thousandths, in the order of `Texture::groups`.\n\
         //!\n\
         //! Written by `train key` of eduai-training; do not edit.\n\n\
         // Learnt from {} Irish dance tunes (Ceol Rince na hÉireann, transcribed by Bill Black, edited by Danny Diamond,\n\
         // Abdul Shahid Khattak and James McDermott for Polifonia: public domain, given also under CC BY 4.0), {} hymns\n\
         // (Open Hymnal Project, edited by Brian J. Dumont: public domain or freely distributable), {} songs with piano\n\
         // (OpenScore Lieder Corpus, Mark Gotham and Peter Jonas: CC0) and {} chord progressions (counted in McGill\n\
         // Billboard 2.0: CC0; Burgoyne, Wild and Fujinaga 2011). Nothing was learnt from pieces of the collections that\n\
         // the estimate is tested on, of their composers, or with their melodies.\n",
        of(Source::Tune),
        of(Source::Hymn),
        of(Source::Song),
        of(Source::Loop),
    );
    for (name, weights) in weights {
        let doc = if *name == "LINE" { "one note at a time" } else { "several notes at a time" };
        let _ = write!(text, "\n/// For music of {doc}.\npub(crate) static {name}: [i16; {}] = [", weights.len());
        for row in weights.chunks(20) {
            let row: Vec<String> = row.iter().map(|w| format!("{}", (1000.0 * w).round() as i16)).collect();
            let _ = write!(text, "\n    {},", row.join(", "));
        }
        text += "\n];\n";
    }
    text
}
