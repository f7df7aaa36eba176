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
    // The tonic and its third are decided first, then the mode among those that agree with them.
    let family = |(tonic, mode): (usize, Mode)| -> f64 {
        MODES.iter().zip(&table[tonic]).filter(|(m, _)| m.is_minor() == mode.is_minor()).map(|(_, p)| p).sum()
    };
    let candidates = (0..12).flat_map(|tonic| MODES.iter().zip(table[tonic]).map(move |(m, p)| (tonic, *m, p)));
    let mut ranked: Vec<(usize, Mode, f64)> = candidates.collect();
    let best = ranked.iter().map(|c| family((c.0, c.1))).fold(0.0, f64::max);
    ranked.sort_by(|a, b| {
        let first = |c: &(usize, Mode, f64)| family((c.0, c.1)) >= best - 1e-12;
        first(b).cmp(&first(a)).then(b.2.total_cmp(&a.2)).then((a.0, a.1).cmp(&(b.0, b.1)))
    });
    let written = |(tonic, mode, p): (usize, Mode, f64)| (spelled(tonic as i32, mode, events), p);
    let (key, confidence) = written(ranked.remove(0));
    ranked.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let rivals = ranked.into_iter().take(RIVALS).map(written).collect();
    Some(KeyEstimate { key, confidence, family_confidence: best, rivals })
}

/// How many rivals are told.
const RIVALS: usize = 4;

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
