//! Chords in bars, and chords for a melody that has others or none.

use crate::meter::{Remeter, beats};
use crate::source::SourceChord;
use eduai_music::score::{Meter, Note, Sound};
use eduai_music::{Chord, Key, Pitch, Roman, Time};

/// The chords of bars, those of one bar equally long.
pub type Bars = Vec<Vec<Roman>>;

/// How often the chords of a piece may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChordRhythm {
    /// On every beat, as in a hymn: for chords that are kept as they are.
    Beats,
    /// Twice a bar where it has an even number of beats, else once: for chords that will be ordered anew.
    Halves,
}

/// How many chords a bar may have.
fn slots(meter: Meter, rhythm: ChordRhythm) -> i64 {
    let beats = beats(meter);
    match rhythm {
        ChordRhythm::Beats => beats,
        ChordRhythm::Halves if beats >= 4 && beats % 2 == 0 => 2,
        ChordRhythm::Halves => 1,
    }
}

/// The chords of a piece in bars of the new meter: for each place where they may change the one that sounds longest. A
/// place in which nothing sounds keeps the chord before.
pub fn chord_bars(chords: &[SourceChord], map: Remeter, to: Meter, bars: usize, rhythm: ChordRhythm) -> Bars {
    let length = to.length();
    let count = slots(to, rhythm);
    let mapped: Vec<(Time, Time, Roman)> =
        chords.iter().map(|c| (map.at(c.at), map.at(c.at + c.duration), c.roman)).collect();
    let Some(mut before) = mapped.first().map(|c| c.2) else { return Vec::new() };
    let mut first = 0;
    (0..map.bars(bars))
        .map(|bar| {
            let mut heard: Vec<Roman> = Vec::new();
            for slot in 0..count {
                let from = length * bar as i64 + length / count * slot;
                let until = from + length / count;
                while mapped.get(first).is_some_and(|c| c.1 <= from) {
                    first += 1;
                }
                let within = mapped[first..].iter().take_while(|c| c.0 < until);
                let longest =
                    within.map(|c| (c.1.min(until) - c.0.max(from), c.2)).reduce(|a, b| if b.0 > a.0 { b } else { a });
                before = longest.map_or(before, |l| l.1);
                heard.push(before);
            }
            fewest(heard)
        })
        .collect()
}

/// The chords of a bar are equally long: those that fill it, or its halves, are written once.
fn fewest(heard: Vec<Roman>) -> Vec<Roman> {
    for parts in 1..heard.len() {
        let size = heard.len() / parts;
        if heard.len().is_multiple_of(parts) && heard.chunks(size).all(|chunk| chunk.iter().all(|r| *r == chunk[0])) {
            return heard.chunks(size).map(|chunk| chunk[0]).collect();
        }
    }
    heard
}

/// The chords that a harmony is made of, and how one follows another.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    chords: Vec<(Roman, f64)>,
    /// How often the second follows the first, by index.
    moves: Vec<Vec<f64>>,
}

impl Vocabulary {
    /// Counts chords and successions, each progression by its weight.
    pub fn of<'a>(progressions: impl IntoIterator<Item = (&'a Bars, f64)>) -> Self {
        let mut own = Self::default();
        for (bars, weight) in progressions {
            let mut before = None;
            for roman in bars.iter().flatten() {
                let index = own.index(*roman);
                own.chords[index].1 += weight;
                if let Some(before) = before.filter(|b| *b != index) {
                    let row: &mut Vec<f64> = &mut own.moves[before];
                    row.resize(row.len().max(index + 1), 0.0);
                    row[index] += weight;
                }
                before = Some(index);
            }
        }
        own
    }

    fn index(&mut self, roman: Roman) -> usize {
        self.chords.iter().position(|c| c.0 == roman).unwrap_or_else(|| {
            self.chords.push((roman, 0.0));
            self.moves.push(Vec::new());
            self.chords.len() - 1
        })
    }

    /// Whether it has no chords.
    pub fn is_empty(&self) -> bool {
        self.chords.is_empty()
    }

    /// How natural it is to go from one chord to another, as the logarithm of a probability.
    fn succession(&self, from: usize, to: usize) -> f64 {
        const SMOOTHING: f64 = 0.3;
        let row = &self.moves[from];
        let total: f64 = row.iter().sum();
        let count = row.get(to).copied().unwrap_or(0.0);
        let all: f64 = self.chords.iter().map(|c| c.1).sum();
        // What never followed here is as likely as it is common.
        ((count + SMOOTHING * self.chords[to].1 / all.max(1e-9)) / (total + SMOOTHING)).max(1e-4).ln()
    }
}

/// How much the fit of the notes weighs against the customs of the progression.
const NOTES: f64 = 3.2;
/// A second chord in a bar must earn its place.
const CHANGE_INSIDE: f64 = -0.8;
/// The tonic is at home everywhere.
const HOME: f64 = 0.5;
/// A chord that goes on over a bar line.
const HELD_OVER: f64 = -0.55;

