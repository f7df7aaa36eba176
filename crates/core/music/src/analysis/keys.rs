//! Keys over time: a hidden Markov model whose states are keys and whose observations are the decoded chords and what
//! sounds in them (after Temperley 2007, chapter 6, and Raphael and Stoddard 2004, "Functional harmonic analysis using probabilistic models").

use super::chords::{Segment, key_prior};
use super::profiles::{AARDEN_ESSEN, BELLMAN_BUDGE, KOSTKA_PAYNE, of_mode};
use super::slots::Slot;
use crate::{ChordKind, Mode};

/// What a quarter note of perfect evidence is worth.
const PROFILE: f64 = 1.0;
/// What a chord of the key is worth.
const DIATONIC: f64 = 0.5;
/// What a dominant that resolves is worth.
const RESOLUTION: f64 = 0.9;
/// What a change of key costs.
const CHANGE: f64 = 4.0;
/// What the main key is worth a quarter note, against equal rivals.
const HOME: f64 = 0.12;
/// What the main key is worth at the start and at the end.
const FRAME: f64 = 2.0;

/// For each segment, the tonic and mode in force.
pub(crate) fn local_keys(slots: &[Slot], segments: &[Segment], home: (usize, Mode)) -> Vec<(usize, Mode)> {
    if segments.is_empty() {
        return Vec::new();
    }
    let states: Vec<(usize, Mode)> = (0..24)
        .map(|s| (s % 12, if s < 12 { Mode::Major } else { Mode::Minor }))
        .map(|(t, m)| if t == home.0 && m.is_minor() == home.1.is_minor() { home } else { (t, m) })
        .collect();
    let logs: Vec<[f64; 12]> = states.iter().map(|(_, mode)| log_profile(*mode)).collect();
    let mut scores: Vec<f64> = states.iter().map(|s| if *s == home { FRAME } else { 0.0 }).collect();
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(segments.len());
    for (i, segment) in segments.iter().enumerate() {
        let mut row: Vec<usize> = (0..states.len()).collect();
        let mut next = scores.clone();
        if i > 0 {
            for (to, value) in next.iter_mut().enumerate() {
                for (from, score) in scores.iter().enumerate() {
                    let candidate = score - distance(states[from], states[to]);
                    if candidate > *value {
                        (*value, row[to]) = (candidate, from);
                    }
                }
            }
        }
        for (s, value) in next.iter_mut().enumerate() {
            let home = if states[s] == home { HOME } else { 0.0 };
            *value += emission(slots, segment, segments.get(i + 1), states[s], &logs[s], home);
        }
        scores = next;
        back.push(row);
    }
    for (score, state) in scores.iter_mut().zip(&states) {
        *score += if *state == home { FRAME } else { 0.0 };
    }
    let mut state = (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0);
    let mut path = vec![home; segments.len()];
    for i in (0..segments.len()).rev() {
        path[i] = states[state];
        state = back[i][state];
    }
    // A path that never touches the main key reads the piece in a relative of it: the main key has better evidence.
    if path.contains(&home) { path } else { vec![home; segments.len()] }
}

fn log_profile(mode: Mode) -> [f64; 12] {
    let tables = [&BELLMAN_BUDGE, &KOSTKA_PAYNE, &AARDEN_ESSEN].map(|table| of_mode(table, mode));
    std::array::from_fn(|c| (tables.iter().map(|t| t[c]).sum::<f64>() / 3.0).ln() + 12_f64.ln())
}

/// What it costs to go from key to key: near keys are near on the line of fifths.
fn distance(from: (usize, Mode), to: (usize, Mode)) -> f64 {
    if from == to {
        return 0.0;
    }
    let centre = |(t, m): (usize, Mode)| (t as i32 * 7 + if m.is_minor() { -3 } else { 0 }).rem_euclid(12);
    let steps = (centre(from) - centre(to)).rem_euclid(12);
    CHANGE + 0.45 * f64::from(steps.min(12 - steps))
}

fn emission(
    slots: &[Slot],
    segment: &Segment,
    next: Option<&Segment>,
    (tonic, mode): (usize, Mode),
    log: &[f64; 12],
    home: f64,
) -> f64 {
    let mut fit = 0.0;
    let mut length = 0.0;
    for slot in &slots[segment.first..segment.end] {
        for (class, amount) in slot.classes.iter().enumerate() {
            fit += amount * log[(class + 12 - tonic) % 12];
        }
        length += slot.length();
    }
    let weight = length.min(4.0).sqrt();
    let chord = DIATONIC * key_prior(segment.root, segment.kind, tonic, mode.is_minor()) * weight;
    let resolves = next.is_some_and(|next| {
        let fall = (segment.root + 12 - tonic) % 12;
        let dominant = match segment.kind {
            ChordKind::Dominant7 | ChordKind::Major => fall == 7,
            ChordKind::Diminished | ChordKind::HalfDiminished7 | ChordKind::Diminished7 => fall == 11,
            _ => false,
        };
        let third_fits = match next.kind {
            ChordKind::Major | ChordKind::Major7 => !mode.is_minor(),
            ChordKind::Minor | ChordKind::Minor7 => mode.is_minor(),
            _ => false,
        };
        dominant && next.root == tonic && third_fits
    });
    PROFILE * fit + chord + f64::from(resolves) * RESOLUTION + home * length
}
