//! One voice while it is read: where it is in time, which accidentals hold, what is tied, what is swung by dots.

use super::fields::{Measured, Properties};
use crate::Time;
use crate::notation::dynamics::DynamicSign;
use crate::play::Sign;
use crate::reading::assemble::{Head, Tone, Waiting};
use crate::reading::dynamics::UNSTATED;
use crate::reading::{MAX_QUARTERS, ReadError, bar_of, sane};
use crate::score::{Articulation, GraceValue, Meter};
use crate::theory::{Key, Pitch, Step};
use std::collections::HashMap;

/// A bar of a voice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar {
    pub start: Time,
    pub end: Time,
    pub meter: Option<Measured>,
    pub key: Key,
}

/// A note of a line of music, for the words under it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// The index of the note's first head.
    pub head: usize,
    /// Whether it is tied to the note before.
    pub tied: bool,
    /// The index of its bar.
    pub bar: usize,
}

/// How far an accidental reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Propagation {
    Note,
    Octave,
    Letter,
}

/// The last note, chord or rest, which a broken rhythm may still change.
#[derive(Clone, Debug, Default)]
struct Last {
    heads: Vec<usize>,
    duration: Time,
}

/// A voice.
#[derive(Clone, Debug)]
pub(super) struct Voice {
    pub id: String,
    pub properties: Properties,
    pub program: u8,
    pub drums: bool,
    pub meter: Option<Measured>,
    pub unit: Time,
    pub key: Key,
    /// What the key gives to each letter, with the field's own accidentals.
    pub signature: HashMap<Step, i8>,
    pub heads: Vec<Head>,
    pub bars: Vec<Bar>,
    /// Repeats, endings and jumps with the index of their bar.
    pub signs: Vec<(usize, Sign)>,
    /// The passes of the ending that is open.
    pub ending: Option<Vec<u8>>,
    pub now: Time,
    pub bar_start: Time,
    /// The notes of the last line of music, and which verse comes next.
    pub line: Vec<Slot>,
    pub verse: u8,
    /// Whether a word goes on, by verse.
    pub inside: HashMap<u8, bool>,
    /// The head that was sung last, by verse.
    pub sung: HashMap<u8, usize>,
    /// 0 in the voice itself, 1 and up in what is laid over it.
    pub overlay: usize,
    /// Where the voice itself has come to in this bar, while something is laid over it.
    pub main: Option<Time>,
    accidentals: HashMap<(Step, Option<i8>), i8>,
    ties: Vec<Pitch>,
    last: Last,
    broken: Time,
    tuplet: (usize, Time),
    pub marks: Vec<Articulation>,
    /// Grace notes that wait for their note.
    pub waiting: Waiting,
    pub dynamics: Vec<(Time, DynamicSign)>,
}

/// A written note: pitch without accidental, the accidental if there is one, length in units, and whether a tie leaves
/// from it inside its chord.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub step: Step,
    pub octave: i8,
    pub accidental: Option<i8>,
    pub length: Time,
    pub tied: bool,
}

impl Voice {
    /// A voice at the start of a tune.
    pub fn new(id: &str, key: Key, meter: Option<Measured>, unit: Time) -> Self {
        Self {
            id: id.to_owned(),
            properties: Properties::default(),
            program: 0,
            drums: false,
            meter,
            unit,
            key,
            signature: HashMap::new(),
            heads: Vec::new(),
            bars: Vec::new(),
            signs: Vec::new(),
            ending: None,
            now: Time::ZERO,
            bar_start: Time::ZERO,
            line: Vec::new(),
            verse: 1,
            inside: HashMap::new(),
            sung: HashMap::new(),
            overlay: 0,
            main: None,
            accidentals: HashMap::new(),
            ties: Vec::new(),
            last: Last::default(),
            broken: Time::QUARTER,
            tuplet: (0, Time::QUARTER),
            marks: Vec::new(),
            waiting: Waiting::default(),
            dynamics: Vec::new(),
        }
    }

