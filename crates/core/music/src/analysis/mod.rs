//! What a score is, said from its notes alone. Every result carries its evidence: times, bars and notes.
//!
//! The analyser reads pitches, onsets, durations, meters and whether a part is percussion. It never looks at chord
//! symbols, section labels, stated keys or origins, so that what it finds can confirm or refute what the maker of the
//! score says.
//!
//! Start reading at [`analyse`], which names the stages in order.

mod cadence;
mod candidates;
mod chords;
mod confirm;
mod events;
mod evidence;
mod form;
mod key;
mod keys;
mod melody;
mod nonchord;
mod numerals;
mod profiles;
mod pulse;
mod rhythm;
mod slots;
mod spans;
mod types;
mod voice_leading;
mod weights;

#[cfg(test)]
mod tests;

pub use candidates::{Group as KeyFeatureGroup, MODES as KEY_MODES, Texture, features as key_features};
pub use evidence::{Classes, Evidence as KeyEvidence, Table as KeyTable};
pub use rhythm::measure_swing;
pub use types::*;
pub use voice_leading::{VoiceLeading, voice_leading};

use crate::{Key, Score};

/// Says what `score` is. Always answers; of an empty score there is simply nothing to say.
pub fn analyse(score: &Score) -> Analysis {
    let bars = events::Bars::of(&score.measures);
    let events = events::events(score, &bars);
    let mut key = key::estimate(&events);
    let melody_part = melody::melody_part(score, &events);
    let line = melody_part.map(|part| melody::line(&events, part)).unwrap_or_default();
    let (mut chords, mut keys) = (Vec::new(), Vec::new());
    if let Some(estimate) = key.take() {
        let state = |key: Key| (key.tonic.class() as usize, key.mode);
        let first = state(estimate.key);
        let slots = slots::slots(score, &events, &bars);
        let mut segments = chords::decode(&slots, first.0, first.1.is_minor());
        let estimate = confirm::confirm(estimate, &events, &slots, &segments);
        let home = state(estimate.key);
        if home.0 != first.0 {
            segments = chords::decode(&slots, home.0, home.1.is_minor());
        }
        let local: Vec<Key> =
            keys::local_keys(&slots, &segments, home)
                .into_iter()
                .map(|(tonic, mode)| {
                    if (tonic, mode) == home {
                        estimate.key
                    } else {
                        key::spelled_near(tonic as i32, mode, estimate.key)
                    }
                })
                .collect();
        chords = spans::chord_spans(&slots, &segments, &local, &events);
        keys = spans::key_spans(&slots, &segments, &local);
        key = Some(estimate);
    }
    let main = key.as_ref().map(|k| k.key);
    Analysis {
        cadences: cadence::cadences(score, &chords, (main, &keys), &line, &bars),
        non_chord_tones: nonchord::non_chord_tones(&line, &chords, main),
        melody: melody_part.and_then(|part| melody::facts(score, part, &line, &chords, main)),
        rhythm: rhythm::facts(score, &bars, &events, &line),
        form: form::form(score, &bars, &line, &chords),
        key,
        keys,
        chords,
    }
}

/// The main key alone. Harmony has its say as in [`analyse`]; none for a score without pitches.
pub fn key_of(score: &Score) -> Option<KeyEstimate> {
    let bars = events::Bars::of(&score.measures);
    let events = events::events(score, &bars);
    let estimate = key::estimate(&events)?;
    if !confirm::may_change(&estimate, &events) {
        return Some(estimate);
    }
    let slots = slots::slots(score, &events, &bars);
    let (tonic, minor) = (estimate.key.tonic.class() as usize, estimate.key.mode.is_minor());
    let segments = chords::decode(&slots, tonic, minor);
    Some(confirm::confirm(estimate, &events, &slots, &segments))
}

/// The index of the part that carries the melody: the one that sings, else the one that moves alone, high and often.
pub fn leading_part(score: &Score) -> Option<usize> {
    let bars = events::Bars::of(&score.measures);
    melody::melody_part(score, &events::events(score, &bars))
}
