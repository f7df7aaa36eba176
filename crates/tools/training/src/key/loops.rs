//! Chord progressions of songs as pieces: each plays a pattern twice with chords and a bass, and need not end on its tonic.

use super::corpora::{Piece, Source};
use eduai_music::analysis::KEY_MODES;
use eduai_music::score::{Clef, Instrument, Sound, Transposition};
use eduai_music::{Chord, ChordKind, Key, Mode, Note, Part, Pitch, PitchName, Roman, Score, Time};
use std::fs;
use std::path::Path;

/// How many pieces all patterns together count as.
const WORTH: f64 = 60.0;

/// Twelve-bar blues, plain and with a quick change and a turnaround: dominant sevenths that do not resolve.
const BLUES: [&str; 2] = ["I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 I7", "I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7"];
/// How many pieces each counts as.
const BLUES_WORTH: f64 = 4.0;

/// The patterns of four chords in a table with the columns source, scope, kind, pattern and count.
pub fn loops(table: &Path) -> Result<Vec<Piece>, String> {
    let text = fs::read_to_string(table).map_err(|error| format!("{}: {error}", table.display()))?;
    let mut pieces = Vec::new();
    for line in text.lines().skip(1) {
        if let ["billboard", "all", "fourgram", pattern, count, ..] = line.split(',').collect::<Vec<_>>()[..]
            && let (Some(piece), Ok(count)) = (piece(pattern), count.parse::<f64>())
        {
            pieces.push(Piece { count, ..piece });
        }
    }
    let total: f64 = pieces.iter().map(|piece| piece.count).sum();
    for piece in &mut pieces {
        piece.count *= WORTH / total;
    }
    pieces.extend(modal());
    pieces.extend(BLUES.into_iter().filter_map(piece).map(|blues| Piece { count: BLUES_WORTH, ..blues }));
    Ok(pieces)
}

/// How many pieces the patterns of each mode together count as.
const MODAL_WORTH: f64 = 12.0;

/// For each mode, its tonic triad in turn with two others of its triads: songs in the modes are too rare to be counted
/// on.
fn modal() -> Vec<Piece> {
    let mut pieces = Vec::new();
    for mode in KEY_MODES {
        let key = Key::new(PitchName::C, mode);
        let tonic = triad(key, 1);
        let others: Vec<Chord> =
            (2..=7).map(|degree| triad(key, degree)).filter(|chord| chord.kind != ChordKind::Diminished).collect();
        let first = pieces.len();
        for one in &others {
            for other in others.iter().filter(|other| *other != one) {
                pieces.push(played(&[tonic, *one, tonic, *other], mode));
                pieces.push(played(&[tonic, *one, *other, *one], mode));
            }
        }
        let share = MODAL_WORTH / (pieces.len() - first) as f64;
        for piece in &mut pieces[first..] {
            piece.count = share;
        }
    }
    pieces
}

/// The triad on a degree of a key.
fn triad(key: Key, degree: i32) -> Chord {
    let [root, third, fifth] = [0, 2, 4].map(|up| key.degree(degree + up).class());
    let kind = match ((third - root).rem_euclid(12), (fifth - root).rem_euclid(12)) {
        (4, _) => ChordKind::Major,
        (_, 6) => ChordKind::Diminished,
        _ => ChordKind::Minor,
    };
    Chord::new(key.degree(degree), kind)
}

/// A pattern in C, played twice; none where it lacks its tonic chord, which alone says which third it has.
fn piece(pattern: &str) -> Option<Piece> {
    let holds = |tonic: &str| pattern.split(' ').any(|chord| chord.trim_end_matches('7') == tonic);
    let mode = match (holds("I"), holds("i")) {
        (true, false) => Mode::Major,
        (false, true) => Mode::Minor,
        _ => return None,
    };
    let key = Key::new(PitchName::C, Mode::Major);
    let chords: Option<Vec<Chord>> =
        pattern.split(' ').map(|name| Some(name.parse::<Roman>().ok()?.chord(key))).collect();
    Some(played(&chords?, mode))
}

/// Chords in C, twice, with the roots below.
fn played(chords: &[Chord], mode: Mode) -> Piece {
    let played = chords.repeat(2);
    let upper = |chord: &Chord| chord.close_position(60);
    let lower = |chord: &Chord| vec![Pitch::nearest(chord.root, 40)];
    let parts = vec![part("keys", &played, upper), part("bass", &played, lower)];
    let score = Score { parts, ..Score::default() };
    Piece { source: Source::Loop, score, tonic: 0, mode, count: 1.0 }
}

/// One chord a bar.
fn part(id: &str, chords: &[Chord], pitches: impl Fn(&Chord) -> Vec<Pitch>) -> Part {
    let bars = (0..).map(|bar| Time::WHOLE * bar);
    let notes = chords.iter().zip(bars).map(|(chord, onset)| Note {
        onset,
        duration: Time::WHOLE,
        sound: Sound::Pitched(pitches(chord)),
        velocity: 80,
        graces: Vec::new(),
        articulations: Vec::new(),
        lyrics: Vec::new(),
        origin: None,
    });
    Part {
        id: id.to_owned(),
        name: id.to_owned(),
        short_name: id.to_owned(),
        instrument: Instrument::Pitched(0),
        clef: Clef::Treble,
        transposition: Transposition::NONE,
        dynamics: Vec::new(),
        voices: vec![notes.collect()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_in_c_with_the_third_of_its_tonic_chord() {
        let minor = piece("i bVII bVI V").unwrap();
        assert_eq!((minor.tonic, minor.mode), (0, Mode::Minor));
        let bass: Vec<i32> = minor.score.parts[1].notes().map(|note| note.pitches()[0].midi() % 12).collect();
        assert_eq!(bass, [0, 10, 8, 7, 0, 10, 8, 7]);
        let length = |piece: Piece| piece.score.parts[0].notes().last().unwrap().end();
        assert_eq!(BLUES.map(|blues| length(piece(blues).unwrap())), [Time::WHOLE * 24; 2]);
    }

    #[test]
    fn a_pattern_without_its_tonic_is_left_out() {
        assert!(piece("IV V IV V").is_none() && piece("I i I i").is_none() && piece("I ?").is_none());
    }
}
