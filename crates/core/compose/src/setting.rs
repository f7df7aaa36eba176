//! Setting words in time: each syllable gets an onset, so that stresses fall on strong places.
//!
//! A dynamic programme over syllables and steps of the grid. What it weighs: stress against metrical weight (Palmer and
//! Kelly 1992: singers lengthen and place stressed syllables on strong beats), even spacing, the rhythm of the genre
//! and of the lines before it, and where the line must end.

use crate::words::Syl;
use eduai_music::Time;
use eduai_music::score::Meter;

/// The room for one line, in sixteenths from its nominal start.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub meter: Meter,
    /// The first step on which it may start; negative for a pickup.
    pub first: i32,
    /// The last syllable starts at this step or later.
    pub last_from: i32,
    /// All is over by this step.
    pub end: i32,
    /// The grid: 2 for eighths, 1 for sixteenths.
    pub unit: i32,
    /// What a step is worth to the rhythm of the song (subtracted from its cost), by step modulo the length.
    pub bonus: Vec<f64>,
    /// The longest note, in steps.
    pub longest: i32,
}

/// An onset and a length in sixteenths.
pub(crate) type Placed = (i32, i32);

pub(crate) fn weight(meter: Meter, step: i32) -> f64 {
    meter.weight(Time::sixteenths(i64::from(step)))
}

/// Places the syllables of one line, or of several lines that share a melody: all must have as many. None when there is
/// no room.
pub(crate) fn place(lines: &[Vec<Syl>], room: &Room) -> Option<Vec<Placed>> {
    let count = lines.first().map(Vec::len).filter(|n| *n > 0)?;
    if lines.iter().any(|l| l.len() != count) {
        return None;
    }
    let steps: Vec<i32> = (room.first..room.end - 1).filter(|s| s.rem_euclid(room.unit) == 0).collect();
    let weights: Vec<f64> = steps.iter().map(|s| weight(room.meter, *s)).collect();
    let ideal = f64::from(room.end - room.first.max(0)) / count as f64;
    let mut cost = vec![vec![f64::INFINITY; steps.len()]; count];
    let mut from = vec![vec![0_usize; steps.len()]; count];
    for (at, step) in steps.iter().enumerate() {
        if *step <= room.first.max(0) + 8 {
            cost[0][at] = place_cost(lines, 0, weights[at]) - bonus(room, *step) + f64::from((*step).max(0)) * 0.06;
        }
    }
    for i in 1..count {
        for at in i..steps.len() {
            let own = place_cost(lines, i, weights[at]) - bonus(room, steps[at]);
            for before in i - 1..at {
                if !cost[i - 1][before].is_finite() {
                    continue;
                }
                let gap = steps[at] - steps[before];
                if gap > 16 {
                    continue;
                }
                let total = cost[i - 1][before] + own + move_cost(lines, i, gap, ideal, (weights[before], weights[at]));
                if total < cost[i][at] {
                    cost[i][at] = total;
                    from[i][at] = before;
                }
            }
        }
    }
    let last = count - 1;
    let end = (0..steps.len())
        .filter(|at| steps[*at] >= room.last_from && room.end - steps[*at] >= 3.min(room.longest))
        .min_by(|a, b| {
            let total = |at: usize| cost[last][at] + end_cost(lines, room, steps[at], weights[at]);
            total(*a).total_cmp(&total(*b))
        })
        .filter(|at| cost[last][*at].is_finite())?;
    let mut onsets = vec![0; count];
    let mut at = end;
    for i in (0..count).rev() {
        onsets[i] = steps[at];
        at = from[i][at];
    }
    let fades = lines.iter().any(|l| l.last().is_some_and(|s| s.reduced));
    Some(lengths(&onsets, room, fades))
}

/// How many words are stressed against their nature: a syllable beside the stressed one stands on a stronger place.
pub(crate) fn misplaced(syls: &[Syl], placed: &[Placed], meter: Meter) -> usize {
    let weights: Vec<f64> = placed.iter().map(|p| weight(meter, p.0)).collect();
    (1..syls.len().min(weights.len()))
        .filter(|i| {
            let (a, b) = (&syls[i - 1], &syls[*i]);
            let lighter = if a.primary { weights[i - 1] < weights[*i] } else { weights[*i] < weights[i - 1] };
            a.word == b.word && a.primary != b.primary && lighter
        })
        .count()
}

