//! Small pieces of known content, made from chord symbols and lines of notes.

use super::*;
use crate::score::{Clef, Instrument, Measure, Meter, Note, Part, Score, Sound, Transposition};
use crate::{Chord, Pitch, Time};

fn note(onset: Time, duration: Time, pitches: Vec<Pitch>) -> Note {
    Note {
        onset,
        duration,
        sound: Sound::Pitched(pitches),
        velocity: 80,
        graces: vec![],
        articulations: vec![],
        lyrics: vec![],
        origin: None,
    }
}

fn part(id: &str, program: u8, notes: Vec<Note>) -> Part {
    Part {
        id: id.to_owned(),
        name: id.to_owned(),
        short_name: id.to_owned(),
        instrument: Instrument::Pitched(program),
        clef: Clef::Treble,
        transposition: Transposition::NONE,
        dynamics: vec![],
        voices: vec![notes],
    }
}

fn bars(count: usize, meter: Meter) -> Vec<Measure> {
    (0..count)
        .map(|i| Measure {
            number: i as u32 + 1,
            start: meter.length() * i as i64,
            length: meter.length(),
            meter,
            key: "C".parse().unwrap(),
        })
        .collect()
}

/// Block chords over a bass, bars separated by `|`, chords sharing their bar equally.
fn comping(symbols: &str) -> Score {
    let (mut chords, mut bass) = (Vec::new(), Vec::new());
    let mut count = 0;
    for (bar, text) in symbols.split('|').enumerate() {
        let names: Vec<&str> = text.split_whitespace().collect();
        let length = Time::WHOLE / names.len() as i64;
        for (i, name) in names.iter().enumerate() {
            let chord: Chord = name.parse().unwrap();
            let onset = Time::WHOLE * bar as i64 + length * i as i64;
            let plain = Chord { bass: None, ..chord };
            chords.push(note(onset, length, plain.close_position(60)));
            bass.push(note(onset, length, vec![Pitch::nearest(chord.lowest(), 40)]));
        }
        count = bar + 1;
    }
    Score {
        measures: bars(count, Meter::COMMON),
        parts: vec![part("keys", 0, chords), part("bass", 32, bass)],
        ..Score::default()
    }
}

/// A line of notes, `C4/2` for a half note of two quarters, `r/1` for a rest; a quarter where nothing is said.
fn line(text: &str) -> Vec<Note> {
    let mut at = Time::ZERO;
    let mut notes = Vec::new();
    for word in text.split_whitespace().filter(|w| *w != "|") {
        let (name, length) = word.split_once(':').unwrap_or((word, "1"));
        let length: Time = length.parse().unwrap();
        if name != "r" {
            notes.push(note(at, length, vec![name.parse().unwrap()]));
        }
        at += length;
    }
    notes
}

fn with_melody(mut score: Score, text: &str) -> Score {
    score.parts.insert(0, part("voice", 73, line(text)));
    score
}

fn key_of(score: &Score) -> String {
    analyse(score).key.unwrap().key.to_string()
}

fn numerals(score: &Score) -> String {
    analyse(score).chords.iter().map(|c| c.numeral.to_string()).collect::<Vec<_>>().join(" ")
}

fn symbols(score: &Score) -> String {
    analyse(score).chords.iter().map(|c| c.chord.to_string()).collect::<Vec<_>>().join(" ")
}

/// The same piece `semitones` higher, spelled with sharps or flats as the key wants it.
fn transposed(score: &Score, steps: i32, semitones: i32) -> Score {
    let mut score = score.clone();
    for note in score.parts.iter_mut().flat_map(|p| &mut p.voices).flatten() {
        if let Sound::Pitched(pitches) = &mut note.sound {
            for pitch in pitches.iter_mut() {
                *pitch = pitch.up(steps, semitones);
            }
        }
    }
    score
}

