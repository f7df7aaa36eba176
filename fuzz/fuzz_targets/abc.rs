//! Any bytes, read as abc; what is read is written and read again.
#![no_main]

use eduai_music::file::{Format, read};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(reading) = read("fuzzed.abc", bytes) else { return };
    for score in &reading.scores {
        let written = Format::Abc.write(score);
        assert!(read("again.abc", &written).is_ok() || score.parts.is_empty(), "what is written cannot be read");
    }
});
