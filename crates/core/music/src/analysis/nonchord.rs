//! Melody notes outside their chord, by the way they are reached and left (Kostka and Payne, "Tonal harmony").

use super::events::Event;
use super::melody::chord_at;
use super::types::{ChordSpan, NonChordKind, NonChordTone};
use crate::Key;

pub(crate) fn non_chord_tones(line: &[Event], spans: &[ChordSpan], key: Option<Key>) -> Vec<NonChordTone> {
    let mut found = Vec::new();
    for (i, note) in line.iter().enumerate() {
        let Some(index) = spans.partition_point(|s| s.onset.as_f64() <= note.on + 1e-6).checked_sub(1) else {
            continue;
        };
        let span = &spans[index];
        // A note that outlasts its chord and belongs to the next one is an anticipation of it.
        if span.chord.contains(note.class() as i32) {
            continue;
        }
        let adjacent = |other: Option<&Event>| other.filter(|o| (o.on - note.on).abs() < 4.0 + note.length()).copied();
        let before = adjacent(i.checked_sub(1).and_then(|j| line.get(j)));
        let after = adjacent(line.get(i + 1));
        let kind = classify(note, before, after, spans, span, key);
        found.push(NonChordTone { at: note.onset, pitch: note.pitch, kind });
    }
    found
}

fn classify(
    note: &Event,
    before: Option<Event>,
    after: Option<Event>,
    spans: &[ChordSpan],
    span: &ChordSpan,
    key: Option<Key>,
) -> NonChordKind {
    use NonChordKind as K;
    let came = before.map(|b| note.midi - b.midi);
    let goes = after.map(|a| a.midi - note.midi);
    let step = |m: Option<i32>| m.is_some_and(|m| (1..=2).contains(&m.abs()));
    let end = (span.onset + span.duration).as_f64();
    let held_from_before = came == Some(0)
        && before.is_some_and(|b| chord_at(spans, b.on).is_some_and(|c| c.chord.contains(b.class() as i32)));
    let belongs_next = chord_at(spans, end + 1e-3).is_some_and(|c| c.chord.contains(note.class() as i32));
    match (came, goes) {
        (Some(0), Some(0)) => K::Pedal,
        (_, Some(-2 | -1)) if held_from_before => K::Suspension,
        (_, Some(1 | 2)) if held_from_before => K::Retardation,
        (_, Some(0)) if belongs_next && after.is_some_and(|a| a.on >= end - 1e-6) => K::Anticipation,
        _ if belongs_next && note.off > end + 1e-6 => K::Anticipation,
        (Some(a), Some(b)) if step(came) && step(goes) && a == -b => K::Neighbour,
        (Some(a), Some(b)) if step(came) && step(goes) && (a > 0) == (b > 0) => K::Passing,
        (Some(_), Some(_)) if step(came) && step(goes) => K::Neighbour,
        _ if is_blue(note, key) => K::Blue,
        (_, Some(_)) if step(goes) => K::Appoggiatura,
        (Some(_), Some(_)) if step(came) => K::Escape,
        _ => K::Other,
    }
}

/// The lowered third, fifth or seventh over a key with a major third, and the lowered fifth in minor.
fn is_blue(note: &Event, key: Option<Key>) -> bool {
    key.is_some_and(|key| match (note.class() as i32 - key.tonic.class()).rem_euclid(12) {
        3 | 10 => !key.mode.is_minor(),
        6 => true,
        _ => false,
    })
}
