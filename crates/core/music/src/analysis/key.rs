//! The main key: every tonic in every mode is weighed against the same evidence, and the evidence is mixed by a
//! conditional logit model, so that the confidence is a probability.
//!
//! The evidence: how the notes fit the published profiles, where the piece comes to rest, what its bass and its strong
//! beats dwell on, and which of the degrees that tell one mode from another are heard.

use super::events::{Bars, Event};
use super::profiles::{AARDEN_ESSEN, BELLMAN_BUDGE, KOSTKA_PAYNE, of_mode};
use super::types::KeyEstimate;
use super::weights::{FEATURES, WEIGHTS};
use crate::{Key, Mode, PitchName};

/// The modes that are weighed. Locrian has no stable tonic triad and is no key of the repertoire.
pub(crate) const MODES: [Mode; 6] =
    [Mode::Major, Mode::Minor, Mode::Dorian, Mode::Phrygian, Mode::Lydian, Mode::Mixolydian];

/// What is counted once a piece; each candidate key reads it from its own tonic.
pub(crate) struct Evidence {
    /// Share of the sounding time by pitch class.
    all: [f64; 12],
    /// The same on strong beats.
    strong: [f64; 12],
    /// The same of the lowest sounding notes.
    bass: [f64; 12],
    /// Shares of long notes and notes before rests of the top line.
    rests: [f64; 12],
    /// Moves of one note to the next in a line: `moves[from][to]`, as a share of all.
    moves: [[f64; 12]; 12],
    /// The lowest and the highest note of the last and of the first sonority, and what they hold.
    last: Sonority,
    first: Sonority,
    /// Pitch class of the first bass note on a downbeat.
    first_downbeat: Option<usize>,
    /// Falls of a fifth in the bass by goal, as a share of bass moves.
    falls: [f64; 12],
    /// The highest and lowest notes that end a bar group of four.
    group_ends: [f64; 12],
    /// Whether notes sound one at a time, so that the last one alone says where the tune ends.
    alone: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Sonority {
    bass: Option<usize>,
    top: Option<usize>,
    classes: [bool; 12],
}

fn normalised(mut counts: [f64; 12]) -> [f64; 12] {
    let sum: f64 = counts.iter().sum();
    if sum > 0.0 {
        for c in &mut counts {
            *c /= sum;
        }
    }
    counts
}

/// What sounds just after `at`.
fn sonority(events: &[Event], at: f64) -> Sonority {
    let mut found = Sonority::default();
    let sounding = events.iter().filter(|e| e.on <= at + 0.01 && e.off > at + 0.02);
    let (mut low, mut high) = (i32::MAX, i32::MIN);
    for e in sounding {
        found.classes[e.class()] = true;
        if e.midi < low {
            (low, found.bass) = (e.midi, Some(e.class()));
        }
        if e.midi > high {
            (high, found.top) = (e.midi, Some(e.class()));
        }
    }
    found
}

/// The outer lines: at each moment of an onset, the lowest or highest sounding note, repeats joined.
pub(crate) fn outer_line(events: &[Event], lowest: bool) -> Vec<Event> {
    let mut line: Vec<Event> = Vec::new();
    let mut sounding: Vec<Event> = Vec::new();
    let mut i = 0;
    while i < events.len() {
        let at = events[i].on;
        sounding.retain(|e| e.off > at + 1e-6);
        while i < events.len() && events[i].on <= at + 1e-6 {
            sounding.push(events[i]);
            i += 1;
        }
        let best = if lowest { sounding.iter().min_by_key(|e| e.midi) } else { sounding.iter().max_by_key(|e| e.midi) };
        if let Some(best) = best
            && line.last().is_none_or(|l| l.on != best.on || l.midi != best.midi)
        {
            line.push(*best);
        }
    }
    line
}

pub(crate) fn evidence(events: &[Event], bars: &Bars) -> Evidence {
    let mut e = Evidence {
        all: [0.0; 12],
        strong: [0.0; 12],
        bass: [0.0; 12],
        rests: [0.0; 12],
        moves: [[0.0; 12]; 12],
        last: Sonority::default(),
        first: Sonority::default(),
        first_downbeat: None,
        falls: [0.0; 12],
        group_ends: [0.0; 12],
        alone: events.windows(2).all(|w| w[1].on >= w[0].off - 0.1),
    };
    for note in events {
        let length = note.length().min(8.0);
        e.all[note.class()] += length;
        if note.place >= 0.6 {
            e.strong[note.class()] += length * note.place;
        }
    }
    let (bass, top) = (outer_line(events, true), outer_line(events, false));
    for note in &bass {
        e.bass[note.class()] += note.length().min(4.0);
    }
    count_moves(&mut e, events);
    count_rests(&mut e, &top);
    count_falls(&mut e, &bass);
    count_group_ends(&mut e, &bass, &top, bars);
    let last_on = events.iter().map(|e| e.on).fold(0.0, f64::max);
    e.last = sonority(events, last_on);
    e.first = events.first().map(|first| sonority(events, first.on)).unwrap_or_default();
    e.first_downbeat = bass.iter().find(|n| n.place >= 0.99).map(Event::class);
    e.all = normalised(e.all);
    e.strong = normalised(e.strong);
    e.bass = normalised(e.bass);
    e.rests = normalised(e.rests);
    e.falls = normalised(e.falls);
    e.group_ends = normalised(e.group_ends);
    e
}

/// Steps of a semitone or a whole tone, note to note inside each part.
fn count_moves(e: &mut Evidence, events: &[Event]) {
    let parts = events.iter().map(|e| e.part).max().map_or(0, |p| p + 1);
    let mut before: Vec<Option<Event>> = vec![None; parts];
    let mut total = 0.0;
    for note in events {
        if let Some(last) = before[note.part] {
            e.moves[last.class()][note.class()] += 1.0;
            total += 1.0;
        }
        before[note.part] = Some(*note);
    }
    if total > 0.0 {
        e.moves.iter_mut().flatten().for_each(|m| *m /= total);
    }
}

/// Notes of the top line that are long against their neighbours, or stand before a rest: where phrases end.
fn count_rests(e: &mut Evidence, top: &[Event]) {
    let mean = top.iter().map(Event::length).sum::<f64>() / top.len().max(1) as f64;
    for (note, next) in top.iter().zip(top.iter().skip(1)) {
        if note.length() >= 1.9 * mean || next.on - note.off >= 0.4 {
            e.rests[note.class()] += 1.0;
        }
    }
}

fn count_falls(e: &mut Evidence, bass: &[Event]) {
    for (from, to) in bass.iter().zip(bass.iter().skip(1)) {
        if (from.class() + 12 - to.class()) % 12 == 7 && to.place >= 0.6 {
            e.falls[to.class()] += 1.0 + f64::from(to.place >= 0.99);
        }
    }
}

/// The last notes of every fourth bar, above and below.
fn count_group_ends(e: &mut Evidence, bass: &[Event], top: &[Event], bars: &Bars) {
    for line in [bass, top] {
        for (note, next) in line.iter().zip(line.iter().skip(1)) {
            let (here, there) = (bars.index(note.on), bars.index(next.on));
            if here != there && (here + 1).is_multiple_of(4) {
                e.group_ends[note.class()] += 1.0;
            }
        }
    }
}

/// The evidence as one candidate key sees it.
pub(crate) fn features(e: &Evidence, tonic: usize, mode: Mode) -> [f64; FEATURES] {
    let at = |table: &[f64; 12], semitones: i32| table[(tonic as i32 + semitones).rem_euclid(12) as usize];
    let is = |class: Option<usize>, semitones: i32| {
        f64::from(class == Some((tonic as i32 + semitones).rem_euclid(12) as usize))
    };
    let fit = |profile: [f64; 12]| (0..12).map(|d| at(&e.all, d as i32) * profile[d].ln()).sum::<f64>();
    let scale = mode.scale();
    let third = scale[2];
    let moves = |from: i32, to: i32| {
        let class = |s: i32| (tonic as i32 + s).rem_euclid(12) as usize;
        e.moves[class(from)][class(to)]
    };
    let inside: f64 = scale.iter().map(|s| at(&e.all, *s)).sum();
    let last_triad = |third: i32| {
        f64::from([0, third, 7].iter().all(|s| e.last.classes[(tonic as i32 + s).rem_euclid(12) as usize]))
    };
    // A degree of the mode against the same degree in the other form, -1 to 1, counted only where it is heard.
    let degree = |ours: i32, other: i32| {
        let (a, b) = (at(&e.all, ours), at(&e.all, other));
        (a - b) / (a + b + 0.01)
    };
    let minor = mode.is_minor();
    let only = |modes: &[Mode], value: f64| if modes.contains(&mode) { value } else { 0.0 };
    [
        fit(of_mode(&AARDEN_ESSEN, mode)),
        fit(of_mode(&BELLMAN_BUDGE, mode)),
        fit(of_mode(&KOSTKA_PAYNE, mode)),
        inside,
        is(e.last.bass, 0),
        is(e.last.bass, 7),
        is(e.last.top, 0),
        is(e.last.top, 7) + is(e.last.top, third),
        last_triad(third),
        if minor { last_triad(4) } else { 0.0 },
        is(e.first.bass, 0),
        is(e.first.bass, 7),
        is(e.first.top, 0) + is(e.first.top, third) + is(e.first.top, 7),
        is(e.first_downbeat, 0),
        at(&e.strong, 0),
        at(&e.strong, 7),
        at(&e.bass, 0),
        at(&e.bass, 7),
        at(&e.rests, 0),
        at(&e.rests, 7),
        at(&e.falls, 0),
        at(&e.group_ends, 0),
        at(&e.group_ends, 7),
        10.0 * moves(11, 0),
        10.0 * moves(10, 0),
        if minor { degree(3, 4) } else { degree(4, 3) },
        only(&[Mode::Major], degree(11, 10)),
        only(&[Mode::Mixolydian], degree(10, 11)),
        only(&[Mode::Minor], degree(8, 9)),
        only(&[Mode::Dorian], degree(9, 8)),
        only(&[Mode::Minor], degree(11, 10)),
        only(&[Mode::Dorian], degree(10, 11)),
        only(&[Mode::Phrygian], degree(1, 2)),
        only(&[Mode::Lydian], degree(6, 5)),
        if e.alone { is(e.last.bass, 0) } else { 0.0 },
        if e.alone { is(e.last.bass, 7) + is(e.last.bass, third) } else { 0.0 },
        // Tunes that swing between the tonic and the chord below it.
        4.0 * at(&e.strong, 0).min(at(&e.strong, 10)),
        only(&[Mode::Minor], 1.0),
        only(&[Mode::Dorian], 1.0),
        only(&[Mode::Phrygian], 1.0),
        only(&[Mode::Lydian], 1.0),
        only(&[Mode::Mixolydian], 1.0),
    ]
}

/// Probabilities of all candidates: `[tonic][mode index]`.
pub(crate) fn posterior(e: &Evidence) -> [[f64; MODES.len()]; 12] {
    let mut scores = [[0.0; MODES.len()]; 12];
    for (tonic, row) in scores.iter_mut().enumerate() {
        for (cell, mode) in row.iter_mut().zip(MODES) {
            *cell = features(e, tonic, mode).iter().zip(WEIGHTS).map(|(f, w)| f * w).sum();
        }
    }
    let best = scores.iter().flatten().copied().fold(f64::MIN, f64::max);
    scores.iter_mut().flatten().for_each(|s| *s = (*s - best).exp());
    let sum: f64 = scores.iter().flatten().sum();
    scores.iter_mut().flatten().for_each(|s| *s /= sum);
    scores
}

/// The key with its rivals; none where nothing pitched sounds.
pub(crate) fn estimate(events: &[Event], bars: &Bars) -> Option<KeyEstimate> {
    if events.is_empty() {
        return None;
    }
    let table = posterior(&evidence(events, bars));
    let mut ranked: Vec<(Key, f64)> = (0..12)
        .flat_map(|tonic| MODES.iter().enumerate().map(move |(m, mode)| (tonic, m, *mode)))
        .map(|(tonic, m, mode)| (spelled(tonic, mode, events), table[tonic as usize][m]))
        .collect();
    // The tonic and its third are decided first, then the mode among those that agree with them.
    let family = |key: &Key| -> f64 {
        let row = &table[key.tonic.class() as usize];
        MODES.iter().zip(row).filter(|(m, _)| m.is_minor() == key.mode.is_minor()).map(|(_, p)| p).sum()
    };
    let best = ranked.iter().map(|(key, _)| family(key)).fold(0.0, f64::max);
    ranked.sort_by(|a, b| {
        let first = |key: &Key| family(key) >= best - 1e-12;
        first(&b.0).cmp(&first(&a.0)).then(b.1.total_cmp(&a.1)).then(a.0.cmp(&b.0))
    });
    let (key, confidence) = ranked[0];
    let mut rivals = ranked[1..].to_vec();
    rivals.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    rivals.truncate(4);
    Some(KeyEstimate { key, confidence, family_confidence: best, rivals })
}

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
