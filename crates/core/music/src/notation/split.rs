//! Cutting the notes of one bar into values, with tuplets where the bar is not divided by two.

use super::beam::Beam;
use super::span::Span;
use super::value::Value;
use crate::Time;
use crate::score::{Measure, Note};

/// A note (or a part of one, tied) or a rest within one bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When it starts, from the start of the piece.
    pub onset: Time,
    /// How long it sounds.
    pub duration: Time,
    /// How it is drawn.
    pub value: Value,
    /// The tuplet it belongs to.
    pub tuplet: Option<Tuplet>,
    /// What of which note; none for a rest.
    pub note: Option<Segment>,
    /// Whether it is the rest of a whole bar.
    pub whole_bar: bool,
    /// Its beams, from the one nearest to the end of the stem.
    pub beams: Vec<Beam>,
}

/// What of a note is written in one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The index of the note in its voice.
    pub index: usize,
    /// 0 for the first segment of the note, 1 for the first that is tied to it.
    pub number: u32,
    /// Whether it is tied to a segment before.
    pub tied_before: bool,
    /// Whether it is tied to a segment after.
    pub tied_after: bool,
    /// The place of the note among those of the bar while the bar is cut.
    pub(super) position: usize,
}

/// `actual` notes in the time of `normal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuplet {
    /// How many.
    pub actual: u8,
    /// In the time of how many.
    pub normal: u8,
    /// Of which value.
    pub unit: Value,
    /// Whether it starts at this event.
    pub starts: bool,
    /// Whether it ends with this event.
    pub ends: bool,
}

/// A stretch of the bar (from its start) with the note that sounds in it, if any.
#[derive(Clone, Copy, Debug)]
struct Piece {
    lo: Time,
    hi: Time,
    note: Option<usize>,
}

struct Group {
    lo: Time,
    hi: Time,
    actual: i64,
    normal: i64,
}

/// The finest grid of plain values: a 256th note.
const FINEST: i64 = 64;

fn is_plain(at: Time) -> bool {
    at.denominator() <= FINEST && at.denominator() & (at.denominator() - 1) == 0
}

/// The events of one bar. `notes` (with their index in the voice) are in order and do not overlap; all of them sound in
/// the bar, the first and the last may reach beyond it.
pub(super) fn bar(notes: &[(usize, &Note)], bar: &Measure) -> Vec<Event> {
    let pieces = pieces(notes, bar);
    // Only a full bar may have the rest of a whole bar: programs take it to be as long as the meter says.
    if notes.is_empty() && bar.length == bar.meter.length() {
        let value = Value { log: 0, dots: 0 };
        let (onset, duration) = (bar.start, bar.length);
        return vec![Event { onset, duration, value, tuplet: None, note: None, whole_bar: true, beams: Vec::new() }];
    }
    let span = Span::bar(bar);
    let groups = tuplets(&pieces, &span, bar);
    let mut out = Vec::new();
    for piece in pieces {
        let mut lo = piece.lo;
        for group in groups.iter().filter(|g| g.hi > piece.lo && g.lo < piece.hi) {
            plain(Piece { lo, hi: group.lo, ..piece }, &span, &mut out);
            let inside = Piece { lo: piece.lo.max(group.lo), hi: piece.hi.min(group.hi), ..piece };
            grouped(inside, group, &mut out);
            lo = group.hi;
        }
        plain(Piece { lo, ..piece }, &span, &mut out);
    }
    out.into_iter().map(|cut| cut.event(notes, bar)).collect()
}

fn pieces(notes: &[(usize, &Note)], bar: &Measure) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut at = Time::ZERO;
    for (position, (_, note)) in notes.iter().enumerate() {
        let lo = (note.onset - bar.start).max(Time::ZERO);
        let hi = (note.end() - bar.start).min(bar.length);
        if lo > at {
            out.push(Piece { lo: at, hi: lo, note: None });
        }
        out.push(Piece { lo, hi, note: Some(position) });
        at = hi;
    }
    if at < bar.length {
        out.push(Piece { lo: at, hi: bar.length, note: None });
    }
    out
}

