//! Keys, compasses and the move from C, on which all is composed, to the key of the piece.

use eduai_music::{Chord, Key, Mode, Pitch, PitchName, Roman, Time};

/// The key in which the composer works: C, in the mode of the piece.
pub(crate) fn home(mode: Mode) -> Key {
    Key::new(PitchName::C, mode)
}

/// By how many semitones everything moves from C to `tonic`: -6 to 5.
pub(crate) fn shift(tonic: PitchName) -> i32 {
    let class = tonic.class();
    if class <= 5 { class } else { class - 12 }
}

/// A pitch that was composed on C, in the key of the piece; `semitones` is [`shift`], perhaps with octaves.
pub(crate) fn moved(pitch: Pitch, tonic: PitchName, semitones: i32) -> Pitch {
    let name = PitchName::from_fifths(pitch.name().fifths() + tonic.fifths());
    let name = if name.alter.abs() > 2 { name.simplest(tonic.fifths()) } else { name };
    Pitch::from_midi(pitch.midi() + semitones, name)
}

/// The range of a melody on C, in MIDI numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Compass {
    pub low: i32,
    pub high: i32,
}

impl Compass {
    /// The part of it between two shares of its span.
    pub fn part(self, from: f64, to: f64) -> Self {
        let at = |share: f64| self.low + (f64::from(self.high - self.low) * share).round() as i32;
        Self { low: at(from), high: at(to) }
    }

    /// The MIDI number at a share of the span.
    pub fn at(self, share: f64) -> f64 {
        f64::from(self.low) + f64::from(self.high - self.low) * share
    }
}

/// The lowest and highest note that a class can sing in unison: A3 and D5.
pub(crate) const UNISON: (i32, i32) = (57, 74);

/// The octaves by which a melody composed on C is moved, with the key's own shift, to lie best for a class.
pub(crate) fn voice_shift(tonic: PitchName, compass: Compass) -> i32 {
    let base = shift(tonic);
    let outside = |s: i32| (UNISON.0 - compass.low - s).max(0) + (compass.high + s - UNISON.1).max(0);
    [base, base - 12, base + 12].into_iter().min_by_key(|s| (outside(*s), s.abs())).unwrap_or(base)
}

/// Whether a melody of this compass lies inside A3 to D5 in the key of `tonic`.
pub(crate) fn fits_unison(tonic: PitchName, compass: Compass) -> bool {
    let s = voice_shift(tonic, compass);
    compass.low + s >= UNISON.0 && compass.high + s <= UNISON.1
}

/// A chord on the time line, on C.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ChordAt {
    pub at: Time,
    pub duration: Time,
    pub roman: Roman,
    pub chord: Chord,
}

impl ChordAt {
    pub fn end(&self) -> Time {
        self.at + self.duration
    }
}

/// The chord that sounds at a time; the last one after the end.
pub(crate) fn chord_at(chords: &[ChordAt], at: Time) -> Option<&ChordAt> {
    let index = chords.partition_point(|c| c.at <= at);
    chords.get(index.saturating_sub(1))
}
