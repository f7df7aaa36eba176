//! Roman numerals: a chord by its place in a key, with borrowed degrees and applied chords.

use super::{Chord, ChordKind, Key, Malformed, PitchName, serde_as_text};
use std::{fmt, str::FromStr};

/// A chord by its place in a key. Degrees are counted from the tonic; an accidental is relative to the *major* scale
/// of the tonic, as popular-music theory writes it (`bVII` is B flat in C major and in C minor; de Clercq and Temperley
/// 2011), so that a progression reads alike in every mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Roman {
    /// 1 to 7.
    pub degree: u8,
    /// -1 for `b`, 1 for `#`.
    pub alter: i8,
    /// The kind of chord; its third decides between upper and lower case.
    pub kind: ChordKind,
    /// 0 root position, 1 third in the bass, 2 fifth, 3 seventh.
    pub inversion: u8,
    /// The degree and accidental that this chord is applied to: (5, 0) in `V7/V`.
    pub applied: Option<(u8, i8)>,
}

const NUMERALS: [&str; 7] = ["I", "II", "III", "IV", "V", "VI", "VII"];
const MAJOR: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];

fn place(tonic: PitchName, degree: u8, alter: i8) -> PitchName {
    let index = i32::from(degree.clamp(1, 7)) - 1;
    tonic.up(index, MAJOR[index as usize] + i32::from(alter))
}

/// The degree on which a root sounds, however it is spelled: with at most one accidental, rather a flat than a sharp.
fn nearest_degree(root: PitchName, tonic: PitchName) -> (u8, i8) {
    let above = (root.class() - tonic.class()).rem_euclid(12);
    match MAJOR.iter().position(|natural| *natural == above) {
        Some(index) => (index as u8 + 1, 0),
        None => (MAJOR.iter().filter(|natural| **natural < above).count() as u8 + 1, -1),
    }
}

impl Roman {
    /// The numeral of a plain chord in root position.
    pub const fn new(degree: u8, alter: i8, kind: ChordKind) -> Self {
        Self { degree, alter, kind, inversion: 0, applied: None }
    }

    /// The chord that it names in `key`. Only the tonic of the key matters; see the type's documentation.
    pub fn chord(self, key: Key) -> Chord {
        let tonic = self.applied.map_or(key.tonic, |(degree, alter)| place(key.tonic, degree, alter));
        let plain = Chord::new(place(tonic, self.degree, self.alter), self.kind);
        let bass = match self.inversion {
            1 => plain.tone(3).or(plain.tone(4)).or(plain.tone(2)),
            2 => plain.tone(5),
            3 => plain.tone(7).or(plain.tone(6)),
            _ => None,
        };
        Chord { bass, ..plain }
    }

    /// The numeral of `chord` in `key`, never as an applied chord. The accidental comes from the spelling; a root that
    /// would need a double accidental is taken enharmonically.
    pub fn of(chord: Chord, key: Key) -> Self {
        let index = (chord.root.step.index() - key.tonic.step.index()).rem_euclid(7);
        let natural = place(key.tonic, index as u8 + 1, 0);
        let alter = chord.root.alter - natural.alter;
        if alter.abs() > 1 {
            let simpler = chord.root.simplest(key.signature());
            if simpler != chord.root {
                return Self::of(Chord { root: simpler, ..chord }, key);
            }
        }
        let (degree, alter) =
            if alter.abs() > 1 { nearest_degree(chord.root, key.tonic) } else { (index as u8 + 1, alter) };
        Self { degree, alter, kind: chord.kind, inversion: chord.inversion().unwrap_or(0), applied: None }
    }
}

