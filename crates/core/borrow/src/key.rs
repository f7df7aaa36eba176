//! From one key to another, spelled: by interval inside a mode, by degree from one mode to another.

use crate::line::Line;
use eduai_kernel::Text;
use eduai_music::{Key, Pitch, PitchName};

/// A change of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyChange {
    from: Key,
    to: Key,
    octaves: i32,
}

impl KeyChange {
    /// From `from` to `to`, the shorter way: down by at most five semitones or up by at most six.
    pub const fn new(from: Key, to: Key) -> Self {
        Self { from, to, octaves: 0 }
    }

    /// The same, and besides so many octaves up (down, when negative) that pitches around `middle` (a MIDI number) come
    /// to lie nearest to `wanted`.
    #[must_use]
    pub fn around(self, middle: i32, wanted: i32) -> Self {
        let off = wanted - (middle + self.shift());
        Self { octaves: (off + 6).div_euclid(12), ..self }
    }

    /// The same, with the octaves that bring the middle of `line` to lie between two MIDI numbers, if it does not yet.
    #[must_use]
    pub fn within(self, line: &Line, (low, high): (i32, i32)) -> Self {
        let middle = line.middle().unwrap_or(low);
        self.around(middle, (middle + self.semitones()).clamp(low, high))
    }

    /// Semitones between the tonics, -5 to 6.
    fn shift(self) -> i32 {
        (self.to.tonic.class() - self.from.tonic.class() + 5).rem_euclid(12) - 5
    }

    /// Semitones by which the tonic moves, octaves included.
    pub fn semitones(self) -> i32 {
        self.shift() + 12 * self.octaves
    }

    /// Whether it changes nothing.
    pub fn is_plain(self) -> bool {
        self.from == self.to && self.octaves == 0
    }

    /// A pitch in the new key. `leads` says that it leads to the tonic: a seventh degree that does is raised in minor.
    pub fn pitch(self, pitch: Pitch, leads: bool) -> Pitch {
        let name = self.name(pitch.name(), leads);
        Pitch::nearest(name, pitch.midi() + self.semitones())
    }

    /// A pitch name in the new key.
    pub fn name(self, name: PitchName, leads: bool) -> PitchName {
        let moved = if self.from.mode == self.to.mode {
            PitchName::from_fifths(name.fifths() + self.to.tonic.fifths() - self.from.tonic.fifths())
        } else {
            self.by_degree(name, leads)
        };
        if moved.alter.abs() > 2 { moved.simplest(self.to.signature()) } else { moved }
    }

    /// The same degree of the other mode, with the same alteration. The raised sixth and seventh degrees of minor are
    /// the plain ones of major.
    fn by_degree(self, name: PitchName, leads: bool) -> PitchName {
        let degree = (name.step.index() - self.from.tonic.step.index()).rem_euclid(7) + 1;
        let mut alter = name.alter - self.from.degree(degree).alter;
        let upper = degree >= 6;
        if upper && self.from.mode.is_minor() && !self.to.mode.is_minor() {
            alter = alter.min(0);
        }
        if degree == 7 && self.to.mode.is_minor() && !self.from.mode.is_minor() && alter == 0 && leads {
            alter = 1;
        }
        let plain = self.to.degree(degree);
        PitchName::new(plain.step, plain.alter + alter)
    }

    /// What it does, in a sentence; none when it changes nothing.
    pub fn describe(self) -> Option<Text> {
        if self.is_plain() {
            return None;
        }
        let by = self.semitones();
        let (en, es) = match by {
            0 => (String::new(), String::new()),
            1.. => (format!(", {by} semitones up"), format!(", {by} semitonos arriba")),
            _ => (format!(", {} semitones down", -by), format!(", {} semitonos abajo", -by)),
        };
        if self.from == self.to {
            let n = self.octaves.abs();
            let (up_en, up_es) = if self.octaves > 0 { ("up", "arriba") } else { ("down", "abajo") };
            return Some(Text::new(format!("{n} octave(s) {up_en}."), format!("{n} octava(s) {up_es}.")));
        }
        let (mode_en, mode_es) = if self.from.mode == self.to.mode {
            ("", "")
        } else {
            ("; every note keeps its degree of the scale", "; cada nota conserva su grado de la escala")
        };
        Some(Text::new(
            format!("From {} to {}{en}{mode_en}.", self.from, self.to),
            format!("De {} a {}{es}{mode_es}.", self.from, self.to),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    fn pitch(text: &str) -> Pitch {
        text.parse().unwrap()
    }

    #[test]
    fn spelling_follows_the_key() {
        let up = KeyChange::new(key("G major"), key("Ab major"));
        assert_eq!(up.pitch(pitch("F#4"), false), pitch("G4"));
        assert_eq!(up.pitch(pitch("C#5"), false), pitch("D5"));
        let down = KeyChange::new(key("C major"), key("A major"));
        assert_eq!(down.pitch(pitch("Bb4"), false), pitch("G4"));
        assert_eq!(down.semitones(), -3);
    }

    #[test]
    fn a_major_tune_becomes_minor_by_degree() {
        let minor = KeyChange::new(key("C major"), key("A minor"));
        assert_eq!(minor.pitch(pitch("E4"), false), pitch("C4"));
        assert_eq!(minor.pitch(pitch("B4"), true), pitch("G#4"));
        assert_eq!(minor.pitch(pitch("B4"), false), pitch("G4"));
        let major = KeyChange::new(key("A minor"), key("A major"));
        assert_eq!(major.pitch(pitch("G#4"), true), pitch("G#4"));
        assert_eq!(major.pitch(pitch("C4"), false), pitch("C#4"));
    }

    #[test]
    fn octaves_bring_a_line_where_it_is_wanted() {
        let change = KeyChange::new(key("C major"), key("D major")).around(84, 64);
        assert_eq!(change.semitones(), -22);
        assert_eq!(change.pitch(pitch("C6"), false), pitch("D4"));
    }
}
