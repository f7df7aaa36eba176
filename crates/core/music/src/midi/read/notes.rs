//! Pairing what starts and what ends a note.

use super::bytes::{END_OF_TRACK, Event, Kind};
use super::graces::PlayedGrace;
use crate::reading::Diagnoses;
use std::collections::{HashMap, VecDeque};

/// A note in ticks.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub on: i64,
    pub off: i64,
    pub channel: u8,
    pub key: u8,
    pub velocity: u8,
    /// The grace notes before it.
    pub graces: Vec<PlayedGrace>,
}

/// The notes of a track, in the order of their starts. Of several notes on one key the first to start is the first to
/// end; what never ends stops with the track; an end without a start is passed over.
pub(super) fn pair(events: &[Event], place: &str, log: &mut Diagnoses) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut open: HashMap<(u8, u8), VecDeque<usize>> = HashMap::new();
    let (mut stray, mut end) = (0, 0);
    for event in events {
        end = end.max(event.tick);
        match event.kind {
            Kind::NoteOn { channel, key, velocity } => {
                open.entry((channel, key)).or_default().push_back(spans.len());
                spans.push(Span { on: event.tick, off: i64::MIN, channel, key, velocity, graces: Vec::new() });
            }
            Kind::NoteOff { channel, key } => match open.get_mut(&(channel, key)).and_then(VecDeque::pop_front) {
                Some(index) => spans[index].off = event.tick,
                None => stray += 1,
            },
            Kind::Meta { kind: END_OF_TRACK, .. } | Kind::Program { .. } | Kind::Meta { .. } => {}
        }
    }
    let hanging = spans.iter().filter(|span| span.off == i64::MIN).count();
    for span in &mut spans {
        if span.off == i64::MIN {
            span.off = end;
        }
        // A note of no length still sounds.
        span.off = span.off.max(span.on + 1);
    }
    if hanging > 0 {
        log.note(place, format!("{hanging} notes never end; they stop at the end of their track."));
    }
    if stray > 0 {
        log.note(place, format!("{stray} ends belong to no note; they were ignored."));
    }
    spans
}
