//! Checks of key, chords, cadences and bass. Chords are confirmed from the sounding notes, not from chord symbols.

use super::check::{Checked, demand};
use super::{ChordAt, Fact, HarmonyPattern, Placed, Reading, rhythm};
use crate::model::Evidence;
use eduai_music::analysis::CadenceKind;
use eduai_music::{Chord, ChordKind, Key, Part, Pitch, PitchName, Roman, Time};
use std::collections::BTreeSet;

/// The share of sounding time that may be foreign to a chord that is still called by its name.
const FOREIGN: f64 = 0.34;

/// Recomputes the fact, if it is one of harmony.
pub(super) fn check(fact: &Fact, evidence: &Evidence, reading: &Reading<'_>) -> Option<Checked> {
    Some(match fact {
        Fact::Key { key } => {
            let holds = key_holds(*key, reading);
            demand(holds, || format!("the notes do not say {key}"))
        }
        Fact::Chords { spans, key, pattern } => chords(spans, *key, *pattern, evidence, reading),
        Fact::Pedal { part, pitch } => pedal(part, *pitch, evidence, reading),
        Fact::VoiceLeading { part, common } => {
            let found = led(part, evidence, reading);
            demand(found == Some(*common), || format!("the voices that stay: {found:?}"))
        }
        Fact::WalkingBass { part } => {
            let line = reading.line(part);
            demand(evidence.bars.len() >= 2, || "fewer than two bars are named".to_owned())
                .and_then(|()| each_bar(evidence, |bar| walks(line, bar, reading)))
        }
        Fact::RootFifth { part, spans } => root_fifth(part, spans, evidence, reading),
        Fact::Alberti { part } => alberti(part, evidence, reading),
        _ => return None,
    })
}

/// Whether the sounding notes, those of singers apart, make this chord: its third, its altered fifth and its
/// seventh and ninths are there, its root is there, and little else is.
pub(crate) fn chord_sounds(reading: &Reading<'_>, from: Time, to: Time, chord: Chord) -> bool {
    let mut weights = reading.classes(from, to, |part| !reading.sings(part));
    if weights.iter().sum::<f64>() == 0.0 {
        weights = reading.classes(from, to, |_| true);
    }
    let total: f64 = weights.iter().sum();
    let weight = |class: i32| weights[class.rem_euclid(12) as usize];
    let root = chord.root.class();
    let telling = chord.kind.tones().iter().filter(|tone| !(tone.number == 5 && tone.semitones == 7));
    let complete = telling.clone().all(|tone| weight(root + tone.semitones) > 0.0)
        && (chord.kind != ChordKind::Power || weight(root + 7) > 0.0);
    let foreign: f64 = (0..12).filter(|class| !chord.contains(*class)).map(weight).sum();
    // What would make it another chord: a sounding third where none is claimed, or the other third.
    let thirds = [3, 4].into_iter().filter(|third| !chord.kind.tones().iter().any(|t| t.semitones % 12 == *third));
    let contradicted: f64 = thirds.map(|third| weight(root + third)).sum();
    total > 0.0 && complete && foreign <= FOREIGN * total && contradicted <= 0.12 * total
}

/// The share of sounding pitched time that belongs to the key (in minor with the raised sixth and seventh).
fn key_share(key: Key, weights: &[f64; 12]) -> f64 {
    let total: f64 = weights.iter().sum();
    let mut scale: BTreeSet<i32> = key.mode.scale().iter().map(|i| (key.tonic.class() + i).rem_euclid(12)).collect();
    if key.mode == eduai_music::Mode::Minor {
        scale.insert((key.tonic.class() + 11).rem_euclid(12));
    }
    let inside: f64 = scale.iter().map(|class| weights[*class as usize]).sum();
    if total > 0.0 { inside / total } else { 0.0 }
}

/// Whether the piece is in the key: nearly all of its sounding time lies in the key's scale, the right third
/// outweighs the other one, and the bass comes to rest on the tonic or starts from it.
pub(crate) fn key_holds(key: Key, reading: &Reading<'_>) -> bool {
    let weights = reading.classes(Time::ZERO, reading.score.end(), |_| true);
    let third = if key.mode.is_minor() { (3, 4) } else { (4, 3) };
    let weight = |i: i32| weights[(key.tonic.class() + i).rem_euclid(12) as usize];
    let bass = |at: Option<Pitch>| at.is_some_and(|p| p.name().class() == key.tonic.class());
    let (first, last) = outer_bass(reading);
    key_share(key, &weights) >= 0.8 && weight(third.0) > weight(third.1) && (bass(last) || bass(first))
}

