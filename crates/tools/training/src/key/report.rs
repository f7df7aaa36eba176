//! How well weights do on pieces that nothing was learnt from.

use super::corpora::scores;
use super::examples::candidates;
use super::learn::probabilities;
use eduai_music::Mode;
use eduai_music::analysis::{KEY_MODES, KeyEvidence, Texture};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A piece whose key is known and that nothing is learnt from.
pub struct Held {
    stratum: String,
    tonic: usize,
    mode: Mode,
    texture: Texture,
    features: Vec<f32>,
}

/// The pieces of a table with the columns file, tonic (0 to 11), mode and stratum, in files beside it.
pub fn held(table: &Path) -> Result<Vec<Held>, String> {
    let text = fs::read_to_string(table).map_err(|error| format!("{}: {error}", table.display()))?;
    let mut pieces = Vec::new();
    for line in text.lines().skip(1) {
        let wrong = || format!("{}: {line}", table.display());
        let [file, tonic, mode, stratum, ..] = line.split(',').collect::<Vec<_>>()[..] else { return Err(wrong()) };
        let mode = Mode::ALL.into_iter().find(|m| m.as_str() == mode).ok_or_else(wrong)?;
        let tonic = tonic.parse().map_err(|_| wrong())?;
        let score = scores(&table.with_file_name(file)).pop().ok_or_else(wrong)?;
        let evidence = KeyEvidence::of(&score).ok_or_else(wrong)?;
        let texture = Texture::of(&evidence);
        pieces.push(Held { stratum: stratum.to_owned(), tonic, mode, texture, features: candidates(&evidence) });
    }
    Ok(pieces)
}

/// Counts of a stratum.
#[derive(Default)]
struct Tally {
    pieces: f64,
    family: f64,
    named: f64,
    brier: f64,
}

/// A table: the rate at which tonic and third are right, that at which the mode is named too, and the Brier score of
/// the first.
pub fn report(pieces: &[Held], weights: &BTreeMap<&'static str, Vec<f64>>) -> String {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for piece in pieces {
        let Some(weights) = weights.get(super::name(piece.texture)) else { continue };
        let short: Vec<f32> = weights.iter().map(|w| *w as f32).collect();
        let shares = probabilities(&piece.features, &short);
        let (tonic, mode, confidence) = decide(&shares);
        let family = tonic == piece.tonic && mode.is_minor() == piece.mode.is_minor();
        for stratum in [piece.stratum.as_str(), "~ all"] {
            let tally = tallies.entry(stratum).or_default();
            tally.pieces += 1.0;
            tally.family += f64::from(family);
            tally.named += f64::from(family && mode == piece.mode);
            tally.brier += (confidence - f64::from(family)).powi(2);
        }
    }
    let mut table = String::new();
    for (stratum, tally) in tallies {
        let rate = |count: f64| count / tally.pieces;
        let rates = (rate(tally.family), rate(tally.named), rate(tally.brier));
        let _ = writeln!(
            table,
            "{stratum:14} {:4} pieces: tonic and third {:.3}, mode named {:.3}, Brier {:.3}",
            tally.pieces, rates.0, rates.1, rates.2
        );
    }
    table
}

/// The most probable tonic with a major or minor third, the most probable mode of it, and how probable the first is.
fn decide(shares: &[f64]) -> (usize, Mode, f64) {
    let mut best = (0, Mode::Major, 0.0);
    for (tonic, row) in shares.chunks(KEY_MODES.len()).enumerate() {
        for minor in [false, true] {
            let own = || KEY_MODES.iter().zip(row).filter(|(mode, _)| mode.is_minor() == minor);
            let sum: f64 = own().map(|(_, share)| share).sum();
            let first = own().max_by(|a, b| a.1.total_cmp(b.1));
            if let Some((mode, _)) = first.filter(|_| sum > best.2) {
                best = (tonic, *mode, sum);
            }
        }
    }
    best
}
