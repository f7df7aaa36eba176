//! Files that were made to hurt, and files that were cut off: a reader answers soon, with a score or a reason.

use crate::samples;
use eduai_music::analysis::analyse;
use eduai_music::file::{self, Reading};
use eduai_music::reading::ReadError;
use eduai_music::score::{Clef, Instrument};
use eduai_music::{Time, musicxml, play};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Far longer than any file takes: what lasts longer hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// Reads, and does with what was read what the program would do.
fn digested(name: &str, bytes: &[u8]) -> Result<Reading, ReadError> {
    let begun = Instant::now();
    let answer = file::read(name, bytes);
    if let Ok(reading) = &answer {
        for score in &reading.scores {
            let _ = (analyse(score), play::unfold(score));
            for format in file::Format::ALL {
                let _ = format.write(score);
            }
        }
    }
    assert!(begun.elapsed() < PATIENCE, "{name} of {} bytes took {:?}", bytes.len(), begun.elapsed());
    answer
}

#[test]
fn every_valid_file_cut_off_anywhere_is_answered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/io/awkward/files");
    let mut cuts = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let whole = std::fs::read(&path).unwrap();
        if file::read(&name, &whole).is_err() {
            continue;
        }
        // A long file is cut at fewer places, so that all of it takes no longer than the short ones.
        for length in (0..whole.len()).step_by(7.max(whole.len() / 400)) {
            let _ = digested(&name, &whole[..length]);
            cuts += 1;
        }
    }
    assert!(cuts > 3_000, "{cuts}");
}

#[test]
fn entities_are_not_expanded() {
    let mut text = String::from("<?xml version=\"1.0\"?><!DOCTYPE score-partwise [<!ENTITY a \"ha\">");
    for (outer, inner) in ('b'..='k').zip('a'..='j') {
        let _ = write!(text, "<!ENTITY {outer} \"{}\">", format!("&{inner};").repeat(10));
    }
    text.push_str("]><score-partwise><work><work-title>&k;</work-title></work><part-list><score-part id=\"P1\">");
    text.push_str("<part-name>&k;</part-name></score-part></part-list><part id=\"P1\"><measure number=\"1\"/></part>");
    text.push_str("</score-partwise>");
    if let Ok(reading) = digested("laughs.musicxml", text.as_bytes()) {
        assert!(reading.scores[0].title.len() < 100, "{}", reading.scores[0].title);
    }
}

#[test]
fn millions_of_events_are_refused_by_their_number() {
    let event = [0_u8, 60, 1];
    let mut track = vec![0, 0x90, 60, 1];
    for _ in 0..1_500_000 {
        track.extend(event);
    }
    let mut bytes = b"MThd\0\0\0\x06\0\0\0\x01\0\x60MTrk".to_vec();
    bytes.extend((track.len() as u32).to_be_bytes());
    bytes.extend(track);
    let refused = digested("events.mid", &bytes).unwrap_err();
    assert_eq!(refused, ReadError::TooLarge { what: "the number of events", limit: 1_000_000 });
    bytes.resize(17 << 20, 0);
    assert!(matches!(digested("large.mid", &bytes), Err(ReadError::TooLarge { what: "the file", .. })));
}

#[test]
fn an_ending_of_ten_thousand_bars_is_written_as_fast_as_any() {
    let mut voices = String::new();
    for voice in 1..=12 {
        let _ = writeln!(voices, "V:{voice}\n[1 Z9999 :|");
    }
    let reading = digested("endings.abc", format!("X:1\nM:4/4\nK:G\n{voices}").as_bytes()).unwrap();
    assert_eq!(reading.scores[0].measures.len(), 9_999);
}

#[test]
fn a_bar_without_end_is_refused_and_a_long_one_is_not() {
    let bar = |quarters: u32| digested("long.abc", format!("X:1\nM:4/4\nL:1/4\nK:G\nG{quarters}|z|\n").as_bytes());
    let refused = bar(99_999).unwrap_err();
    assert_eq!(refused, ReadError::TooLarge { what: "the length of a bar in quarter notes", limit: 2_000 });
    assert_eq!(bar(1_999).unwrap().scores[0].parts[0].notes().next().unwrap().duration, Time::quarters(1_999));
}

#[test]
fn depth_is_bounded() {
    let deep = "<a>".repeat(200_000);
    let text = format!("<score-partwise><part-list>{deep}");
    assert!(digested("deep.musicxml", text.as_bytes()).is_err());
    let chords = format!("X:1\nK:C\n{}", "[".repeat(200_000));
    let _ = digested("deep.abc", chords.as_bytes());
}

#[test]
fn a_score_of_two_hundred_parts_is_read_and_written() {
    let mut score = samples::waltz();
    let part = score.parts[0].clone();
    score.parts = (0..200)
        .map(|index| {
            let (id, instrument) = (format!("p{index}"), Instrument::Pitched((index % 128) as u8));
            eduai_music::Part { id, instrument, clef: Clef::Treble, ..part.clone() }
        })
        .collect();
    let bytes = musicxml::write_compressed(&score);
    let reading = digested("large.mxl", &bytes).unwrap();
    assert_eq!(reading.scores[0].parts.len(), 200);
    assert_eq!(reading.scores[0].end(), score.end());
    assert!(reading.scores[0].end() > Time::ZERO);
}

#[test]
fn what_fuzzing_found_stays_mended() {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/io/found");
    for entry in std::fs::read_dir(found).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Ok(reading) = digested(&name, &std::fs::read(&path).unwrap()) else { continue };
        for score in &reading.scores {
            for format in file::Format::ALL {
                let again = file::read("again", &format.write(score));
                assert!(again.is_ok(), "{name} as {}: {:?}", format.name(), again.err());
            }
        }
    }
}
