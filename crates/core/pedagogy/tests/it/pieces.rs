//! Small pieces built by hand, note by note, whose truth is known.

use eduai_compose::model::{
    Brief, Contour, Hook, Origin, PartPlan, PartRole, Piece, Plan, SectionKind, SectionPlan, SungLine, SungSection,
    SungSyllable,
};
use eduai_genre::{Blend, Dimension, GenreId};
use eduai_kernel::{Language, SkillLevel, Text};
use eduai_music::score::{
    ChordSymbol, Clef, Instrument, Lyric, Measure, Meter, Section, Sound, Swing, SwingUnit, Syllabic, Tempo,
};
use eduai_music::{Chord, Key, Note, Part, Pitch, Roman, Score, Time};

pub fn s(sixteenths: i64) -> Time {
    Time::sixteenths(sixteenths)
}

pub fn p(text: &str) -> Pitch {
    text.parse().unwrap()
}

pub fn note(onset: Time, duration: Time, sound: Sound, origin: u16) -> Note {
    Note {
        onset,
        duration,
        sound,
        velocity: 80,
        graces: vec![],
        articulations: vec![],
        lyrics: vec![],
        origin: Some(origin),
    }
}

/// A bar of melody: `sixteenth:length:pitch:syllable`, a syllable that ends in `-` goes on in the next.
pub fn melody_bar(bar: i64, text: &str, out: &mut Vec<Note>) {
    let mut inside = false;
    for entry in text.split_whitespace() {
        let f: Vec<&str> = entry.split(':').collect();
        let (at, length): (i64, i64) = (f[0].parse().unwrap(), f[1].parse().unwrap());
        let mut n = note(Time::WHOLE * bar + s(at), s(length), Sound::Pitched(vec![p(f[2])]), 0);
        if let Some(word) = f.get(3) {
            let goes_on = word.ends_with('-');
            let place = match (inside, goes_on) {
                (false, false) => Syllabic::Single,
                (false, true) => Syllabic::Begin,
                (true, true) => Syllabic::Middle,
                (true, false) => Syllabic::End,
            };
            inside = goes_on;
            n.lyrics = vec![Lyric { verse: 1, text: word.trim_end_matches('-').to_owned(), place, melisma: false }];
        }
        out.push(n);
    }
}

pub fn sung(voice: &[Note], lines: &[(&str, &str, char, bool)]) -> Vec<SungSection> {
    let mut at = 0;
    let mut out: Vec<SungSection> = Vec::new();
    for (section, stressed, rhyme, hook) in lines {
        let words: Vec<&str> = stressed.split(' ').collect();
        let mut syllables = Vec::new();
        let mut text = String::new();
        for word in words {
            let parts: Vec<&str> = word.split('-').collect();
            text.push_str(&word.replace(['-', '*'], ""));
            text.push(' ');
            for (i, part) in parts.iter().enumerate() {
                let plain = part.replace('*', "");
                assert_eq!(voice[at].lyrics[0].text, plain, "note {at}");
                syllables.push(SungSyllable {
                    text: plain,
                    ends_word: i + 1 == parts.len(),
                    stressed: part.contains('*'),
                    note: at as u32,
                });
                at += 1;
            }
        }
        let line = SungLine { text: text.trim().to_owned(), rhyme: Some(*rhyme), hook: *hook, syllables };
        match out.last_mut().filter(|o| o.section == *section) {
            Some(own) => own.lines.push(line),
            None => out.push(SungSection { section: (*section).to_owned(), scheme: String::new(), lines: vec![line] }),
        }
    }
    out
}

pub const JAZZ: &str = "jazz_swing";
pub const HIP_HOP: &str = "hip_hop_boom_bap";

