//! Bytes of any kind: a reader answers with a score or a reason, and nothing else.

use crate::samples;
use eduai_music::{abc, midi, musicxml};
use proptest::prelude::*;

/// A valid file with some bytes changed, cut out or doubled.
fn damaged(original: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<prop::sample::Index>(), any::<u8>(), 0_u8..4, 1_usize..40);
    prop::collection::vec(edit, 1..12).prop_map(move |edits| {
        let mut bytes = original.clone();
        for (place, byte, kind, length) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            let to = (at + length).min(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => drop(bytes.drain(at..to)),
                2 => bytes.extend_from_within(at..to),
                _ => bytes.insert(at, byte),
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = musicxml::read(&bytes);
        let _ = midi::read(&bytes);
        let _ = abc::read(&bytes);
    }

    #[test]
    fn any_bytes_after_a_header_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let head = b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x00\x60MTrk\x00\x00\x01\x2c";
        if let Ok((score, _)) = midi::read(&[&head[..], &bytes].concat()) {
            let _ = musicxml::write(&score);
        }
    }

    #[test]
    fn any_music_code_is_answered(text in "[A-Ga-g0-9|:\\[\\](){}<>&^_=,'/\"! zxyZ~.\\-+%\nVKMLQ]{0,200}") {
        if let Ok((scores, _)) = abc::read_book(format!("X:1\nM:4/4\nK:G\n{text}").as_bytes()) {
            for score in scores {
                let _ = (musicxml::write(&score), midi::write(&score), abc::write(&score));
            }
        }
    }

    #[test]
    fn damaged_abc_is_answered(bytes in prop_oneof![damaged(abc::write(&samples::waltz()).into_bytes()), damaged(abc::write(&samples::march()).into_bytes())]) {
        if let Ok((score, _)) = abc::read(&bytes) {
            let _ = abc::write(&score);
        }
    }

    #[test]
    fn damaged_midi_is_answered(bytes in prop_oneof![damaged(midi::write(&samples::swing())), damaged(midi::write(&samples::march()))]) {
        if let Ok((score, _)) = midi::read(&bytes) {
            let _ = (midi::write(&score), eduai_music::analysis::meter_of(&score));
        }
    }

    #[test]
    fn damaged_musicxml_is_answered(bytes in prop_oneof![damaged(musicxml::write(&samples::waltz()).into_bytes()), damaged(musicxml::write(&samples::march()).into_bytes())]) {
        if let Ok((score, _)) = musicxml::read(&bytes) {
            let _ = musicxml::write(&score);
        }
    }
}