    /// The meter to count in.
    pub fn counted(&self) -> Meter {
        match self.meter {
            Some(Measured::In(meter)) => meter,
            _ => Meter::COMMON,
        }
    }

    /// What tuplets and broken rhythm make of a length in units. Takes one note off the tuplet.
    fn scaled(&mut self) -> Time {
        let tuplet = if self.tuplet.0 > 0 {
            self.tuplet.0 -= 1;
            self.tuplet.1
        } else {
            Time::QUARTER
        };
        let broken = std::mem::replace(&mut self.broken, Time::QUARTER);
        sane(self.unit * tuplet * broken)
    }

    /// The next `count` notes last `factor` times as long.
    pub fn tuplet(&mut self, count: usize, factor: Time) {
        self.tuplet = (count, factor);
    }

    /// A rest of so many units.
    pub fn rest(&mut self, units: Time) {
        let duration = sane(units * self.scaled());
        self.last = Last { heads: Vec::new(), duration };
        self.ties.clear();
        self.marks.clear();
        self.waiting.give_up();
        self.now = sane(self.now + duration);
    }

    /// A note or chord; a chord lasts as long as its first note. `propagation` says how far accidentals reach.
    pub fn chord(&mut self, notes: &[Written], units: Time, propagation: Propagation) {
        let Some(first) = notes.first() else { return };
        let scale = sane(units * self.scaled());
        let duration = sane(first.length * scale);
        let ties = std::mem::take(&mut self.ties);
        let tied_before = |pitch: Pitch| ties.iter().any(|tie| tie.midi() == pitch.midi());
        let mut heads = Vec::new();
        let mut arrives = false;
        for note in notes {
            let pitch = self.pitch(*note, &ties, propagation);
            let tied = tied_before(pitch);
            arrives |= tied;
            heads.push(self.heads.len());
            if note.tied {
                self.ties.push(pitch);
            }
            let tone = self.tone(pitch);
            self.heads.push(Head {
                onset: self.now,
                duration: sane(note.length * scale),
                tone,
                voice: self.overlay,
                tied: (tied, note.tied),
                velocity: UNSTATED,
                graces: self.waiting.take(),
                articulations: if heads.len() == 1 { std::mem::take(&mut self.marks) } else { Vec::new() },
                lyrics: Vec::new(),
            });
        }
        if self.overlay == 0 {
            self.line.push(Slot { head: heads[0], tied: arrives, bar: self.bars.len() });
        }
        self.last = Last { heads, duration };
        self.now = sane(self.now + duration);
    }

    /// The written pitch with the accidental that holds for it.
    fn pitch(&mut self, note: Written, ties: &[Pitch], propagation: Propagation) -> Pitch {
        let place = match propagation {
            Propagation::Letter => (note.step, None),
            _ => (note.step, Some(note.octave)),
        };
        let alter = if let Some(alter) = note.accidental {
            if propagation != Propagation::Note {
                self.accidentals.insert(place, alter);
            }
            alter
        } else {
            // A tie carries its accidental over the bar line.
            let tied = ties.iter().find(|tie| (tie.step, tie.octave) == (note.step, note.octave));
            let held = self.accidentals.get(&place).copied();
            held.or(tied.map(|tie| tie.alter)).unwrap_or_else(|| self.signature.get(&note.step).copied().unwrap_or(0))
        };
        Pitch { step: note.step, alter, octave: note.octave }
    }

    fn sounding(&self, pitch: Pitch) -> Pitch {
        let octave = (i32::from(pitch.octave) + self.properties.octaves).clamp(-2, 11) as i8;
        self.properties.transposition().sounding(Pitch { octave, ..pitch })
    }

    fn tone(&self, written: Pitch) -> Tone {
        let sounding = self.sounding(written);
        match u8::try_from(sounding.midi()) {
            Ok(key) if self.drums && key < 128 => Tone::Drum(key),
            _ => Tone::Pitch(sounding),
        }
    }

