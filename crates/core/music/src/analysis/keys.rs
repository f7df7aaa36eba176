//! Keys over time: a hidden Markov model whose states are keys and whose observations are the decoded chords and what
//! sounds in them (after Raphael and Stoddard 2004, "Functional harmonic analysis using probabilistic models", and
//! Temperley 2007, chapter 6). At each chord the key is named that is likeliest there, all paths taken together.

use super::chords::Segment;
use super::harmony::{Harmony, Quality, RelativeChord};
use super::profiles::{AARDEN_ESSEN, BELLMAN_BUDGE, KOSTKA_PAYNE, of_mode};
use super::slots::Slot;
use crate::Mode;

/// A piece that sounds less foreign to its scale than this does not leave its key: songs whose chords are all of one
/// scale circle through it without any of them becoming another tonic.
const STAYS: f64 = 0.005;
/// A piece that sounds less foreign than this is in another key only where a cadence says so.
const PLAIN: f64 = 0.05;

/// Twelve tonics in major, then in minor.
const KEYS: usize = 24;
/// A key as one number: the tonic, plus 12 in minor.
pub(crate) fn index((tonic, mode): (usize, Mode)) -> usize {
    tonic + if mode.is_minor() { 12 } else { 0 }
}

/// One number for each key.
type Row = [f64; KEYS];

/// For each segment, the tonic and mode in force.
pub(crate) fn local_keys(
    slots: &[Slot],
    segments: &[Segment],
    home: (usize, Mode),
    harmony: &Harmony,
) -> Vec<(usize, Mode)> {
    if segments.is_empty() {
        return Vec::new();
    }
    let main = index(home);
    let own = |key: usize| key == main;
    let mode = |key: usize| match (own(key), key < 12) {
        (true, _) => home.1,
        (_, true) => Mode::Major,
        (_, false) => Mode::Minor,
    };
    let foreign = foreign(slots, home);
    if foreign < STAYS {
        return vec![home; segments.len()];
    }
    let model = Model::new(slots, segments, &std::array::from_fn(mode), main, harmony);
    let mut path: Vec<usize> = model.posterior().iter().map(likeliest).collect();
    if foreign < PLAIN {
        retain_confirmed(&mut path, segments, main);
    }
    // A path that never touches the main key reads the piece in a relative of it: the main key has better evidence.
    if path.iter().any(|key| own(*key)) {
        path.into_iter().map(|key| (key % 12, mode(key))).collect()
    } else {
        vec![home; segments.len()]
    }
}

/// The share of what sounds that lies outside the scale of the main key.
fn foreign(slots: &[Slot], (tonic, mode): (usize, Mode)) -> f64 {
    let inside = |class: usize| mode.scale().contains(&(((class + 12 - tonic) % 12) as i32));
    let amounts = || slots.iter().flat_map(|slot| slot.classes.iter().enumerate());
    let outside: f64 = amounts().filter(|(class, _)| !inside(*class)).map(|(_, amount)| amount).sum();
    outside / amounts().map(|(_, amount)| amount).sum::<f64>().max(1e-9)
}

/// Puts stretches in another key back into the main one unless a cadence confirms them.
fn retain_confirmed(path: &mut [usize], segments: &[Segment], main: usize) {
    let mut first = 0;
    while first < path.len() {
        let key = path[first];
        let end = first + path[first..].iter().take_while(|other| **other == key).count();
        let seen = |segment: &Segment| RelativeChord::of(segment.root, segment.kind, key % 12);
        let closes = |pair: &[Segment]| is_cadence(seen(&pair[0]), seen(&pair[1]), key >= 12);
        if !segments[first..end].windows(2).any(closes) {
            path[first..end].fill(main);
        }
        first = end;
    }
}

fn likeliest(row: &Row) -> usize {
    (0..KEYS).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap_or(0)
}

/// The dominant sevenths on the tonic and the subdominant where these degrees are mostly that: they are the blues' own
/// stable chords and lead nowhere.
fn stable_sevenths(slots: &[Slot], segments: &[Segment], tonic: usize) -> Vec<RelativeChord> {
    let seventh = |root: usize| RelativeChord { root, quality: Quality::Dominant };
    let share = |root: usize| {
        let (mut sevenths, mut all) = (0.0, 0.0);
        for segment in segments.iter().filter(|s| s.root == (tonic + root) % 12) {
            let length: f64 = slots[segment.first..segment.end].iter().map(Slot::length).sum();
            all += length;
            sevenths += if Quality::from(segment.kind) == Quality::Dominant { length } else { 0.0 };
        }
        sevenths / all.max(1e-9)
    };
    [0, 5].into_iter().filter(|root| share(*root) > 0.4).map(seventh).collect()
}

/// Factors, not logarithms; every row is scaled as it suits, since only ratios between keys matter.
struct Model {
    /// What sounds in each segment, in the light of each key.
    sounds: Vec<Row>,
    /// What it is worth to stay in a key from the segment before.
    stay: Vec<Row>,
    /// What it is worth to enter a key at a segment.
    enter: Vec<Row>,
    /// What it is worth to go from one key to another.
    go: [Row; KEYS],
    /// What each key is worth as the first, and as the last.
    frame: Row,
}

/// Factors of these logarithms, the largest being 1.
fn factors(logs: Row) -> Row {
    let best = logs.iter().copied().fold(f64::MIN, f64::max);
    logs.map(|log| (log - best).exp())
}

