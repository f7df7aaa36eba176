//! What each detector is for is found where it was built in, and neither found nor confirmed once the notes are
//! scrambled.

use crate::pieces::{city_lights, melody_bar, note, p, s, sung};
use crate::refute::scrambled;
use eduai_compose::model::{Piece, SectionKind, SectionPlan};
use eduai_kernel::{SkillLevel, Text};
use eduai_music::analysis::analyse;
use eduai_music::score::{ChordSymbol, Measure, Section, Sound};
use eduai_music::{Chord, Note, Time};
use eduai_pedagogy::model::Claim;
use eduai_pedagogy::{found, verify};

/// A song in C major: a bar of melody and a chord for each bar; keys strike the chord on 1 and 3, the bass its root.
fn song(melody: &[&str], chords: &[&str], sections: &[(SectionKind, u32)]) -> Piece {
    let mut piece = city_lights(SkillLevel::Intermediate);
    let model = piece.plan.sections[0].clone();
    let score = &mut piece.score;
    score.swing = None;
    score.measures = (0..melody.len() as u32)
        .map(|i| Measure { number: i + 1, start: Time::WHOLE * i64::from(i), ..score.measures[0].clone() })
        .collect();
    let mut parts: [Vec<Note>; 4] = Default::default();
    score.chords.clear();
    for (i, (bar, symbol)) in melody.iter().zip(chords).enumerate() {
        let at = Time::WHOLE * i as i64;
        let chord: Chord = symbol.parse().unwrap();
        melody_bar(i as i64, bar, &mut parts[0]);
        let voicing = chord.close_position(57);
        parts[1].push(note(at, s(8), Sound::Pitched(voicing.clone()), 2));
        parts[1].push(note(at + s(8), s(8), Sound::Pitched(voicing), 2));
        let root = eduai_music::Pitch::nearest(chord.lowest(), 43);
        parts[2].push(note(at, s(16), Sound::Pitched(vec![root]), 1));
        parts[3].push(note(at, s(16), Sound::Drums(vec![42]), 3));
        score.chords.push(ChordSymbol { at, duration: Time::WHOLE, chord });
    }
    for (part, voice) in score.parts.iter_mut().zip(parts) {
        part.voices = vec![voice];
    }
    let mut first = 0;
    piece.plan.sections.clear();
    score.sections.clear();
    for (i, (kind, bars)) in sections.iter().enumerate() {
        let label = format!("Section {}", i + 1);
        score.sections.push(Section { label: label.clone(), first: first as usize, bars: *bars as usize });
        let (id, label) = (format!("section-{i}"), Text::new(label.clone(), label));
        piece.plan.sections.push(SectionPlan {
            id,
            label,
            kind: *kind,
            first_bar: first,
            bars: *bars,
            ..model.clone()
        });
        first += bars;
    }
    piece.lyrics.clear();
    piece
}

fn find(piece: &Piece, concept: &str) -> Option<Claim> {
    found(piece, &analyse(&piece.score)).into_iter().find(|c| c.concept.0 == concept)
}

/// The claim is made of the piece, is confirmed by its notes, and falls with them.
fn stands_and_falls(piece: &Piece, concept: &str) -> Claim {
    let claim = find(piece, concept).unwrap_or_else(|| panic!("{concept} is not found"));
    assert_eq!(verify(&claim, &piece.score), Ok(()));
    assert!(!claim.evidence.bars.is_empty());
    for seed in 0..5 {
        let other = Piece { score: scrambled(&piece.score, seed), ..piece.clone() };
        assert!(verify(&claim, &other.score).is_err(), "{concept} survives: {}", claim.text.en);
        assert!(find(&other, concept).is_none(), "{concept} is found in scrambled notes");
    }
    claim
}

const A: [&str; 4] = ["0:4:E4 4:4:G4 8:8:A4", "0:4:G4 4:4:F4 8:8:E4", "0:4:C4 4:4:E4 8:8:F4", "0:4:E4 4:4:D4 8:8:B3"];
const B: [&str; 4] =
    ["0:8:C5 8:4:B4 12:4:A4", "0:8:B4 8:4:A4 12:4:G4", "0:8:A4 8:4:G4 12:4:F4", "0:6:G4 8:2:D4 12:4:G3"];