#[test]
fn nothing_is_said_of_nothing() {
    let empty = analyse(&Score::default());
    assert_eq!((empty.key, empty.chords.len(), empty.form.len()), (None, 0, 0));
    let silent = analyse(&Score { measures: bars(4, Meter::COMMON), ..Score::default() });
    assert_eq!((silent.key, silent.melody, silent.cadences.len()), (None, None, 0));
}

#[test]
fn common_progressions_have_their_key_and_numerals() {
    for (symbols, key, expected) in [
        ("Dm7|G7|Cmaj7|Cmaj7|Dm7|G7|Cmaj7|Cmaj7", "C major", "ii7 V7 Imaj7 ii7 V7 Imaj7"),
        ("C|Am|F|G|C|Am|F|C", "C major", "I vi IV V I vi IV I"),
        ("Am|Dm|E7|Am|Am|Dm|E7|Am", "A minor", "i iv V7 i iv V7 i"),
        ("C|D7|G7|C|A7|Dm|G7|C", "C major", "I V7/V V7 I V7/II ii V7 I"),
        ("C|Fm|C|Bb|F|C|G7|C", "C major", "I iv I bVII IV I V7 I"),
        ("C|C#dim7|Dm7|G7|C|F|F#dim7|G7|C|C", "C major", "I viio7/II ii7 V7 I IV viio7/V V7 I"),
    ] {
        let score = comping(symbols);
        assert_eq!(key_of(&score), key, "{symbols}");
        assert_eq!(numerals(&score), expected, "{symbols}");
    }
}

#[test]
fn numerals_do_not_depend_on_the_key() {
    let score = comping("C|A7|Dm7|G7|C/E|F|G7|C");
    let expected = numerals(&score);
    for (steps, semitones) in [(1, 1), (1, 2), (2, 3), (3, 5), (4, 7), (5, 8), (6, 10), (6, 11)] {
        let moved = transposed(&score, steps, semitones);
        assert_eq!(numerals(&moved), expected, "{semitones} semitones up");
    }
    assert_eq!(key_of(&transposed(&score, 1, 1)), "Db major");
}

#[test]
fn the_key_alone_is_the_key_of_the_whole_analysis() {
    for symbols in
        ["C|Am|F|G|C|Am|F|C", "C7|F7|C7|C7|F7|F7|C7|C7|G7|F7|C7|G7", "Gm7|C7|Fm7|Bb7|Gm7|C7|Fm7|Bb7", "D|C|G|D|D|C|G|D"]
    {
        let score = comping(symbols);
        assert_eq!(super::key_of(&score), analyse(&score).key, "{symbols}");
    }
    let tune = with_melody(Score { measures: bars(2, Meter::COMMON), ..Score::default() }, "D5 E5 F5 G5 A5 C5 D5 D5");
    assert_eq!(super::key_of(&tune), analyse(&tune).key);
    assert_eq!(super::key_of(&Score::default()), None);
}

#[test]
fn a_blues_is_in_its_key_and_its_sevenths_are_at_home() {
    let blues = comping("C7|C7|C7|C7|F7|F7|C7|C7|G7|F7|C7|G7|C7|C7|C7|C7|F7|F7|C7|C7|G7|F7|C7|C7");
    let analysis = analyse(&blues);
    assert_eq!(analysis.key.unwrap().key.to_string(), "C major");
    let read: Vec<String> = analysis.chords.iter().map(|c| c.numeral.to_string()).collect();
    assert_eq!(read.join(" "), "I7 IV7 I7 V7 IV7 I7 V7 I7 IV7 I7 V7 IV7 I7");
}

#[test]
fn chords_name_a_key_whose_tonic_is_late() {
    assert_eq!(key_of(&comping("Gm7|C7|Fm7|Bb7|Gm7|C7|Fm7|Bb7|Gm7|C7|Fm7|Bb7|Ebmaj7|Ebmaj7")), "Eb major");
    let natural = analyse(&comping("Dm|C|Bb|C|Dm|C|Bb|C|Dm|C|Dm|Dm"));
    assert_eq!(natural.keys.iter().map(|k| k.key.to_string()).collect::<Vec<_>>(), ["D minor"]);
    assert_eq!(natural.cadences.last().map(|c| c.kind), Some(CadenceKind::Modal));
}

