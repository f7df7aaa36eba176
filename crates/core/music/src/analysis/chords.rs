//! Which chord sounds when: the best path through segments and chord templates (after Pardo and Birmingham 2002,
//! "Algorithms for chordal analysis", as a semi-Markov decoder with evidence from the bass, the key and the chord
//! before).

use super::harmony::{Belief, Harmony, RelativeChord};
use super::slots::Slot;
use super::templates::{STATES, Template, chord_at, is_own, rarity, templates};
use crate::ChordKind;
use std::array::from_fn;

/// The longest segment that is scored at once, in slots: a bar of 4/4. Longer chords are several segments.
const LONGEST: usize = 8;

/// A stretch with one chord: slot indices and the decoded chord.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Segment {
    pub first: usize,
    pub end: usize,
    pub root: usize,
    pub kind: ChordKind,
}

/// What it costs more when nothing is struck anew at the change; in proportion when only some notes are.
const STALE: f64 = 0.4;

/// What it costs to change the chord at a place of this weight. Harmony changes on strong beats more often than off
/// them (Temperley 2001, chapter 6).
fn change(place: f64) -> f64 {
    match place {
        p if p >= 0.99 => 0.18,
        p if p >= 0.79 => 0.28,
        p if p >= 0.59 => 0.35,
        p if p >= 0.34 => 0.7,
        _ => 1.0,
    }
}

/// How likely a root follows a root: falls of a fifth are the commonest.
fn motion(from: usize, to: usize) -> f64 {
    match (to + 12 - from) % 12 {
        5 => 0.12,
        7 => 0.06,
        2 | 10 | 9 | 8 => 0.03,
        _ => 0.0,
    }
}

/// A state with the score of the best way to it.
type Arrival = (f64, u16);
/// No state: before the first chord.
const NONE: u16 = u16::MAX;

/// The keys of the slots, and what they make likely.
struct Light<'a> {
    harmony: &'a Harmony,
    /// What an entry owes to the chord before it.
    progression: f64,
    /// The key of each slot: the tonic, plus 12 in minor.
    keys: &'a [usize],
    /// Each key that occurs.
    known: [Option<Box<Known>>; 24],
}

/// How one key sees each state: as which chord, and what that is worth.
struct Known {
    seen: [RelativeChord; STATES],
    worth: [f64; STATES],
}

impl Known {
    fn of(key: usize, harmony: &Harmony, belief: &Belief) -> Self {
        let (tonic, minor) = (key % 12, key >= 12);
        let seen: [RelativeChord; STATES] = from_fn(|state| {
            let (root, kind) = chord_at(state);
            harmony.seen(root, kind, tonic, minor)
        });
        let worth = from_fn(|state| {
            let (root, kind) = chord_at(state);
            let own = if is_own(root, kind, tonic, minor) { belief.own } else { 0.0 };
            own + belief.frequency * (harmony.heard(minor, seen[state]).max(RAREST) - COMMON) - rarity(kind)
        });
        Self { seen, worth }
    }
}

impl<'a> Light<'a> {
    fn new(keys: &'a [usize], (harmony, belief): (&'a Harmony, &Belief)) -> Self {
        let known = from_fn(|key| keys.contains(&key).then(|| Box::new(Known::of(key, harmony, belief))));
        Self { harmony, progression: belief.progression, keys, known }
    }

    /// The best way to enter each state at a slot, from the best states of each root before it.
    fn entries(&self, slots: &[Slot], at: usize, arrivals: &[Arrival; 12]) -> Vec<Arrival> {
        let (key, slot) = (self.keys[at], &slots[at]);
        let mut found: Vec<Arrival> = vec![(f64::NEG_INFINITY, NONE); STATES];
        let Some(known) = self.known[key].as_deref() else { return found };
        for (old, (score, origin)) in arrivals.iter().enumerate().filter(|(_, arrival)| arrival.0.is_finite()) {
            let before = known.seen.get(usize::from(*origin));
            let follow = before.map(|before| self.harmony.attractions(key >= 12, *before));
            for (state, (best, here)) in found.iter_mut().zip(&known.seen).enumerate() {
                let follows = follow.map_or(0.0, |row| row[here.index()]);
                let score = score + motion(old, chord_at(state).0) + self.progression * follows;
                if score > best.0 {
                    *best = (score, *origin);
                }
            }
        }
        let cost = change(slot.place) + STALE * (1.0 - slot.fresh);
        for (state, (best, worth)) in found.iter_mut().zip(known.worth).enumerate() {
            let low = if slot.low == Some(chord_at(state).0) { 0.05 } else { 0.0 };
            best.0 += worth + low - cost;
        }
        found
    }
}

/// Rarer chords than this (a logarithm of the probability) are all alike.
const RAREST: f64 = -7.0;
/// A chord as rare as this is worth as much as it would be without a key.
const COMMON: f64 = -4.0;

/// How well each template fits each segment, whatever the key.
pub(crate) struct Fits {
    /// For each end, and each length from 1 slot, one number a state.
    scores: Vec<f64>,
}