impl Model {
    fn new(slots: &[Slot], segments: &[Segment], modes: &[Mode; KEYS], home: usize, harmony: &Harmony) -> Self {
        let w = &harmony.weights;
        let minor = |key: usize| key >= 12;
        let stable = stable_sevenths(slots, segments, home % 12);
        let seen = |segment: &Segment, key: usize| {
            let mut chord = harmony.seen(segment.root, segment.kind, key % 12, minor(key));
            if key == home && stable.contains(&chord) {
                chord.quality = Quality::Major;
            }
            chord
        };
        let logs: [[f64; 12]; KEYS] = modes.map(log_profile);
        let standing: Row = std::array::from_fn(|key| {
            let away = harmony.away(minor(home), minor(key), key % 12 + 12 - home % 12);
            w.away * away + if key == home { w.home } else { 0.0 }
        });
        let sounds = segments
            .iter()
            .map(|segment| {
                let stretch = &slots[segment.first..segment.end];
                let length = stretch.iter().map(Slot::length).sum::<f64>().max(1e-9);
                let weight = length.min(w.longest).sqrt();
                factors(std::array::from_fn(|key| {
                    let amounts = stretch.iter().flat_map(|slot| slot.classes.iter().enumerate());
                    let fit: f64 =
                        amounts.map(|(class, amount)| amount * logs[key][(class + 12 - key % 12) % 12]).sum();
                    weight * (w.profile * fit / length + standing[key])
                }))
            })
            .collect();
        let both = segments.iter().enumerate().map(|(i, segment)| {
            let before = i.checked_sub(1).map(|before| &segments[before]);
            let stay: Row = std::array::from_fn(|key| {
                let Some(before) = before else { return 0.0 };
                let (from, to) = (seen(before, key), seen(segment, key));
                let close = f64::from(is_cadence(from, to, minor(key)));
                w.numeral * harmony.follow(minor(key), from, to) + w.cadence * close
            });
            let enter: Row = std::array::from_fn(|key| {
                let pivot = before.map_or(0.0, |before| harmony.heard(minor(key), seen(before, key)));
                w.numeral * harmony.opening(minor(key), seen(segment, key)) + w.pivot * pivot
            });
            (stay, enter)
        });
        let (stay, enter) = both
            .map(|(stay, enter)| {
                // Staying and entering compete: they are scaled alike.
                let best = stay.iter().chain(&enter).copied().fold(f64::MIN, f64::max);
                (stay.map(|log| (log - best).exp()), enter.map(|log| (log - best).exp()))
            })
            .unzip();
        let go = std::array::from_fn(|from: usize| {
            std::array::from_fn(|to| {
                let change = harmony.change(minor(from), minor(to), to % 12 + 12 - from % 12);
                if from == to { 0.0 } else { (w.near * change - w.change).exp() }
            })
        });
        let frame = std::array::from_fn(|key| if key == home { w.frame.exp() } else { 1.0 });
        Self { sounds, stay, enter, go, frame }
    }

    /// For each segment, how likely each key is there (forward and backward probabilities; Rabiner 1989).
    fn posterior(&self) -> Vec<Row> {
        let n = self.sounds.len();
        let mut rows: Vec<Row> = Vec::with_capacity(n);
        for i in 0..n {
            let arrived: Row = std::array::from_fn(|to| match i.checked_sub(1).map(|before| &rows[before]) {
                None => self.frame[to] * self.enter[0][to],
                Some(before) => {
                    let changed: f64 = (0..KEYS).map(|from| before[from] * self.go[from][to]).sum();
                    before[to] * self.stay[i][to] + changed * self.enter[i][to]
                }
            });
            rows.push(scaled(std::array::from_fn(|key| arrived[key] * self.sounds[i][key])));
        }
        let mut after = self.frame;
        for i in (0..n).rev() {
            rows[i] = scaled(std::array::from_fn(|key| rows[i][key] * after[key]));
            if i > 0 {
                let next: Row = std::array::from_fn(|key| after[key] * self.sounds[i][key]);
                after = scaled(std::array::from_fn(|from| {
                    let changed: f64 = (0..KEYS).map(|to| self.go[from][to] * self.enter[i][to] * next[to]).sum();
                    self.stay[i][from] * next[from] + changed
                }));
            }
        }
        rows
    }
}

/// Scaled to a sum of 1, so that long pieces do not underflow.
fn scaled(row: Row) -> Row {
    let sum: f64 = row.iter().sum();
    if sum > 0.0 { row.map(|value| value / sum) } else { [1.0 / KEYS as f64; KEYS] }
}

/// Whether a dominant falls to the tonic of the mode.
fn is_cadence(from: RelativeChord, to: RelativeChord, minor: bool) -> bool {
    let dominant = match from.quality {
        Quality::Major | Quality::Dominant => from.root == 7,
        Quality::Diminished => from.root == 11,
        _ => false,
    };
    let tonic = match to.quality {
        Quality::Major | Quality::MajorSeventh => !minor,
        Quality::Minor | Quality::MinorSeventh => minor,
        _ => false,
    };
    dominant && tonic && to.root == 0
}

fn log_profile(mode: Mode) -> [f64; 12] {
    let tables = [&BELLMAN_BUDGE, &KOSTKA_PAYNE, &AARDEN_ESSEN].map(|table| of_mode(table, mode));
    std::array::from_fn(|c| (tables.iter().map(|t| t[c]).sum::<f64>() / 3.0).ln() + 12_f64.ln())
}
