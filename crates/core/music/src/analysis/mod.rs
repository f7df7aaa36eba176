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
mod faults;
mod form;
pub mod harmony;
mod key;
mod keys;
mod melody;
pub mod meter;
mod nonchord;
mod numerals;
mod phrases;
mod profiles;
mod pulse;
mod rhythm;
mod slots;
mod spans;
mod templates;
mod texture;
mod types;
mod voice_leading;
mod weights;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod texture_tests;

pub use candidates::{Group as KeyFeatureGroup, MODES as KEY_MODES, Texture, features as key_features};
pub use evidence::{Classes, Evidence as KeyEvidence, Table as KeyTable};
pub use faults::{Fault, FaultKind, VoiceLeadingStyle, voice_leading_faults};
pub use meter::meter_of;
pub use phrases::{Contour, Phrase, contour};
pub use rhythm::measure_swing;
pub use texture::{TextureFacts, TextureKind};
pub use types::*;
pub use voice_leading::{VoiceLeading, voice_leading};

use crate::{Key, Score};

/// Says what `score` is. Always answers; of an empty score there is simply nothing to say.
pub fn analyse(score: &Score) -> Analysis {
    analyse_with(score, harmony::Harmony::standard())
}

/// The same with another model of harmony than the program's own, for those who make such models.
pub fn analyse_with(score: &Score, harmony: &harmony::Harmony) -> Analysis {
    let bars = events::Bars::of(&score.measures);
    let events = events::events(score, &bars);
    let melody_part = melody::melody_part(score, &events);
    let line = melody_part.map(|part| melody::line(&events, part)).unwrap_or_default();
    let slots = slots::slots(score, &events, &bars);
    let heard = key::estimate(&events).map(|estimate| heard(estimate, &events, &slots, harmony));
    let (key, chords, keys) =
        heard.map_or_else(Default::default, |(estimate, chords, keys)| (Some(estimate), chords, keys));
    let main = key.as_ref().map(|k| k.key);
    // What the other stages ask of a chord is how it begins: a bass that moves on below it makes no other cadence.
    Analysis {
        cadences: cadence::cadences(score, &chords, (main, &keys), &line, &bars),
        non_chord_tones: nonchord::non_chord_tones(&line, &chords, main),
        melody: melody_part.and_then(|part| melody::facts(score, part, &line, &chords, main)),
        rhythm: rhythm::facts(score, &bars, &events, &line),
        form: form::form(score, &bars, &line, &chords),
        texture: texture::texture(&events, melody_part),
        phrases: phrases::phrases(&line, &line.iter().map(|e| bars.place(e.on).0).collect::<Vec<_>>()),
        key,
        keys,
        chords: spans::by_bass(&chords, &slots),
    }
}

/// The main key once the chords have had their say, the chords, and the keys over time.
fn heard(
    estimate: KeyEstimate,
    events: &[events::Event],
    slots: &[slots::Slot],
    harmony: &harmony::Harmony,
) -> (KeyEstimate, Vec<ChordSpan>, Vec<KeySpan>) {
    let fits = chords::Fits::of(slots);
    let first = estimate.key.tonic.class();
    let mut segments = first_reading(slots, &fits, estimate.key, harmony);
    let estimate = confirm::confirm(estimate, events, slots, &segments);
    let home = (estimate.key.tonic.class() as usize, estimate.key.mode);
    if estimate.key.tonic.class() != first {
        segments = first_reading(slots, &fits, estimate.key, harmony);
    }
    // The chords say which keys are in force, and these which chords were meant.
    let mut at = vec![keys::index(home); slots.len()];
    for (segment, key) in segments.iter().zip(keys::local_keys(slots, &segments, home, harmony)) {
        at[segment.first..segment.end].fill(keys::index(key));
    }
    segments = chords::decode(slots, &fits, &at, (harmony, &harmony.weights.chords));
    let spelled = |(tonic, mode): (usize, crate::Mode)| {
        if (tonic, mode) == home { estimate.key } else { key::spelled_near(tonic as i32, mode, estimate.key) }
    };
    let local: Vec<Key> = keys::local_keys(slots, &segments, home, harmony).into_iter().map(spelled).collect();
    let chords = spans::chord_spans(slots, &segments, &local, events);
    (estimate, chords, spans::key_spans(slots, &segments, &local))
}

/// The chords as one hears them who knows the main key alone.
fn first_reading(
    slots: &[slots::Slot],
    fits: &chords::Fits,
    key: Key,
    harmony: &harmony::Harmony,
) -> Vec<chords::Segment> {
    let throughout = vec![keys::index((key.tonic.class() as usize, key.mode)); slots.len()];
    chords::decode(slots, fits, &throughout, (harmony, &harmony::Belief::FIRST))
}

/// Longer than any movement of a symphony.
const MOST_BARS_WITH_CHORDS: usize = 5_000;

/// The main key alone. Harmony has its say as in [`analyse`]; none for a score without pitches.
pub fn key_of(score: &Score) -> Option<KeyEstimate> {
    let bars = events::Bars::of(&score.measures);
    let events = events::events(score, &bars);
    let estimate = key::estimate(&events)?;
    // Chords are asked in pieces, not in hours of silence with a few notes in them.
    if score.measures.len() > MOST_BARS_WITH_CHORDS || !confirm::may_change(&estimate, &events) {
        return Some(estimate);
    }
    let slots = slots::slots(score, &events, &bars);
    let fits = chords::Fits::of(&slots);
    let segments = first_reading(&slots, &fits, estimate.key, harmony::Harmony::standard());
    Some(confirm::confirm(estimate, &events, &slots, &segments))
}

/// The texture alone, as in [`analyse`].
pub fn texture_of(score: &Score) -> TextureFacts {
    let bars = events::Bars::of(&score.measures);
    let events = events::events(score, &bars);
    texture::texture(&events, melody::melody_part(score, &events))
}

/// The index of the part that carries the melody: the one that sings, else the one that moves alone, high and often.
pub fn leading_part(score: &Score) -> Option<usize> {
    let bars = events::Bars::of(&score.measures);
    melody::melody_part(score, &events::events(score, &bars))
}
