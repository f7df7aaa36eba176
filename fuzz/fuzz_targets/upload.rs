//! Any bytes that somebody brings: read, unfolded, analysed and taken apart, as an upload is.
#![no_main]

use eduai_borrow::Source;
use eduai_music::file::read;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(reading) = read("fuzzed", bytes) else { return };
    // Longer pieces are refused before they are looked into.
    for score in reading.scores.iter().take(2).filter(|score| score.measures.len() <= 2_000) {
        let _ = Source::of(score);
    }
});
