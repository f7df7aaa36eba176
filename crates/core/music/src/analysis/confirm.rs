//! What the chords say about the key that the notes alone suggested.

use super::chords::Segment;
use super::events::Event;
use super::evidence::is_single_line;
use super::numerals::is_dominant_seventh;
use super::slots::Slot;
use super::types::KeyEstimate;
use crate::{ChordKind, Key, Mode};

/// What a piece made of nothing but ii-V pairs adds to the log probability of their key.
const TWO_FIVE: f64 = 4.0;
/// The least probability that is told from nothing.
const FAINT: f64 = 1e-9;

/// Whether chords could change the estimate at all: a rival with another tonic or third is near enough to overtake it, or
/// it might be a blues. Of a single line the chords are only guessed from the very notes that named the key: they confirm
/// nothing. Where it is false the chords need not be decoded for the key.
pub(crate) fn may_change(estimate: &KeyEstimate, events: &[Event]) -> bool {
    let near = |(key, p): &(Key, f64)| {
        family(*key) != family(estimate.key) && p.max(FAINT) * TWO_FIVE.exp() >= estimate.confidence.max(FAINT)
    };
    (estimate.key.mode == Mode::Mixolydian || estimate.rivals.iter().any(near)) && !is_single_line(events)
}

/// The estimate in the light of the decoded chords: ii-V pairs name their key even where its tonic is rarely heard, and
/// a tonic and subdominant (or dominant) that are both dominant sevenths are a blues, which is called major, and so is
/// a key whose dominant goes to the tonic at least as often as the chord below the tonic is heard.
pub(crate) fn confirm(
    mut estimate: KeyEstimate,
    events: &[Event],
    slots: &[Slot],
    segments: &[Segment],
) -> KeyEstimate {
    if !may_change(&estimate, events) {
        return estimate;
    }
    let length = |s: &Segment| slots[s.first..s.end].iter().map(Slot::length).sum::<f64>();
    let total: f64 = segments.iter().map(length).sum();
    if total <= 0.0 {
        return estimate;
    }
    let pairs = |key: &Key| -> f64 {
        let tonic = key.tonic.class() as usize;
        let major = !key.mode.is_minor();
        segments
            .windows(2)
            .filter(|w| {
                w[0].root == (tonic + 2) % 12 && w[1].root == (tonic + 7) % 12 && is_dominant_seventh(w[1].kind)
            })
            .filter(|w| match w[0].kind {
                ChordKind::Minor7 | ChordKind::Minor => major,
                ChordKind::HalfDiminished7 | ChordKind::Diminished => !major,
                _ => false,
            })
            .map(|w| length(&w[0]) + length(&w[1]))
            .sum::<f64>()
            / total
    };
    let mut all: Vec<(Key, f64, f64)> = std::iter::once((estimate.key, estimate.confidence))
        .chain(estimate.rivals.iter().copied())
        .map(|(key, p)| (key, p, p.max(FAINT).ln() + TWO_FIVE * pairs(&key)))
        .collect();
    let first = all.iter().max_by(|a, b| a.2.total_cmp(&b.2)).map(|a| a.0);
    if let Some(best) = first.filter(|best| family(*best) != family(estimate.key) && pairs(best) > 0.2) {
        let mass: f64 = all.iter().map(|a| a.1).sum();
        let weights: f64 = all.iter().map(|a| a.2.exp()).sum();
        for a in &mut all {
            a.1 = mass * a.2.exp() / weights;
        }
        all.sort_by(|a, b| (b.0 == best).cmp(&(a.0 == best)).then(b.1.total_cmp(&a.1)));
        estimate.family_confidence =
            all.iter().filter(|a| family(a.0) == family(best)).map(|a| a.1).sum::<f64>().min(1.0);
        estimate.key = best;
        estimate.confidence = all[0].1;
        estimate.rivals = all[1..].iter().map(|a| (a.0, a.1)).collect();
    }
    let key = estimate.key;
    if key.mode == Mode::Mixolydian && (is_blues(segments, key, length) || is_borrowing(segments, key, length)) {
        let major = Key::new(estimate.key.tonic, Mode::Major);
        let known: f64 = estimate.rivals.iter().filter(|r| r.0 == major).map(|r| r.1).sum();
        estimate.confidence = (estimate.confidence + known).min(1.0);
        estimate.rivals.retain(|r| r.0 != major);
        estimate.key = major;
    }
    estimate
}

fn family(key: Key) -> (i32, bool) {
    (key.tonic.class(), key.mode.is_minor())
}

/// Whether the dominant with its leading note, which mixolydian lacks, goes to the tonic for at least as long as the
/// chord a whole tone below the tonic sounds: then that chord is borrowed.
fn is_borrowing(segments: &[Segment], key: Key, length: impl Fn(&Segment) -> f64) -> bool {
    let tonic = key.tonic.class() as usize;
    let (mut dominant, mut below) = (0.0, 0.0);
    for (i, segment) in segments.iter().enumerate() {
        let to_tonic = segments.get(i + 1).is_some_and(|next| next.root == tonic);
        let leading = segment.kind == ChordKind::Major || is_dominant_seventh(segment.kind);
        if segment.root == (tonic + 7) % 12 && leading && to_tonic {
            dominant += length(segment);
        } else if segment.root == (tonic + 10) % 12 {
            below += length(segment);
        }
    }
    dominant > 0.0 && dominant >= below
}

/// Whether the tonic is mostly a dominant seventh, and so is the subdominant or the dominant.
fn is_blues(segments: &[Segment], key: Key, length: impl Fn(&Segment) -> f64) -> bool {
    let tonic = key.tonic.class() as usize;
    let [one, four, five] = [0, 5, 7].map(|degree| {
        let here = segments.iter().filter(|s| s.root == (tonic + degree) % 12);
        let (mut seventh, mut all) = (0.0, 0.0);
        for s in here {
            all += length(s);
            seventh += if is_dominant_seventh(s.kind) { length(s) } else { 0.0 };
        }
        all > 0.0 && seventh > 0.4 * all
    });
    one && (four || five)
}
