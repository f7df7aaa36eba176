//! Meter and tempo of played music: what the estimate of `eduai_music::analysis::meter` weighs.
//!
//! The collections are those of [`key`](crate::key). Each piece is played twice at a tempo that chance names, once
//! steadily and once freely ([`mod@perform`]); what is learnt is which readings of the sound have the beat and the bar that
//! are written. With `--exclude`, pieces that share their melody with a collection that the estimate is tested on are
//! left out.
//!
//! ```text
//! cargo run --release -p eduai-training -- meter --tunes cre_corpus --hymns Complete --songs OpenScore-LiederCorpus \
//!     --exclude music21/corpus --validate pieces --out crates/core/music/src/analysis/meter/weights.rs
//! ```

mod learn;
mod perform;

use crate::key::corpora::{self, Piece, Source};
use crate::key::overlap::Melodies;
use eduai_music::Score;
use eduai_music::analysis::meter::{FEATURES, Kind, Readings, readings};
use eduai_music::score::Meter;
use perform::{Chance, Played, f_measure, perform};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What to learn from, and what not to.
#[derive(clap::Args)]
pub struct Arguments {
    /// Irish dance tunes: a folder with roots.csv and MIDI/ (Ceol Rince na hÉireann)
    #[arg(long)]
    tunes: PathBuf,
    /// Hymns in ABC
    #[arg(long)]
    hymns: PathBuf,
    /// Songs in MusicXML
    #[arg(long)]
    songs: PathBuf,
    /// Folders with pieces that the estimate is tested on
    #[arg(long)]
    exclude: Vec<PathBuf>,
    /// A folder of pieces with their meters and upbeats to test on, of which nothing is learnt
    #[arg(long)]
    validate: Option<PathBuf>,
    /// Where to write the weights
    #[arg(long)]
    out: PathBuf,
}

/// Of so many tunes one is used: they are many and alike.
const TUNES: usize = 3;
/// A piece is left out when this share of its melody is that of one that is tested on.
const SHARED: f64 = 0.5;
/// How much of a piece is listened to, in seconds.
const HEARD: f64 = 60.0;

/// A piece as it was played, read in all ways.
pub struct Example {
    group: String,
    /// Whether it is known where its bars lie: tunes in MIDI do not say where their upbeat ends.
    placed: bool,
    free: bool,
    /// In which half of the pieces it is.
    odd: bool,
    kind: Kind,
    /// Beats a bar.
    bar: usize,
    readings: Vec<Known>,
}

/// A reading and how right it is.
pub struct Known {
    features: [f32; FEATURES],
    kind: Kind,
    bar: usize,
    /// Beats a true beat, as a logarithm to the base 2.
    level: f64,
    beats: f64,
    downbeats: f64,
}

impl Known {
    /// Whether the division, the grouping, the level and the place of beats are right.
    fn is_right(&self, example: &Example) -> bool {
        let placed = !example.placed || (self.downbeats > 0.6 && self.beats > 0.6);
        (self.kind, self.bar) == (example.kind, example.bar) && self.level.abs() < 0.18 && placed
    }
}

/// Learns, reports and writes.
pub fn run(wanted: &Arguments) -> Result<String, String> {
    let mut tested = Melodies::default();
    for folder in &wanted.exclude {
        tested.add(folder)?;
    }
    let mut pieces = corpora::tunes(&wanted.tunes)?.into_iter().step_by(TUNES).collect::<Vec<Piece>>();
    pieces.extend(corpora::harmony(&wanted.hymns, Source::Hymn)?);
    pieces.extend(corpora::harmony(&wanted.songs, Source::Song)?);
    pieces.retain(|piece| tested.share(&piece.score) <= SHARED);
    let mut all = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        let group = match piece.source {
            Source::Tune => "tunes",
            Source::Hymn => "hymns",
            Source::Song | Source::Loop => "songs",
        };
        *counts.entry(group).or_default() += 1;
        all.extend(examples(&piece.score, group, piece.source != Source::Tune, index));
    }
    let (odd, even): (Vec<&Example>, Vec<&Example>) = all.iter().partition(|example| example.odd);
    let mut out = format!("{counts:?}\nlearnt from one half, tested on the other\n");
    let half = learn::learn(&even);
    out.push_str(&learn::report(&odd, &half));
    let weights = learn::learn(&all.iter().collect::<Vec<_>>());
    if let Some(folder) = &wanted.validate {
        let mut held = Vec::new();
        for (index, path) in corpora::files(folder, &["mid", "mxl"])?.iter().enumerate() {
            for score in corpora::scores(path) {
                held.extend(examples(&score, stratum(path), true, index));
            }
        }
        let _ = writeln!(out, "learnt from all, tested on {} performances of other pieces", held.len());
        out.push_str(&learn::report(&held.iter().collect::<Vec<_>>(), &weights));
    }
    fs::write(&wanted.out, learn::source(&weights, &counts)).map_err(|e| format!("{}: {e}", wanted.out.display()))?;
    Ok(out)
}

/// What a file's name begins with.
fn stratum(path: &Path) -> &str {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    name.split('_').next().unwrap_or_default()
}

/// Two performances of a piece in one usual meter; none of another.
fn examples(score: &Score, group: &str, placed: bool, index: usize) -> Vec<Example> {
    let meters: Vec<Meter> = score.measures.iter().map(|measure| measure.meter).collect();
    let Some((meter, kind)) = meters.first().and_then(|meter| Some((*meter, Kind::of(*meter)?))) else {
        return Vec::new();
    };
    if meters.iter().any(|other| *other != meter) {
        return Vec::new();
    }
    let mut out = Vec::new();
    for free in [false, true] {
        let mut chance = Chance::of(&score.title, (index as u64) << 1 | u64::from(free));
        let played = perform(score, meter, free, &mut chance);
        let found = readings(&played.notes);
        if !found.all.is_empty() {
            let bar = (meter.length().as_f64() / meter.beat().as_f64()).round() as usize;
            let readings = known(&found, &played);
            let group = group.to_owned();
            out.push(Example { group, placed, free, odd: index % 2 == 1, kind, bar, readings });
        }
    }
    out
}

fn known(found: &Readings, played: &Played) -> Vec<Known> {
    let until = played.notes.first().map_or(0.0, |note| note.on) + HEARD;
    let measure = |pulse: &[f64], first: usize, step: usize, truth: &[f64]| {
        let times: Vec<f64> = pulse.iter().skip(first).step_by(step).copied().collect();
        f_measure(&times, truth, until)
    };
    let mut beats_of: BTreeMap<(usize, usize, usize), f64> = BTreeMap::new();
    let mut out = Vec::with_capacity(found.all.len());
    for reading in &found.all {
        let (beat, bar) = (reading.grouping.beat, reading.grouping.beat * reading.grouping.bar);
        let pulse = &found.pulses[reading.pulse];
        let span = pulse[pulse.len() - 1] - pulse[0];
        let period = span / (pulse.len() - 1).max(1) as f64 * beat as f64;
        let key = (reading.pulse, reading.first % beat, beat);
        let beats = *beats_of.entry(key).or_insert_with(|| measure(pulse, reading.first % beat, beat, &played.beats));
        out.push(Known {
            features: reading.features.map(|feature| feature as f32),
            kind: reading.grouping.kind(),
            bar: reading.grouping.bar,
            level: (period / played.beat).log2(),
            beats,
            downbeats: measure(pulse, reading.first, bar, &played.downbeats),
        });
    }
    out
}
