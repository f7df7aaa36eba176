//! Spelled pitches: C sharp is not D flat. Interval arithmetic works on the spelling (diatonic steps and semitones).

use super::{Malformed, serde_as_text};
use std::{fmt, str::FromStr};

/// A letter of the staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// C, do.
    C,
    /// D, re.
    D,
    /// E, mi.
    E,
    /// F, fa.
    F,
    /// G, sol.
    G,
    /// A, la.
    A,
    /// B, si.
    B,
}

impl Step {
    /// All steps from C up.
    pub const ALL: [Self; 7] = [Self::C, Self::D, Self::E, Self::F, Self::G, Self::A, Self::B];

    /// 0 for C to 6 for B.
    pub const fn index(self) -> i32 {
        self as i32
    }

    /// The step `index` above C, octaves ignored.
    pub fn from_index(index: i32) -> Self {
        Self::ALL[index.rem_euclid(7) as usize]
    }

    /// Semitones above C.
    pub const fn semitones(self) -> i32 {
        [0, 2, 4, 5, 7, 9, 11][self as usize]
    }

    /// The letter.
    pub const fn letter(self) -> char {
        ['C', 'D', 'E', 'F', 'G', 'A', 'B'][self as usize]
    }
}

/// A spelled pitch without an octave: a tonic, a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PitchName {
    /// The letter.
    pub step: Step,
    /// Semitones of alteration: -1 flat, 1 sharp, 2 double sharp.
    pub alter: i8,
}

impl PitchName {
    /// C natural.
    pub const C: Self = Self { step: Step::C, alter: 0 };

    /// The pitch of this letter and alteration.
    pub const fn new(step: Step, alter: i8) -> Self {
        Self { step, alter }
    }

    /// 0 to 11, 0 for C.
    pub fn class(self) -> i32 {
        (self.step.semitones() + i32::from(self.alter)).rem_euclid(12)
    }

    /// The place on the line of fifths: 0 for C, 1 for G, -1 for F, 7 for C sharp.
    pub fn fifths(self) -> i32 {
        [0, 2, 4, -1, 1, 3, 5][self.step as usize] + 7 * i32::from(self.alter)
    }

    /// The pitch at a place on the line of fifths.
    pub fn from_fifths(fifths: i32) -> Self {
        let letters = [Step::F, Step::C, Step::G, Step::D, Step::A, Step::E, Step::B];
        let shifted = fifths + 1;
        Self::new(letters[shifted.rem_euclid(7) as usize], shifted.div_euclid(7) as i8)
    }

    /// The pitch `steps` letters and `semitones` semitones above: (2, 4) is a major third, (2, 3) a minor third.
    #[must_use]
    pub fn up(self, steps: i32, semitones: i32) -> Self {
        let index = self.step.index() + steps;
        let step = Step::from_index(index);
        let natural = step.semitones() + 12 * index.div_euclid(7);
        Self::new(step, (self.step.semitones() + i32::from(self.alter) + semitones - natural) as i8)
    }

    /// The same sound with at most one accidental, on the side of the line of fifths that is nearer to `near`.
    #[must_use]
    pub fn simplest(self, near: i32) -> Self {
        (-8..=12)
            .map(Self::from_fifths)
            .filter(|p| p.class() == self.class() && p.alter.abs() <= 1)
            .min_by_key(|p| (p.fifths() - near).abs())
            .unwrap_or(self)
    }

    /// This pitch in an octave (4 holds middle C).
    pub const fn at(self, octave: i8) -> Pitch {
        Pitch { step: self.step, alter: self.alter, octave }
    }
}

/// A spelled pitch with its octave (scientific notation: C4 is middle C).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pitch {
    /// The letter.
    pub step: Step,
    /// Semitones of alteration.
    pub alter: i8,
    /// The octave; 4 starts at middle C.
    pub octave: i8,
}

impl Pitch {
    /// The pitch without its octave.
    pub const fn name(self) -> PitchName {
        PitchName { step: self.step, alter: self.alter }
    }

    /// The MIDI number: 60 for C4. May lie outside 0..=127 for pitches that MIDI cannot say.
    pub fn midi(self) -> i32 {
        12 * (i32::from(self.octave) + 1) + self.step.semitones() + i32::from(self.alter)
    }

