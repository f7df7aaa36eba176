//! Hand-made scores that together use all that a score can hold.

use eduai_music::score::{
    Articulation, ChordSymbol, Clef, Dynamic, DynamicMark, Grace, GraceValue, Instrument, Loudness, Lyric, Measure,
    Meter, Note, Part, Score, Section, Sound, Swing, SwingUnit, Syllabic, Tempo, Transposition, mark_dynamics,
};
use eduai_music::{Key, Pitch, Time};

/// Notes from text: `C4:1 [E4+G4]:1/2 r:2 36+42:1/2`; `.` staccato, `>` accent, `(` ghost after the length.
pub fn line(start: Time, velocity: u8, text: &str) -> Vec<Note> {
    let mut at = start;
    let mut notes = Vec::new();
    for word in text.split_whitespace() {
        let (what, rest) = word.split_once(':').unwrap();
        let length = rest.trim_end_matches(['.', '>', '(', '-']);
        let duration: Time = length.parse().unwrap();
        let articulations = rest[length.len()..].chars().map(|c| match c {
            '.' => Articulation::Staccato,
            '>' => Articulation::Accent,
            '-' => Articulation::Tenuto,
            _ => Articulation::Ghost,
        });
        let members = || what.trim_matches(['[', ']']).split('+');
        let sound = match what.chars().next().unwrap() {
            'r' => None,
            c if c.is_ascii_digit() => Some(Sound::Drums(members().map(|key| key.parse().unwrap()).collect())),
            _ => Some(Sound::Pitched(members().map(|p| p.parse::<Pitch>().unwrap()).collect())),
        };
        if let Some(sound) = sound {
            let articulations = articulations.collect();
            let (graces, lyrics) = (vec![], vec![]);
            notes.push(Note { onset: at, duration, sound, velocity, graces, articulations, lyrics, origin: None });
        }
        at += duration;
    }
    notes
}

/// Sets words to notes: `la la-la~ *`: a hyphen joins to the next, `~` holds over notes without syllable, `*` skips.
pub fn sing(notes: &mut [Note], verse: u8, text: &str) {
    let mut inside = false;
    let words = text.split_whitespace().flat_map(|word| word.split_inclusive('-'));
    for (note, word) in notes.iter_mut().zip(words) {
        if word == "*" {
            continue;
        }
        let goes_on = word.ends_with('-');
        let place = match (inside, goes_on) {
            (false, false) => Syllabic::Single,
            (false, true) => Syllabic::Begin,
            (true, true) => Syllabic::Middle,
            (true, false) => Syllabic::End,
        };
        inside = goes_on;
        let melisma = word.contains('~');
        let text = word.trim_end_matches(['-', '~']).to_owned();
        note.lyrics.push(Lyric { verse, text, place, melisma });
    }
}

pub fn bars(meters: &[(u8, u8, &str, usize)]) -> Vec<Measure> {
    let mut out: Vec<Measure> = Vec::new();
    for (beats, unit, key, count) in meters {
        for _ in 0..*count {
            let meter = Meter { beats: *beats, unit: *unit };
            let start = out.last().map_or(Time::ZERO, Measure::end);
            let number = out.len() as u32 + 1;
            out.push(Measure { number, start, length: meter.length(), meter, key: key.parse::<Key>().unwrap() });
        }
    }
    out
}

pub fn part(id: &str, name: &str, instrument: Instrument, clef: Clef, voices: Vec<Vec<Note>>) -> Part {
    let short_name = format!("{}.", name.chars().take(3).collect::<String>());
    let (id, name, transposition) = (id.to_owned(), name.to_owned(), Transposition::NONE);
    Part { id, name, short_name, instrument, clef, transposition, dynamics: vec![], voices }
}

pub fn chords(start: Time, text: &str) -> Vec<ChordSymbol> {
    let mut at = start;
    text.split_whitespace()
        .map(|word| {
            let (chord, length) = word.split_once(':').unwrap();
            let duration = length.parse().unwrap();
            let symbol = ChordSymbol { at, duration, chord: chord.parse().unwrap() };
            at += duration;
            symbol
        })
        .collect()
}

fn section(label: &str, first: usize, bars: usize) -> Section {
    Section { label: label.to_owned(), first, bars }
}

fn tempo(at: Time, milli_bpm: u32, text: Option<&str>) -> Tempo {
    Tempo { at, milli_bpm, text: text.map(str::to_owned) }
}

