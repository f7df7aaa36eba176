//! Spelling by ear: a file that names no key is spelled in the key that its notes are in.

use crate::analysis::key_of;
use crate::reading::Diagnoses;
use crate::score::Sound;
use crate::{Key, Pitch, PitchName, Score};

/// Signatures beyond six sharps or flats are written as the ones on the other side.
const MOST_ACCIDENTALS: i32 = 6;

/// Gives the score the key that its notes are in, and spells them in it. Without a key nothing changes.
pub(super) fn by_ear(score: &mut Score, log: &mut Diagnoses) {
    let Some(found) = key_of(score).map(|estimate| estimate.key) else { return };
    let key = if found.signature().abs() > MOST_ACCIDENTALS {
        let other = PitchName::from_fifths(found.tonic.fifths() - 12 * found.signature().signum());
        Key::new(other, found.mode)
    } else {
        found
    };
    for measure in &mut score.measures {
        measure.key = key;
    }
    let spell = |pitch: &mut Pitch| *pitch = Pitch::from_midi(pitch.midi(), key.spell(pitch.midi().rem_euclid(12)));
    for note in score.parts.iter_mut().flat_map(|part| &mut part.voices).flatten() {
        if let Sound::Pitched(pitches) = &mut note.sound {
            pitches.iter_mut().for_each(spell);
        }
        note.graces.iter_mut().filter_map(|grace| pitches_of(&mut grace.sound)).flatten().for_each(spell);
    }
    log.note("file", format!("It names no key; its notes are spelled in {key}, in which they sound."));
}

fn pitches_of(sound: &mut Sound) -> Option<&mut Vec<Pitch>> {
    match sound {
        Sound::Pitched(pitches) => Some(pitches),
        Sound::Drums(_) => None,
    }
}

#[cfg(test)]
mod tests {
    /// A file of format 0 with these keys, a quarter note each, and nothing else in it.
    fn file(keys: &[u8]) -> Vec<u8> {
        let mut track = Vec::new();
        for key in keys {
            track.extend([0x00, 0x90, *key, 80, 0x60, 0x80, *key, 0]);
        }
        track.extend([0x00, 0xFF, 0x2F, 0x00]);
        let mut file = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk".to_vec();
        file.extend((track.len() as u32).to_be_bytes());
        file.extend(track);
        file
    }

    fn names(keys: &[u8]) -> (String, String) {
        let (score, _) = crate::midi::read(&file(keys)).unwrap();
        let names: Vec<String> = score.parts[0].notes().filter_map(|n| Some(n.top()?.name().to_string())).collect();
        (names.join(" "), score.measures[0].key.to_string())
    }

    #[test]
    fn notes_are_spelled_in_the_key_they_sound_in() {
        let tune = [64, 66, 68, 69, 71, 73, 75, 76, 76, 71, 68, 64, 75, 76, 76, 64];
        assert_eq!(names(&tune), ("E F# G# A B C# D# E E B G# E D# E E E".into(), "E major".into()));
        let flat: Vec<u8> = tune.iter().map(|key| key - 1).collect();
        assert_eq!(names(&flat).0, "Eb F G Ab Bb C D Eb Eb Bb G Eb D Eb Eb Eb");
    }
}