const C: [&str; 4] =
    ["2:2:D4 6:2:D4 10:6:D4", "2:2:E4 6:2:E4 10:6:E4", "2:2:F4 6:2:F4 10:6:F4", "2:2:G4 6:2:G4 10:6:G4"];
const HOME: [&str; 4] = ["C", "F", "Dm", "G"];

fn row(parts: &[[&'static str; 4]]) -> Vec<&'static str> {
    parts.iter().flatten().copied().collect()
}

#[test]
fn a_period_is_a_question_and_its_answer() {
    let answer = ["0:4:E4 4:4:G4 8:8:A4", "0:4:G4 4:4:F4 8:8:E4", "0:4:F4 4:4:E4 8:8:D4", "0:4:E4 4:4:D4 8:8:C4"];
    let sections = [(SectionKind::Verse, 8)];
    let chords = row(&[["C", "F", "Dm", "G7"], ["C", "F", "G7", "C"]]);
    let claim = stands_and_falls(&song(&row(&[A, answer]), &chords, &sections), "period");
    assert!(claim.text.en.contains("bars 5–8"), "{}", claim.text.en);
    // The same tunes without the open end are no period; nor are two phrases that begin otherwise.
    let closed = row(&[["C", "F", "G7", "C"], ["C", "F", "G7", "C"]]);
    assert!(find(&song(&row(&[A, answer]), &closed, &sections), "period").is_none());
    assert!(find(&song(&row(&[B, answer]), &chords, &sections), "period").is_none());
}

#[test]
fn aaba_has_three_like_stretches_and_one_that_differs() {
    let sections = [(SectionKind::Verse, 16)];
    let claim = stands_and_falls(&song(&row(&[A, A, B, A]), &row(&[HOME; 4]), &sections), "aaba");
    assert!(claim.text.en.contains("bars 9–12"), "{}", claim.text.en);
    for other in [[A, A, A, A], [A, B, A, B], [A, A, B, C]] {
        assert!(find(&song(&row(&other), &row(&[HOME; 4]), &sections), "aaba").is_none());
    }
}

#[test]
fn a_bridge_is_heard_once_and_leads_back() {
    use SectionKind::{Bridge, Chorus, Verse};
    let sections = [(Verse, 4), (Chorus, 4), (Bridge, 4), (Chorus, 4)];
    let claim = stands_and_falls(&song(&row(&[A, B, C, B]), &row(&[HOME; 4]), &sections), "bridge");
    assert_eq!(claim.evidence.bars, [9, 10, 11, 12]);
    // Called a bridge, but the verse again; called a bridge, but followed by something new.
    assert!(find(&song(&row(&[A, B, A, B]), &row(&[HOME; 4]), &sections), "bridge").is_none());
    assert!(find(&song(&row(&[A, A, A, C]), &row(&[HOME; 4]), &sections), "bridge").is_none());
}

/// Eight bars: hi-hats that come faster and louder, then bass drum and bass.
fn house() -> Piece {
    let mut piece = song(&row(&[A, B]), &row(&[HOME; 2]), &[(SectionKind::Build, 4), (SectionKind::Chorus, 4)]);
    piece.score.parts[2].voices[0].retain(|n| n.onset >= Time::WHOLE * 4);
    let mut drums = Vec::new();
    for bar in 0..8_i64 {
        let strokes = if bar < 4 { 2 << bar } else { 4 };
        for i in 0..strokes {
            let keys = if bar < 4 { vec![42] } else { vec![36, 42] };
            let at = Time::WHOLE * bar + Time::WHOLE * i / strokes;
            drums.push(note(at, Time::WHOLE / strokes, Sound::Drums(keys), 3));
        }
    }
    piece.score.parts[3].voices = vec![drums];
    piece
}

#[test]
fn a_build_grows_and_a_drop_brings_the_low_notes() {
    let claim = stands_and_falls(&house(), "build_and_drop");
    assert!(claim.text.en.contains("bars 1–4") && claim.text.en.contains("bar 5"), "{}", claim.text.en);
    let mut flat = house();
    let even: Vec<Note> =
        flat.score.parts[3].voices[0].iter().filter(|n| n.onset.denominator() == 1).cloned().collect();
    flat.score.parts[3].voices = vec![even];
    for n in &mut flat.score.parts[3].voices[0] {
        n.sound = Sound::Drums(vec![36, 42]);
    }
    assert!(find(&flat, "build_and_drop").is_none(), "the bass drum was there all along");
}

#[test]
fn homophony_is_one_line_over_chords() {
    let piece = song(&row(&[A, B]), &row(&[HOME; 2]), &[(SectionKind::Verse, 8)]);
    stands_and_falls(&piece, "homophony");
    let mut thin = piece;
    for n in &mut thin.score.parts[1].voices[0] {
        n.sound = Sound::Pitched(n.pitches()[..1].to_vec());
    }
    assert!(find(&thin, "homophony").is_none(), "single notes are no chords");
}

#[test]
fn a_polyrhythm_is_two_even_pulses_in_one_time() {
    let mut piece = song(&row(&[A, B]), &row(&[HOME; 2]), &[(SectionKind::Verse, 8)]);
    let voice = &mut piece.score.parts[0].voices[0];
    voice.retain(|n| n.onset < Time::WHOLE * 2 || n.onset >= Time::WHOLE * 3);
    let third = Time::new(4, 3);
    voice.extend(
        ["C4", "E4", "G4"]
            .iter()
            .zip(0..)
            .map(|(name, i)| note(Time::WHOLE * 2 + third * i, third, Sound::Pitched(vec![p(name)]), 0)),
    );
    voice.sort_by_key(|n| n.onset);
    let claim = stands_and_falls(&piece, "polyrhythm");
    assert!(claim.text.en.contains("three against two"), "{}", claim.text.en);
    assert_eq!(claim.evidence.bars, [3]);
    // Two and four do not rub.
    assert!(find(&song(&row(&[A, B]), &row(&[HOME; 2]), &[(SectionKind::Verse, 8)]), "polyrhythm").is_none());
}

/// Three lines, sung to one melody.
fn stanza(lines: [(&str, &str); 3]) -> Piece {
    let bars: Vec<String> = lines
        .iter()
        .map(|(_, words)| {
            let syllables = words.split(' ').enumerate();
            syllables.map(|(i, word)| format!("{}:2:E4:{word}", 2 * i)).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let bars: Vec<&str> = bars.iter().map(String::as_str).collect();
    let mut piece = song(&bars, &["C", "F", "C"], &[(SectionKind::Verse, 3)]);
    let voice = piece.score.parts[0].voices[0].clone();
    let lines: Vec<(&str, &str, char, bool)> =
        lines.iter().map(|(marked, _)| ("section-0", *marked, 'A', false)).collect();
    piece.lyrics = sung(&voice, &lines);
    piece
}

#[test]
fn aab_says_a_line_twice_and_answers_with_a_rhyme() {
    let line = ("I *walk the *road at *night", "I walk the road at night");
    let answer = ("And *wait to *see the *light", "And wait to see the light");
    let piece = stanza([line, line, answer]);
    let claim = find(&piece, "aab_lyric").expect("the stanza is found");
    assert_eq!(verify(&claim, &piece.score), Ok(()));
    assert!(claim.text.en.contains("night / light"), "{}", claim.text.en);
    // Other words under the same notes.
    let mut other = piece.clone();
    let voice = &mut other.score.parts[0].voices[0];
    let words: Vec<_> = voice.iter().map(|n| n.lyrics.clone()).collect();
    for (n, lyric) in voice.iter_mut().zip(words.into_iter().rev()) {
        n.lyrics = lyric;
    }
    assert!(verify(&claim, &other.score).is_err());
    assert!(find(&other, "aab_lyric").is_none());
    let unrhymed = ("And *wait to *see the *moon", "And wait to see the moon");
    assert!(find(&stanza([line, line, unrhymed]), "aab_lyric").is_none());
    assert!(find(&stanza([line, answer, line]), "aab_lyric").is_none());
}
