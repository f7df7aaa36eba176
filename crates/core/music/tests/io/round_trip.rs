//! What is written reads back equal.

use crate::{arbitrary, samples};
use eduai_music::score::{Clef, Instrument, Score, Sound};
use eduai_music::{Time, musicxml};
use proptest::prelude::*;

/// What a MusicXML file keeps: all but provenance, the order of articulations, and the clef of a part that gets a
/// grand staff.
fn through_xml(score: &Score) -> (Score, Score) {
    let (mut back, diagnoses) = musicxml::read(musicxml::write(score).as_bytes()).unwrap();
    assert_eq!(diagnoses, [], "a file of our own needs no remarks");
    let mut score = score.clone();
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
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn scores_survive_musicxml(score in arbitrary::score()) {
        let (score, back) = through_xml(&score);
        prop_assert_eq!(score, back);
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
