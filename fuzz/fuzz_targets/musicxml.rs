//! Any bytes, read as musicxml; what is read is written and read again.
#![no_main]

use eduai_music::file::{Format, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(reading) = read("fuzzed.musicxml", bytes) else { return };
    for score in &reading.scores {
        let written = Format::MusicXml.write(score);
        assert!(read("again.musicxml", &written).is_ok() || score.parts.is_empty(), "what is written cannot be read");
    }
});