/// The lowest pitch at the first and at the last onset of the piece.
fn outer_bass(reading: &Reading<'_>) -> (Option<Pitch>, Option<Pitch>) {
    let onsets = |latest: bool| {
        let times = reading.score.parts.iter().flat_map(|part| &part.voices).filter_map(|voice| {
            let pitched = |n: &&eduai_music::Note| !n.pitches().is_empty();
            if latest { voice.iter().rev().find(pitched) } else { voice.iter().find(pitched) }.map(|n| n.onset)
        });
        if latest { times.max() } else { times.min() }
    };
    let at = |t: Option<Time>| t.and_then(|t| reading.lowest_at(t));
    (at(onsets(false)), at(onsets(true)))
}

fn chords(spans: &[ChordAt], key: Key, pattern: HarmonyPattern, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    demand(!spans.is_empty(), || "no chord is named".to_owned())?;
    for span in spans {
        let (from, to) = (span.from, span.to);
        demand(from < to && from >= evidence.from && to <= evidence.to, || {
            "a chord lies outside its evidence".to_owned()
        })?;
        demand(chord_sounds(reading, from, to, span.chord), || format!("at {from} {} does not sound", span.chord))?;
        let (own, said) = (Roman::of(span.chord, key), plain(span, key));
        demand((own.degree, own.alter, own.kind) == (said.degree, said.alter, said.kind), || {
            format!("{} is not {} in {key}", span.chord, span.numeral)
        })?;
    }
    demand(forms(spans, key, pattern, reading), || "the chords do not form the pattern".to_owned())
}

/// The numeral of the chord without regard to applied readings.
fn plain(span: &ChordAt, key: Key) -> Roman {
    if span.numeral.applied.is_some() { Roman::of(span.numeral.chord(key), key) } else { span.numeral }
}

/// Semitones of the root above the tonic.
pub(crate) fn root_of(span: &ChordAt, key: Key) -> i32 {
    (span.chord.root.class() - key.tonic.class()).rem_euclid(12)
}

fn has(span: &ChordAt, number: i32) -> bool {
    span.chord.kind.tones().iter().any(|tone| tone.number == number)
}

/// Whether the major third and the minor seventh, or at least the major third, make the chord a dominant.
pub(super) fn is_dominant(span: &ChordAt) -> bool {
    span.chord.kind.tones().iter().any(|t| t.number == 3 && t.semitones == 4)
        || span.chord.kind == ChordKind::Dominant7Sus4
}

/// Whether the row of chords keeps the rule of the pattern.
pub(crate) fn forms(spans: &[ChordAt], key: Key, pattern: HarmonyPattern, reading: &Reading<'_>) -> bool {
    let roots: Vec<i32> = spans.iter().map(|span| root_of(span, key)).collect();
    let one = spans.len() == 1;
    match pattern {
        HarmonyPattern::Sounds => true,
        HarmonyPattern::Progression => spans.len() >= 2,
        HarmonyPattern::Loop => repeats(spans),
        HarmonyPattern::TwoFiveOne => roots == [2, 7, 0] && spans[0].chord.kind.is_minor() && is_dominant(&spans[1]),
        HarmonyPattern::OneFourFive => roots.iter().copied().collect::<BTreeSet<_>>() == BTreeSet::from([0, 5, 7]),
        HarmonyPattern::TwelveBarBlues => twelve_bars(spans, key, reading),
        HarmonyPattern::ModalVamp => {
            let distinct: BTreeSet<i32> = roots.iter().copied().collect();
            spans.len() >= 3 && distinct.len() <= 2 && !distinct.contains(&7)
        }
        HarmonyPattern::Seventh => one && has(&spans[0], 7),
        HarmonyPattern::Extension => one && spans[0].chord.kind.tones().iter().any(|t| t.number >= 9),
        HarmonyPattern::PowerChord => one && spans[0].chord.kind == ChordKind::Power,
        HarmonyPattern::Triad => one && spans[0].chord.kind.tones().len() == 3,
        HarmonyPattern::Borrowed => {
            let minor = spans[0].chord.kind.is_minor();
            one && !key.mode.is_minor()
                && key.mode == eduai_music::Mode::Major
                && (matches!(roots[0], 3 | 8 | 10) && !minor || roots[0] == 5 && minor)
        }
        HarmonyPattern::SecondaryDominant => {
            spans.len() == 2
                && is_dominant(&spans[0])
                && (roots[0] - roots[1]).rem_euclid(12) == 7
                && roots[1] != 0
                && !key.mode.scale().contains(&((roots[0] + 4) % 12))
        }
        HarmonyPattern::Inversion => {
            let low = reading.lowest_at(spans[0].from).map(|p| p.name().class());
            one && low == Some(spans[0].chord.lowest().class())
                && low != Some(spans[0].chord.root.class())
                && spans[0].chord.inversion().is_some()
        }
        HarmonyPattern::Lament => lament(spans, key, reading),
        HarmonyPattern::Cadence(kind) => cadence(spans, key, kind, reading),
    }
}

