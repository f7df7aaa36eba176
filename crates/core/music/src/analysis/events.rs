//! The sounding notes of a score as a flat list in order of time, with what the later stages ask about each.

use crate::score::{Instrument, Measure, Meter};
use crate::{Pitch, Score, Time};

/// One sounding pitch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub on: f64,
    pub off: f64,
    pub onset: Time,
    pub pitch: Pitch,
    pub midi: i32,
    pub part: usize,
    /// How strong its place in the bar is, 0.1 to 1.
    pub place: f64,
    /// How far it speaks for the harmony, 0 to 1: little for short notes that are passed through by step.
    pub harmonic: f64,
}

impl Event {
    pub(crate) fn class(&self) -> usize {
        self.midi.rem_euclid(12) as usize
    }

    pub(crate) fn length(&self) -> f64 {
        self.off - self.on
    }
}

/// The bars as plain numbers, for quick look-up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bars {
    starts: Vec<f64>,
    meters: Vec<Meter>,
    /// What a shortened first bar lacks: its notes stand at the end of a full bar.
    pickup: f64,
}

impl Bars {
    pub(crate) fn of(measures: &[Measure]) -> Self {
        let pickup = measures.first().map_or(0.0, |m| (m.meter.length().as_f64() - m.length.as_f64()).max(0.0));
        Self {
            starts: measures.iter().map(|m| m.start.as_f64()).collect(),
            meters: measures.iter().map(|m| m.meter).collect(),
            pickup,
        }
    }

    /// The index of the bar that holds `at`, 0 when there is none.
    pub(crate) fn index(&self, at: f64) -> usize {
        self.starts.partition_point(|s| *s <= at + 1e-9).saturating_sub(1)
    }

    /// The place of `at` inside its bar, in quarter notes, as if the bar were full; and the meter.
    pub(crate) fn place(&self, at: f64) -> (f64, Meter) {
        let bar = self.index(at);
        match (self.starts.get(bar), self.meters.get(bar)) {
            (Some(start), Some(meter)) => (at - start + if bar == 0 { self.pickup } else { 0.0 }, *meter),
            _ => (at.rem_euclid(4.0), Meter::COMMON),
        }
    }

    /// The metrical weight at `at`; the same scale as [`Meter::weight`].
    pub(crate) fn weight(&self, at: f64) -> f64 {
        let (place, meter) = self.place(at);
        weight(meter, place)
    }
}

/// [`Meter::weight`] in floating point, for thousands of notes.
pub(crate) fn weight(meter: Meter, place: f64) -> f64 {
    let length = 4.0 * f64::from(meter.beats.max(1)) / f64::from(meter.unit.max(1));
    let place = place.rem_euclid(length);
    let on = |grid: f64| {
        let r = (place / grid).fract();
        !(1e-6..=1.0 - 1e-6).contains(&r)
    };
    if place < 1e-6 || length - place < 1e-6 {
        return 1.0;
    }
    let unit = 4.0 / f64::from(meter.unit.max(1));
    let (beat, division) = if meter.is_compound() { (unit * 3.0, 3.0) } else { (unit, 2.0) };
    if meter.beats.is_multiple_of(4) && !meter.is_compound() && on(length / 2.0) {
        0.8
    } else if on(beat) {
        0.6
    } else if on(beat / division) {
        0.35
    } else if on(beat / division / 2.0) {
        0.2
    } else {
        0.1
    }
}

/// All pitched notes, in order of time and then of pitch.
pub(crate) fn events(score: &Score, bars: &Bars) -> Vec<Event> {
    let mut all = Vec::new();
    for (index, part) in score.parts.iter().enumerate() {
        if part.instrument == Instrument::Drums {
            continue;
        }
        for voice in &part.voices {
            let first = all.len();
            for note in voice {
                for pitch in note.pitches() {
                    let (on, length) = (note.onset.as_f64(), note.duration.as_f64());
                    all.push(Event {
                        on,
                        off: on + length,
                        onset: note.onset,
                        pitch: *pitch,
                        midi: pitch.midi(),
                        part: index,
                        place: bars.weight(on),
                        harmonic: 1.0,
                    });
                }
            }
            weigh_ornaments(&mut all[first..]);
        }
    }
    all.retain(|e| e.off > e.on && e.on.is_finite());
    all.sort_by(|a, b| a.on.total_cmp(&b.on).then(a.midi.cmp(&b.midi)));
    all
}

/// Lowers the harmonic weight of notes of a single line that are short, off the beat and passed through by step: they
/// are passing and neighbour notes more often than chord notes (Temperley 2001, chapter 6: the potential ornamental dissonance).
fn weigh_ornaments(line: &mut [Event]) {
    for i in 0..line.len() {
        let note = line[i];
        let alone = |j: usize| line.get(j).is_some_and(|o| (o.on - note.on).abs() > 1e-9);
        let before = i.checked_sub(1).filter(|j| alone(*j)).map(|j| line[j]);
        let after = Some(i + 1).filter(|j| alone(*j)).map(|j| line[j]);
        let by_step = |other: Option<Event>, gap: f64| {
            other.is_some_and(|o| (1..=2).contains(&(o.midi - note.midi).abs()) && gap.abs() < 0.26)
        };
        let from = by_step(before, before.map_or(9.0, |b| note.on - b.off));
        let to = by_step(after, after.map_or(9.0, |a| a.on - note.off));
        let weak = before.is_some_and(|b| b.place > note.place) || after.is_some_and(|a| a.place > note.place);
        let short = note.length() <= 0.51;
        line[i].harmonic = match (from, to) {
            (true, true) if weak && short => 0.3,
            (true, true) if short => 0.6,
            (_, true) if short => 0.75,
            (true, false) if weak && short => 0.8,
            (true, true) if weak => 0.75,
            _ => 1.0,
        };
    }
}