impl Roman {
    /// The numeral with the figures of a figured bass, as harmony books print it: `V65/V`, `viio7`, `ii%43`, `bVI`.
    /// Ninths and higher tones have no figures of their own and are left out, as are added sixths.
    pub fn figured(self) -> String {
        let upper = NUMERALS[usize::from(self.degree.clamp(1, 7)) - 1];
        let numeral = if self.kind.is_minor() { upper.to_ascii_lowercase() } else { upper.to_owned() };
        let seventh = self.kind.tones().iter().any(|tone| tone.number == 7);
        let quality = match self.kind.triad() {
            ChordKind::Diminished if self.kind == ChordKind::HalfDiminished7 => "%",
            ChordKind::Diminished => "o",
            ChordKind::Augmented => "+",
            _ => "",
        };
        let figures = match (self.inversion, seventh) {
            (0, false) => "",
            (0, true) => "7",
            (1, false) => "6",
            (1, true) => "65",
            (2, false) => "64",
            (2, true) => "43",
            _ => "42",
        };
        let target = self.applied.map_or(String::new(), |(degree, alter)| {
            format!("/{}{}", accidental(alter), NUMERALS[usize::from(degree.clamp(1, 7)) - 1])
        });
        format!("{}{numeral}{quality}{figures}{target}", accidental(self.alter))
    }
}

fn accidental(alter: i8) -> String {
    if alter < 0 { "b".repeat(usize::from(alter.unsigned_abs())) } else { "#".repeat(alter as usize) }
}

impl fmt::Display for Roman {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let upper = NUMERALS[usize::from(self.degree.clamp(1, 7)) - 1];
        let numeral = if self.kind.is_minor() { upper.to_ascii_lowercase() } else { upper.to_owned() };
        let suffix = match self.kind {
            ChordKind::Major | ChordKind::Minor => "",
            ChordKind::Diminished => "o",
            ChordKind::Diminished7 => "o7",
            ChordKind::HalfDiminished7 => "%7",
            ChordKind::Augmented => "+",
            ChordKind::Minor7 => "7",
            ChordKind::Minor6 => "6th",
            ChordKind::Major6 => "add6",
            ChordKind::Minor9 => "9",
            ChordKind::Minor11 => "11",
            ChordKind::MinorAdd9 => "add9",
            kind => kind.symbol(),
        };
        write!(f, "{}{numeral}{suffix}", accidental(self.alter))?;
        match self.inversion {
            1 => f.write_str(".1")?,
            2 => f.write_str(".2")?,
            3 => f.write_str(".3")?,
            _ => {}
        }
        if let Some((degree, alter)) = self.applied {
            write!(f, "/{}{}", accidental(alter), NUMERALS[usize::from(degree.clamp(1, 7)) - 1])?;
        }
        Ok(())
    }
}

/// Splits accidental and numeral off: (degree, alter, is minor, rest).
fn leading_degree(text: &str) -> Option<(u8, i8, bool, &str)> {
    let body = text.trim_start_matches(['b', '#']);
    let signs = &text[..text.len() - body.len()];
    if signs.len() > 1 {
        return None;
    }
    let alter = match signs {
        "b" => -1,
        "#" => 1,
        _ => 0,
    };
    let length = body.chars().take_while(|c| matches!(c, 'I' | 'V' | 'i' | 'v')).count();
    let numeral = &body[..length];
    let index = NUMERALS.iter().position(|n| n.eq_ignore_ascii_case(numeral))?;
    let minor = numeral.chars().all(|c| c.is_ascii_lowercase());
    (minor || numeral.chars().all(|c| c.is_ascii_uppercase())).then_some((
        index as u8 + 1,
        alter,
        minor,
        &body[length..],
    ))
}

fn kind_of(minor: bool, suffix: &str) -> Option<ChordKind> {
    Some(match (minor, suffix) {
        (true, "") => ChordKind::Minor,
        (true, "7") => ChordKind::Minor7,
        (true, "6th") => ChordKind::Minor6,
        (true, "9") => ChordKind::Minor9,
        (true, "11") => ChordKind::Minor11,
        (true, "add9") => ChordKind::MinorAdd9,
        (true, "o") => ChordKind::Diminished,
        (true, "o7") => ChordKind::Diminished7,
        (true, "%7" | "%") => ChordKind::HalfDiminished7,
        (true, "Maj7" | "maj7") => ChordKind::MinorMajor7,
        (true, _) => return None,
        (false, "+") => ChordKind::Augmented,
        (false, "add6") => ChordKind::Major6,
        (false, "5") => ChordKind::Power,
        (false, symbol) => ChordKind::ALL.iter().copied().find(|k| k.symbol() == symbol && !k.is_minor())?,
    })
}

