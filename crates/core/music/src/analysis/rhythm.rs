//! Rhythm: syncopation, swing as it is played, and what the drums do.

use super::events::{Bars, Event};
use super::types::RhythmFacts;
use crate::Score;
use crate::score::{Sound, SwingUnit};
use std::collections::BTreeMap;

/// Snare drums, side stick and hand clap of the General MIDI kit.
const BACKBEAT_KEYS: [u8; 4] = [37, 38, 39, 40];

pub(crate) fn facts(score: &Score, bars: &Bars, events: &[Event], melody: &[Event]) -> RhythmFacts {
    let drums = drum_onsets(score);
    let mut onsets: Vec<f64> = score
        .parts
        .iter()
        .flat_map(crate::Part::notes)
        .map(|n| n.onset)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .map(|t| score.played(t).as_f64())
        .collect();
    onsets.sort_by(f64::total_cmp);
    let sounding_bars = events.iter().map(|e| e.off).fold(0.0, f64::max);
    let length = bars.index(sounding_bars - 1e-6) + 1;
    RhythmFacts {
        syncopation: syncopation(bars, melody),
        swing_ratio: measure_swing(&onsets).map(|(_, ratio)| ratio),
        drum_histogram: histogram(bars, &drums),
        backbeat: backbeat(bars, &drums),
        melody_density: if melody.is_empty() { 0.0 } else { melody.len() as f64 / length as f64 },
    }
}

fn drum_onsets(score: &Score) -> Vec<(f64, u8)> {
    let mut all = Vec::new();
    for note in score.parts.iter().flat_map(crate::Part::notes) {
        if let Sound::Drums(keys) = &note.sound {
            all.extend(keys.iter().map(|key| (note.onset.as_f64(), *key)));
        }
    }
    all
}

/// The share of onsets on a weak place that are held over a stronger one (Longuet-Higgins and Lee 1984).
fn syncopation(bars: &Bars, melody: &[Event]) -> f64 {
    let held = melody
        .iter()
        .filter(|e| {
            let mut at = (e.on * 4.0).floor() / 4.0 + 0.25;
            while at < e.off.min(e.on + 8.0) - 1e-6 {
                if at > e.on + 1e-6 && bars.weight(at) > e.place + 1e-9 {
                    return true;
                }
                at += 0.25;
            }
            false
        })
        .count();
    if melody.is_empty() { 0.0 } else { held as f64 / melody.len() as f64 }
}

/// The swing of *played* onsets (in quarter notes, in order): the value that swings and the ratio of the first to the
/// second of a pair, the median over all pairs. A beat counts as a pair when something sounds on it, something sounds
/// once between 0.4 and 0.8 of it, and nothing else does. None with fewer than four pairs.
pub fn measure_swing(onsets: &[f64]) -> Option<(SwingUnit, f64)> {
    let eighths = pairs(onsets, 1.0);
    let sixteenths = pairs(onsets, 0.5);
    let ratio = |shares: &[f64]| (shares.len() >= 4).then(|| median(shares)).map(|x| x / (1.0 - x));
    match (ratio(&eighths), ratio(&sixteenths)) {
        (Some(e), Some(s)) if s > 1.08 && e < 1.08 => Some((SwingUnit::Sixteenth, s)),
        (Some(e), _) => Some((SwingUnit::Eighth, e)),
        (None, Some(s)) => Some((SwingUnit::Sixteenth, s)),
        (None, None) => None,
    }
}

/// Where the second onset of each clear pair falls, as a share of the pair.
fn pairs(onsets: &[f64], length: f64) -> Vec<f64> {
    let mut found = Vec::new();
    let mut i = 0;
    // Onsets within a twentieth of the pair before its start belong to its start.
    let slack = 0.05 * length;
    while i < onsets.len() {
        let pair = ((onsets[i] + slack) / length).floor();
        let mut j = i;
        while j < onsets.len() && ((onsets[j] + slack) / length).floor() == pair {
            j += 1;
        }
        let inside: Vec<f64> = onsets[i..j].iter().map(|o| o / length - pair).collect();
        let late: Vec<f64> = inside.iter().copied().filter(|p| *p > 0.05).collect();
        let (low, high) = late.iter().fold((1.0_f64, 0.0_f64), |(l, h), p| (l.min(*p), h.max(*p)));
        if inside.len() > late.len() && !late.is_empty() && low >= 0.4 && high <= 0.8 && high - low < 0.06 {
            found.push(f64::midpoint(low, high));
        }
        i = j;
    }
    found
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    f64::midpoint(sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2])
}

/// Onsets a sixteenth of the bar, for each key of the kit.
fn histogram(bars: &Bars, drums: &[(f64, u8)]) -> Vec<(u8, Vec<f64>)> {
    let mut counts: BTreeMap<u8, Vec<f64>> = BTreeMap::new();
    let longest = drums.iter().map(|(at, _)| bars.place(*at).1.length().as_f64()).fold(0.0, f64::max).min(64.0);
    let bins = (longest * 4.0).round().max(1.0) as usize;
    for (at, key) in drums {
        let (place, _) = bars.place(*at);
        let bin = ((place * 4.0).round() as usize) % bins;
        counts.entry(*key).or_insert_with(|| vec![0.0; bins])[bin] += 1.0;
    }
    for row in counts.values_mut() {
        let sum: f64 = row.iter().sum();
        for c in row.iter_mut() {
            *c /= sum;
        }
    }
    counts.into_iter().collect()
}

fn backbeat(bars: &Bars, drums: &[(f64, u8)]) -> Option<f64> {
    let hits: Vec<f64> = drums.iter().filter(|(_, k)| BACKBEAT_KEYS.contains(k)).map(|(at, _)| *at).collect();
    let on_two_or_four = |at: f64| {
        let (place, meter) = bars.place(at);
        let beat = meter.beat().as_f64();
        let number = place / beat;
        (number - number.round()).abs() < 0.05 && (number.round() as i64).rem_euclid(2) == 1
    };
    (!hits.is_empty()).then(|| hits.iter().filter(|at| on_two_or_four(**at)).count() as f64 / hits.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swing_is_measured_from_what_is_played() {
        let played = |share: f64, unit: f64| -> Vec<f64> {
            (0..32).flat_map(|i| [f64::from(i) * unit, (f64::from(i) + share) * unit]).collect()
        };
        for share in [0.5, 0.58, 0.6, 2.0 / 3.0, 0.75] {
            let (unit, ratio) = measure_swing(&played(share, 1.0)).unwrap();
            assert_eq!(unit, SwingUnit::Eighth);
            assert!((ratio - share / (1.0 - share)).abs() < 1e-9);
        }
        let (unit, ratio) = measure_swing(&played(0.58, 0.5)).unwrap();
        assert_eq!(unit, SwingUnit::Sixteenth);
        assert!((ratio - 0.58 / 0.42).abs() < 1e-9);
        assert_eq!(measure_swing(&[0.0, 1.0, 2.0, 3.0, 4.0]), None);
    }
}