fn bonus(room: &Room, step: i32) -> f64 {
    if room.bonus.is_empty() { 0.0 } else { room.bonus[step.rem_euclid(room.bonus.len() as i32) as usize] }
}

fn mean(lines: &[Vec<Syl>], cost: impl Fn(&[Syl]) -> f64) -> f64 {
    lines.iter().map(|l| cost(l)).sum::<f64>() / lines.len() as f64
}

fn place_cost(lines: &[Vec<Syl>], i: usize, weight: f64) -> f64 {
    mean(lines, |line| {
        let syl = &line[i];
        if syl.stressed {
            (1.0 - weight) * 2.6
        } else if syl.primary && !syl.function {
            (0.8 - weight).max(0.0) * 1.5
        } else if syl.function {
            weight * 1.5
        } else {
            weight * 1.3
        }
    })
}

fn move_cost(lines: &[Vec<Syl>], i: usize, gap: i32, ideal: f64, (before, at): (f64, f64)) -> f64 {
    let spread = (f64::from(gap) / ideal).ln();
    mean(lines, |line| {
        let (a, b) = (&line[i - 1], &line[i]);
        let mut cost = spread * spread * 0.9;
        if gap % 2 == 1 {
            cost += 0.3;
        }
        // A syllable that cannot be held is not left standing.
        if gap >= 6 && a.reduced {
            cost += 2.5;
        }
        if gap > 8 && !a.ends_word {
            cost += 2.0;
        }
        // The stressed one of two neighbours stands on the stronger place, in a word above all.
        let same_word = a.word == b.word;
        let wrong = if same_word { 5.0 } else { 1.6 };
        if a.primary && !b.primary && (same_word || a.stressed) && at >= before {
            cost += if at > before { wrong } else { 0.4 };
        }
        if b.primary && !a.primary && (same_word || b.stressed) && before >= at {
            cost += if before > at { wrong } else { 0.4 };
        }
        cost
    })
}

fn end_cost(lines: &[Vec<Syl>], room: &Room, step: i32, weight: f64) -> f64 {
    let left = f64::from(room.end - step);
    let stressed = mean(lines, |l| f64::from(u8::from(l.last().is_some_and(|s| s.primary))));
    // The last note is long, and a stressed one stands on a beat.
    (6.0 - left).max(0.0) * 0.5 + (left - 12.0).max(0.0) * 0.12 + stressed * (1.0 - weight) * 1.2
}

/// Notes reach to the next one, but none is longer than the room says; the last one is held, unless its vowel is
/// reduced: then it `fades`.
fn lengths(onsets: &[i32], room: &Room, fades: bool) -> Vec<Placed> {
    onsets
        .iter()
        .enumerate()
        .map(|(i, onset)| {
            let next = onsets.get(i + 1).copied().unwrap_or(room.end);
            let last = i + 1 == onsets.len();
            let longest = if last && fades { 4 } else { room.longest.max(if last { 6 } else { 1 }) };
            (*onset, (next - onset).min(longest).max(1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use eduai_kernel::Language;

    #[test]
    fn stresses_find_the_beats() {
        let line = eduai_prosody::scan("The river runs beneath the silver moon", Language::En);
        let syls = crate::words::syllables(&line);
        let room = Room { meter: Meter::COMMON, first: -4, last_from: 16, end: 26, unit: 2, bonus: vec![], longest: 8 };
        let placed = place(std::slice::from_ref(&syls), &room).unwrap();
        assert_eq!(placed.len(), syls.len());
        for pair in placed.windows(2) {
            assert!(pair[0].0 + pair[0].1 <= pair[1].0);
        }
        let stressed: Vec<f64> =
            syls.iter().zip(&placed).filter(|(s, _)| s.stressed).map(|(_, p)| weight(Meter::COMMON, p.0)).collect();
        assert!(stressed.iter().filter(|w| **w >= 0.6).count() >= stressed.len() - 1, "{stressed:?} {placed:?}");
        assert!(placed.last().is_some_and(|p| p.0 >= 16));
    }

    #[test]
    fn too_many_syllables_are_refused() {
        let line = eduai_prosody::scan("one two three four five six seven eight nine ten", Language::En);
        let room = Room { meter: Meter::COMMON, first: 0, last_from: 0, end: 8, unit: 2, bonus: vec![], longest: 8 };
        assert_eq!(place(&[crate::words::syllables(&line)], &room), None);
    }
}
