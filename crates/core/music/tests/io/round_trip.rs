//! What is written reads back equal.

use crate::{arbitrary, samples};
use eduai_music::score::{Clef, Grace, GraceValue, Instrument, Lyric, Part, Score, Sound, Transposition};
use eduai_music::{Note, Pitch, Time, abc, midi, musicxml};
use proptest::prelude::*;

/// What a MusicXML file keeps: all but provenance, the order of articulations, and the clef of a part that gets a
/// grand staff.
fn through_xml(score: &Score) -> (Score, Score) {
    let (mut back, diagnoses) = musicxml::read(musicxml::write(score).as_bytes()).unwrap();
    assert_eq!(diagnoses, [], "a file of our own needs no remarks");
    let mut score = score.clone();
    let measures = score.measures.clone();
    respell_chords(&mut score);
    for part in &mut score.parts {
        part.transposition = part.transposition.printable(measures.iter().map(|bar| bar.key));
    }
    for part in score.parts.iter_mut().chain(&mut back.parts) {
        for note in part.voices.iter_mut().flatten() {
            note.origin = None;
            note.articulations.sort_by_key(|a| format!("{a:?}"));
        }
        // Percussion with no notes cannot be told from a silent piano.
        if part.notes().all(|n| matches!(n.sound, Sound::Drums(_))) && part.notes().next().is_none() {
            part.instrument = Instrument::Pitched(0);
            part.clef = Clef::Treble;
        }
    }
    (score, back)
}

#[test]
fn samples_survive_musicxml() {
    for (name, score) in samples::all() {
        let (score, back) = through_xml(&score);
        pretty_equal(name, &score, &back);
    }
}

/// A sounding key: onset, duration, MIDI number (percussion above 1000).
type Heard = (Time, Time, i32);

/// What sounds in a part. Percussion has no duration of its own: of two strokes on one drum nobody can tell which ends
/// first.
fn heard(part: &Part) -> Vec<Heard> {
    let mut out: Vec<Heard> = Vec::new();
    for note in part.notes() {
        match &note.sound {
            Sound::Pitched(pitches) => out.extend(pitches.iter().map(|p| (note.onset, note.duration, p.midi()))),
            Sound::Drums(keys) => out.extend(keys.iter().map(|key| (note.onset, Time::ZERO, 1000 + i32::from(*key)))),
        }
    }
    out.sort();
    out
}

fn same(a: Vec<Heard>, mut b: Vec<Heard>, near: Time) {
    assert_eq!(a.len(), b.len());
    let close = |a: Time, b: Time| a - b <= near && b - a <= near;
    for heard in a {
        let found = b.iter().position(|o| o.2 == heard.2 && close(o.0, heard.0) && close(o.1, heard.1));
        b.swap_remove(found.unwrap_or_else(|| panic!("{heard:?} is not in {b:?}")));
    }
}

/// The grace notes of a part by what sounds, with the times of their notes. MIDI makes one chord of what two voices play
/// alike, and then one group of their graces.
fn graced(part: &Part) -> Vec<(Time, Vec<i32>, GraceValue, bool)> {
    let keys = |sound: &Sound| match sound {
        Sound::Pitched(pitches) => pitches.iter().map(|pitch| pitch.midi()).collect(),
        Sound::Drums(keys) => keys.iter().map(|key| i32::from(*key)).collect(),
    };
    let graces = part.notes().flat_map(|note| note.graces.iter().map(|grace| (note.onset, grace)));
    let mut out: Vec<_> = graces.map(|(at, grace)| (at, keys(&grace.sound), grace.value, grace.slashed)).collect();
    out.sort();
    out
}

/// The words of a part with their times; held syllables are not told apart in MIDI.
fn sung(part: &Part) -> Vec<(Time, Lyric)> {
    let notes = part.voices.first().into_iter().flatten();
    notes.flat_map(|n| n.lyrics.iter().map(|l| (n.onset, Lyric { melisma: false, ..l.clone() }))).collect()
}