/// A written value before it becomes an event.
struct Cut {
    lo: Time,
    hi: Time,
    value: Value,
    tuplet: Option<Tuplet>,
    note: Option<usize>,
}

impl Cut {
    fn event(self, notes: &[(usize, &Note)], bar: &Measure) -> Event {
        let (onset, end) = (bar.start + self.lo, bar.start + self.hi);
        let segment = self.note.and_then(|position| {
            let (index, note) = notes.get(position)?;
            let (tied_before, tied_after) = (note.onset < onset, end < note.end());
            Some(Segment { index: *index, number: 0, tied_before, tied_after, position })
        });
        Event {
            onset,
            duration: end - onset,
            value: self.value,
            tuplet: self.tuplet,
            note: segment,
            whole_bar: false,
            beams: Vec::new(),
        }
    }
}

/// Cuts a piece outside tuplets.
fn plain(piece: Piece, span: &Span, out: &mut Vec<Cut>) {
    if piece.lo >= piece.hi {
        return;
    }
    // A time that no tuplet explains keeps its exact length; only its drawing is an approximation.
    if !is_plain(piece.lo) || !is_plain(piece.hi) {
        let value = Value::below(piece.hi - piece.lo);
        out.push(Cut { lo: piece.lo, hi: piece.hi, value, tuplet: None, note: piece.note });
        return;
    }
    let mut values = Vec::new();
    divide(piece.lo, piece.hi, piece.note.is_some(), span, &mut values);
    out.extend(values.into_iter().map(|(lo, hi, value)| Cut { lo, hi, value, tuplet: None, note: piece.note }));
}

/// Cuts a piece inside a tuplet: in written time, in which the tuplet is `actual` plain units long.
fn grouped(piece: Piece, group: &Group, out: &mut Vec<Cut>) {
    let stretch = Time::new(group.actual, group.normal);
    let unit = (group.hi - group.lo) / group.normal;
    let written = Span::equal(Time::ZERO, unit * group.actual, group.actual);
    let mut values = Vec::new();
    let (lo, hi) = ((piece.lo - group.lo) * stretch, (piece.hi - group.lo) * stretch);
    divide(lo, hi, piece.note.is_some(), &written, &mut values);
    let back = Time::new(group.normal, group.actual);
    out.extend(values.into_iter().map(|(lo, hi, value)| {
        let tuplet = Tuplet {
            actual: group.actual as u8,
            normal: group.normal as u8,
            unit: Value::below(unit),
            starts: lo == written.lo,
            ends: hi == written.hi,
        };
        Cut { lo: group.lo + lo * back, hi: group.lo + hi * back, value, tuplet: Some(tuplet), note: piece.note }
    }));
}

type Values = Vec<(Time, Time, Value)>;

/// Cuts [lo, hi) into values so that the divisions of `span` stay visible.
fn divide(lo: Time, hi: Time, note: bool, span: &Span, out: &mut Values) {
    if lo >= hi {
        return;
    }
    let children = span.children();
    let crossed: Vec<Time> = children.iter().map(|c| c.lo).filter(|edge| *edge > lo && *edge < hi).collect();
    if let Some(value) = Value::of(hi - lo).filter(|v| may_stand(lo, hi, *v, note, span, &crossed)) {
        out.push((lo, hi, value));
        return;
    }
    if crossed.is_empty() {
        match children.iter().find(|c| c.lo <= lo && hi <= c.hi) {
            Some(child) if child.length() >= Time::new(1, FINEST) => divide(lo, hi, note, child, out),
            _ => out.push((lo, hi, Value::below(hi - lo))),
        }
        return;
    }
    let on_edge = lo == span.lo || children.iter().any(|c| c.lo == lo);
    let at = match (note, on_edge) {
        (true, true) => crossed[crossed.len() - 1],
        _ => crossed[0],
    };
    divide(lo, at, note, span, out);
    divide(at, hi, note, span, out);
}