fn repeats(spans: &[ChordAt]) -> bool {
    (2..=spans.len() / 2).filter(|n| spans.len().is_multiple_of(*n)).any(|n| {
        let (loop_, rest) = spans.split_at(n);
        let period = rest[0].from - loop_[0].from;
        rest.iter().enumerate().all(|(i, span)| {
            let model = &loop_[i % n];
            span.chord.root == model.chord.root
                && span.chord.kind.triad() == model.chord.kind.triad()
                && span.from - model.from == period * (1 + (i / n) as i64)
        })
    })
}

fn twelve_bars(spans: &[ChordAt], key: Key, reading: &Reading<'_>) -> bool {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return false };
    let bars = reading.bars_between(first.from, last.to);
    let root_in = |bar: usize| {
        let start = bars.get(bar).and_then(|n| reading.bar(*n)).map(|m| m.start)?;
        spans.iter().find(|span| span.from <= start && span.to > start).map(|span| root_of(span, key))
    };
    bars.len() == 12
        && [(0, 0), (2, 0), (4, 5), (6, 0), (8, 7)].into_iter().all(|(bar, root)| root_in(bar) == Some(root))
        && [9, 10].into_iter().any(|bar| matches!(root_in(bar), Some(5 | 7 | 0)))
}

fn lament(spans: &[ChordAt], key: Key, reading: &Reading<'_>) -> bool {
    let bass: Vec<i32> = spans
        .iter()
        .filter_map(|span| reading.lowest_at(span.from))
        .map(|p| (p.name().class() - key.tonic.class()).rem_euclid(12))
        .collect();
    matches!(bass.as_slice(), [0, 10 | 11, 8 | 9, 7])
}

/// Whether the last two chords make this cadence.
fn cadence(spans: &[ChordAt], key: Key, kind: CadenceKind, reading: &Reading<'_>) -> bool {
    let [.., before, last] = spans else {
        return false;
    };
    let (from, to) = (root_of(before, key), root_of(last, key));
    let rooted =
        |span: &ChordAt| reading.lowest_at(span.from).is_some_and(|p| p.name().class() == span.chord.root.class());
    let dominant = from == 7 && is_dominant(before) || from == 11 && before.chord.kind.triad() == ChordKind::Diminished;
    let tonic_above = melody_class(reading, last.from) == Some(key.tonic.class());
    match kind {
        CadenceKind::PerfectAuthentic => {
            from == 7 && dominant && to == 0 && rooted(before) && rooted(last) && tonic_above
        }
        CadenceKind::ImperfectAuthentic => {
            dominant && to == 0 && !(from == 7 && rooted(before) && rooted(last) && tonic_above)
        }
        CadenceKind::Half => to == 7 && from != 7,
        CadenceKind::Plagal => from == 5 && to == 0,
        CadenceKind::Deceptive => dominant && matches!(to, 8 | 9),
        CadenceKind::Modal => to == 0 && from != 5 && !dominant && from != 0,
    }
}

/// The pitch class of the sung part (or, without one, of the highest note) that sounds at `at`.
fn melody_class(reading: &Reading<'_>, at: Time) -> Option<i32> {
    let held = |voice: &Vec<eduai_music::Note>| {
        let next = voice.partition_point(|n| n.onset <= at);
        next.checked_sub(1).map(|i| &voice[i]).filter(|n| n.end() > at).and_then(eduai_music::Note::top)
    };
    let sounding = |part: &Part| part.voices.iter().filter_map(held).max();
    let top = match reading.singer() {
        Some(part) => sounding(part),
        None => reading.score.parts.iter().filter_map(sounding).max(),
    };
    top.map(|p| p.name().class())
}

