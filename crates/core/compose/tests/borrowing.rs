//! Pieces on borrowed melodies, chords, basses and drums, judged by their notes.

use eduai_borrow::{Borrowed, Layer, Source};
use eduai_compose::model::{Brief, Piece};
use eduai_genre::{GenreBook, GenreId};
use eduai_kernel::{Language, SkillLevel};
use eduai_music::analysis::analyse;
use eduai_music::score::{Instrument, Meter};
use eduai_music::{Key, Score, Time};

/// Beethoven's melody as sung to Schiller's ode, with its usual chords (public domain).
const ODE: &str = "X:1\nT:Ode to Joy\nM:4/4\nL:1/4\nQ:1/4=120\nK:D\n\
    \"D\"FFGA|\"A7\"AGFE|\"D\"DDEF|\"A7\"F>E E2|\"D\"FFGA|\"A7\"AGFE|\"D\"DDEF|\"A7\"E>D \"D\"D2|\n\
    \"A7\"EEFD|E(F/G/)FD|EF/G/FE|\"D\"D\"E7\"E\"A\"A,2|\"D\"FFGA|\"A7\"AGFE|\"D\"DDEF|\"A7\"E>D \"D\"D2|]\n";

/// A waltz in three, in minor, without chords.
const WALTZ: &str = "X:1\nT:A waltz\nM:3/4\nL:1/4\nQ:1/4=150\nK:Am\n\
    A2B|c2d|e2e|e2d|c2B|A2^G|A3|A3|e2f|e2d|c2d|e3|d2c|B2^G|A3|A3|]\n";

/// A drum loop and a bass line of four bars over C Am F G.
fn groove() -> Score {
    let text = "X:1\nT:Loop\nM:4/4\nL:1/8\nQ:1/4=92\n%%score 1 2\nV:1 clef=bass\nV:2\nK:C\n\
        V:1\n%%MIDI program 33\n\"C\"C,2C,2E,2G,2|\"Am\"A,,2A,,2C,2E,2|\"F\"F,,2F,,2A,,2C,2|\"G\"G,,2G,,2B,,2D,2|\n\
        V:2\n[CE]8|[CA]8|[CF]8|[DG]8|\n";
    let mut score = eduai_music::abc::read(text.as_bytes()).unwrap().0;
    let part = score.parts[1].clone();
    let mut drums = part;
    drums.id = "drums".into();
    drums.instrument = Instrument::Drums;
    let stroke = |at: Time, keys: Vec<u8>| eduai_music::Note {
        onset: at,
        duration: Time::EIGHTH,
        sound: eduai_music::score::Sound::Drums(keys),
        velocity: 90,
        graces: Vec::new(),
        articulations: Vec::new(),
        lyrics: Vec::new(),
        origin: None,
    };
    let beats = (0..32).map(|n| {
        let key = if n % 4 == 2 { 38 } else { 42 };
        stroke(Time::new(n, 2), if n % 8 == 0 { vec![36, 42] } else { vec![key] })
    });
    drums.voices = vec![beats.collect()];
    score.parts.push(drums);
    score
}

fn read(abc: &str) -> Source {
    let score = eduai_music::abc::read(abc.as_bytes()).unwrap().0;
    Source::of(&score).unwrap()
}

fn brief(genres: [&str; 2], borrowed: Borrowed) -> Brief {
    let ids = genres.map(|id| GenreId(id.to_owned())).to_vec();
    Brief { borrowed, ..Brief::new(ids, SkillLevel::Intermediate, Language::En, 8, 7) }
}

fn compose(brief: &Brief) -> Piece {
    eduai_compose::compose(brief, GenreBook::built_in().unwrap()).unwrap()
}

fn take(layers: &[(Layer, usize)], sources: Vec<Source>) -> Borrowed {
    Borrowed { sources, take: layers.iter().copied().collect() }
}

fn tops(notes: &[eduai_music::Note]) -> Vec<i32> {
    notes.iter().filter_map(eduai_music::Note::top).map(eduai_music::Pitch::midi).collect()
}

#[test]
fn a_melody_keeps_its_notes_and_its_chords_in_another_key() {
    let mut brief = brief(["folk", "jazz_swing"], Borrowed::shared_out(vec![read(ODE)]));
    brief.key = Some("F major".parse().unwrap());
    let piece = compose(&brief);
    let voice = piece.score.part("voice").unwrap();
    let own = read(ODE).melody.unwrap();
    let heard = tops(&voice.voices[0]);
    let expected: Vec<i32> = tops(&own.notes).iter().map(|m| m + 3).collect();
    assert_eq!(&heard[..expected.len()], expected, "every note, three semitones higher");
    let found = analyse(&piece.score).key.unwrap();
    assert_eq!(found.key, "F major".parse::<Key>().unwrap());
    let symbols: Vec<String> = piece.score.chords.iter().map(|c| c.chord.to_string()).collect();
    assert!(symbols.iter().all(|s| ["F", "C7", "G7", "C", "F7"].contains(&s.as_str())), "{symbols:?}");
    assert!(
        piece.fittings.iter().any(|f| f.layer == Layer::Melody && f.what.en.starts_with("From D major to F major"))
    );
    assert_eq!(piece.score.title, "Ode to Joy");
    let labels: Vec<&str> = piece.plan.sections.iter().map(|s| s.label.en.as_str()).collect();
    assert_eq!(labels[..5], ["Intro", "A1", "A2", "B1", "A3"]);
    assert!(piece.hooks.len() >= 3);
}

