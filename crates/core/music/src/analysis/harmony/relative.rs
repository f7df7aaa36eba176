//! Chords as a key sees them.

use crate::ChordKind;
use std::{fmt, str::FromStr};

/// What the model tells apart of a chord's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quality {
    /// A major triad; also a chord without a third, which is heard as one more often than not.
    Major,
    /// A minor triad.
    Minor,
    /// A major triad with a minor seventh.
    Dominant,
    /// A minor triad with a seventh.
    MinorSeventh,
    /// A major triad with a major seventh.
    MajorSeventh,
    /// A diminished triad, with any seventh.
    Diminished,
    /// An augmented triad.
    Augmented,
}

impl Quality {
    /// Every quality, in the order of [`RelativeChord::index`].
    pub const ALL: [Self; 7] = [
        Self::Major,
        Self::Minor,
        Self::Dominant,
        Self::MinorSeventh,
        Self::MajorSeventh,
        Self::Diminished,
        Self::Augmented,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Major => "M",
            Self::Minor => "m",
            Self::Dominant => "7",
            Self::MinorSeventh => "m7",
            Self::MajorSeventh => "M7",
            Self::Diminished => "o",
            Self::Augmented => "+",
        }
    }
}

impl From<ChordKind> for Quality {
    fn from(kind: ChordKind) -> Self {
        let seventh = kind.tones().iter().find(|tone| tone.number == 7).map(|tone| tone.semitones);
        match (kind.triad(), seventh) {
            (ChordKind::Diminished, _) => Self::Diminished,
            (ChordKind::Augmented, _) => Self::Augmented,
            (ChordKind::Minor, Some(_)) => Self::MinorSeventh,
            (ChordKind::Minor, None) => Self::Minor,
            (_, Some(10)) => Self::Dominant,
            (_, Some(_)) => Self::MajorSeventh,
            (_, None) => Self::Major,
        }
    }
}

/// A chord by the distance of its root above the tonic, 0 to 11 semitones, and its quality. Written `7M`, `2m7`, `11o`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelativeChord {
    /// Semitones from the tonic up to the root.
    pub root: usize,
    /// The quality.
    pub quality: Quality,
}

impl RelativeChord {
    /// How many there are.
    pub const COUNT: usize = 12 * Quality::ALL.len();

    /// 0 to [`Self::COUNT`] - 1.
    pub const fn index(self) -> usize {
        self.root % 12 * Quality::ALL.len() + self.quality as usize
    }

    /// The chord with this [`Self::index`].
    pub const fn at(index: usize) -> Self {
        Self { root: index / Quality::ALL.len() % 12, quality: Quality::ALL[index % Quality::ALL.len()] }
    }

    /// A chord of this root's pitch class as the key on `tonic` sees it.
    pub fn of(root: usize, kind: ChordKind, tonic: usize) -> Self {
        Self { root: (root + 12 - tonic) % 12, quality: kind.into() }
    }
}

impl fmt::Display for RelativeChord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.root, self.quality.name())
    }
}

impl FromStr for RelativeChord {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        // The seventh of `77` (a dominant seventh on the fifth degree) is no digit of the root.
        (0..Self::COUNT).map(Self::at).find(|chord| chord.to_string() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chord_is_written_and_read() {
        for index in 0..RelativeChord::COUNT {
            let chord = RelativeChord::at(index);
            assert_eq!(chord.index(), index);
            assert_eq!(chord.to_string().parse(), Ok(chord));
        }
        assert_eq!("77".parse(), Ok(RelativeChord { root: 7, quality: Quality::Dominant }));
        assert!("12M".parse::<RelativeChord>().is_err());
    }

    #[test]
    fn kinds_have_their_quality() {
        for (kind, quality) in [
            (ChordKind::Dominant9, Quality::Dominant),
            (ChordKind::HalfDiminished7, Quality::Diminished),
            (ChordKind::Minor7, Quality::MinorSeventh),
            (ChordKind::Major7, Quality::MajorSeventh),
            (ChordKind::Sus4, Quality::Major),
            (ChordKind::Augmented7, Quality::Augmented),
            (ChordKind::Minor6, Quality::Minor),
        ] {
            assert_eq!(Quality::from(kind), quality, "{kind:?}");
        }
    }
}
