//! Roman numerals: which chords are applied to another degree than the tonic.

use super::types::ChordSpan;
use crate::{Chord, ChordKind, Key, Roman};

/// Sets the numeral of every span; `keys` gives the key of each.
pub(crate) fn label(spans: &mut [ChordSpan], keys: &[Key]) {
    let bluesy = bluesy_degrees(spans, keys);
    for i in 0..spans.len() {
        let next = spans.get(i + 1).filter(|_| keys.get(i + 1) == keys.get(i)).map(|s| s.chord);
        spans[i].numeral = numeral(spans[i].chord, next, keys[i], bluesy);
    }
}

/// Whether the tonic, and the subdominant, are mostly dominant sevenths: then these are the blues' own stable chords.
fn bluesy_degrees(spans: &[ChordSpan], keys: &[Key]) -> [bool; 2] {
    [0, 5].map(|degree| {
        let (mut seventh, mut total) = (0.0, 0.0);
        for (span, key) in spans.iter().zip(keys) {
            if (span.chord.root.class() - key.tonic.class()).rem_euclid(12) == degree {
                let time = span.duration.as_f64();
                total += time;
                seventh += if is_dominant_seventh(span.chord.kind) { time } else { 0.0 };
            }
        }
        total > 0.0 && seventh > 0.4 * total
    })
}

pub(crate) fn is_dominant_seventh(kind: ChordKind) -> bool {
    kind.tones().iter().any(|t| t.number == 3 && t.semitones == 4)
        && kind.tones().iter().any(|t| t.number == 7 && t.semitones == 10)
}

fn is_diminished(kind: ChordKind) -> bool {
    matches!(kind, ChordKind::Diminished | ChordKind::Diminished7 | ChordKind::HalfDiminished7)
}

/// The numeral of `chord` in `key`, seen with the chord that follows.
pub(crate) fn numeral(chord: Chord, next: Option<Chord>, key: Key, [blues_one, blues_four]: [bool; 2]) -> Roman {
    let plain = Roman::of(chord, key);
    let degree = (chord.root.class() - key.tonic.class()).rem_euclid(12);
    let at_home = match degree {
        0 => blues_one || !is_dominant_seventh(chord.kind),
        5 => blues_four || !is_dominant_seventh(chord.kind),
        7 => true,
        11 => is_diminished(chord.kind),
        _ => is_diatonic(chord, key),
    };
    if at_home {
        return plain;
    }
    let Some(next) = next else { return plain };
    let target = (next.root.class() - key.tonic.class()).rem_euclid(12);
    let interval = (next.root.class() - chord.root.class()).rem_euclid(12);
    let dominant = chord.kind.tones().iter().any(|t| t.number == 3 && t.semitones == 4);
    let (applied_degree, applied_alter) = match (dominant, is_diminished(chord.kind), interval) {
        (true, _, 5) => (5, 0),
        (_, true, 1) => (7, 0),
        _ => return plain,
    };
    // Only degrees that can bear a stable chord of their own are tonicised.
    let goal = Roman::of(next, key);
    if target == 0 || is_diminished(next.kind) || !(key.mode.scale().contains(&target) || goal.alter == -1) {
        return plain;
    }
    Roman {
        degree: applied_degree,
        alter: applied_alter,
        kind: chord.kind,
        inversion: plain.inversion,
        applied: Some((goal.degree, goal.alter)),
    }
}

/// Whether all tones of the chord lie in the key's scale (in minor also with the raised sixth and seventh).
pub(crate) fn is_diatonic(chord: Chord, key: Key) -> bool {
    let scale = key.mode.scale();
    let mut degrees = chord.names().map(|n| (n.class() - key.tonic.class()).rem_euclid(12));
    degrees.all(|d| scale.contains(&d) || (key.mode.is_minor() && d == 11))
}
