//! The metrical tree of a bar: halves, beats, divisions of beats (after Lerdahl and Jackendoff 1983, chapter 4).

use crate::Time;
use crate::score::{Measure, Meter};

/// A stretch of a bar and how it divides.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// Where it starts, from the start of the bar.
    pub lo: Time,
    /// Where it ends.
    pub hi: Time,
    /// Its parts, in order and without gaps; empty for what divides in two.
    pub parts: Vec<Span>,
    /// Whether its parts are dotted beats, which must stay visible.
    pub compound: bool,
}

impl Span {
    fn leaf(lo: Time, hi: Time) -> Self {
        Self { lo, hi, parts: Vec::new(), compound: false }
    }

    /// A span of equal parts.
    pub fn equal(lo: Time, hi: Time, parts: i64) -> Self {
        let step = (hi - lo) / parts.max(1);
        let parts = (0..parts.max(1)).map(|i| Self::leaf(lo + step * i, lo + step * (i + 1))).collect();
        Self { lo, hi, parts, compound: false }
    }

    /// Its length.
    pub fn length(&self) -> Time {
        self.hi - self.lo
    }

    /// Its parts; halves where none are given.
    pub fn children(&self) -> Vec<Span> {
        if self.parts.is_empty() { Self::equal(self.lo, self.hi, 2).parts } else { self.parts.clone() }
    }

    /// A bar.
    pub fn bar(bar: &Measure) -> Self {
        let meter = bar.meter;
        let mut beats = Vec::new();
        let mut at = Time::ZERO;
        // What is missing of a pickup is missing at its start.
        let full = meter.length();
        let short = bar.length < full;
        let mut beat_end = if short { (bar.length).modulo(meter.beat()) } else { Time::ZERO };
        if beat_end == Time::ZERO {
            beat_end = meter.beat();
        }
        while at < bar.length && beats.len() < 256 {
            let end = beat_end.min(bar.length);
            let parts = if meter.is_compound() && end - at == meter.beat() { 3 } else { 2 };
            beats.push(Self::equal(at, end, parts));
            at = end;
            beat_end += meter.beat();
        }
        if at < bar.length {
            return Self::endless(bar.length);
        }
        let sizes = if bar.length == full { grouping(meter) } else { vec![1; beats.len()] };
        Self::grouped(beats, &sizes, meter.is_compound())
    }

    /// A bar far beyond any meter, as unmeasured music has it: breves, then quarters, then what is left.
    fn endless(length: Time) -> Self {
        let mut parts = Vec::new();
        let mut at = Time::ZERO;
        for unit in [Time::quarters(8), Time::QUARTER] {
            while at + unit <= length {
                parts.push(Self::equal(at, at + unit, 2));
                at += unit;
            }
        }
        if at < length {
            parts.push(Self::leaf(at, length));
        }
        Self { lo: Time::ZERO, hi: length, parts, compound: false }
    }

    fn grouped(beats: Vec<Span>, sizes: &[usize], compound: bool) -> Self {
        let mut rest = beats.into_iter();
        let mut groups: Vec<Span> = Vec::new();
        for size in sizes {
            let members: Vec<Span> = rest.by_ref().take(*size).collect();
            groups.extend(Self::around(members, compound));
        }
        groups.extend(rest);
        Self::around(groups, compound).unwrap_or_else(|| Self::leaf(Time::ZERO, Time::WHOLE))
    }

    fn around(mut parts: Vec<Span>, compound: bool) -> Option<Self> {
        if parts.len() == 1 {
            return parts.pop();
        }
        Some(Self { lo: parts.first()?.lo, hi: parts.last()?.hi, parts, compound })
    }
}

/// How the beats of a full bar are grouped: 4 as 2+2, 5 as 3+2, 7 as 2+2+3.
pub(super) fn grouping(meter: Meter) -> Vec<usize> {
    let beats = if meter.is_compound() { meter.beats / 3 } else { meter.beats };
    match beats {
        0..=3 => vec![1; usize::from(beats)],
        5 => vec![3, 2],
        6 if !meter.is_compound() => vec![3, 3],
        beats if beats % 2 == 0 => vec![2; usize::from(beats) / 2],
        beats => {
            let mut groups = vec![2; usize::from(beats) / 2 - 1];
            groups.push(3);
            groups
        }
    }
}