/// Chords for `melody` out of a vocabulary, `bars` bars of `meter` in `key`: the best path by how the notes fit and how
/// the chords follow one another (Viterbi). A section that ends at a bar of `ends` rests, the last one on the tonic.
pub fn harmonise(melody: &[Note], words: &Vocabulary, (key, meter): (Key, Meter), bars: usize, ends: &[usize]) -> Bars {
    if words.is_empty() {
        return Vec::new();
    }
    let per_bar = slots(meter, ChordRhythm::Halves) as usize;
    let length = meter.length() / per_bar as i64;
    let sounding: Vec<Chord> = words.chords.iter().map(|c| c.0.chord(key)).collect();
    let tonic = |state: usize| {
        words.chords[state].0.degree == 1 && words.chords[state].0.alter == 0 && words.chords[state].0.applied.is_none()
    };
    let dominant = |state: usize| words.chords[state].0.degree == 5 && words.chords[state].0.applied.is_none();
    let count = bars * per_bar;
    let mut best: Vec<f64> = vec![0.0; sounding.len()];
    let mut back: Vec<Vec<usize>> = Vec::with_capacity(count);
    let mut first = 0;
    for slot in 0..count {
        let (from, until) = (length * slot as i64, length * (slot as i64 + 1));
        while melody.get(first).is_some_and(|n| n.end() <= from) {
            first += 1;
        }
        let notes: Vec<&Note> = melody[first..].iter().take_while(|n| n.onset < until).collect();
        let bar_end = (slot + 1) % per_bar == 0;
        let closes = bar_end && ends.contains(&((slot + 1) / per_bar));
        let last = slot + 1 == count;
        let mut came = vec![0; sounding.len()];
        let scored: Vec<f64> = (0..sounding.len())
            .map(|state| {
                let mut own = NOTES * fit(&notes, sounding[state], meter, (from, until));
                // Without its tonic a melody is soon heard in another key.
                own += if tonic(state) { HOME } else { 0.0 };
                own += if slot == 0 && tonic(state) { 0.8 } else { 0.0 };
                own += if last && tonic(state) { 4.0 } else { 0.0 };
                own += if closes && !last && (tonic(state) || dominant(state)) { 0.6 } else { 0.0 };
                if slot == 0 {
                    return own;
                }
                let step = |before: usize| {
                    best[before]
                        + match (before == state, slot % per_bar == 0) {
                            (true, true) => HELD_OVER,
                            (true, false) => 0.0,
                            (false, inside) => {
                                0.35 * words.succession(before, state) + if inside { 0.0 } else { CHANGE_INSIDE }
                            }
                        }
                };
                let from = (0..sounding.len()).max_by(|a, b| step(*a).total_cmp(&step(*b)).then(b.cmp(a))).unwrap_or(0);
                came[state] = from;
                own + step(from)
            })
            .collect();
        best = scored;
        back.push(came);
    }
    let mut state = (0..best.len()).max_by(|a, b| best[*a].total_cmp(&best[*b]).then(b.cmp(a))).unwrap_or(0);
    let mut path = vec![0; count];
    for slot in (0..count).rev() {
        path[slot] = state;
        state = back[slot][state];
    }
    let bar = |states: &[usize]| {
        let mut romans: Vec<Roman> = states.iter().map(|s| words.chords[*s].0).collect();
        romans.dedup();
        romans
    };
    path.chunks(per_bar).map(bar).collect()
}

/// How well notes stand over a chord, -1.5 to 1; 0 without notes. Long notes and strong places count most.
fn fit(notes: &[&Note], chord: Chord, meter: Meter, (from, until): (Time, Time)) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for note in notes {
        let Some(pitch) = note.top() else { continue };
        let held = (note.end().min(until) - note.onset.max(from)).as_f64();
        let weight = held * (0.35 + if note.onset >= from { meter.weight(note.onset) } else { 0.8 });
        sum += weight * agreement(pitch, chord);
        all += weight;
    }
    if all > 0.0 { sum / all } else { 0.0 }
}

fn agreement(pitch: Pitch, chord: Chord) -> f64 {
    let class = pitch.midi().rem_euclid(12);
    let above = (class - chord.root.class()).rem_euclid(12);
    if chord.contains(class) {
        return if above == 0 || above == 3 || above == 4 { 1.0 } else { 0.85 };
    }
    if clashes(pitch, chord) {
        return -1.5;
    }
    // A ninth or a sixth colours a chord, other foreign notes only pass.
    if above == 2 || above == 9 { -0.1 } else { -0.6 }
}

/// Whether a note stands a semitone above a tone of the chord: a minor ninth, which no style leaves standing on a strong
/// place (Levine 1995, *The Jazz Theory Book*, "avoid notes").
fn clashes(pitch: Pitch, chord: Chord) -> bool {
    let class = pitch.midi().rem_euclid(12);
    !chord.contains(class) && chord.contains((class - 1).rem_euclid(12))
}

/// Moves notes of a melody that stand a minor ninth above a tone of the chord now under them, on a beat and for a beat at
/// least, and do not resolve: each goes to the nearest tone of the chord, a whole tone away at most. Tells which moved.
pub fn soften(melody: &mut [Note], chords: &[(Time, Chord)], meter: Meter) -> Vec<usize> {
    let mut moved = Vec::new();
    for index in 0..melody.len() {
        let (note, next) = (&melody[index], melody.get(index + 1));
        let (Some(pitch), Some(chord)) = (note.top(), crate::bass::sounding(chords, note.onset)) else { continue };
        let heavy = meter.weight(note.onset) >= 0.6 && note.duration >= meter.beat();
        let resolves =
            next.and_then(Note::top).is_some_and(|p| pitch.midi() - p.midi() == 1 && chord.contains(p.midi()));
        if !heavy || resolves || !clashes(pitch, chord) {
            continue;
        }
        let near = chord
            .names()
            .map(|name| Pitch::nearest(name, pitch.midi()))
            .min_by_key(|p| (p.midi() - pitch.midi()).abs());
        if let Some(near) = near.filter(|p| (p.midi() - pitch.midi()).abs() <= 2) {
            melody[index].sound = Sound::Pitched(vec![near]);
            moved.push(index);
        }
    }
    moved
}
