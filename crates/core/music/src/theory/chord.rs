//! Chords: a root, a kind and perhaps another bass.

use super::{Malformed, Pitch, PitchName, pitch::leading_name, serde_as_text};
use std::{fmt, str::FromStr};

/// One tone of a chord kind, as an interval above the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChordTone {
    /// 1 root, 3 third, 5 fifth, 7 seventh, 9, 11, 13.
    pub number: i32,
    /// Semitones above the root (a ninth is 14).
    pub semitones: i32,
}

const fn t(number: i32, semitones: i32) -> ChordTone {
    ChordTone { number, semitones }
}

macro_rules! chord_kinds {
    ($($kind:ident, $symbol:literal, [$($tone:expr),*];)*) => {
        /// The kind of a chord: which tones stand above its root.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "the names are the field's own")]
        pub enum ChordKind { $($kind),* }
        impl ChordKind {
            /// Every kind, the commonest first.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];
            /// What follows the root in a chord symbol: `maj7`, `m7b5`.
            pub const fn symbol(self) -> &'static str {
                match self { $(Self::$kind => $symbol),* }
            }
            /// The tones, from the root up.
            pub const fn tones(self) -> &'static [ChordTone] {
                match self { $(Self::$kind => const { &[$($tone),*] }),* }
            }
        }
    };
}

chord_kinds! {
    Major, "", [t(1, 0), t(3, 4), t(5, 7)];
    Minor, "m", [t(1, 0), t(3, 3), t(5, 7)];
    Dominant7, "7", [t(1, 0), t(3, 4), t(5, 7), t(7, 10)];
    Minor7, "m7", [t(1, 0), t(3, 3), t(5, 7), t(7, 10)];
    Major7, "maj7", [t(1, 0), t(3, 4), t(5, 7), t(7, 11)];
    Diminished, "dim", [t(1, 0), t(3, 3), t(5, 6)];
    HalfDiminished7, "m7b5", [t(1, 0), t(3, 3), t(5, 6), t(7, 10)];
    Diminished7, "dim7", [t(1, 0), t(3, 3), t(5, 6), t(7, 9)];
    Augmented, "aug", [t(1, 0), t(3, 4), t(5, 8)];
    MinorMajor7, "mMaj7", [t(1, 0), t(3, 3), t(5, 7), t(7, 11)];
    Augmented7, "7#5", [t(1, 0), t(3, 4), t(5, 8), t(7, 10)];
    AugmentedMajor7, "maj7#5", [t(1, 0), t(3, 4), t(5, 8), t(7, 11)];
    Dominant7Flat5, "7b5", [t(1, 0), t(3, 4), t(5, 6), t(7, 10)];
    Sus4, "sus4", [t(1, 0), t(4, 5), t(5, 7)];
    Sus2, "sus2", [t(1, 0), t(2, 2), t(5, 7)];
    Dominant7Sus4, "7sus4", [t(1, 0), t(4, 5), t(5, 7), t(7, 10)];
    Power, "5", [t(1, 0), t(5, 7)];
    Major6, "6", [t(1, 0), t(3, 4), t(5, 7), t(6, 9)];
    Minor6, "m6", [t(1, 0), t(3, 3), t(5, 7), t(6, 9)];
    Add9, "add9", [t(1, 0), t(3, 4), t(5, 7), t(9, 14)];
    MinorAdd9, "madd9", [t(1, 0), t(3, 3), t(5, 7), t(9, 14)];
    SixNine, "6/9", [t(1, 0), t(3, 4), t(5, 7), t(6, 9), t(9, 14)];
    Dominant9, "9", [t(1, 0), t(3, 4), t(5, 7), t(7, 10), t(9, 14)];
    Major9, "maj9", [t(1, 0), t(3, 4), t(5, 7), t(7, 11), t(9, 14)];
    Minor9, "m9", [t(1, 0), t(3, 3), t(5, 7), t(7, 10), t(9, 14)];
    Dominant7Flat9, "7b9", [t(1, 0), t(3, 4), t(5, 7), t(7, 10), t(9, 13)];
    Dominant7Sharp9, "7#9", [t(1, 0), t(3, 4), t(5, 7), t(7, 10), t(9, 15)];
    Minor11, "m11", [t(1, 0), t(3, 3), t(5, 7), t(7, 10), t(9, 14), t(11, 17)];
    Major7Sharp11, "maj7#11", [t(1, 0), t(3, 4), t(5, 7), t(7, 11), t(11, 18)];
    Dominant13, "13", [t(1, 0), t(3, 4), t(5, 7), t(7, 10), t(9, 14), t(13, 21)];
}

impl ChordKind {
    /// Whether the third above the root is minor. Chords without a third are taken as major.
    pub fn is_minor(self) -> bool {
        self.tones().iter().any(|tone| tone.number == 3 && tone.semitones == 3)
    }

