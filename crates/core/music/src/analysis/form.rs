//! Form: which groups of bars repeat one another, found from the similarity of their notes.

use super::events::{Bars, Event};
use super::types::{ChordSpan, FormSpan};
use crate::Score;

/// How many bars a group has before groups are joined.
const GROUP: usize = 4;

/// What one bar sounds like.
#[derive(Clone, Debug, Default)]
struct BarPrint {
    /// Melody onsets as (sixteenth of the bar, pitch).
    melody: Vec<(i32, i32)>,
    /// The chord root and third at each beat.
    harmony: Vec<(i32, bool)>,
}

/// The form as stretches with letters.
pub(crate) fn form(score: &Score, bars: &Bars, melody: &[Event], chords: &[ChordSpan]) -> Vec<FormSpan> {
    let prints = prints(score, bars, melody, chords);
    let pickup = usize::from(score.measures.first().is_some_and(|m| m.length < m.meter.length()));
    let mut groups: Vec<(usize, usize)> = Vec::new();
    let mut first = 0;
    while first < prints.len() {
        let size = if first == 0 { GROUP + pickup } else { GROUP };
        let bars = size.min(prints.len() - first);
        groups.push((first, bars));
        first += bars;
    }
    let letters = letters(&prints, &groups);
    join(&groups, &letters)
}

fn prints(score: &Score, bars: &Bars, melody: &[Event], chords: &[ChordSpan]) -> Vec<BarPrint> {
    let mut prints = vec![BarPrint::default(); score.measures.len()];
    if prints.is_empty() {
        return prints;
    }
    for e in melody {
        let (place, _) = bars.place(e.on);
        prints[bars.index(e.on)].melody.push(((place * 4.0).round() as i32, e.midi));
    }
    for (measure, print) in score.measures.iter().zip(&mut prints) {
        let beat = measure.meter.beat().as_f64().max(0.25);
        let mut at = measure.start.as_f64();
        while at < measure.end().as_f64() - 1e-6 && print.harmony.len() < 64 {
            if let Some(span) = super::melody::chord_at(chords, at) {
                print.harmony.push((span.chord.root.class(), span.chord.kind.is_minor()));
            }
            at += beat;
        }
    }
    prints
}

/// How much of two melodies is equal, 0 to 1: twice what they share over what they have, transposition allowed for
/// by intervals within the group; here exact pitch counts in full and equal rhythm by a third.
fn melodic(a: &BarPrint, b: &BarPrint) -> (f64, f64) {
    let total = (a.melody.len() + b.melody.len()) as f64;
    let mut shared = 0.0;
    for (at, pitch) in &a.melody {
        if let Some((_, other)) = b.melody.iter().find(|(o, _)| o == at) {
            shared += match (pitch - other).rem_euclid(12) {
                0 => 1.0,
                _ => 0.33,
            };
        }
    }
    (2.0 * shared, total)
}

fn similarity(prints: &[BarPrint], a: (usize, usize), b: (usize, usize)) -> (f64, f64) {
    let (mut shared, mut total, mut chords, mut beats) = (0.0, 0.0, 0.0, 0.0);
    for i in 0..a.1.min(b.1) {
        let (x, y) = (&prints[a.0 + a.1 - 1 - i], &prints[b.0 + b.1 - 1 - i]);
        let (s, t) = melodic(x, y);
        shared += s;
        total += t;
        beats += x.harmony.len().max(y.harmony.len()) as f64;
        chords += x.harmony.iter().zip(&y.harmony).filter(|(p, q)| p == q).count() as f64;
    }
    let melody = if total > 0.0 { shared / total } else { f64::NAN };
    (melody, if beats > 0.0 { chords / beats } else { 0.0 })
}

/// A letter and whether it is a variation, for each group.
fn letters(prints: &[BarPrint], groups: &[(usize, usize)]) -> Vec<(usize, bool)> {
    let mut prototypes: Vec<(usize, usize)> = Vec::new();
    let mut letters = Vec::new();
    for group in groups {
        let mut best: Option<(usize, f64, f64)> = None;
        for (letter, prototype) in prototypes.iter().enumerate() {
            if prototype.1.abs_diff(group.1) > 1 {
                continue;
            }
            let (melody, chords) = similarity(prints, *prototype, *group);
            let silent = melody.is_nan();
            let value = if silent { chords } else { 0.7 * melody + 0.3 * chords };
            if best.is_none_or(|b| value > b.1) {
                best = Some((letter, value, if silent { chords } else { melody }));
            }
        }
        match best {
            Some((letter, value, melody)) if value >= 0.6 => letters.push((letter, melody < 0.9)),
            _ => {
                prototypes.push(*group);
                letters.push((prototypes.len() - 1, false));
            }
        }
    }
    letters
}

/// Joins groups that always follow each other into longer stretches, up to sixteen bars, and names them in order.
fn join(groups: &[(usize, usize)], letters: &[(usize, bool)]) -> Vec<FormSpan> {
    let mut units: Vec<(usize, usize, usize, bool)> =
        groups.iter().zip(letters).map(|(g, l)| (g.0, g.1, l.0, l.1)).collect();
    let mut fresh = letters.iter().map(|l| l.0).max().map_or(0, |m| m + 1);
    while let Some((a, b)) = inseparable(&units) {
        let mut joined: Vec<(usize, usize, usize, bool)> = Vec::new();
        let mut i = 0;
        while i < units.len() {
            if units[i].2 == a && units.get(i + 1).is_some_and(|u| u.2 == b) {
                joined.push((units[i].0, units[i].1 + units[i + 1].1, fresh, units[i].3 || units[i + 1].3));
                i += 2;
            } else {
                joined.push(units[i]);
                i += 1;
            }
        }
        fresh += 1;
        units = joined;
    }
    let mut names: Vec<usize> = Vec::new();
    units
        .into_iter()
        .map(|(first, bars, letter, varied)| {
            let index = names.iter().position(|n| *n == letter).unwrap_or_else(|| {
                names.push(letter);
                names.len() - 1
            });
            let prime = if varied { "'" } else { "" };
            FormSpan { first, bars, letter: format!("{}{prime}", name(index)) }
        })
        .collect()
}

/// Two different letters that occur at least twice and only together.
fn inseparable(units: &[(usize, usize, usize, bool)]) -> Option<(usize, usize)> {
    units.windows(2).find_map(|w| {
        let (a, b) = (w[0].2, w[1].2);
        let count = |letter: usize| units.iter().filter(|u| u.2 == letter).count();
        let together = units.windows(2).filter(|w| w[0].2 == a && w[1].2 == b).count();
        let fits = units.windows(2).filter(|w| w[0].2 == a && w[1].2 == b).all(|w| w[0].1 + w[1].1 <= 17);
        (a != b && together >= 2 && together == count(a) && together == count(b) && fits).then_some((a, b))
    })
}

fn name(index: usize) -> String {
    let letter = char::from(b'A' + (index % 26) as u8);
    if index < 26 { letter.to_string() } else { format!("{letter}{}", index / 26 + 1) }
}
