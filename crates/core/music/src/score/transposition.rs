//! Transposing instruments: what is printed for the player is not what sounds.

use crate::theory::Step;
use crate::{Chord, Key, Pitch, PitchName};
use serde::{Deserialize, Serialize};

/// The interval from what is printed to what sounds, octaves included: a clarinet in B flat sounds one letter and two
/// semitones lower. All pitches of a score are those that sound; only what is printed for the player is moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "(i8, i8)", into = "(i8, i8)")]
pub struct Transposition {
    steps: i8,
    semitones: i8,
}

/// Two numbers that are no interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} letters and {1} semitones are no interval of transposition")]
pub struct NoInterval(i8, i8);

impl TryFrom<(i8, i8)> for Transposition {
    type Error = NoInterval;
    fn try_from((steps, semitones): (i8, i8)) -> Result<Self, NoInterval> {
        Self::new(i32::from(steps), i32::from(semitones)).ok_or(NoInterval(steps, semitones))
    }
}

impl From<Transposition> for (i8, i8) {
    fn from(transposition: Transposition) -> Self {
        (transposition.steps, transposition.semitones)
    }
}

impl Transposition {
    /// What is printed sounds.
    pub const NONE: Self = Self { steps: 0, semitones: 0 };

    /// Whether what is printed sounds.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// So many letters and semitones up, down where negative. None where these are no interval (a second is one to
    /// three semitones or, diminished, none) or more than five octaves.
    pub fn new(steps: i32, semitones: i32) -> Option<Self> {
        if steps.abs() > 35 || semitones.abs() > 60 {
            return None;
        }
        // The natural letter so many steps from C is a major or a perfect interval away.
        let natural = Step::from_index(steps).semitones() + 12 * steps.div_euclid(7);
        let transposition = Self { steps: i8::try_from(steps).ok()?, semitones: i8::try_from(semitones).ok()? };
        ((semitones - natural).abs() <= 2).then_some(transposition)
    }

    /// So many semitones, by the usual interval: ten down are a minor seventh. More than five octaves are taken as five.
    pub fn of_semitones(semitones: i32) -> Self {
        let semitones = semitones.clamp(-60, 60);
        let in_octave = [0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6][semitones.rem_euclid(12) as usize];
        Self::new(in_octave + 7 * semitones.div_euclid(12), semitones).unwrap_or(Self::NONE)
    }

    /// Letters from what is printed up to what sounds.
    pub fn steps(self) -> i32 {
        i32::from(self.steps)
    }

    /// Semitones from what is printed up to what sounds.
    pub fn semitones(self) -> i32 {
        i32::from(self.semitones)
    }

    /// What is printed for a sounding pitch.
    pub fn printed(self, sounding: Pitch) -> Pitch {
        if self == Self::NONE { sounding } else { sounding.up(-self.steps(), -self.semitones()) }
    }

    /// What sounds where a pitch is printed.
    pub fn sounding(self, printed: Pitch) -> Pitch {
        if self == Self::NONE { printed } else { printed.up(self.steps(), self.semitones()) }
    }

    /// The chord symbol that is printed for the player, with one accidental at most at each of its names.
    pub fn printed_chord(self, sounding: Chord) -> Chord {
        let printed = |name: PitchName| {
            let name = name.up(-self.steps(), -self.semitones());
            if self.is_none() || name.alter.abs() <= 1 { name } else { name.simplest(0) }
        };
        let root = printed(sounding.root);
        Chord { root, bass: sounding.bass.map(printed).filter(|bass| *bass != root), ..sounding }
    }

    /// The chord that sounds where a symbol is printed.
    pub fn sounding_chord(self, printed: Chord) -> Chord {
        let sounding = |name: PitchName| name.up(self.steps(), self.semitones());
        Chord { root: sounding(printed.root), bass: printed.bass.map(sounding), ..printed }
    }

    /// As it is printed in pieces in these (sounding) keys: where the player's signature would have more than seven sharps
    /// or flats, the enharmonic interval is taken in its place; where that does not help, what is printed sounds.
    #[must_use]
    pub fn printable(self, keys: impl Iterator<Item = Key> + Clone) -> Self {
        let fits = |by: &Self| keys.clone().all(|key| by.printed_key(key).signature().abs() <= 7);
        let enharmonic = [1, -1].map(|step| Self::new(self.steps() + step, self.semitones()));
        [Some(self)].into_iter().chain(enharmonic).flatten().find(fits).unwrap_or(Self::NONE)
    }

    /// The key that is printed where `sounding` sounds.
    pub fn printed_key(self, sounding: Key) -> Key {
        Key::new(sounding.tonic.up(-self.steps(), -self.semitones()), sounding.mode)
    }

    /// The key that sounds where `printed` is printed, with seven sharps or flats at most.
    pub fn sounding_key(self, printed: Key) -> Key {
        let mut fifths = printed.tonic.up(self.steps(), self.semitones()).fifths() + printed.mode.signature_offset();
        while fifths.abs() > 7 {
            fifths -= 12 * fifths.signum();
        }
        Key::new(PitchName::from_fifths(fifths - printed.mode.signature_offset()), printed.mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clarinet_reads_a_tone_higher() {
        let clarinet = Transposition::of_semitones(-2);
        assert_eq!((clarinet.steps(), clarinet.semitones()), (-1, -2));
        assert_eq!(clarinet.printed("Bb3".parse().unwrap()), "C4".parse().unwrap());
        assert_eq!(clarinet.sounding("F#4".parse().unwrap()), "E4".parse().unwrap());
        assert_eq!(clarinet.printed_key("Bb major".parse().unwrap()), "C major".parse().unwrap());
        assert_eq!(clarinet.sounding_key("G minor".parse().unwrap()), "F minor".parse().unwrap());
    }

    #[test]
    fn a_clarinet_reads_eight_sharps_as_four_flats() {
        let clarinet = Transposition::of_semitones(-2);
        let printed = clarinet.printable(["F# major".parse().unwrap()].into_iter());
        assert_eq!((printed.steps(), printed.semitones()), (-2, -2));
        assert_eq!(printed.printed_key("F# major".parse().unwrap()), "Ab major".parse().unwrap());
        assert_eq!(clarinet.printable(["B major".parse().unwrap()].into_iter()), clarinet);
        let both = ["F# major".parse().unwrap(), "Db major".parse().unwrap()];
        assert_eq!(clarinet.printable(both.into_iter()), Transposition::NONE);
    }

    #[test]
    fn only_intervals_transpose() {
        assert!(Transposition::new(3, 0).is_none());
        assert!(Transposition::new(-36, -61).is_none());
        assert_eq!(Transposition::new(-8, -14), Some(Transposition::of_semitones(-14)));
        let text = serde_json::to_string(&Transposition::of_semitones(-9)).unwrap();
        assert_eq!(text, "[-5,-9]");
        assert_eq!(serde_json::from_str::<Transposition>(&text).unwrap(), Transposition::of_semitones(-9));
        assert!(serde_json::from_str::<Transposition>("[3,0]").is_err());
        for semitones in -60..=60 {
            assert_eq!(Transposition::of_semitones(semitones).semitones(), semitones);
        }
    }
}