/// Whether a value may stand here without hiding the beat.
fn may_stand(lo: Time, hi: Time, value: Value, note: bool, span: &Span, crossed: &[Time]) -> bool {
    let (starts, ends) = (lo == span.lo, hi == span.hi);
    if starts && ends {
        return note || value.dots == 0 || span.children().len() == 3;
    }
    if !note || crossed.is_empty() {
        return false;
    }
    let is_edge = |at: Time| span.children().iter().any(|c| c.lo == at || c.hi == at);
    if is_edge(lo) && is_edge(hi) {
        return true;
    }
    if span.compound {
        return false;
    }
    let centred = lo - span.lo == span.hi - hi && (hi - lo) * 2 == span.length();
    ((starts || ends) && crossed.len() == 1) || centred
}

/// The tuplets of a bar: for each time that no plain value reaches, the smallest metrical span that an odd number of
/// equal units explains and whose edges no note crosses; failing that, the smallest that notes cross with ties.
fn tuplets(pieces: &[Piece], span: &Span, bar: &Measure) -> Vec<Group> {
    let edges: Vec<Time> = pieces.iter().flat_map(|p| [p.lo, p.hi]).collect();
    let mut odd: Vec<Time> = edges.iter().copied().filter(|at| !is_plain(*at)).collect();
    odd.dedup();
    let mut groups: Vec<Group> = Vec::new();
    for at in odd {
        let free_from = groups.last().map_or(Time::ZERO, |g| g.hi);
        if at < free_from {
            continue;
        }
        let fitting: Vec<Group> = candidates(at, span, bar)
            .into_iter()
            .filter(|(lo, _)| *lo >= free_from)
            .filter_map(|(lo, hi)| fit(lo, hi, &edges))
            .collect();
        let clean = |g: &Group| edges.contains(&g.lo) && edges.contains(&g.hi);
        let chosen = fitting.iter().position(clean).unwrap_or(0);
        groups.extend(fitting.into_iter().nth(chosen));
    }
    groups
}

/// The spans around a time, the smallest first: down to an eighth of a beat, up to the bar, and pairs of beats.
fn candidates(at: Time, span: &Span, bar: &Measure) -> Vec<(Time, Time)> {
    let mut out = Vec::new();
    let mut node = span.clone();
    loop {
        out.push((node.lo, node.hi));
        match node.children().into_iter().find(|c| c.lo < at && at < c.hi) {
            Some(child) if child.length() >= Time::new(1, 8) => node = child,
            _ => break,
        }
    }
    let beat = bar.meter.beat();
    let first = beat * (at.div_floor(beat) - 1).max(0);
    for lo in [first, first + beat] {
        if lo < at && at < lo + beat * 2 && lo + beat * 2 <= bar.length {
            out.push((lo, lo + beat * 2));
        }
    }
    out.sort_by_key(|(lo, hi)| (*hi - *lo, *lo));
    out.dedup();
    out
}

/// The tuplet that explains all edges inside [lo, hi), if one does.
fn fit(lo: Time, hi: Time, edges: &[Time]) -> Option<Group> {
    let length = hi - lo;
    if !is_plain(lo) || !is_plain(hi) || length <= Time::ZERO {
        return None;
    }
    let base = length.numerator() >> length.numerator().trailing_zeros();
    [3_i64, 5, 7, 9, 11, 13, 15].into_iter().find_map(|actual| {
        let mut normal = base;
        while normal * 2 <= actual {
            normal *= 2;
        }
        let stretch = Time::new(actual, normal);
        let explains = |at: &Time| is_plain((*at - lo) * stretch);
        let inside = edges.iter().filter(|at| **at > lo && **at < hi);
        let drawable = normal != actual && Value::of(length / normal).is_some_and(|v| v.dots == 0);
        (drawable && inside.clone().all(explains)).then_some(Group { lo, hi, actual, normal })
    })
}
