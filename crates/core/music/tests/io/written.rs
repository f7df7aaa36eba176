//! What the writers write.

use crate::samples;
use eduai_music::{Score, abc, midi, musicxml};
use std::path::Path;

/// Writes the three exports of a score into a folder of its own, where `tests/judges/same_notes.py` finds them.
pub fn export(folder: &Path, score: &Score) {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("score.mid"), midi::write(score)).unwrap();
    std::fs::write(folder.join("score.musicxml"), musicxml::write(score)).unwrap();
    std::fs::write(folder.join("score.abc"), abc::write(score)).unwrap();
}

#[test]
fn samples_are_written_as_they_were() {
    for (name, score) in samples::all() {
        export(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("judged").join(name), &score);
        insta::assert_snapshot!(format!("{name}.musicxml"), musicxml::write(&score));
        insta::assert_snapshot!(format!("{name}.abc"), abc::write(&score));
        let bytes: Vec<String> = midi::write(&score).chunks(16).map(hex).collect();
        insta::assert_snapshot!(format!("{name}.mid"), bytes.join("\n"));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn voices_of_the_samples_fill_their_bars() {
    for (name, score) in samples::all() {
        for part in &score.parts {
            for voice in &part.voices {
                let end = voice.last().unwrap().end();
                assert!(end <= score.end(), "{name}: {} ends at {end}, the score at {}", part.id, score.end());
            }
        }
    }
}
