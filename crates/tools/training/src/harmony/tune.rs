//! Seeks the weights of [`Weights`] that are not counted but chosen, by changing one at a time.

use super::labels::Piece;
use super::measure::{Agreement, agreement, mean, table};
use eduai_music::analysis::analyse_with;
use eduai_music::analysis::harmony::{Harmony, Weights};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A weight by name: how it is read and set.
type Knob = (&'static str, fn(&mut Weights) -> &mut f64);

const KNOBS: [Knob; 13] = [
    ("change", |w| &mut w.change),
    ("near", |w| &mut w.near),
    ("frame", |w| &mut w.frame),
    ("numeral", |w| &mut w.numeral),
    ("profile", |w| &mut w.profile),
    ("longest", |w| &mut w.longest),
    ("home", |w| &mut w.home),
    ("away", |w| &mut w.away),
    ("pivot", |w| &mut w.pivot),
    ("cadence", |w| &mut w.cadence),
    ("own", |w| &mut w.chords.own),
    ("frequency", |w| &mut w.chords.frequency),
    ("progression", |w| &mut w.chords.progression),
];

const ROUNDS: usize = 2;
const FACTORS: [f64; 4] = [0.7, 0.85, 1.2, 1.4];
/// What a change must gain to be taken, so that the weights do not follow every accident of a few pieces.
const GAIN: f64 = 5e-4;

fn judge(pieces: &[&Piece], harmony: &Harmony) -> Vec<Agreement> {
    pieces.iter().map(|piece| agreement(piece, &analyse_with(&piece.score, harmony))).collect()
}

/// What is sought: agreement in local key, and in numeral.
fn worth(pieces: &[&Piece], harmony: &Harmony) -> f64 {
    let found = mean(&judge(pieces, harmony));
    f64::midpoint(found.key, found.numeral)
}

fn seek(pieces: &[&Piece], start: &Harmony) -> Harmony {
    let mut best = (worth(pieces, start), start.clone());
    for _ in 0..ROUNDS {
        for (_, knob) in KNOBS {
            for factor in FACTORS {
                let mut tried = best.1.clone();
                *knob(&mut tried.weights) *= factor;
                let found = worth(pieces, &tried);
                if found > best.0 + GAIN {
                    best = (found, tried);
                }
            }
        }
    }
    best.1
}

/// Every other piece of each kind, and the rest.
fn halves(pieces: &[Piece]) -> [Vec<&Piece>; 2] {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut halves = [Vec::new(), Vec::new()];
    for piece in pieces {
        let count = seen.entry(&piece.kind).or_default();
        halves[*count % 2].push(piece);
        *count += 1;
    }
    halves
}

/// Tunes on one half and measures on the other, both ways; then tunes on all.
pub fn report(pieces: &[Piece]) -> String {
    let harmony = Harmony::standard();
    let halves = halves(pieces);
    let mut held_out = Vec::new();
    for (tuned_on, other) in [(0, 1), (1, 0)] {
        let tuned = seek(&halves[tuned_on], harmony);
        let found = judge(&halves[other], &tuned);
        held_out.extend(halves[other].iter().map(|piece| piece.kind.as_str()).zip(found));
    }
    let all: Vec<&Piece> = pieces.iter().collect();
    let tuned = seek(&all, harmony);
    let whole: Vec<_> = all.iter().map(|piece| piece.kind.as_str()).zip(judge(&all, &tuned)).collect();
    let mut text = format!("Tuned on one half, measured on the other:\n{}", table(&held_out));
    let _ = write!(text, "Tuned and measured on all:\n{}", table(&whole));
    for (name, knob) in KNOBS {
        let _ = writeln!(text, "{name}: {:.3}", knob(&mut tuned.weights.clone()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_music::Score;

    fn piece(kind: &str) -> Piece {
        Piece { name: format!("{kind}_x"), kind: kind.to_owned(), score: Score::default(), labels: Vec::new() }
    }

    #[test]
    fn halves_share_out_every_kind() {
        let pieces: Vec<Piece> = ["a", "b", "a", "a", "b"].iter().map(|kind| piece(kind)).collect();
        let [first, second] = halves(&pieces);
        let kinds = |half: &[&Piece]| half.iter().map(|p| p.kind.clone()).collect::<String>();
        assert_eq!((kinds(&first), kinds(&second)), ("aba".to_owned(), "ab".to_owned()));
    }

    #[test]
    fn nothing_is_changed_without_a_gain() {
        let start = Harmony::standard().clone();
        assert_eq!(seek(&[&piece("a")], &start).weights, start.weights);
    }

    #[test]
    fn every_weight_has_a_knob() {
        let mut weights = Weights::default();
        for (_, knob) in KNOBS {
            *knob(&mut weights) = -7.0;
        }
        assert_eq!(format!("{weights:?}").matches("-7.0").count(), KNOBS.len());
        // The belief about chords is one of the fields.
        assert_eq!(format!("{weights:?}").matches(':').count(), KNOBS.len() + 1);
    }
}