/// Eight bars of medium swing: voice, piano, bass, drums in two voices.
pub fn swing() -> Score {
    let mut tune = line(
        Time::ZERO,
        90,
        "r:1/2 D4:1/2 F4:1/2 A4:1/2 C5:3/2 Bb4:1/2 A4:1 G4:1/2 F4:5/2 \
         r:1/2 G4:1/2 Bb4:1/2 D5:1/2 F5:1/3 E5:1/3 D5:1/3 C5:1 A4:4 \
         D5:3/4 C5:1/4 A4:1/2 F4:1/2 G4:1> r:1 Ab4:1/2 A4:1 Bb4:1/2 C5:2 \
         C5:2/3 A4:2/3 F4:2/3 G4:3/2 F4:1/2 F4:4-",
    );
    sing(
        &mut tune,
        1,
        "Walk-ing down the av-e-nue at night I hear the dis-tant ci-ty sing, win-dows o-pen to the ear-ly light~ * * of the day",
    );
    let comp = line(
        Time::ZERO,
        66,
        "[F3+A3+C4+E4]:3/2 r:1 [F3+A3+C4+E4]:3/2. [F3+G3+B3+D4]:2 r:1/2 [F3+G3+B3+D4]:3/2 \
         [E3+G3+Bb3+D4]:4 [Eb3+G3+C4]:1/2 r:1/2 [Eb3+G3+C4]:3 \
         [F3+A3+C4]:2 [F#3+A3+C4+Eb4]:2 [F3+A3+D4]:4 [F3+Bb3+D4]:2 [E3+Bb3+C4]:2 [F3+A3+C4]:4",
    );
    let bass = line(
        Time::ZERO,
        80,
        "D2:1 F2:1 A2:1 C3:1 G2:1 B2:1 D3:1 F2:1 C2:1 E2:1 G2:1 Bb2:1 F2:1 A2:1 C3:1 A2:1 \
         D2:1 A2:1 D#2:1 A2:1 E2:1 G2:1 D2:1 E2:1 F2:1 D2:1 G2:1 C2:1 F2:4",
    );
    let ride = "51:1 51:1/2 51:1/2 51:1 51:1/2 51:1/2 ".repeat(7) + "49:4>";
    let feet = "36:1 44:1 36+38:1/2( 38:1/2( 44:1 ".repeat(7) + "36:2 r:2";
    Score {
        title: "Avenue & Night".to_owned(),
        creator: "EduAI".to_owned(),
        measures: bars(&[(4, 4, "F major", 8)]),
        tempos: vec![tempo(Time::ZERO, 132_000, Some("Medium swing"))],
        swing: Some(Swing { unit: SwingUnit::Eighth, first_milli: 667 }),
        sections: vec![section("A", 0, 4), section("B", 4, 4)],
        chords: chords(Time::ZERO, "Dm7:4 G7:4 C9:4 F6:4 Dm7:2 D#dim7:2 Em7b5:4 Gm7:2 C7b9:2 F6/9:4"),
        signs: Vec::new(),
        section_order: Vec::new(),
        parts: vec![
            part("voice", "Voice", Instrument::Pitched(53), Clef::Treble, vec![tune]),
            part("piano", "Piano", Instrument::Pitched(0), Clef::Treble, vec![comp]),
            part("bass", "Double bass", Instrument::Pitched(32), Clef::BassOctaveDown, vec![bass]),
            part(
                "drums",
                "Drums",
                Instrument::Drums,
                Clef::Percussion,
                vec![line(Time::ZERO, 76, &ride), line(Time::ZERO, 60, &feet)],
            ),
        ],
    }
}

