//! Pitches for a rhythm: a dynamic programme over pairs of pitches.
//!
//! It weighs chord tones on strong places, dissonance left by step, steps before leaps, leaps recovered (Narmour 1990),
//! nearness to a contour, and where the line ends. The pool of pitches is the scale of the melody and the chord.

use crate::tonal::{ChordAt, Compass, chord_at};
use eduai_kernel::Random;
use eduai_music::analysis::ScaleName;
use eduai_music::{Key, Pitch, PitchName, Time};

/// A note that waits for its pitch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Wanted {
    pub at: Time,
    pub duration: Time,
    /// The metrical weight of its place.
    pub weight: f64,
    /// Where the contour would have it, as a MIDI number.
    pub target: f64,
    /// How much it wants to be there.
    pub pull: f64,
}

/// Where a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// On the tonic.
    Home,
    /// On a chord tone that is not the tonic.
    Open,
    /// On any chord tone.
    Chord,
}

/// What a line is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Material<'a> {
    pub key: Key,
    pub scale: ScaleName,
    pub chords: &'a [ChordAt],
    pub range: Compass,
    /// How much a dissonance on a strong place costs: 4 in most genres, less in jazz and blues.
    pub strictness: f64,
    /// How much it costs to repeat a pitch: little when words are spoken.
    pub repeat: f64,
}

/// The spelled notes of a scale. Scales of seven notes follow the mode of the key, so that melody and chords agree.
fn scale_names(key: Key, scale: ScaleName) -> Vec<PitchName> {
    let steps = scale.intervals();
    if steps.len() == 7 {
        (1..=7).map(|d| key.degree(d)).collect()
    } else {
        steps.iter().map(|s| key.spell(key.tonic.class() + s)).collect()
    }
}

/// The pitches that may sound with a chord, from the bottom up. A scale note gives way to the altered form that the
/// chord has of the same letter.
fn pool(material: &Material<'_>, chord: &ChordAt) -> Vec<Pitch> {
    let tones: Vec<PitchName> = chord.chord.names().collect();
    let altered = |n: &PitchName| tones.iter().any(|t| t.step == n.step && t.alter != n.alter);
    let mut names: Vec<PitchName> = scale_names(material.key, material.scale);
    if material.scale != ScaleName::Blues {
        names.retain(|n| !altered(n));
    }
    for tone in tones {
        if !names.iter().any(|n| n.class() == tone.class()) {
            names.push(tone);
        }
    }
    let mut pitches: Vec<Pitch> = (material.range.low..=material.range.high)
        .filter_map(|midi| names.iter().find(|n| n.class() == midi.rem_euclid(12)).map(|n| Pitch::from_midi(midi, *n)))
        .collect();
    pitches.dedup_by_key(|p| p.midi());
    pitches
}

fn interval_cost(semitones: i32, repeat: f64) -> f64 {
    match semitones.abs() {
        0 => repeat,
        1 | 2 => 0.0,
        3 => 0.45,
        4 => 0.7,
        5 => 1.1,
        7 => 1.7,
        6 => 4.0,
        8 | 9 => 2.8,
        12 => 3.2,
        10 | 11 => 6.0,
        _ => 40.0,
    }
}

/// One note's candidates with their own costs.
struct Column {
    pitches: Vec<Pitch>,
    costs: Vec<f64>,
    consonant: Vec<bool>,
}

fn column(wanted: &Wanted, material: &Material<'_>, last: Option<Ending>, random: &mut Random) -> Column {
    let Some(chord) = chord_at(material.chords, wanted.at) else {
        return Column { pitches: vec![], costs: vec![], consonant: vec![] };
    };
    let pitches = pool(material, chord);
    let strong = wanted.weight >= 0.6 || wanted.duration >= Time::QUARTER;
    let held_over =
        chord_at(material.chords, wanted.at + wanted.duration - Time::SIXTEENTH).filter(|c| c.at > wanted.at);
    let consonant: Vec<bool> = pitches.iter().map(|p| chord.chord.contains(p.midi())).collect();
    let costs = pitches
        .iter()
        .zip(&consonant)
        .map(|(pitch, consonant)| {
            let mut cost = (f64::from(pitch.midi()) - wanted.target).abs() * wanted.pull;
            if !consonant {
                cost += if strong { material.strictness } else { 0.7 };
                // The note a semitone above a chord tone grates when it is held.
                let grates = chord.chord.names().any(|t| (pitch.midi() - t.class()).rem_euclid(12) == 1);
                cost += if strong && grates { 2.0 } else { 0.0 };
            }
            if held_over.is_some_and(|next| !next.chord.contains(pitch.midi())) {
                cost += material.strictness * 0.6;
            }
            cost += random.between(0.0, 0.7);
            match last {
                Some(Ending::Home) if pitch.midi().rem_euclid(12) != material.key.tonic.class() => cost + 30.0,
                Some(Ending::Open) if !consonant || pitch.midi().rem_euclid(12) == material.key.tonic.class() => {
                    cost + 6.0
                }
                Some(Ending::Chord) if !consonant => cost + 12.0,
                _ => cost,
            }
        })
        .collect();
    Column { pitches, costs, consonant }
}