#[test]
fn sevenths_and_further_tones_are_read() {
    for chord in ["Cmaj9", "Am9", "D13", "Gsus4", "F6/9", "Cadd9", "G7b9", "Bm7b5", "E5", "Caug"] {
        let score = comping(&format!("{chord}|{chord}"));
        assert!(symbols(&score).split(' ').all(|s| s == chord), "{chord}: {}", symbols(&score));
    }
}

#[test]
fn broken_chords_are_chords() {
    let arpeggio = "C3:1/2 E3:1/2 G3:1/2 C4:1/2 E4:1/2 C4:1/2 G3:1/2 E3:1/2 \
                    F3:1/2 A3:1/2 C4:1/2 F4:1/2 A4:1/2 F4:1/2 C4:1/2 A3:1/2 \
                    G3:1/2 B3:1/2 D4:1/2 G4:1/2 B4:1/2 G4:1/2 D4:1/2 B3:1/2 \
                    C3:1/2 E3:1/2 G3:1/2 C4:1/2 E4:1/2 C4:1/2 G3:1/2 E3:1/2";
    let score =
        Score { measures: bars(4, Meter::COMMON), parts: vec![part("guitar", 24, line(arpeggio))], ..Score::default() };
    assert_eq!(symbols(&score), "C F G C");
}

#[test]
fn a_walking_bass_does_not_change_the_chord() {
    let mut score = comping("Dm7|G7|Cmaj7|Cmaj7|Dm7|G7|Cmaj7|Cmaj7");
    let walk = "D2 E2 F2 A2 G2 F2 D2 B1 C2 D2 E2 G2 C3 B2 A2 G2 D2 F2 A2 Ab2 G2 A2 B2 Db3 C3 G2 E2 D2 C2 E2 G2 C2";
    score.parts[1] = part("bass", 32, line(walk));
    assert_eq!(symbols(&score), "Dm7 G7 Cmaj7 Dm7 G7 Cmaj7");
}

#[test]
fn a_bass_that_moves_with_its_chord_inverts_it() {
    let score = comping("C C/E|F F/A|G7 G7/F|C/E C");
    assert_eq!(symbols(&score), "C C/E F F/A G7 G7/F C/E C");
    assert_eq!(numerals(&score), "I I.1 IV IV.1 V7 V7.3 I.1 I");
    // A fifth that alternates with the root is an accompaniment's habit.
    assert_eq!(symbols(&comping("C C/G|F F/C|G7 G7/D|C C/G")), "C F G7 C");
}

#[test]
fn a_stretch_with_its_own_cadences_has_its_own_key() {
    let home = "C F|C G|Am Dm|G7 C";
    let away = "Am E7|Am Dm|Am E7|Am F|Dm Am|E7 Am";
    let keys = |text: &str| -> Vec<String> {
        analyse(&comping(text)).keys.iter().map(|stretch| stretch.key.to_string()).collect()
    };
    assert_eq!(keys(&[home, home, away, home].join("|")), ["C major", "A minor", "C major"]);
    // A single applied dominant is no change of key.
    assert_eq!(keys("C F|C D7|G G7|C Am|F C|Dm G7|C C"), ["C major"]);
}