/// A waltz with a pickup, a grand staff, two verses, a change of key and meter, tuplets and a melisma.
pub fn waltz() -> Score {
    let mut measures = vec![Measure {
        number: 0,
        start: Time::ZERO,
        length: Time::QUARTER,
        meter: Meter { beats: 3, unit: 4 },
        key: "D minor".parse().unwrap(),
    }];
    for bar in bars(&[(3, 4, "D minor", 4), (6, 8, "D major", 2)]) {
        let start = bar.start + Time::QUARTER;
        measures.push(Measure { start, ..bar });
    }
    let mut tune = line(
        Time::ZERO,
        84,
        "A4:1 D5:5 C#5:1/2 D5:1/2 E5:1 F5:2/3 E5:2/3 D5:2/3 C#5:1 D5:3/2 r:1/2 \
         F#5:3/2 E5:1/2 D5:1/2 A4:1/2 F#5:1/4 G5:1/4 A5:1/2 G5:1/2 F#5:3/2",
    );
    sing(&mut tune, 1, "El sol~ * * se va y ni-ño ven, luz cla-ra del mar a-zul que ya");
    sing(&mut tune, 2, "La luz~ * * de ti y ca-sa fue, voz le-jos del ai-re se va~");
    let right = line(
        Time::ZERO,
        60,
        "r:1 r:1 [F4+A4]:1 [F4+A4]:1 r:1 [G4+Bb4]:1 [G4+Bb4]:1 [E4+A4]:3 r:1/5 F4:1/5 G4:1/5 A4:1/5 Bb4:1/5 A4:2 \
         [F#4+A4]:3 [E4+G4]:3/2 [D4+F#4]:3/2",
    );
    let left =
        line(Time::ZERO, 64, "r:1 D3:3 G2:1 Bb2:1 D3:1 A2:3 D3:1 C#3:1 C3:1 D2:3/2 A2:3/2 A2:3/4 C#3:3/4 D2:3/2");
    Score {
        title: "Vals de la tarde".to_owned(),
        creator: String::new(),
        measures,
        tempos: vec![tempo(Time::ZERO, 144_000, Some("Vivo")), tempo(Time::quarters(13), 99_000, None)],
        swing: None,
        sections: vec![section("A", 0, 5), section("B", 5, 2)],
        chords: chords(Time::QUARTER, "Dm:3 Gm:3 A7sus4:1 A7:2 Dm:1 Dm/C#:1 Dm/C:1 D:3 Em7:3/2 D:3/2"),
        signs: Vec::new(),
        section_order: Vec::new(),
        parts: vec![
            part("canto", "Canto", Instrument::Pitched(52), Clef::TrebleOctaveDown, vec![tune]),
            part("piano", "Piano", Instrument::Pitched(0), Clef::Treble, vec![right, left]),
        ],
    }
}

/// Sixteenths, syncopation, swung sixteenths, odd meters, four-part writing on two staves, percussion with rolls.
pub fn groove() -> Score {
    let lead = line(
        Time::ZERO,
        100,
        "r:1/4 E4:1/4 G4:1/4 B4:1/4 D5:3/4 B4:1/2 A4:3/4 G4:1/2 E4:1/2. \
         E4:1/4 E4:1/2 E4:1/4 G4:3/4> A4:1 B4:1/4 r:1 \
         E5:1/6 D5:1/6 B4:1/6 A4:1/2 G4:3/2 Bb4:1 A4:7/8 G4:1/8 E4:11/4 D4:3/8 D#4:3/8 E4:4 ",
    );
    let upper = line(Time::ZERO, 70, "[B3+D4]:4 [C4+E4]:4 [B3+D4]:7/2 [A3+C4]:7/2 [B3+E4]:5");
    let inner = line(Time::ZERO, 70, "G3:2 F#3:2 G3:1 A3:1 G3:2 G3:3/2 F#3:2 E3:3/2 D#3:2 G3:5");
    let bass = line(
        Time::ZERO,
        96,
        "E2:3/4 E2:1/4 r:1/2 G2:1/2 A2:3/2 B2:1/2 C2:1/2 r:1/4 C2:3/4 G2:1/2 A2:1 A#2:1 E2:7/2 A1:3/2 B1:2 E1:5",
    );
    let hats = "42:1/4 42:1/4( 42:1/4 46:1/4 ".repeat(8) + &"42:1/2 ".repeat(14) + "49:1 51:1 53:1 54:1 56:1";
    let kick = "36:1 38:3/4> 36:1/4 r:1/2 36:1/2 38:1 ".repeat(2)
        + "36:3/2 38:1 36:1 36:3/2 38:1 38:1/8 38:1/8 38:1/8 38:1/8 38:1/2 36:1 41+45:1 43:1 47:1 50:1";
    Score {
        title: "Back Room".to_owned(),
        creator: "EduAI".to_owned(),
        measures: bars(&[(4, 4, "E minor", 2), (7, 8, "E dorian", 2), (5, 4, "E minor", 1)]),
        tempos: vec![tempo(Time::ZERO, 92_500, None), tempo(Time::new(23, 2), 88_000, Some("poco rit."))],
        swing: Some(Swing { unit: SwingUnit::Sixteenth, first_milli: 580 }),
        sections: vec![section("Intro", 0, 2), section("Hook 1", 2, 3)],
        chords: chords(Time::ZERO, "Em7:4 Cmaj7:2 Cmaj7#11:2 Em9:7/2 B7#5:7/2 Em:5"),
        signs: Vec::new(),
        section_order: Vec::new(),
        parts: vec![
            part("lead", "Lead synth", Instrument::Pitched(80), Clef::Treble, vec![lead]),
            part("keys", "Rhodes", Instrument::Pitched(4), Clef::Treble, vec![upper, inner]),
            part("bass", "Bass", Instrument::Pitched(38), Clef::BassOctaveDown, vec![bass]),
            part(
                "kit",
                "Drum kit",
                Instrument::Drums,
                Clef::Percussion,
                vec![line(Time::ZERO, 88, &hats), line(Time::ZERO, 92, &kick)],
            ),
        ],
    }
}

