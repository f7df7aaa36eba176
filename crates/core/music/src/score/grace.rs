//! Grace notes: notes without time of their own, which belong to the note that they ornament.

use super::Sound;
use crate::Time;
use serde::{Deserialize, Serialize};

/// One grace note, or a chord of them. How it is played is said at [`crate::play::graces`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grace {
    /// What sounds.
    pub sound: Sound,
    /// The value that is drawn.
    pub value: GraceValue,
    /// Whether a stroke goes through its stem: an acciaccatura; without one it is an appoggiatura.
    #[serde(default)]
    pub slashed: bool,
}

/// The value of a grace note as it is drawn. It takes no time from the bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum GraceValue {
    Half,
    Quarter,
    /// What a grace note is where nothing is said.
    #[default]
    Eighth,
    Sixteenth,
    ThirtySecond,
    SixtyFourth,
}

impl GraceValue {
    /// Every value, the longest first.
    pub const ALL: [Self; 6] =
        [Self::Half, Self::Quarter, Self::Eighth, Self::Sixteenth, Self::ThirtySecond, Self::SixtyFourth];

    /// How long a note of this value is outside ornaments.
    pub fn length(self) -> Time {
        Time::new(2, 1 << (self as u8))
    }

    /// The longest value that is not longer than `length`; the shortest for shorter ones.
    pub fn below(length: Time) -> Self {
        Self::ALL.into_iter().find(|value| value.length() <= length).unwrap_or(Self::SixtyFourth)
    }

    /// How many flags or beams it has.
    pub const fn flags(self) -> u8 {
        (self as u8).saturating_sub(1)
    }

    /// The name that MusicXML gives it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Half => "half",
            Self::Quarter => "quarter",
            Self::Eighth => "eighth",
            Self::Sixteenth => "16th",
            Self::ThirtySecond => "32nd",
            Self::SixtyFourth => "64th",
        }
    }

    /// The value of a MusicXML name; a longer or shorter one becomes the nearest.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "whole" | "breve" | "long" => Some(Self::Half),
            "128th" | "256th" | "512th" | "1024th" => Some(Self::SixtyFourth),
            _ => Self::ALL.into_iter().find(|value| value.name() == name),
        }
    }
}

/// The most grace notes before one note. More of them stand in no music.
pub(crate) const MOST_GRACES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_lengths_and_names() {
        assert_eq!(GraceValue::Eighth.length(), Time::EIGHTH);
        assert_eq!(GraceValue::Eighth.flags(), 1);
        for value in GraceValue::ALL {
            assert_eq!(GraceValue::below(value.length()), value);
            assert_eq!(GraceValue::named(value.name()), Some(value));
        }
        assert_eq!(GraceValue::below(Time::new(1, 999)), GraceValue::SixtyFourth);
    }
}
