//! From decoded segments to named chords: extensions, bass, spelling, fit.

use super::chords::Segment;
use super::events::Event;
use super::numerals;
use super::slots::Slot;
use super::types::{ChordSpan, KeySpan};
use crate::{Chord, ChordKind, Key, PitchName, Roman, Time};

/// The chords with their numerals; `keys` gives the key of each segment.
pub(crate) fn chord_spans(slots: &[Slot], segments: &[Segment], keys: &[Key], events: &[Event]) -> Vec<ChordSpan> {
    let blocks = block_chords(events);
    let mut spans: Vec<ChordSpan> = Vec::with_capacity(segments.len());
    let mut tonics: Vec<Key> = Vec::with_capacity(segments.len());
    for (i, (segment, key)) in segments.iter().zip(keys).enumerate() {
        let next = segments.get(i + 1).map(|s| s.root);
        let (first, last) = (&slots[segment.first], &slots[segment.end - 1]);
        let held = held(&blocks, first.start.as_f64(), last.end.as_f64());
        let chord = named(slots, segment, next, *key, &held);
        let fit = fit(&slots[segment.first..segment.end], chord);
        let duration = last.end - first.start;
        match spans.last_mut() {
            Some(before) if before.chord == chord && tonics.last() == Some(key) => before.duration += duration,
            _ => {
                let numeral = Roman::of(chord, *key);
                spans.push(ChordSpan { onset: first.start, duration, chord, numeral, fit });
                tonics.push(*key);
            }
        }
    }
    numerals::label(&mut spans, &tonics);
    spans
}

/// How many of the other sounding notes must be struck with a new bass note for it to be heard as an inversion: a bass
/// that walks below a held chord inverts nothing. This and the lengths below were tuned by agreement in the bass with
/// the expert labels of 21 scores.
const TOGETHER: f64 = 0.3;
/// A bass note of this length, in quarter notes, inverts wherever it lies.
const LONG: f64 = 0.95;
/// A shorter one must lie below the last, or be no ornament and within reach of it: otherwise the chord is broken.
const NO_ORNAMENT: f64 = 0.45;
const REACH: i32 = 7;

/// The chords with each bass that they have in turn.
pub(crate) fn by_bass(spans: &[ChordSpan], slots: &[Slot]) -> Vec<ChordSpan> {
    let index = |at: Time| slots.partition_point(|slot| slot.start < at);
    let split = spans.iter().flat_map(|span| {
        let end = span.onset + span.duration;
        let range = index(span.onset)..index(end);
        let mut basses = basses(&slots[range.clone()], span.chord);
        basses.push((range.len(), span.chord));
        let stretch = move |pair: &[(usize, Chord)]| {
            let inside = &slots[range.start + pair[0].0..range.start + pair[1].0];
            let (first, last) = (inside.first()?, inside.last()?);
            let chord = pair[0].1;
            let numeral = Roman { inversion: chord.inversion().unwrap_or(0), ..span.numeral };
            let fit = fit(inside, chord);
            Some(ChordSpan { onset: first.start, duration: last.end - first.start, chord, numeral, fit })
        };
        basses.windows(2).filter_map(stretch).collect::<Vec<_>>()
    });
    split.collect()
}

/// From which slot on a chord has which bass. The inversion changes where the bass goes to the root, third or seventh and
/// other notes are struck with it; the fifth is left to accompaniments that alternate with it.
fn basses(slots: &[Slot], chord: Chord) -> Vec<(usize, Chord)> {
    let plain = Chord { bass: None, ..chord };
    let tones: Vec<PitchName> = [Some(chord.root), plain.tone(3), plain.tone(7)].into_iter().flatten().collect();
    let mut found = vec![(0, chord)];
    let mut lowest = slots.first().map_or(0, |slot| slot.low_note.0);
    for (at, slot) in slots.iter().enumerate().skip(1) {
        let (midi, length) = slot.low_note;
        let bass = tones.iter().find(|name| slot.low == Some(name.class() as usize));
        let settles = length >= LONG || midi < lowest || (length >= NO_ORNAMENT && midi - lowest <= REACH);
        let now = found.last().map_or(chord, |(_, chord)| *chord);
        if let Some(bass) = bass.filter(|bass| **bass != now.lowest())
            && slot.onset
            && slot.fresh_above >= TOGETHER
            && settles
        {
            lowest = midi;
            found.push((at, Chord { bass: Some(*bass).filter(|bass| *bass != chord.root), ..plain }));
        }
    }
    found
}