/// A clarinet in B flat with all kinds of grace notes and dynamics, over an accordion, and a side drum with flams.
pub fn march() -> Score {
    let mut tune = line(Time::ZERO, 80, "F4:1 Bb4:1/2 D5:1/2 F5:1 D5:1 Eb5:3/2 C5:1/2 B4:1 C5:1 A4:4 Bb4:3 r:1");
    tune[1].graces = graces("A4:eighth/");
    tune[3].graces = graces("C5:16th Eb5:16th");
    tune[6].graces = graces("D5:quarter");
    tune[8].graces = graces("Bb4+C5:32nd/ B4+D5:32nd/ Bb4:32nd");
    let chords = line(Time::ZERO, 49, "[Bb3+D4+F4]:4 [C4+Eb4+G4]:2 [A3+C4+F4]:2 [A3+C4+F4]:4 [Bb3+D4]:4");
    let mut side = line(Time::ZERO, 96, "38:1 38:1/2 38:1/2 38:1 38:1 38:1/2 38:1/2 38:1 38:2");
    side[0].graces = graces("38:eighth/");
    side[4].graces = graces("38:16th/ 38:16th/");
    let level = |at: i64, level: Loudness| Dynamic { at: Time::quarters(at), mark: DynamicMark::Level(level) };
    let until = |at: i64| Time::quarters(at);
    let mut clarinet = part("clarinet", "Clarinet", Instrument::Pitched(71), Clef::Treble, vec![tune]);
    clarinet.transposition = Transposition::of_semitones(-2);
    clarinet.dynamics = vec![
        level(0, Loudness::Mf),
        Dynamic { at: Time::quarters(2), mark: DynamicMark::Sforzando },
        Dynamic { at: Time::new(9, 2), mark: DynamicMark::Crescendo { until: until(7) } },
        level(7, Loudness::F),
        Dynamic { at: Time::quarters(9), mark: DynamicMark::Diminuendo { until: until(16) } },
    ];
    let mut accordion = part("accordion", "Accordion", Instrument::Pitched(21), Clef::Treble, vec![chords]);
    accordion.dynamics = vec![level(0, Loudness::P)];
    let mut drum = part("drum", "Side drum", Instrument::Drums, Clef::Percussion, vec![side]);
    drum.dynamics = vec![level(0, Loudness::F)];
    Score {
        title: "Procession".to_owned(),
        creator: "EduAI".to_owned(),
        measures: bars(&[(4, 4, "Bb major", 2), (4, 4, "F major", 2)]),
        tempos: vec![tempo(Time::ZERO, 100_000, None)],
        swing: None,
        sections: vec![section("A", 0, 2), section("B", 2, 2)],
        chords: chords_of_march(),
        signs: Vec::new(),
        section_order: Vec::new(),
        parts: vec![clarinet, accordion, drum],
    }
}

fn chords_of_march() -> Vec<ChordSymbol> {
    chords(Time::ZERO, "Bb:4 Cm7:2 F/A:2 F7:4 Bb:4")
}

/// Grace notes from text: `C5+E5:16th/`, with `/` for a stroke.
fn graces(text: &str) -> Vec<Grace> {
    let grace = |word: &str| {
        let (what, rest) = word.split_once(':').unwrap();
        let value = GraceValue::named(rest.trim_end_matches('/')).unwrap();
        let sound = line(Time::ZERO, 1, &format!("{what}:1")).remove(0).sound;
        Grace { sound, value, slashed: rest.ends_with('/') }
    };
    text.split_whitespace().map(grace).collect()
}

/// All samples with their names.
pub fn all() -> [(&'static str, Score); 4] {
    let mut all = [("swing", swing()), ("waltz", waltz()), ("groove", groove()), ("march", march())];
    for (_, score) in &mut all {
        mark_dynamics(score);
    }
    all
}