impl Fits {
    /// Compares every segment with every template.
    pub(crate) fn of(slots: &[Slot]) -> Self {
        let templates = templates();
        let sums = Sums::of(slots, &templates);
        let mut scores = vec![f64::NEG_INFINITY; (slots.len() + 1) * LONGEST * STATES];
        for end in 1..=slots.len() {
            for first in starts(slots, end) {
                let share = sums.shares(first, end);
                let at = (end * LONGEST + end - first - 1) * STATES;
                for (s, template) in templates.iter().enumerate() {
                    let fit = sums.worth[end * STATES + s] - sums.worth[first * STATES + s];
                    scores[at + s] = fit - template.missing(&share);
                }
            }
        }
        Self { scores }
    }

    fn row(&self, first: usize, end: usize) -> &[f64] {
        let at = (end * LONGEST + end - first - 1) * STATES;
        &self.scores[at..at + STATES]
    }
}

/// Where a segment may begin that ends here. Harmony changes where something is struck; a segment of full length may
/// begin anywhere, so that long notes and rests are bridged.
fn starts(slots: &[Slot], end: usize) -> impl Iterator<Item = usize> {
    (end.saturating_sub(LONGEST)..end).filter(move |first| *first == 0 || slots[*first].onset || end - first == LONGEST)
}

/// Running sums, so that any segment is scored in constant time.
struct Sums {
    worth: Vec<f64>,
    classes: Vec<[f64; 12]>,
}

impl Sums {
    fn of(slots: &[Slot], templates: &[Template]) -> Self {
        let mut worth = vec![0.0; (slots.len() + 1) * STATES];
        let mut classes = vec![[0.0; 12]; slots.len() + 1];
        for (i, slot) in slots.iter().enumerate() {
            for (s, template) in templates.iter().enumerate() {
                let value: f64 =
                    (0..12).map(|c| slot.classes[c] * template.worth[c] + slot.bass[c] * template.bass[c]).sum();
                worth[(i + 1) * STATES + s] = worth[i * STATES + s] + value;
            }
            classes[i + 1] = from_fn(|c| classes[i][c] + slot.classes[c]);
        }
        Self { worth, classes }
    }

    /// Which part of the time of a segment each pitch class sounds.
    fn shares(&self, first: usize, end: usize) -> [f64; 12] {
        let sums: [f64; 12] = from_fn(|c| self.classes[end][c] - self.classes[first][c]);
        let total: f64 = sums.iter().sum();
        sums.map(|sum| sum / total.max(1e-9))
    }
}

/// The best segmentation in the light of the key of each slot (the tonic, plus 12 in minor).
pub(crate) fn decode(slots: &[Slot], fits: &Fits, keys: &[usize], model: (&Harmony, &Belief)) -> Vec<Segment> {
    let n = slots.len();
    if n == 0 {
        return Vec::new();
    }
    let light = Light::new(keys, model);
    let mut best = vec![f64::NEG_INFINITY; (n + 1) * STATES];
    let mut from: Vec<(u32, u16)> = vec![(0, NONE); (n + 1) * STATES];
    let mut entries = vec![light.entries(slots, 0, &[(0.0, NONE); 12])];
    for end in 1..=n {
        let (before, here) = best.split_at_mut(end * STATES);
        let (here, back) = (&mut here[..STATES], &mut from[end * STATES..(end + 1) * STATES]);
        for first in starts(slots, end) {
            let stays = &before[first * STATES..(first + 1) * STATES];
            let ways = stays.iter().zip(&entries[first]).zip(fits.row(first, end));
            for (s, ((stay, enter), fit)) in ways.enumerate() {
                let (score, origin) = if *stay >= enter.0 { (*stay, s as u16) } else { *enter };
                if score + fit > here[s] {
                    here[s] = score + fit;
                    back[s] = (first as u32, origin);
                }
            }
        }
        if end < n {
            entries.push(light.entries(slots, end, &arrivals(here)));
        }
    }
    trace(&best, &from, n)
}

/// The best state of each root.
fn arrivals(best: &[f64]) -> [Arrival; 12] {
    let mut found: [Arrival; 12] = [(f64::NEG_INFINITY, NONE); 12];
    for (s, score) in best.iter().enumerate() {
        let root = chord_at(s).0;
        if *score > found[root].0 {
            found[root] = (*score, s as u16);
        }
    }
    found
}

fn trace(best: &[f64], from: &[(u32, u16)], n: usize) -> Vec<Segment> {
    let last = (0..STATES).max_by(|a, b| best[n * STATES + a].total_cmp(&best[n * STATES + b])).unwrap_or(0);
    let (mut end, mut state) = (n, last);
    let mut path: Vec<Segment> = Vec::new();
    while end > 0 {
        let (first, origin) = from[end * STATES + state];
        let (root, kind) = chord_at(state);
        match path.last_mut() {
            Some(later) if later.root == root && later.kind == kind => later.first = first as usize,
            _ => path.push(Segment { first: first as usize, end, root, kind }),
        }
        if origin == NONE || first as usize >= end {
            break;
        }
        (end, state) = (first as usize, usize::from(origin));
    }
    path.reverse();
    path
}