fn survives_midi(score: &Score) {
    let (back, diagnoses) = midi::read(&midi::write(score)).unwrap();
    assert_eq!(diagnoses, [], "a file of our own needs no remarks");
    assert_eq!(back.measures, score.measures);
    assert_eq!(back.tempos.len(), score.tempos.len());
    for (a, b) in back.tempos.iter().zip(&score.tempos) {
        // MIDI counts whole microseconds a quarter: above 245 bpm they are coarser than a thousandth.
        assert!(a.milli_bpm.abs_diff(b.milli_bpm) <= u32::from(b.milli_bpm > 245_000), "{a:?} {b:?}");
        assert_eq!((a.at, &a.text), (b.at, &b.text));
    }
    assert_eq!(back.swing, score.swing);
    assert_eq!(back.sections, score.sections);
    assert_eq!(back.chords, score.chords);
    assert_eq!((back.title, back.creator), (score.title.clone(), score.creator.clone()));
    assert_eq!(back.parts.len(), score.parts.len());
    for (a, b) in score.parts.iter().zip(&back.parts) {
        assert_eq!((&a.id, &a.name), (&b.id, &b.name));
        if a.notes().next().is_some() {
            assert_eq!(a.instrument, b.instrument);
        }
        // A swung tick may stand for two times that are nearer than a tick to one another.
        let near = if score.swing.is_some() { Time::new(1, 120) } else { Time::ZERO };
        same(heard(a), heard(b), near);
        if score.swing.is_none() {
            assert_eq!(graced(a), graced(b));
        }
        if a.voices.len() == 1 {
            let (a, b) = (sung(a), sung(b));
            assert_eq!(a.len(), b.len());
            for (a, b) in a.into_iter().zip(b) {
                assert_eq!(a.1, b.1);
                assert!(a.0 - b.0 <= near && b.0 - a.0 <= near, "{a:?} {b:?}");
            }
        }
    }
}

/// A note as ABC keeps it. That a syllable is held means something only where notes without syllable follow.
fn written(voice: &[Note], index: usize) -> (Time, Time, Sound, Vec<Grace>, Vec<Lyric>) {
    let note = &voice[index];
    let free = voice.get(index + 1).is_some_and(|next| next.lyrics.is_empty());
    let lyric = |lyric: &Lyric| Lyric { melisma: lyric.melisma && free, ..lyric.clone() };
    let (sound, graces) = (note.sound.clone(), note.graces.clone());
    (note.onset, note.duration, sound, graces, note.lyrics.iter().map(lyric).collect())
}

/// How a part is printed: no signature has more than seven sharps or flats.
fn printed(score: &Score, part: &Part) -> Transposition {
    part.transposition.printable(score.measures.iter().map(|bar| bar.key))
}

/// Over a part that is not printed as it sounds, chord symbols lose their double accidentals.
fn respell_chords(score: &mut Score) {
    let by: Vec<Transposition> = score
        .parts
        .iter()
        .filter(|part| part.instrument != Instrument::Drums)
        .map(|part| printed(score, part))
        .collect();
    if let Some(first) = by.first().filter(|_| by.iter().all(|by| !by.is_none())) {
        for symbol in &mut score.chords {
            symbol.chord = first.sounding_chord(first.printed_chord(symbol.chord));
        }
    }
}

/// ABC has no triple accidentals: what would be printed with three is spelled anew.
fn spelled(score: &Score) -> Score {
    let mut spelled = score.clone();
    respell_chords(&mut spelled);
    for (part, original) in spelled.parts.iter_mut().zip(&score.parts) {
        let by = printed(score, original);
        let respell = |pitch: &mut Pitch| {
            let printed = by.printed(*pitch);
            if printed.alter.abs() > 2 {
                *pitch = by.sounding(Pitch::from_midi(printed.midi(), printed.name().simplest(0)));
            }
        };
        for note in part.voices.iter_mut().flatten() {
            let graces = note.graces.iter_mut().map(|grace| &mut grace.sound);
            for sound in std::iter::once(&mut note.sound).chain(graces) {
                if let Sound::Pitched(pitches) = sound {
                    pitches.iter_mut().for_each(respell);
                    pitches.sort();
                }
            }
        }
    }
    spelled
}