/// Stretches of one key.
pub(crate) fn key_spans(slots: &[Slot], segments: &[Segment], keys: &[Key]) -> Vec<KeySpan> {
    let mut spans: Vec<KeySpan> = Vec::new();
    for (segment, key) in segments.iter().zip(keys) {
        let (onset, end) = (slots[segment.first].start, slots[segment.end - 1].end);
        match spans.last_mut() {
            Some(before) if before.key == *key => before.duration = end - before.onset,
            _ => spans.push(KeySpan { onset, duration: end - onset, key: *key }),
        }
    }
    spans
}

/// Notes that are struck together with at least two others of their part: somebody plays chords.
fn block_chords(events: &[Event]) -> Vec<Event> {
    let mut blocks = Vec::new();
    let mut i = 0;
    while i < events.len() {
        let mut j = i;
        while j < events.len() && (events[j].on - events[i].on).abs() < 1e-9 {
            j += 1;
        }
        for e in &events[i..j] {
            if events[i..j].iter().filter(|o| o.part == e.part).count() >= 3 {
                blocks.push(*e);
            }
        }
        i = j;
    }
    blocks
}

/// Which pitch classes the chord players hold in a stretch, as shares of their time.
fn held(blocks: &[Event], from: f64, to: f64) -> [f64; 12] {
    let mut held = [0.0; 12];
    let mut total = 0.0;
    // Chords last a bar or two at most; notes that began long before are not looked at.
    let first = blocks.partition_point(|e| e.on < from - 8.0);
    for e in blocks[first..].iter().take_while(|e| e.on < to) {
        let overlap = e.off.min(to) - e.on.max(from);
        if overlap > 0.0 {
            held[e.class()] += overlap;
            total += overlap;
        }
    }
    // A chord of four tones gives each a quarter.
    held.map(|h| if total > 0.0 { 4.0 * h / total } else { 0.0 })
}

fn fit(slots: &[Slot], chord: Chord) -> f64 {
    let mut inside = [false; 12];
    for name in chord.names() {
        inside[name.class() as usize] = true;
    }
    let total: f64 = slots.iter().flat_map(|s| s.classes).sum();
    let explained: f64 =
        slots.iter().flat_map(|s| s.classes.into_iter().enumerate()).filter(|(c, _)| inside[*c]).map(|(_, w)| w).sum();
    if total > 0.0 { explained / total } else { 0.0 }
}

fn named(slots: &[Slot], segment: &Segment, next: Option<usize>, key: Key, held: &[f64; 12]) -> Chord {
    let low = bass_class(slots, segment);
    let has = |semitones: usize| held[(segment.root + semitones) % 12] >= 0.35;
    let tonic = key.tonic.class() as usize;
    // C E G A over C is an added sixth on the tonic, and anywhere else unless it leads on by a falling fifth as a seventh
    // chord in first inversion does.
    let leads_on = next == Some((segment.root + 5) % 12);
    let sixth = |low: usize| low == (segment.root + 3) % 12 && (low == tonic || !leads_on);
    let (root, kind) = match (segment.kind, low) {
        (ChordKind::Minor7, Some(low)) if sixth(low) && has(5) => (low, ChordKind::SixNine),
        (ChordKind::Minor7, Some(low)) if sixth(low) => (low, ChordKind::Major6),
        (ChordKind::HalfDiminished7, Some(low)) if low == (segment.root + 3) % 12 && low == tonic => {
            (low, ChordKind::Minor6)
        }
        (ChordKind::Sus4, Some(low)) if low == (segment.root + 5) % 12 => (low, ChordKind::Sus2),
        // Diminished sevenths and augmented triads divide the octave evenly: the root is the one that leads to the key.
        (ChordKind::Diminished7, _) => (leading_root(segment.root, next, tonic, low), segment.kind),
        (ChordKind::Augmented, Some(low)) if (low + 12 - segment.root).is_multiple_of(4) => (low, segment.kind),
        (kind, _) => (segment.root, extended(kind, has)),
    };
    let name = spell_root(root, kind, key);
    let plain = Chord::new(name, kind);
    let bass = low.and_then(|low| plain.names().find(|n| n.class() as usize == low)).filter(|n| *n != name);
    Chord { bass, ..plain }
}