    /// The triad (or suspended or power chord) that is left when sevenths and extensions are taken off.
    #[must_use]
    pub fn triad(self) -> Self {
        let has = |number, semitones| self.tones().contains(&t(number, semitones));
        if self == Self::Power {
            return Self::Power;
        }
        match (has(3, 3), has(3, 4), has(5, 6), has(5, 8)) {
            (true, _, true, _) => Self::Diminished,
            (true, ..) => Self::Minor,
            (_, true, _, true) => Self::Augmented,
            (_, true, ..) => Self::Major,
            _ if has(2, 2) => Self::Sus2,
            _ => Self::Sus4,
        }
    }
}

/// A chord with exact spelling. Written as a lead sheet does: `Bbm7/Db`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The root.
    pub root: PitchName,
    /// The kind.
    pub kind: ChordKind,
    /// The bass where it is not the root.
    pub bass: Option<PitchName>,
}

impl Chord {
    /// The chord in root position.
    pub const fn new(root: PitchName, kind: ChordKind) -> Self {
        Self { root, kind, bass: None }
    }

    /// The lowest pitch: the bass, or the root where none is given.
    pub fn lowest(self) -> PitchName {
        self.bass.unwrap_or(self.root)
    }

    /// The spelled tones, from the root up, without octaves.
    pub fn names(self) -> impl Iterator<Item = PitchName> {
        self.kind.tones().iter().map(move |tone| self.root.up(tone.number - 1, tone.semitones))
    }

    /// The spelled tone with this number (3 for the third), if the chord has it.
    pub fn tone(self, number: i32) -> Option<PitchName> {
        self.kind.tones().iter().find(|tone| tone.number == number).map(|tone| self.root.up(number - 1, tone.semitones))
    }

    /// Whether a pitch class (0 to 11) belongs to the chord (its bass included).
    pub fn contains(self, class: i32) -> bool {
        self.names().chain(self.bass).any(|name| name.class() == class.rem_euclid(12))
    }

    /// 0 root position, 1 third in the bass, 2 fifth, 3 seventh; none when the bass is foreign to the chord.
    pub fn inversion(self) -> Option<u8> {
        let bass = self.lowest();
        self.kind.tones().iter().find(|tone| self.root.up(tone.number - 1, tone.semitones) == bass).and_then(|tone| {
            match tone.number {
                1 => Some(0),
                2..=4 => Some(1),
                5 => Some(2),
                6 | 7 => Some(3),
                _ => None,
            }
        })
    }

    /// The tones in close position above the lowest note, which is the one nearest to `near`.
    pub fn close_position(self, near: i32) -> Vec<Pitch> {
        let lowest = Pitch::nearest(self.lowest(), near);
        let mut pitches: Vec<Pitch> = self
            .names()
            .filter(|name| *name != lowest.name())
            .map(|name| {
                let midi = lowest.midi() + (name.class() - lowest.midi()).rem_euclid(12);
                Pitch::from_midi(midi, name)
            })
            .chain([lowest])
            .collect();
        pitches.sort();
        pitches
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.root, self.kind.symbol())?;
        self.bass.filter(|bass| *bass != self.root).map_or(Ok(()), |bass| write!(f, "/{bass}"))
    }
}

impl FromStr for Chord {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed { text: text.to_owned(), what: "chord symbol", example: "C, Am7 or Bb7/D" };
        let (root, rest) = leading_name(text).ok_or_else(malformed)?;
        let kind_of = |symbol: &str| ChordKind::ALL.iter().copied().find(|kind| kind.symbol() == symbol);
        if let Some(kind) = kind_of(rest) {
            return Ok(Self::new(root, kind));
        }
        let (symbol, bass) = rest.rsplit_once('/').ok_or_else(malformed)?;
        let kind = kind_of(symbol).ok_or_else(malformed)?;
        Ok(Self { root, kind, bass: Some(bass.parse()?) })
    }
}
serde_as_text!(Chord);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_round_trip() {
        for kind in ChordKind::ALL {
            let chord = Chord { root: "Bb".parse().unwrap(), kind: *kind, bass: Some("D".parse().unwrap()) };
            assert_eq!(chord.to_string().parse::<Chord>().unwrap(), chord);
        }
    }

    #[test]
    fn tones_are_spelled() {
        let names = |s: &str| s.parse::<Chord>().unwrap().names().map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(names("F#m7b5"), "F# A C E");
        assert_eq!(names("Bdim7"), "B D F Ab");
        assert_eq!(names("E7#9"), "E G# B D F##");
        assert_eq!("C/E".parse::<Chord>().unwrap().inversion(), Some(1));
        assert_eq!("C7/Bb".parse::<Chord>().unwrap().inversion(), Some(3));
    }
}