/// Finds the pitches of a line. `before` is the note that it follows.
pub(crate) fn pitches(
    wanted: &[Wanted],
    material: &Material<'_>,
    ending: Ending,
    before: Option<i32>,
    random: &mut Random,
) -> Vec<Pitch> {
    let count = wanted.len();
    let columns: Vec<Column> = wanted
        .iter()
        .enumerate()
        .map(|(i, w)| column(w, material, (i + 1 == count).then_some(ending), random))
        .collect();
    if columns.iter().any(|c| c.pitches.is_empty()) {
        return Vec::new();
    }
    search(&columns, wanted, material, before)
}

/// Viterbi over pairs: the state is this pitch and the one before it.
fn search(columns: &[Column], wanted: &[Wanted], material: &Material<'_>, before: Option<i32>) -> Vec<Pitch> {
    let first = &columns[0];
    let entry = |i: usize| {
        let own = first.costs[i];
        before.map_or(own, |b| own + 0.4 * interval_cost((first.pitches[i].midi() - b).clamp(-12, 12), 0.2))
    };
    // `best[p][c]`: the least cost of a line that ends with p, c; for the first column p is c itself.
    let mut best: Vec<Vec<f64>> = (0..first.pitches.len())
        .map(|p| (0..first.pitches.len()).map(|c| if p == c { entry(c) } else { f64::INFINITY }).collect())
        .collect();
    let mut back: Vec<Vec<Vec<usize>>> = Vec::new();
    for i in 1..columns.len() {
        let (left, right) = (&columns[i - 1], &columns[i]);
        let older: &[Pitch] = if i >= 2 { &columns[i - 2].pitches } else { &left.pitches };
        let mut next = vec![vec![f64::INFINITY; right.pitches.len()]; left.pitches.len()];
        let mut trace = vec![vec![0; right.pitches.len()]; left.pitches.len()];
        for p in 0..left.pitches.len() {
            for c in 0..right.pitches.len() {
                let pair = right.costs[c] + pair_cost(left, right, (p, c), &wanted[i], material);
                for (o, row) in best.iter().enumerate() {
                    if !row[p].is_finite() {
                        continue;
                    }
                    let turn = if i >= 2 {
                        turn_cost(older[o].midi(), left.pitches[p].midi(), right.pitches[c].midi(), material.repeat)
                    } else {
                        0.0
                    };
                    let total = row[p] + pair + turn;
                    if total < next[p][c] {
                        next[p][c] = total;
                        trace[p][c] = o;
                    }
                }
            }
        }
        back.push(trace);
        best = next;
    }
    unwind(columns, &best, &back)
}

fn unwind(columns: &[Column], best: &[Vec<f64>], back: &[Vec<Vec<usize>>]) -> Vec<Pitch> {
    let mut state = (0, 0);
    let mut least = f64::INFINITY;
    for (p, row) in best.iter().enumerate() {
        for (c, cost) in row.iter().enumerate() {
            if *cost < least {
                least = *cost;
                state = (p, c);
            }
        }
    }
    let mut path = vec![state.1];
    let (mut p, mut c) = state;
    for trace in back.iter().rev() {
        path.push(p);
        let o = trace[p][c];
        c = p;
        p = o;
    }
    path.reverse();
    path.iter().zip(columns).map(|(i, column)| column.pitches[*i]).collect()
}

fn pair_cost(left: &Column, right: &Column, (p, c): (usize, usize), wanted: &Wanted, material: &Material<'_>) -> f64 {
    let interval = right.pitches[c].midi() - left.pitches[p].midi();
    let mut cost = interval_cost(interval, material.repeat);
    if !left.consonant[p] && interval.abs() > 2 {
        cost += 0.8 * material.strictness;
    }
    if !left.consonant[p] && interval == 0 && !right.consonant[c] {
        cost += 1.0;
    }
    if !right.consonant[c] && interval.abs() > 2 {
        cost += if wanted.weight >= 0.6 { 2.0 } else { 1.0 };
    }
    cost
}

/// A leap wants to turn back by step; two leaps the same way tire the voice; a third equal note says nothing new.
fn turn_cost(older: i32, old: i32, new: i32, repeat: f64) -> f64 {
    let (first, second) = (old - older, new - old);
    let mut cost = 0.0;
    if first.abs() >= 5 && (second.signum() == first.signum() || second.abs() > 4) && second != 0 {
        cost += 1.3;
    }
    if first.abs() >= 3 && second.abs() >= 3 && first.signum() == second.signum() && (first + second).abs() > 7 {
        cost += 1.5;
    }
    if first == 0 && second == 0 {
        cost += 1.5 * repeat;
    }
    if second == -first && first.abs() > 2 {
        cost += 0.5;
    }
    cost
}

/// The height of a contour at a place from 0 to 1, as a share of the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Arch,
    Rise,
    Fall,
    Valley,
    Wave,
    Level,
}

impl Shape {
    pub const ALL: [Self; 6] = [Self::Arch, Self::Fall, Self::Rise, Self::Wave, Self::Valley, Self::Level];

    pub fn at(self, place: f64) -> f64 {
        let x = place.clamp(0.0, 1.0);
        match self {
            Self::Arch => 0.2 + 0.75 * (std::f64::consts::PI * (0.1 + 0.85 * x)).sin(),
            Self::Rise => 0.15 + 0.75 * x,
            Self::Fall => 0.9 - 0.75 * x,
            Self::Valley => 0.85 - 0.7 * (std::f64::consts::PI * x).sin(),
            Self::Wave => 0.5 + 0.35 * (std::f64::consts::TAU * x).sin(),
            Self::Level => 0.45,
        }
    }
}