    /// Letters above C0: comparing it compares places on the staff.
    pub fn staff_index(self) -> i32 {
        7 * i32::from(self.octave) + self.step.index()
    }

    /// The pitch with this MIDI number and this name's spelling; the name must be of the same pitch class, else the
    /// simplest sharp or natural spelling is taken.
    pub fn from_midi(midi: i32, name: PitchName) -> Self {
        let name = if name.class() == midi.rem_euclid(12) {
            name
        } else {
            PitchName::from_fifths([0, 7, 2, 9, 4, -1, 6, 1, 8, 3, 10, 5][midi.rem_euclid(12) as usize])
        };
        let octave = (midi - name.step.semitones() - i32::from(name.alter)).div_euclid(12) - 1;
        name.at(octave as i8)
    }

    /// The pitch `steps` letters and `semitones` semitones above (below, when negative).
    #[must_use]
    pub fn up(self, steps: i32, semitones: i32) -> Self {
        Self::from_midi(self.midi() + semitones, self.name().up(steps, semitones))
    }

    /// The pitch of this name that is nearest to MIDI number `near` (the lower of two).
    pub fn nearest(name: PitchName, near: i32) -> Self {
        let below = near - (near - name.class()).rem_euclid(12);
        Self::from_midi(if near - below <= 6 { below } else { below + 12 }, name)
    }
}

impl PartialOrd for Pitch {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Pitch {
    /// By sound, then by spelling.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.midi(), self.staff_index()).cmp(&(other.midi(), other.staff_index()))
    }
}

impl fmt::Display for PitchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.alter < 0 { "b" } else { "#" };
        write!(f, "{}{}", self.step.letter(), sign.repeat(usize::from(self.alter.unsigned_abs())))
    }
}
impl fmt::Display for Pitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.name(), self.octave)
    }
}

fn split_name(text: &str) -> Option<(PitchName, &str)> {
    let letter = text.chars().next()?.to_ascii_uppercase();
    let step = Step::ALL.into_iter().find(|s| s.letter() == letter)?;
    let rest = &text[1..];
    let signs: String = rest.chars().take_while(|c| matches!(c, '#' | 'b' | '♯' | '♭')).collect();
    let sharp = signs.chars().all(|c| matches!(c, '#' | '♯'));
    let flat = signs.chars().all(|c| matches!(c, 'b' | '♭'));
    let count = signs.chars().count();
    if count > 2 || !(sharp || flat) {
        return None;
    }
    let alter = if sharp { count as i8 } else { -(count as i8) };
    Some((PitchName::new(step, alter), &rest[signs.len()..]))
}

/// Splits a leading pitch name off `text`: `Bbmaj7` gives B flat and `maj7`.
pub(crate) fn leading_name(text: &str) -> Option<(PitchName, &str)> {
    split_name(text)
}

impl FromStr for PitchName {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        match split_name(text) {
            Some((name, "")) => Ok(name),
            _ => Err(Malformed { text: text.to_owned(), what: "pitch name", example: "C, F# or Bb" }),
        }
    }
}
impl FromStr for Pitch {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        split_name(text).and_then(|(name, rest)| Some(name.at(rest.parse().ok()?))).ok_or_else(|| Malformed {
            text: text.to_owned(),
            what: "pitch",
            example: "C4, F#3 or Bb5",
        })
    }
}
serde_as_text!(PitchName);
serde_as_text!(Pitch);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_survives_intervals() {
        let p = |s: &str| s.parse::<Pitch>().unwrap();
        assert_eq!(p("C4").up(2, 4), p("E4"));
        assert_eq!(p("A3").up(2, 3), p("C4"));
        assert_eq!(p("C4").up(-1, -1), p("B3"));
        assert_eq!(p("F#4").up(2, 4), p("A#4"));
        assert_eq!(p("Cb4").midi(), 59);
        assert_eq!(p("B#3").midi(), 60);
        assert_eq!(Pitch::from_midi(60, "B#".parse().unwrap()), p("B#3"));
    }

    #[test]
    fn the_line_of_fifths_goes_both_ways() {
        for f in -15..20 {
            assert_eq!(PitchName::from_fifths(f).fifths(), f);
        }
        assert!("H#".parse::<PitchName>().is_err());
        assert!("C#b".parse::<PitchName>().is_err());
    }
}
