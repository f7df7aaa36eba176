//! Beams: which short notes are joined, by beat.

use super::Event;
use super::span::{Span, grouping};
use crate::Time;
use crate::score::Measure;

/// What one beam does at a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beam {
    /// It starts here.
    Begin,
    /// It goes on.
    Continue,
    /// It ends here.
    End,
    /// A stub to the right.
    ForwardHook,
    /// A stub to the left.
    BackwardHook,
}

impl Beam {
    /// The name that MusicXML gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Continue => "continue",
            Self::End => "end",
            Self::ForwardHook => "forward hook",
            Self::BackwardHook => "backward hook",
        }
    }
}

/// Sets [`Event::beams`] of the events of one bar.
pub(super) fn beam(events: &mut [Event], bar: &Measure) {
    let edges = edges(events, bar);
    let group_of = |at: Time| edges.partition_point(|edge| *edge <= at);
    let mut start = 0;
    while start < events.len() {
        let joins = |event: &Event| event.note.is_some() && event.value.flags() > 0;
        if !joins(&events[start]) {
            start += 1;
            continue;
        }
        let group = group_of(events[start].onset - bar.start);
        let same = |event: &Event| joins(event) && group_of(event.onset - bar.start) == group;
        let length = events[start..].iter().take_while(|event| same(event)).count();
        if length > 1 {
            join(&mut events[start..start + length]);
        }
        start += length;
    }
}

/// Where beams end, from the start of the bar: at beats, at half bars of 4/4 where all is eighths, at the groups of
/// 5/8 and 7/8.
fn edges(events: &[Event], bar: &Measure) -> Vec<Time> {
    let meter = bar.meter;
    let span = Span::bar(bar);
    let full = bar.length == meter.length();
    if full && meter.unit >= 8 && !meter.is_compound() {
        let mut at = Time::ZERO;
        let unit = meter.beat();
        return grouping(meter)
            .into_iter()
            .map(|size| {
                at += unit * if meter.beats <= 3 { i64::from(meter.beats) } else { size as i64 };
                at
            })
            .collect();
    }
    let halves = full && meter.unit == 4 && meter.beats == 4;
    let mut edges = Vec::new();
    for part in span.children() {
        if part.parts.len() < 2 || !halves {
            edges.extend(part.parts.iter().filter(|_| part.length() > meter.beat()).map(|beat| beat.hi));
        } else if !only_eighths(events, bar.start + part.lo, bar.start + part.hi) {
            edges.extend(part.parts.iter().map(|beat| beat.hi));
        }
        edges.push(part.hi);
    }
    edges.sort();
    edges.dedup();
    edges
}

fn only_eighths(events: &[Event], from: Time, to: Time) -> bool {
    let inside: Vec<&Event> = events.iter().filter(|e| e.onset >= from && e.onset < to).collect();
    let plain = |e: &&&Event| e.duration == Time::EIGHTH && e.note.is_some() && e.tuplet.is_none();
    inside.len() == 4 && inside.iter().filter(plain).count() == 4
}

fn join(events: &mut [Event]) {
    let flags: Vec<u8> = events.iter().map(|event| event.value.flags()).collect();
    let last = events.len() - 1;
    for (i, event) in events.iter_mut().enumerate() {
        event.beams = (1..=flags[i])
            .map(|level| {
                let before = i > 0 && flags[i - 1] >= level;
                let after = i < last && flags[i + 1] >= level;
                match (before, after) {
                    (true, true) => Beam::Continue,
                    (true, false) => Beam::End,
                    (false, true) => Beam::Begin,
                    (false, false) if i == 0 => Beam::ForwardHook,
                    (false, false) => Beam::BackwardHook,
                }
            })
            .collect();
    }
}