#[test]
fn cadences_are_found_where_phrases_end() {
    let kinds = |score: &Score| {
        analyse(score).cadences.iter().map(|c| (c.measure, c.kind)).collect::<Vec<(usize, CadenceKind)>>()
    };
    let period = with_melody(
        comping("C|F|C|G|C|F|G7|C"),
        "E4 E4 F4 G4 A4:2 F4:2 E4 D4 C4 E4 D4:4 E4 E4 F4 G4 A4:2 F4:2 E4 D4 D4 B3 C4:4",
    );
    assert_eq!(kinds(&period), [(3, CadenceKind::Half), (7, CadenceKind::PerfectAuthentic)]);
    assert_eq!(kinds(&comping("C|G|C|F|C|G|F|C")).last(), Some(&(7, CadenceKind::Plagal)));
    let deceptive = with_melody(
        comping("C|F|G7|Am|C|F|G7|C/E"),
        "E4 E4 F4 G4 A4:2 F4:2 E4 D4 D4 B3 C4:4 E4 E4 F4 G4 A4:2 F4:2 E4 D4 D4 B3 C4:4",
    );
    assert_eq!(kinds(&deceptive), [(3, CadenceKind::Deceptive), (7, CadenceKind::ImperfectAuthentic)]);
}

#[test]
fn non_chord_tones_have_their_kind() {
    let score = with_melody(
        comping("C|C|G|C"),
        "C4 D4:1/2 E4:1/2 G4 A4:1/2 G4:1/2 | E4 F4:1/2 E4:1/2 C4:2 | C4 B3 D4:2 | E4:3 C4:1",
    );
    let found: Vec<(String, NonChordKind)> =
        analyse(&score).non_chord_tones.iter().map(|n| (n.pitch.to_string(), n.kind)).collect();
    let expected = [
        ("D4", NonChordKind::Passing),
        ("A4", NonChordKind::Neighbour),
        ("F4", NonChordKind::Neighbour),
        ("C4", NonChordKind::Suspension),
    ];
    assert_eq!(found, expected.map(|(p, k)| (p.to_owned(), k)));
}

#[test]
fn the_melody_is_described() {
    let score = with_melody(
        comping("Am|Dm|Em|Am|Am|Dm|Em|Am"),
        "A4 C5 D5 E5 G5:2 E5:2 D5 E5 D5 C5 A4:4 A4 C5 D5 E5 A5:2 G5:2 E5 D5 C5 D5 A4:4",
    );
    let facts = analyse(&score).melody.unwrap();
    assert_eq!((facts.part, facts.lowest.to_string(), facts.highest.to_string()), (0, "A4".into(), "A5".into()));
    assert_eq!(facts.climax, Time::quarters(20));
    assert_eq!(facts.scale_name, Some(ScaleName::MinorPentatonic));
}

#[test]
fn repetition_is_form() {
    let a = "C4 E4 G4 E4 | D4 F4 A4 F4 | E4 G4 C5 G4 | D4:2 C4:2";
    let b = "A4:2 A4:1 B4 | C5 B4 A4 G4 | F4:3 A4 | G4:4";
    let chords_a = "C|Dm|C|G";
    let chords_b = "F|Am|F|G";
    let score = with_melody(comping(&[chords_a, chords_a, chords_b, chords_a].join("|")), &[a, a, b, a].join(" "));
    let letters: Vec<String> = analyse(&score).form.iter().map(|f| f.letter.clone()).collect();
    assert_eq!(letters, ["A", "A", "B", "A"]);
}

#[test]
fn parallel_fifths_and_octaves_are_counted() {
    let score = |top: &str, bottom: &str| Score {
        measures: bars(1, Meter::COMMON),
        parts: vec![part("a", 0, line(top)), part("b", 0, line(bottom))],
        ..Score::default()
    };
    let fifths = voice_leading(&score("G4 A4 B4 C5", "C4 D4 E4 F4"), &[0, 1]);
    assert_eq!((fifths.moving_pairs, fifths.parallel_fifths, fifths.parallel_octaves), (3, 3, 0));
    let octaves = voice_leading(&score("C5 D5", "C4 D4"), &[0, 1]);
    assert_eq!((octaves.parallel_octaves, octaves.per_hundred()), (1, 100.0));
    let contrary = voice_leading(&score("C5 B4 C5", "C4 D4 E4"), &[0, 1, 7]);
    assert_eq!((contrary.moving_pairs, contrary.per_hundred()), (2, 0.0));
}
