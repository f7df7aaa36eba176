//! The main key: every tonic in every mode is weighed against the same evidence, and the evidence is mixed by a
//! conditional logit model, so that the confidence is a probability.
//!
//! `evidence` counts the notes, `candidates` says how they look from each possible tonic and mode, and `weights` what
//! that has been found to mean.

use super::candidates::{MODES, posterior};
use super::events::Event;
use super::evidence::Evidence;
use super::types::KeyEstimate;
use crate::{Key, Mode, PitchName};

/// The key with its rivals; none where nothing pitched sounds.
pub(crate) fn estimate(events: &[Event]) -> Option<KeyEstimate> {
    if events.is_empty() {
        return None;
    }
    let table = posterior(&Evidence::count(events));
    let mut ranked: Vec<(Key, f64)> = (0..12)
        .flat_map(|tonic| MODES.iter().enumerate().map(move |(m, mode)| (tonic, m, *mode)))
        .map(|(tonic, m, mode)| (spelled(tonic, mode, events), table[tonic as usize][m]))
        .collect();
    // The tonic and its third are decided first, then the mode among those that agree with them.
    let family = |key: &Key| -> f64 {
        let row = &table[key.tonic.class() as usize];
        MODES.iter().zip(row).filter(|(m, _)| m.is_minor() == key.mode.is_minor()).map(|(_, p)| p).sum()
    };
    let best = ranked.iter().map(|(key, _)| family(key)).fold(0.0, f64::max);
    ranked.sort_by(|a, b| {
        let first = |key: &Key| family(key) >= best - 1e-12;
        first(&b.0).cmp(&first(&a.0)).then(b.1.total_cmp(&a.1)).then(a.0.cmp(&b.0))
    });
    let (key, confidence) = ranked[0];
    let mut rivals = ranked[1..].to_vec();
    rivals.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    rivals.truncate(4);
    Some(KeyEstimate { key, confidence, family_confidence: best, rivals })
}

/// The key on this tonic as the score spells it: of the possible spellings the one whose scale most notes are written
/// in, then the one with the fewest accidentals.
pub(crate) fn spelled(tonic: i32, mode: Mode, events: &[Event]) -> Key {
    let keys = (-8..=12)
        .map(PitchName::from_fifths)
        .filter(|name| name.class() == tonic)
        .map(|name| Key::new(name, mode))
        .filter(|key| key.signature().abs() <= 7);
    let matches = |key: &Key| {
        let low = key.signature() - 1;
        events.iter().filter(|e| (low..=low + 6).contains(&e.pitch.name().fifths())).count()
    };
    keys.max_by_key(|key| (matches(key), -key.signature().abs())).unwrap_or(Key::new(PitchName::C, mode))
}

/// The key on this tonic that is spelled nearest to `home` on the line of fifths.
pub(crate) fn spelled_near(tonic: i32, mode: Mode, home: Key) -> Key {
    (-8..=12)
        .map(PitchName::from_fifths)
        .filter(|name| name.class() == tonic)
        .map(|name| Key::new(name, mode))
        .filter(|key| key.signature().abs() <= 7)
        .min_by_key(|key| ((key.signature() - home.signature()).abs(), key.signature().abs()))
        .unwrap_or(Key::new(PitchName::C, mode))
}