    /// The key in which the voice sounds.
    pub fn sounding_key(&self) -> Key {
        self.properties.transposition().sounding_key(self.key)
    }

    /// Grace notes that sound together, for the next note. Their accidentals hold as those of other notes do.
    pub fn grace(&mut self, notes: &[Written], units: Time, slashed: bool, propagation: Propagation) {
        let Some(first) = notes.first() else { return };
        let value = GraceValue::below(first.length * units / 2);
        let tones: Vec<Tone> = notes
            .iter()
            .map(|note| {
                let pitch = self.pitch(*note, &[], propagation);
                self.tone(pitch)
            })
            .collect();
        self.waiting.push(&tones, value, slashed);
    }

    /// A dynamic sign stands here.
    pub fn dynamic(&mut self, sign: DynamicSign) {
        self.dynamics.push((self.now, sign));
    }

    /// A tie leaves from the last note or chord.
    pub fn tie(&mut self) {
        for index in self.last.heads.clone() {
            let Some(head) = self.heads.get_mut(index) else { continue };
            if head.tied.1 {
                continue;
            }
            head.tied.1 = true;
            let (octaves, transposition) = (self.properties.octaves, self.properties.transposition());
            let written = match head.tone {
                Tone::Pitch(pitch) => {
                    let printed = transposition.printed(pitch);
                    Pitch { octave: printed.octave - octaves as i8, ..printed }
                }
                Tone::Drum(key) => Pitch::from_midi(i32::from(key) - 12 * octaves, crate::PitchName::C),
            };
            self.ties.push(written);
        }
    }

    /// `>` (positive) or `<` (negative), so many times: the last note is lengthened and the next one shortened, or the
    /// other way round.
    pub fn break_rhythm(&mut self, signs: i32) {
        let half = Time::new(1, 1 << signs.unsigned_abs().clamp(1, 4));
        let (short, long) = (half, Time::quarters(2) - half);
        let (first, second) = if signs > 0 { (long, short) } else { (short, long) };
        let before = self.last.duration;
        let after = sane(before * first);
        for index in &self.last.heads {
            if let Some(head) = self.heads.get_mut(*index) {
                head.duration = sane(head.duration * first);
            }
        }
        self.now = sane(self.now - before + after);
        self.last.duration = after;
        self.broken = second;
    }

    /// Starts laying something over the bar.
    pub fn lay_over(&mut self) {
        self.main.get_or_insert(self.now);
        self.overlay += 1;
        self.now = self.bar_start;
        self.ties.clear();
    }

    /// A bar line.
    pub fn bar_line(&mut self) -> Result<(), ReadError> {
        self.now = self.main.take().unwrap_or(self.now).max(if self.overlay > 0 { self.now } else { Time::ZERO });
        self.overlay = 0;
        self.accidentals.clear();
        if self.now > self.bar_start {
            bar_of(self.now - self.bar_start)?;
            self.bars.push(Bar { start: self.bar_start, end: self.now, meter: self.meter, key: self.sounding_key() });
            self.bar_start = self.now;
            if let Some(passes) = self.ending.clone() {
                self.sign(self.bars.len() - 1, Sign::Ending(passes));
            }
        }
        if self.now >= Time::quarters(MAX_QUARTERS) || self.bars.len() > 20_000 {
            return Err(ReadError::TooLarge { what: "the number of bars", limit: 20_000 });
        }
        Ok(())
    }

    /// Notes a sign of a bar, once.
    pub fn sign(&mut self, bar: usize, sign: Sign) {
        if !self.signs.iter().rev().take(8).any(|known| *known == (bar, sign.clone())) {
            self.signs.push((bar, sign));
        }
    }

    /// Bars of rest.
    pub fn bars_of_rest(&mut self, count: usize) -> Result<(), ReadError> {
        for index in 0..count {
            self.now = sane(self.now + self.counted().length());
            if index + 1 < count {
                self.bar_line()?;
            }
        }
        self.last = Last::default();
        self.ties.clear();
        Ok(())
    }
}