/// Which of the four tones of a diminished seventh is the root: the one that leads to the next chord, else to the
/// tonic or the dominant, else the bass.
fn leading_root(root: usize, next: Option<usize>, tonic: usize, low: Option<usize>) -> usize {
    let below = |class: usize| (class + 11) % 12;
    [next.map(below), Some(below(tonic)), Some(below((tonic + 7) % 12)), low]
        .into_iter()
        .flatten()
        .find(|class| (class + 12 - root).is_multiple_of(3))
        .unwrap_or(root)
}

/// The kind with the further tones that the chord players hold.
fn extended(kind: ChordKind, has: impl Fn(usize) -> bool) -> ChordKind {
    use ChordKind as K;
    match kind {
        K::Major if has(9) && has(2) => K::SixNine,
        K::Major if has(2) => K::Add9,
        K::Major if has(9) => K::Major6,
        K::Minor if has(9) => K::Minor6,
        K::Minor if has(2) => K::MinorAdd9,
        K::Dominant7 if has(9) => K::Dominant13,
        K::Dominant7 if has(1) => K::Dominant7Flat9,
        K::Dominant7 if has(3) => K::Dominant7Sharp9,
        K::Dominant7 if has(2) => K::Dominant9,
        K::Major7 if has(6) => K::Major7Sharp11,
        K::Major7 if has(2) => K::Major9,
        K::Minor7 if has(5) && has(2) => K::Minor11,
        K::Minor7 if has(2) => K::Minor9,
        K::Sus4 if has(10) => K::Dominant7Sus4,
        K::Augmented if has(10) => K::Augmented7,
        K::Augmented if has(11) => K::AugmentedMajor7,
        kind => kind,
    }
}

/// The lowest note at the start of the chord if it belongs to it, else the one that lies lowest longest.
fn bass_class(slots: &[Slot], segment: &Segment) -> Option<usize> {
    let member =
        |class: usize| segment.kind.tones().iter().any(|t| (segment.root + t.semitones as usize) % 12 == class);
    let stretch = &slots[segment.first..segment.end];
    if let Some(low) = stretch.iter().find_map(|s| s.low).filter(|low| member(*low)) {
        return Some(low);
    }
    let mut time = [0.0; 12];
    for slot in stretch {
        for (t, b) in time.iter_mut().zip(slot.bass) {
            *t += b;
        }
    }
    (0..12).filter(|c| member(*c) && time[*c] > 0.0).max_by(|a, b| time[*a].total_cmp(&time[*b]))
}

/// The root as musicians spell it in the key: diatonic degrees as the scale has them, chromatic ones as flats, but as
/// raised degrees under diminished chords, which lead upwards.
pub(crate) fn spell_root(class: usize, kind: ChordKind, key: Key) -> PitchName {
    let degree = (class as i32 - key.tonic.class()).rem_euclid(12);
    let leads = matches!(kind, ChordKind::Diminished | ChordKind::Diminished7 | ChordKind::HalfDiminished7);
    let (steps, semitones) = match degree {
        0 => (0, 0),
        1 if leads => (0, 1),
        1 => (1, 1),
        2 => (1, 2),
        3 if leads && !key.mode.is_minor() => (1, 3),
        3 => (2, 3),
        4 => (2, 4),
        5 => (3, 5),
        6 if leads || key.mode != crate::Mode::Locrian => (3, 6),
        6 => (4, 6),
        7 => (4, 7),
        8 if leads && !key.mode.is_minor() => (4, 8),
        8 => (5, 8),
        9 => (5, 9),
        10 => (6, 10),
        _ => (6, 11),
    };
    let name = key.tonic.up(steps, semitones);
    if name.alter.abs() > 1 { name.simplest(key.signature()) } else { name }
}
