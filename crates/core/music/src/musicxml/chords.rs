//! Chord kinds as MusicXML says them: a kind value, and degrees that it adds or alters.

use crate::ChordKind;

/// One `<degree>`: its value, its alteration and whether it is added to the chord (else altered in it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Degree {
    pub value: i32,
    pub alter: i32,
    pub added: bool,
}

const fn add(value: i32, alter: i32) -> Degree {
    Degree { value, alter, added: true }
}
const fn alter(value: i32, by: i32) -> Degree {
    Degree { value, alter: by, added: false }
}

/// The kind value and the degrees of a chord kind.
pub(super) const fn spelled(kind: ChordKind) -> (&'static str, &'static [Degree]) {
    match kind {
        ChordKind::Major => ("major", &[]),
        ChordKind::Minor => ("minor", &[]),
        ChordKind::Dominant7 => ("dominant", &[]),
        ChordKind::Minor7 => ("minor-seventh", &[]),
        ChordKind::Major7 => ("major-seventh", &[]),
        ChordKind::Diminished => ("diminished", &[]),
        ChordKind::HalfDiminished7 => ("half-diminished", &[]),
        ChordKind::Diminished7 => ("diminished-seventh", &[]),
        ChordKind::Augmented => ("augmented", &[]),
        ChordKind::MinorMajor7 => ("major-minor", &[]),
        ChordKind::Augmented7 => ("augmented-seventh", &[]),
        ChordKind::AugmentedMajor7 => ("major-seventh", const { &[alter(5, 1)] }),
        ChordKind::Dominant7Flat5 => ("dominant", const { &[alter(5, -1)] }),
        // The seventh of 7sus4 is said by the text alone: as a degree, programs print it a second time.
        ChordKind::Sus4 | ChordKind::Dominant7Sus4 => ("suspended-fourth", &[]),
        ChordKind::Sus2 => ("suspended-second", &[]),
        ChordKind::Power => ("power", &[]),
        ChordKind::Major6 => ("major-sixth", &[]),
        ChordKind::Minor6 => ("minor-sixth", &[]),
        ChordKind::Add9 => ("major", const { &[add(9, 0)] }),
        ChordKind::MinorAdd9 => ("minor", const { &[add(9, 0)] }),
        ChordKind::SixNine => ("major-sixth", const { &[add(9, 0)] }),
        ChordKind::Dominant9 => ("dominant-ninth", &[]),
        ChordKind::Major9 => ("major-ninth", &[]),
        ChordKind::Minor9 => ("minor-ninth", &[]),
        ChordKind::Dominant7Flat9 => ("dominant", const { &[add(9, -1)] }),
        ChordKind::Dominant7Sharp9 => ("dominant", const { &[add(9, 1)] }),
        ChordKind::Minor11 => ("minor-11th", &[]),
        ChordKind::Major7Sharp11 => ("major-seventh", const { &[add(11, 1)] }),
        ChordKind::Dominant13 => ("dominant-13th", &[]),
    }
}

/// What is printed after the root, without the degrees, which programs print themselves: `7` for `7b9`.
pub(super) fn text(kind: ChordKind) -> String {
    let symbol = match (kind, spelled(kind).1) {
        (ChordKind::SixNine, _) => "6",
        (_, []) => kind.symbol(),
        (_, _) => kind.symbol().trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['b', '#']),
    };
    symbol.trim_end_matches("add").replace("b5", "♭5").replace('#', "♯")
}

/// The chord kind of a kind value, its text and its degrees: exactly, or (second value false) without the degrees or
/// extensions that the model does not know.
pub(super) fn kind_of(value: &str, printed: &str, degrees: &[Degree]) -> Option<(ChordKind, bool)> {
    let all = || ChordKind::ALL.iter().copied();
    let same = |kind: &ChordKind| spelled(*kind) == (value, degrees);
    // Two kinds of one value are told apart by what is printed.
    if let Some(kind) = all().find(|kind| same(kind) && text(*kind) == printed).or_else(|| all().find(same)) {
        return Some((kind, true));
    }
    if value == "suspended-fourth" && degrees.iter().any(|degree| degree.value == 7) {
        return Some((ChordKind::Dominant7Sus4, degrees.len() == 1));
    }
    let plain = all().find(|kind| spelled(*kind) == (value, &[] as &[Degree]));
    let near = plain.or(match value {
        "dominant-11th" => Some(ChordKind::Dominant9),
        "major-11th" | "major-13th" => Some(ChordKind::Major9),
        "minor-13th" => Some(ChordKind::Minor11),
        "Neapolitan" | "pedal" => Some(ChordKind::Major),
        "Italian" | "French" | "German" | "Tristan" => Some(ChordKind::Dominant7),
        _ => None,
    });
    near.map(|kind| (kind, false))
}
