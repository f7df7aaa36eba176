//! What is written is read back and compared before it is handed out.

use eduai_music::score::Sound;
use eduai_music::{Score, Time, abc, midi, musicxml};

/// One sounding key: when, until when, which. Keys of the percussion map stand above those of pitches.
type Key = (Time, Time, i32);

/// What a listener would hear of a score, whatever its notation: all keys, in order.
fn keys(score: &Score) -> Vec<Key> {
    let mut keys: Vec<Key> = score
        .parts
        .iter()
        .flat_map(eduai_music::Part::notes)
        .flat_map(|note| {
            let sounding: Vec<i32> = match &note.sound {
                Sound::Pitched(pitches) => pitches.iter().map(|p| p.midi()).collect(),
                Sound::Drums(keys) => keys.iter().map(|k| 1000 + i32::from(*k)).collect(),
            };
            sounding.into_iter().map(|key| (note.onset, if key >= 1000 { note.onset } else { note.end() }, key))
        })
        .collect();
    keys.sort_unstable();
    keys
}

/// The piece as its exports tell it.
pub struct ReadBack {
    /// The score as read from the MusicXML export; none when that cannot be read.
    pub score: Option<Score>,
    /// What does not agree, in words for the log; empty when all exports hold the same notes.
    pub faults: Vec<String>,
}

/// Writes all notated exports, reads them back and compares their notes with the score's.
pub fn read_back(score: &Score) -> ReadBack {
    let truth = keys(score);
    let mut faults = Vec::new();
    let mut compare = |name: &str, read: Result<Score, String>| match read {
        Err(error) => {
            faults.push(format!("{name} cannot be read: {error}"));
            None
        }
        Ok(read) => {
            let found = keys(&read);
            if found != truth {
                let first = truth.iter().zip(&found).position(|(a, b)| a != b).unwrap_or(truth.len().min(found.len()));
                let at = truth.get(first).or(found.get(first)).map_or(Time::ZERO, |key| key.0);
                faults.push(format!("{name} holds {} keys for {}; they part at {at}", found.len(), truth.len()));
            }
            Some(read)
        }
    };
    let xml = musicxml::read(musicxml::write(score).as_bytes());
    let from_xml = compare("MusicXML", xml.map(|(score, _)| score).map_err(|e| e.to_string()));
    compare("MIDI", midi::read(&midi::write(score)).map(|(score, _)| score).map_err(|e| e.to_string()));
    compare("ABC", abc::read(abc::write(score).as_bytes()).map(|(score, _)| score).map_err(|e| e.to_string()));
    ReadBack { score: from_xml, faults }
}