impl FromStr for Roman {
    type Err = Malformed;
    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed =
            || Malformed { text: text.to_owned(), what: "Roman numeral", example: "I, ii7, bVII, V7/V or V7.1" };
        // `6/9` holds a slash of its own, which is no applied chord.
        let (head, applied) = match text.rsplit_once('/') {
            Some((head, target)) if leading_degree(target).is_some_and(|(.., rest)| rest.is_empty()) => {
                (head, leading_degree(target).map(|(degree, alter, ..)| (degree, alter)))
            }
            _ => (text, None),
        };
        let (degree, alter, minor, rest) = leading_degree(head).ok_or_else(malformed)?;
        let (suffix, inversion) = match rest.rsplit_once('.') {
            Some((suffix, figure)) => (suffix, figure.parse::<u8>().ok().filter(|i| *i <= 3).ok_or_else(malformed)?),
            None => (rest, 0),
        };
        let kind = kind_of(minor, suffix).ok_or_else(malformed)?;
        Ok(Self { degree, alter, kind, inversion, applied })
    }
}
serde_as_text!(Roman);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_round_trip_and_resolve() {
        let key: Key = "C minor".parse().unwrap();
        for (text, chord) in [
            ("i7", "Cm7"),
            ("bVI", "Ab"),
            ("V7/V", "D7"),
            ("iio", "Ddim"),
            ("vii%7", "Bm7b5"),
            ("I6/9", "C6/9"),
            ("V7.1", "G7/B"),
            ("bIImaj7", "Dbmaj7"),
            ("I5", "C5"),
        ] {
            let roman: Roman = text.parse().unwrap();
            assert_eq!(roman.to_string(), text);
            assert_eq!(roman.chord(key).to_string(), chord, "{text}");
        }
        for bad in ["", "H", "Iv", "bbI", "VIII", "V7/X", "V.9"] {
            assert!(bad.parse::<Roman>().is_err(), "{bad}");
        }
    }

    #[test]
    fn numerals_are_figured_as_books_print_them() {
        for (text, figured) in [
            ("V7.1/V", "V65/V"),
            ("viio7", "viio7"),
            ("ii%7.2", "ii%43"),
            ("bVI", "bVI"),
            ("I.2", "I64"),
            ("V7.3", "V42"),
        ] {
            assert_eq!(text.parse::<Roman>().unwrap().figured(), figured);
        }
    }

    #[test]
    fn a_chord_finds_its_numeral() {
        let key: Key = "Eb major".parse().unwrap();
        let of = |s: &str| Roman::of(s.parse().unwrap(), key).to_string();
        assert_eq!(of("Bb7/D"), "V7.1");
        assert_eq!(of("Db"), "bVII");
        assert_eq!(of("Fm7"), "ii7");
    }

    #[test]
    fn every_chord_in_every_key_has_a_numeral_that_reads_back_and_sounds_the_same() {
        let roots = || (-15..=19).map(PitchName::from_fifths);
        let keys = roots().flat_map(|tonic| ["major", "minor"].map(|mode| format!("{tonic} {mode}").parse::<Key>()));
        let keys: Vec<Key> = keys.flatten().collect();
        assert!(keys.len() >= 24, "{keys:?}");
        for key in keys {
            for chord in roots().map(|root| Chord::new(root, ChordKind::Minor7)) {
                let roman = Roman::of(chord, key);
                assert_eq!(roman.to_string().parse::<Roman>().as_ref(), Ok(&roman), "{chord} in {key}");
                assert_eq!(roman.chord(key).root.class(), chord.root.class(), "{chord} in {key}: {roman}");
            }
        }
        let of = |chord: &str, key: &str| Roman::of(chord.parse().unwrap(), key.parse().unwrap()).to_string();
        assert_eq!(of("Fm7", "G# minor"), "vi7");
    }
}