#[test]
fn a_waltz_finds_chords_in_four() {
    let mut brief = brief(["hip_hop_boom_bap", "jazz_swing"], Borrowed::shared_out(vec![read(WALTZ)]));
    brief.meter = Some(Meter { beats: 4, unit: 4 });
    let piece = compose(&brief);
    assert_eq!(piece.plan.key, "A minor".parse().unwrap());
    let voice = &piece.score.part("voice").unwrap().voices[0];
    let theme = piece.plan.sections.iter().find(|s| s.theme_bar == Some(0)).unwrap();
    let start = Time::quarters(4 * i64::from(theme.first_bar));
    let first: Vec<(Time, Time)> =
        voice.iter().filter(|n| n.onset >= start).take(4).map(|n| (n.onset - start, n.duration)).collect();
    let q = Time::quarters;
    assert_eq!(first, [(q(0), q(3)), (q(3), q(1)), (q(4), q(3)), (q(7), q(1))]);
    // On the first beats the melody stands on a tone of its chord nearly always.
    let strong: Vec<_> = voice.iter().filter(|n| n.onset.modulo(q(4)) == Time::ZERO).collect();
    let consonant = strong.iter().filter(|n| {
        let chord = piece.score.chords.iter().rfind(|c| c.at <= n.onset).unwrap().chord;
        chord.contains(n.top().unwrap().midi())
    });
    let share = consonant.count() as f64 / strong.len() as f64;
    assert!(share >= 0.85, "{share}");
    assert!(piece.fittings.iter().any(|f| f.what.en.starts_with("From 3/4 to 4/4")));
    assert!(piece.fittings.iter().any(|f| f.what.en.contains("over other chords")));
}

#[test]
fn a_rhythm_section_of_one_piece_plays_under_the_tune_of_another() {
    let sources = vec![read(ODE), Source::of(&groove()).unwrap()];
    let borrowed = Borrowed::shared_out(sources);
    assert_eq!(borrowed.take.values().copied().collect::<Vec<_>>(), [0, 0, 1, 1]);
    let piece = compose(&brief(["rock", "country"], borrowed));
    let drums = piece.score.part("drums").unwrap();
    let key = |n: &eduai_music::Note| match &n.sound {
        eduai_music::score::Sound::Drums(keys) => keys.clone(),
        eduai_music::score::Sound::Pitched(_) => Vec::new(),
    };
    let bar = |index: i64| {
        let inside = drums.voices[0].iter().filter(|n| n.onset.div_floor(Time::WHOLE) == index);
        inside.map(key).collect::<Vec<_>>()
    };
    let (kick, hat, snare) = (vec![36, 42], vec![42], vec![38]);
    let one_bar = [&kick, &hat, &snare, &hat, &hat, &hat, &snare, &hat].map(Clone::clone);
    assert_eq!(bar(6), one_bar);
    // Wherever a chord begins and the bass plays, it plays the root, as it did at home.
    let bass = piece.score.part("bass").unwrap();
    let mut asked = 0;
    for chord in &piece.score.chords {
        if let Some(note) =
            bass.voices[0].iter().find(|n| n.onset == chord.at && n.onset.modulo(Time::WHOLE) == Time::ZERO)
        {
            assert_eq!(note.top().unwrap().midi().rem_euclid(12), chord.chord.lowest().class(), "{}", chord.chord);
            asked += 1;
        }
    }
    assert!(asked >= 8, "{asked}");
}

#[test]
fn chords_alone_carry_a_new_song() {
    let brief = brief(["rock", "blues"], take(&[(Layer::Chords, 0)], vec![Source::of(&groove()).unwrap()]));
    let piece = compose(&brief);
    let symbols: std::collections::BTreeSet<String> = piece.score.chords.iter().map(|c| c.chord.to_string()).collect();
    for chord in ["C", "Am", "F", "G"] {
        assert!(symbols.contains(chord), "{symbols:?}");
    }
    assert!(!piece.lyrics.is_empty(), "its words are new");
}

#[test]
fn the_same_loan_gives_the_same_piece_and_survives_storage() {
    let brief = brief(["rock", "country"], Borrowed::shared_out(vec![read(ODE)]));
    let (one, two) = (compose(&brief), compose(&brief));
    assert_eq!(one, two);
    let stored: Piece = serde_json::from_str(&serde_json::to_string(&one).unwrap()).unwrap();
    assert_eq!(stored, one);
}

#[test]
fn every_genre_can_dress_a_borrowed_tune() {
    let book = GenreBook::built_in().unwrap();
    let ids: Vec<&str> = book.profiles().iter().map(|p| p.id.as_str()).collect();
    for pair in ids.windows(2) {
        for tune in [ODE, WALTZ] {
            let piece = compose(&brief([pair[0], pair[1]], Borrowed::shared_out(vec![read(tune)])));
            let bars: u32 = piece.plan.sections.iter().map(|s| s.bars).sum();
            assert_eq!(bars as usize, piece.score.measures.len());
            for section in &piece.plan.sections {
                let length: Time = section.harmony.iter().map(|h| h.1).sum();
                assert_eq!(length, piece.plan.meter.length() * i64::from(section.bars), "{pair:?} {}", section.id);
            }
            let found = analyse(&piece.score).key.unwrap().key;
            assert_eq!(found.tonic.class(), piece.plan.key.tonic.class(), "{pair:?} {tune}");
        }
    }
}
