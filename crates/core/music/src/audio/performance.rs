//! From what is written to what is played: seconds, swing, articulation, and the small differences of human playing.

use super::dsp::Noise;
use crate::play::graces::graced;
use crate::score::{Articulation, Part, Sound};
use crate::{Note, Score, Time};

/// One key to sound.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Played {
    /// Seconds from the start.
    pub at: f64,
    /// Seconds until it is let go.
    pub gate: f64,
    /// MIDI number, or key of the kit.
    pub key: i32,
    /// 0 to 1.
    pub force: f32,
    pub seed: u64,
}

/// Seconds by quarter notes; the tempo marks summed up once.
pub(crate) struct Clock {
    marks: Vec<(f64, f64, f64)>,
}

impl Clock {
    pub(crate) fn of(score: &Score) -> Self {
        let mut marks = vec![(0.0, 0.0, 0.5)];
        for tempo in &score.tempos {
            let (at, bpm) = (tempo.at.as_f64().max(0.0), tempo.bpm().clamp(4.0, 2000.0));
            let last = marks[marks.len() - 1];
            if at <= last.0 + 1e-9 {
                marks.pop();
            }
            marks.push((at, last.1 + (at - last.0) * last.2, 60.0 / bpm));
        }
        Self { marks }
    }

    pub(crate) fn seconds(&self, quarters: f64) -> f64 {
        let index = self.marks.partition_point(|m| m.0 <= quarters).max(1) - 1;
        let mark = self.marks[index];
        mark.1 + (quarters - mark.0) * mark.2
    }
}

/// Ticks a quarter note, fine enough for the ear.
const TICKS: i64 = 960;

/// When a note starts, in seconds, and what of its grace notes sounds before; `before` is when the note before it in its
/// voice started, in quarter notes.
fn ornamented(note: &Note, before: Option<f64>, (on, off): (f64, f64), clock: &Clock) -> (f64, Vec<Played>) {
    if note.graces.is_empty() {
        return (clock.seconds(on), Vec::new());
    }
    let ticks = |quarters: f64| (quarters * TICKS as f64).round() as i64;
    let seconds = |ticks: i64| clock.seconds(ticks as f64 / TICKS as f64);
    let graced = graced(&note.graces, before.map(ticks), (ticks(on), ticks(off)), TICKS);
    let mut all = Vec::new();
    for (grace, (from, to)) in note.graces.iter().zip(graced.graces) {
        let (at, gate) = (seconds(from).max(0.0), (seconds(to) - seconds(from)).max(0.03));
        let one = |key: i32| Played { at, gate, key, force: 0.0, seed: 0 };
        match &grace.sound {
            Sound::Pitched(pitches) => all.extend(pitches.iter().map(|pitch| one(pitch.midi()))),
            Sound::Drums(keys) => all.extend(keys.iter().map(|key| one(i32::from(*key)))),
        }
    }
    (seconds(graced.onset), all)
}

/// When the last note of the score ends, in seconds.
pub(crate) fn end_seconds(score: &Score, clock: &Clock) -> f64 {
    let last = score.parts.iter().flat_map(Part::notes).map(Note::end).max().unwrap_or(Time::ZERO);
    clock.seconds(score.end().max(last).as_f64())
}

/// The notes of a part in order of time. `loose` is how far playing strays from the grid, 0 to 1.
pub(crate) fn played(score: &Score, index: usize, clock: &Clock, loose: f64, seed: u64) -> Vec<Played> {
    let Some(part) = score.parts.get(index) else { return Vec::new() };
    let mut all = Vec::new();
    for (v, voice) in part.voices.iter().enumerate() {
        let mut before = None;
        for (n, note) in voice.iter().enumerate() {
            let seed = seed ^ ((index as u64) << 48) ^ ((v as u64) << 40) ^ ((n as u64) << 8);
            let mut noise = Noise::new(seed);
            let drift = 0.004 * loose * f64::from(noise.next() + noise.next()) * 0.5;
            let (on, off) = (score.played(note.onset).as_f64(), score.played(note.end()).as_f64());
            let (start, ornaments) = ornamented(note, before, (on, off), clock);
            before = Some(on);
            let has = |a: Articulation| note.articulations.contains(&a);
            let share = match () {
                () if has(Articulation::Staccato) => 0.5,
                () if has(Articulation::Tenuto) => 1.0,
                () => 0.94,
            };
            let gate = ((clock.seconds(off) - start) * share).max(0.03);
            let stress = match () {
                () if has(Articulation::Ghost) => 0.45,
                () if has(Articulation::Accent) => 1.22,
                () => 1.0,
            };
            let force = f32::from(note.velocity) / 127.0 * stress * (1.0 + 0.05 * loose as f32 * noise.next());
            let at = (start + drift).max(0.0);
            let force = force.clamp(0.03, 1.0);
            all.extend(ornaments.into_iter().map(|played| Played { force, seed: seed ^ 0x47, ..played }));
            match &note.sound {
                Sound::Pitched(pitches) => all.extend(pitches.iter().enumerate().map(|(p, pitch)| Played {
                    // Chords are spread by a few milliseconds, from the bottom up, as hands do.
                    at: at + 0.0025 * loose * p as f64,
                    gate,
                    key: pitch.midi(),
                    force,
                    seed: seed ^ p as u64,
                })),
                Sound::Drums(keys) => all.extend(keys.iter().enumerate().map(|(p, key)| Played {
                    at: at + 0.001 * loose * f64::from(noise.next().abs()) * p as f64,
                    gate,
                    key: i32::from(*key),
                    force,
                    seed: seed ^ p as u64,
                })),
            }
        }
    }
    all.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.key.cmp(&b.key)));
    all
}