/// What sounds in all parts, percussion with its durations; and the words.
fn survives_abc(score: &Score) {
    let score = &spelled(score);
    let (back, diagnoses) = abc::read(abc::write(score).as_bytes()).unwrap();
    assert_eq!(diagnoses, [], "a file of our own needs no remarks");
    assert_eq!(back.measures, score.measures);
    assert_eq!(back.tempos, score.tempos);
    assert_eq!(back.swing, score.swing);
    assert_eq!(back.sections, score.sections);
    assert_eq!(back.chords, score.chords);
    assert_eq!(back.signs, score.signs);
    assert_eq!(back.section_order, score.section_order);
    assert_eq!((&back.title, &back.creator), (&score.title, &score.creator));
    assert_eq!(back.parts.len(), score.parts.len());
    for (a, b) in score.parts.iter().zip(&back.parts) {
        assert_eq!((&a.name, &a.short_name, a.instrument), (&b.name, &b.short_name, b.instrument));
        assert_eq!(a.dynamics, b.dynamics);
        assert_eq!(printed(score, a), b.transposition);
        let content = |part: &Part| -> Vec<Vec<_>> {
            part.voices.iter().map(|voice| (0..voice.len()).map(|i| written(voice, i)).collect()).collect()
        };
        assert_eq!(content(a), content(b));
    }
}

#[test]
fn samples_survive_abc() {
    for (_, score) in samples::all() {
        survives_abc(&score);
    }
}

#[test]
fn samples_survive_midi() {
    for (_, mut score) in samples::all() {
        for note in score.parts.iter_mut().flat_map(|part| &mut part.voices).flatten() {
            note.lyrics.retain(|lyric| lyric.verse == 1);
        }
        survives_midi(&score);
    }
}

fn pretty_equal(name: &str, a: &Score, b: &Score) {
    for (a, b) in a.parts.iter().zip(&b.parts) {
        for (index, (a, b)) in a.voices.iter().zip(&b.voices).enumerate() {
            for (a, b) in a.iter().zip(b) {
                assert_eq!(a, b, "{name}: voice {index}");
            }
        }
    }
    assert_eq!(a, b, "{name}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn scores_survive_musicxml(score in arbitrary::score()) {
        let (score, back) = through_xml(&score);
        prop_assert_eq!(score, back);
    }

    #[test]
    fn scores_survive_abc(score in arbitrary::score()) {
        survives_abc(&score);
    }

    #[test]
    fn scores_survive_midi(score in arbitrary::score()) {
        survives_midi(&score);
    }

    #[test]
    fn bars_add_up(score in arbitrary::score()) {
        let engraving = eduai_music::notation::engrave(&score);
        for part in &engraving.parts {
            for layer in &part.layers {
                for (bar, events) in engraving.bars.iter().zip(&layer.bars) {
                    let mut at = bar.start;
                    for event in events {
                        prop_assert_eq!(event.onset, at);
                        prop_assert!(event.duration > Time::ZERO);
                        let written = event.tuplet.map_or(event.value.length(), |t| {
                            event.value.length() * Time::new(i64::from(t.normal), i64::from(t.actual))
                        });
                        prop_assert!(event.whole_bar || written == event.duration, "{event:?}");
                        at += event.duration;
                    }
                    prop_assert_eq!(at, bar.end());
                }
            }
        }
    }
}

#[test]
fn the_order_of_parts_is_kept_and_played() {
    let text = "X:1\nM:4/4\nL:1/1\nP:A2(BA)2.C\nK:C\nz|\nP:A\nC|\nP:B\n|:D:|\nP:C\nE|F|]\n";
    let (score, diagnoses) = abc::read(text.as_bytes()).unwrap();
    assert_eq!(diagnoses, []);
    assert_eq!(score.section_order, [0, 0, 1, 0, 1, 0, 2]);
    let played = eduai_music::play::unfold(&score);
    let steps: String = played.parts[0].notes().map(|note| note.top().unwrap().step.letter()).collect();
    assert_eq!(steps, "CCDDCDDCEF");
    assert!(played.section_order.is_empty());
    survives_abc(&score);
    for wrong in ["A(B", "AB)", "(AB)9999", "A D", "a", "3A"] {
        let (score, diagnoses) = abc::read(text.replace("A2(BA)2.C", wrong).as_bytes()).unwrap();
        assert!(score.section_order.is_empty() && diagnoses.len() == 1, "{wrong}: {diagnoses:?}");
    }
}
