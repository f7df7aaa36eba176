//! Closes: which two chords end a phrase.

use super::events::{Bars, Event};
use super::types::{Cadence, CadenceKind, ChordSpan, KeySpan};
use crate::score::Sound;
use crate::{Chord, ChordKind, Key, Score, Time};

/// The cadences at the ends of phrases. A phrase ends where the melody pauses, at every fourth bar, and at the end.
pub(crate) fn cadences(
    score: &Score,
    spans: &[ChordSpan],
    (home, keys): (Option<Key>, &[KeySpan]),
    melody: &[Event],
    bars: &Bars,
) -> Vec<Cadence> {
    let mut found: Vec<Cadence> = Vec::new();
    let pickup = usize::from(score.measures.first().is_some_and(|m| m.length < m.meter.length()));
    let last_sounding = spans.last().map_or(0, |s| bars.index((s.onset + s.duration).as_f64() - 1e-6));
    for (index, measure) in score.measures.iter().enumerate().take(last_sounding + 1) {
        let grouped = (index + 1 - pickup.min(index + 1)).is_multiple_of(4) && index >= pickup;
        let end = measure.end().as_f64();
        let pauses = pauses_in(melody, measure.start.as_f64(), end);
        if !(grouped || pauses || index == last_sounding) {
            continue;
        }
        let Some(at) = spans.iter().rposition(|s| s.onset.as_f64() < end - 1e-6) else { continue };
        let Some(cadence) = close(score, spans, at, (home, keys), melody) else { continue };
        if found.last().is_none_or(|before| before.at != cadence.at) && index <= cadence.measure + 3 {
            found.push(cadence);
        }
    }
    found
}

/// Whether the melody comes to rest in a bar: a long note or a silence at its end.
fn pauses_in(melody: &[Event], from: f64, to: f64) -> bool {
    let first = melody.partition_point(|e| e.on < from - 1e-6);
    let Some(last) = melody[first..].iter().take_while(|e| e.on < to - 1e-6).last() else { return false };
    let length = to - from;
    let next = melody[first..].iter().find(|e| e.on >= to - 1e-6);
    let silence = next.map_or(length, |n| n.on - last.off);
    last.on >= from && (silence >= 0.45 || last.length() >= 0.5 * length)
}

fn close(
    score: &Score,
    spans: &[ChordSpan],
    at: usize,
    (home, keys): (Option<Key>, &[KeySpan]),
    melody: &[Event],
) -> Option<Cadence> {
    let arrival = &spans[at];
    // The chord before it on another root; a suspended or inverted form of the same chord is no other chord.
    let before = spans[..at].iter().rev().find(|s| s.chord.root != arrival.chord.root)?;
    let first = spans[..=at].iter().rposition(|s| s.onset <= before.onset).map_or(at, |i| i + 1);
    let onset = spans[first].onset;
    let local = keys.iter().rev().find(|k| k.onset <= arrival.onset).or(keys.first())?.key;
    // Who comes to the tonic of the piece comes home: the tonic of a blues, a dominant seventh itself, is not heard as
    // the dominant of its subdominant.
    let home = home.filter(|home| arrival.chord.root.class() == home.tonic.class());
    let top = melody
        .iter()
        .filter(|e| e.on >= onset.as_f64() - 1e-6 || e.off > onset.as_f64() + 1e-6)
        .take_while(|e| e.on < (arrival.onset + arrival.duration).as_f64() - 1e-6)
        .last();
    let top = top.map(|e| e.pitch.name().class());
    let mut readings = home.into_iter().chain([local]);
    let (kind, key) = readings.find_map(|key| Some((kind_of(before.chord, arrival.chord, key, top)?, key)))?;
    // A dominant is one by its leading tone: where that does not sound, nothing is stated.
    let by_leading_tone =
        matches!(kind, CadenceKind::PerfectAuthentic | CadenceKind::ImperfectAuthentic | CadenceKind::Deceptive);
    if by_leading_tone && !sounds(score, (key.tonic.class() + 11) % 12, (before.onset, onset)) {
        return None;
    }
    let measure = score.measure_at(onset)?;
    Some(Cadence { measure, at: onset, kind, key, chords: (before.chord, arrival.chord) })
}

/// Whether a pitch class sounds at some time in a stretch.
fn sounds(score: &Score, class: i32, (from, to): (Time, Time)) -> bool {
    let notes = score.parts.iter().flat_map(crate::score::Part::notes);
    notes.filter(|note| note.onset < to && note.onset + note.duration > from).any(|note| match &note.sound {
        Sound::Pitched(pitches) => pitches.iter().any(|pitch| pitch.name().class() == class),
        Sound::Drums(_) => false,
    })
}

/// The kind of close that these two chords make in a key; none when it is none of the named ones.
pub(crate) fn kind_of(from: Chord, to: Chord, key: Key, top: Option<i32>) -> Option<CadenceKind> {
    let degree = |c: Chord| (c.root.class() - key.tonic.class()).rem_euclid(12);
    let major_third = |c: Chord| c.kind.tones().iter().any(|t| t.number == 3 && t.semitones == 4);
    let leading = match degree(from) {
        7 => major_third(from) || matches!(from.kind, ChordKind::Dominant7Sus4 | ChordKind::Sus4 | ChordKind::Power),
        11 => matches!(from.kind, ChordKind::Diminished | ChordKind::HalfDiminished7 | ChordKind::Diminished7),
        _ => false,
    };
    let root_position = |c: Chord| c.bass.is_none_or(|b| b == c.root);
    match (degree(from), degree(to)) {
        (7 | 11, 0) if leading => {
            let perfect = degree(from) == 7
                && major_third(from)
                && root_position(from)
                && root_position(to)
                && top.is_none_or(|t| t == key.tonic.class());
            Some(if perfect { CadenceKind::PerfectAuthentic } else { CadenceKind::ImperfectAuthentic })
        }
        (5, 0) => Some(CadenceKind::Plagal),
        (7 | 10 | 1 | 8, 0) => Some(CadenceKind::Modal),
        (7, 8 | 9) if leading => Some(CadenceKind::Deceptive),
        // An inverted dominant leads on and closes nothing (Caplin 1998, p. 43).
        (_, 7)
            if root_position(to)
                && (major_third(to)
                    || matches!(to.kind, ChordKind::Sus4 | ChordKind::Dominant7Sus4 | ChordKind::Power)) =>
        {
            Some(CadenceKind::Half)
        }
        _ => None,
    }
}