/// Thirty bars of jazz harmony and walking bass over a boom-bap groove, in C major: intro 4, verse 8, chorus 4, verse 8,
/// chorus 4, outro 2.
pub fn city_lights(level: SkillLevel) -> Piece {
    let verse = [
        "0:2:E4:Down 2:2:F4:the 4:4:E4:av- 8:2:D4:e- 10:4:C4:nue",
        "0:2:D4:I 2:2:E4:hear 4:4:D4:the 8:6:B3:night",
        "0:2:C4:A 2:2:D4:win- 4:4:E4:dow 8:2:D4:shows 10:4:C4:you",
        "0:2:E4:a 2:2:D4:lit- 4:4:C4:tle 8:6:A3:light",
    ];
    let chorus = [
        "0:2:G4:Ci- 2:4:A4:ty 6:4:G4:lights 12:2:E4:to- 14:2:G4:night",
        "0:2:F4:Ci- 2:4:G4:ty 6:4:F4:lights 12:2:D4:to- 14:2:F4:night",
    ];
    let chords = ["Dm7", "G7", "Cmaj7", "Am7"];
    let mut voice = Vec::new();
    let place = |bars: &[&str], from: i64, times: i64, voice: &mut Vec<Note>| {
        for round in 0..times {
            for (i, bar) in bars.iter().enumerate() {
                melody_bar(from + round * bars.len() as i64 + i as i64, bar, voice);
            }
        }
    };
    place(&verse, 4, 2, &mut voice);
    place(&chorus, 12, 2, &mut voice);
    place(&verse, 16, 2, &mut voice);
    place(&chorus, 24, 2, &mut voice);
    let verse_lines = [
        ("*Down the *av-e-nue I *hear the *night", 'A', false),
        ("A *win-dow shows you a *lit-tle *light", 'A', false),
    ];
    let chorus_line = ("*Ci-ty *lights to-*night", 'B', true);
    let mut lines: Vec<(&str, &str, char, bool)> = Vec::new();
    for (v, c) in [("verse-1", "chorus-1"), ("verse-2", "chorus-2")] {
        for _ in 0..2 {
            lines.extend(verse_lines.iter().map(|(t, r, h)| (v, *t, *r, *h)));
        }
        lines.extend((0..4).map(|_| (c, chorus_line.0, chorus_line.1, chorus_line.2)));
    }
    let lyrics = sung(&voice, &lines);
    let walk =
        [["D3", "F3", "A3", "F#3"], ["G3", "F3", "D3", "B2"], ["C3", "E3", "G3", "B3"], ["A3", "G3", "E3", "C3"]];
    let mut bass = Vec::new();
    let mut keys = Vec::new();
    let mut drums = Vec::new();
    for bar in 0..30_i64 {
        let at = Time::WHOLE * bar;
        let chord: Chord = if bar == 29 {
            "Cmaj7"
        } else if bar == 28 {
            "G7"
        } else {
            chords[bar as usize % 4]
        }
        .parse()
        .unwrap();
        let figure = if bar == 29 {
            ["C3"; 4]
        } else if bar == 28 {
            walk[1]
        } else {
            walk[bar as usize % 4]
        };
        if bar >= 4 {
            for (i, name) in figure.iter().enumerate().take(if bar == 29 { 1 } else { 4 }) {
                bass.push(note(at + Time::quarters(i as i64), Time::QUARTER, Sound::Pitched(vec![p(name)]), 1));
            }
        }
        let voicing = chord.close_position(57);
        keys.push(note(at, s(6), Sound::Pitched(voicing.clone()), 2));
        keys.push(note(at + s(6), s(6), Sound::Pitched(voicing), 2));
        if bar != 29 {
            for i in 0..8 {
                let mut struck = vec![42];
                if i == 0 || i == 5 {
                    struck.push(36);
                }
                if i == 2 || i == 6 {
                    struck.push(38);
                }
                struck.sort_unstable();
                drums.push(note(at + s(2 * i), s(1), Sound::Drums(struck), 3));
            }
            drums.push(note(at + s(15), s(1), Sound::Drums(vec![42]), 3));
        }
    }
    let key: Key = "C major".parse().unwrap();
    let sections = [
        ("intro", "Intro", "Introducción", SectionKind::Intro, 0, 4),
        ("verse-1", "Verse 1", "Estrofa 1", SectionKind::Verse, 4, 8),
        ("chorus-1", "Chorus 1", "Estribillo 1", SectionKind::Chorus, 12, 4),
        ("verse-2", "Verse 2", "Estrofa 2", SectionKind::Verse, 16, 8),
        ("chorus-2", "Chorus 2", "Estribillo 2", SectionKind::Chorus, 24, 4),
        ("outro", "Outro", "Final", SectionKind::Outro, 28, 2),
    ];
    let part = |id: &str, name: &str, instrument, clef, voices| Part {
        id: id.into(),
        name: name.into(),
        short_name: name.chars().take(2).collect(),
        instrument,
        clef,
        transposition: eduai_music::score::Transposition::NONE,
        dynamics: vec![],
        voices,
    };
    let hook_notes: Vec<Note> = voice
        .iter()
        .filter(|n| n.onset >= Time::WHOLE * 12 && n.onset < Time::WHOLE * 13)
        .map(|n| Note { onset: n.onset - Time::WHOLE * 12, ..n.clone() })
        .collect();
    let score = Score {
        title: "City Lights".into(),
        creator: "EduAI".into(),
        measures: (0..30)
            .map(|i| Measure {
                number: i + 1,
                start: Time::WHOLE * i64::from(i),
                length: Time::WHOLE,
                meter: Meter::COMMON,
                key,
            })
            .collect(),
        tempos: vec![Tempo { at: Time::ZERO, milli_bpm: 92_000, text: None }],
        swing: Some(Swing { unit: SwingUnit::Sixteenth, first_milli: 580 }),
        signs: Vec::new(),
        section_order: Vec::new(),
        sections: sections.iter().map(|x| Section { label: x.1.into(), first: x.4, bars: x.5 }).collect(),
        chords: (0..30)
            .map(|bar| ChordSymbol {
                at: Time::WHOLE * bar,
                duration: Time::WHOLE,
                chord: chords[bar as usize % 4].parse().unwrap(),
            })
            .collect(),
        parts: vec![
            part("voice", "Voice", Instrument::Pitched(52), Clef::Treble, vec![voice]),
            part("keys", "Rhodes", Instrument::Pitched(4), Clef::Treble, vec![keys]),
            part("bass", "Bass", Instrument::Pitched(32), Clef::Bass, vec![bass]),
            part("drums", "Drums", Instrument::Drums, Clef::Percussion, vec![drums]),
        ],
    };
    let plan_part = |id: &str, role, en: &str, es: &str, genre: &str| PartPlan {
        id: id.into(),
        role,
        name: Text::new(en, es),
        program: None,
        kit: None,
        genre: GenreId(genre.into()),
    };
    let origin = |dimension, genre: &str, rule: &str| Origin {
        dimension,
        genre: GenreId(genre.into()),
        rule: rule.into(),
        text: Text::new("why", "por qué"),
    };
    let plan = Plan {
        brief: Brief {
            theme_words: vec!["city".into()],
            ..Brief::new(vec![GenreId(JAZZ.into()), GenreId(HIP_HOP.into())], level, Language::En, 9, 7)
        },
        blend: Blend::default(),
        key,
        meter: Meter::COMMON,
        tempo_bpm: 92.0,
        swing: score.swing,
        sections: sections
            .iter()
            .map(|x| SectionPlan {
                id: x.0.into(),
                label: Text::new(x.1, x.2),
                kind: x.3,
                first_bar: x.4 as u32,
                bars: x.5 as u32,
                energy: 0.5,
                harmony: vec![("I".parse::<Roman>().unwrap(), Time::WHOLE * x.5 as i64)],
                harmony_origin: 2,
                cadence: None,
                layers: vec![],
                theme_bar: None,
            })
            .collect(),
        parts: vec![
            plan_part("voice", PartRole::Melody, "Voice", "Voz", HIP_HOP),
            plan_part("keys", PartRole::Harmony, "Electric piano", "Piano eléctrico", JAZZ),
            plan_part("bass", PartRole::Bass, "Double bass", "Contrabajo", JAZZ),
            plan_part("drums", PartRole::Drums, "Drum kit", "Batería", HIP_HOP),
        ],
        theme: "city".into(),
        patterns: eduai_compose::model::Patterns::default(),
        compass: (57, 74),
        origins: vec![],
        agreements: vec![],
    };
    Piece {
        fittings: vec![],
        plan,
        hooks: vec![Hook {
            id: "hook-1".into(),
            notes: hook_notes,
            text: "City lights tonight".into(),
            contour: Contour::Arch,
            rhythm: Text::new("syncopated", "sincopado"),
            why: Text::new("short", "breve"),
            singability: 0.9,
        }],
        hook: 0,
        score,
        origins: vec![
            origin(Dimension::Melody, HIP_HOP, "melody.hook"),
            origin(Dimension::Bass, JAZZ, "bass.walking"),
            origin(Dimension::Harmony, JAZZ, "progression.ii_v_i"),
            origin(Dimension::Groove, HIP_HOP, "groove.boom_bap"),
        ],
        lyrics,
    }
}
