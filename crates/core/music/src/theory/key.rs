//! Keys and the seven diatonic modes.

use super::{Malformed, PitchName, pitch::leading_name, serde_as_text};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;

/// A diatonic mode. Minor is natural minor as a signature; its leading note is a matter of harmony.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Mode {
    Major,
    Minor,
    Dorian,
    Phrygian,
    Lydian,
    Mixolydian,
    Locrian,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 7] =
        [Self::Major, Self::Minor, Self::Dorian, Self::Phrygian, Self::Lydian, Self::Mixolydian, Self::Locrian];

    /// Semitones of each degree above the tonic.
    pub const fn scale(self) -> [i32; 7] {
        match self {
            Self::Major => [0, 2, 4, 5, 7, 9, 11],
            Self::Minor => [0, 2, 3, 5, 7, 8, 10],
            Self::Dorian => [0, 2, 3, 5, 7, 9, 10],
            Self::Phrygian => [0, 1, 3, 5, 7, 8, 10],
            Self::Lydian => [0, 2, 4, 6, 7, 9, 11],
            Self::Mixolydian => [0, 2, 4, 5, 7, 9, 10],
            Self::Locrian => [0, 1, 3, 5, 6, 8, 10],
        }
    }

    /// How many fifths the signature lies above that of the major key on the same tonic: -3 for minor.
    pub const fn signature_offset(self) -> i32 {
        match self {
            Self::Major => 0,
            Self::Minor => -3,
            Self::Dorian => -2,
            Self::Phrygian => -4,
            Self::Lydian => 1,
            Self::Mixolydian => -1,
            Self::Locrian => -5,
        }
    }

    /// Whether the third above the tonic is minor.
    pub const fn is_minor(self) -> bool {
        self.scale()[2] == 3
    }

    /// The name as MusicXML and the API write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Dorian => "dorian",
            Self::Phrygian => "phrygian",
            Self::Lydian => "lydian",
            Self::Mixolydian => "mixolydian",
            Self::Locrian => "locrian",
        }
    }
}

/// A tonic and its mode. Written `Bb major`; read also from `Bb`, `Bbm` and `Bb minor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The tonic.
    pub tonic: PitchName,
    /// The mode.
    pub mode: Mode,
}

impl Key {
    /// The key of this tonic and mode.
    pub const fn new(tonic: PitchName, mode: Mode) -> Self {
        Self { tonic, mode }
    }

    /// Sharps of the signature; flats are negative.
    pub fn signature(self) -> i32 {
        self.tonic.fifths() + self.mode.signature_offset()
    }

    /// The spelled pitch of a degree (1 to 7, taken modulo 7) of the scale.
    pub fn degree(self, degree: i32) -> PitchName {
        let index = (degree - 1).rem_euclid(7);
        self.tonic.up(index, self.mode.scale()[index as usize])
    }

    /// How a pitch class (0 to 11) is spelled in this key: diatonic notes as the scale has them, others by their
    /// nearness on the line of fifths (raised sixth and seventh in minor come out as sharps).
    pub fn spell(self, class: i32) -> PitchName {
        let centre = self.signature() + 2;
        (centre - 8..=centre + 9)
            .map(PitchName::from_fifths)
            .filter(|p| p.class() == class.rem_euclid(12))
            .min_by_key(|p| (2 * p.fifths() - 2 * centre - 1).abs())
            .unwrap_or(PitchName::C)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.tonic, self.mode.as_str())
    }
}

impl FromStr for Key {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed { text: text.to_owned(), what: "key", example: "C, F#m, Bb major or D dorian" };
        let (tonic, rest) = leading_name(text.trim()).ok_or_else(malformed)?;
        let mode = match rest.trim() {
            "" | "maj" | "M" | "ionian" => Mode::Major,
            "m" | "min" | "aeolian" => Mode::Minor,
            name => Mode::ALL.into_iter().find(|m| m.as_str() == name.to_ascii_lowercase()).ok_or_else(malformed)?,
        };
        let key = Self::new(tonic, mode);
        if key.signature().abs() > 7 { Err(malformed()) } else { Ok(key) }
    }
}
serde_as_text!(Key);

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    #[test]
    fn signatures_and_degrees() {
        assert_eq!(key("D dorian").signature(), 0);
        assert_eq!(key("F#m").signature(), 3);
        assert_eq!(key("Bb").degree(3).to_string(), "D");
        assert_eq!(key("C minor").degree(7).to_string(), "Bb");
        assert!("G# major".parse::<Key>().is_err());
        assert!("H#".parse::<Key>().is_err());
    }

    #[test]
    fn chromatic_notes_are_spelled_as_musicians_spell_them() {
        assert_eq!(key("A minor").spell(8).to_string(), "G#");
        assert_eq!(key("A minor").spell(6).to_string(), "F#");
        assert_eq!(key("C major").spell(6).to_string(), "F#");
        assert_eq!(key("C major").spell(10).to_string(), "Bb");
        assert_eq!(key("Eb major").spell(4).to_string(), "E");
        for class in 0..12 {
            assert_eq!(key("F minor").spell(class).class(), class);
        }
    }
}