fn pedal(part: &str, pitch: PitchName, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    let line = reading.line(part);
    demand(evidence.bars.len() >= 2, || "fewer than two bars are named".to_owned())?;
    let mut above = BTreeSet::new();
    for bar in rhythm::bars(evidence, reading) {
        let notes = Reading::starting_in(line, bar);
        let stays = !notes.is_empty() && notes.iter().all(|p| p.note.pitches().iter().all(|p| p.name() == pitch));
        demand(stays, || format!("the part leaves {pitch} in bar {}", bar.number))?;
        above.insert(
            reading.classes(bar.start, bar.end(), |p| p.id != part).map(|w| w > 0.0 && w >= 0.1 * bar.length.as_f64()),
        );
    }
    demand(above.len() >= 2, || "nothing changes above it".to_owned())
}

/// How many pitches stay between the two chords of the evidence, if no voice moves further than two semitones.
pub(crate) fn common_tones(before: &[Pitch], after: &[Pitch]) -> Option<u32> {
    if before.len() != after.len() || before.len() < 3 || before == after {
        return None;
    }
    let small = before.iter().zip(after).all(|(a, b)| (a.midi() - b.midi()).abs() <= 2);
    small.then(|| before.iter().zip(after).filter(|(a, b)| a.midi() == b.midi()).count() as u32)
}

fn led(part: &str, evidence: &Evidence, reading: &Reading<'_>) -> Option<u32> {
    let two: Vec<Placed<'_>> = evidence.notes.iter().filter_map(|id| reading.note(id)).collect();
    let [before, after] = two.as_slice() else { return None };
    let consecutive = before.part.id == part && after.part.id == part && before.note.onset < after.note.onset;
    if consecutive { common_tones(before.note.pitches(), after.note.pitches()) } else { None }
}

/// A walking bar: a note on each beat and no more, and its last one within a whole tone of the next bar's first.
pub(crate) fn walks(line: &[Placed<'_>], number: u32, reading: &Reading<'_>) -> bool {
    let Some(bar) = reading.bar(number) else { return false };
    let notes = Reading::starting_in(line, bar);
    let beat = bar.meter.beat();
    let beats = bar.length.div_floor(beat);
    let on_beats = notes.len() as i64 == beats
        && notes.iter().enumerate().all(|(i, p)| p.note.onset == bar.start + beat * i as i64);
    let next = reading.bar(number + 1).and_then(|bar| Reading::starting_in(line, bar).first());
    let near = match (notes.last(), next) {
        (Some(last), Some(next)) => (1..=2).contains(&(last.midi() - next.midi()).abs()),
        _ => false,
    };
    on_beats && near
}

fn each_bar(evidence: &Evidence, holds: impl Fn(u32) -> bool) -> Checked {
    evidence.bars.iter().try_for_each(|bar| demand(holds(*bar), || format!("bar {bar} does not do so")))
}

fn root_fifth(part: &str, spans: &[ChordAt], evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    let line = reading.line(part);
    let mut seen = BTreeSet::new();
    demand(evidence.bars.len() >= 2 && !spans.is_empty(), || "too little is named".to_owned())?;
    for span in spans {
        demand(chord_sounds(reading, span.from, span.to, span.chord), || format!("{} does not sound", span.chord))?;
    }
    for placed in rhythm::bars(evidence, reading).flat_map(|bar| Reading::starting_in(line, bar)) {
        let span = spans.iter().find(|s| s.from <= placed.note.onset && s.to > placed.note.onset);
        let interval = span.map(|s| (placed.midi() - s.chord.root.class()).rem_euclid(12));
        demand(matches!(interval, Some(0 | 7)), || format!("{} is neither root nor fifth", placed.id()))?;
        seen.extend(interval);
    }
    demand(seen.len() == 2, || "only one of root and fifth is there".to_owned())
}

fn alberti(part: &str, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    let line = reading.line(part);
    demand(!evidence.bars.is_empty(), || "no bars are named".to_owned())?;
    for number in &evidence.bars {
        demand(is_alberti(line, *number, reading), || format!("bar {number} has another figure"))?;
    }
    Ok(())
}

/// Whether the part plays low, high, middle, high, note by note, in this bar.
pub(crate) fn is_alberti(line: &[Placed<'_>], number: u32, reading: &Reading<'_>) -> bool {
    let Some(bar) = reading.bar(number) else { return false };
    let notes: Vec<i32> = Reading::starting_in(line, bar)
        .iter()
        .filter(|p| p.note.pitches().len() == 1 && p.note.duration <= Time::QUARTER)
        .map(Placed::midi)
        .collect();
    notes.len() >= 4
        && notes.len().is_multiple_of(4)
        && notes.chunks(4).all(|n| n[0] < n[2] && n[2] < n[1] && n[1] == n[3])
}
