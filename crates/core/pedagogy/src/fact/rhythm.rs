//! Checks of meter, tempo, groove and the rhythm of lines.

use super::check::{Checked, demand};
use super::{Fact, Placed, Reading};
use crate::model::Evidence;
use eduai_music::score::{Meter, Sound, SwingUnit};
use eduai_music::{Pitch, Time};

/// Recomputes the fact, if it is one of rhythm.
pub(super) fn check(fact: &Fact, evidence: &Evidence, reading: &Reading<'_>) -> Option<Checked> {
    Some(match fact {
        Fact::Meter { meter } => every_bar_has(*meter, evidence, reading),
        Fact::Tempo { milli_bpm } => tempo(*milli_bpm, evidence, reading),
        Fact::DrumPattern { part, keys, places, only } => {
            drum_pattern(reading.line(part), keys, places, *only, evidence, reading)
        }
        Fact::Swing { unit, first_milli } => swing(*unit, *first_milli, evidence, reading),
        Fact::Syncopation { part } => same_notes(evidence, &syncopated(reading.voice(part), evidence, reading)),
        Fact::Triplets { part } => triplets(part, evidence, reading),
        Fact::Ostinato { part, pitches } => ostinato(reading.line(part), *pitches, evidence, reading),
        Fact::Pickup { part } => pickup(part, evidence, reading),
        Fact::Onsets { part, count } => {
            let line = reading.line(part);
            let found = bars(evidence, reading).map(|bar| onsets(Reading::starting_in(line, bar)).len()).sum::<usize>();
            demand(found == *count as usize, || format!("{found} notes start, not {count}"))
        }
        _ => return None,
    })
}

/// The bars of the evidence.
pub(super) fn bars<'a>(
    evidence: &'a Evidence,
    reading: &'a Reading<'_>,
) -> impl Iterator<Item = &'a eduai_music::score::Measure> {
    evidence.bars.iter().filter_map(|number| reading.bar(*number))
}

/// The distinct times at which notes start.
pub(crate) fn onsets(notes: &[Placed<'_>]) -> Vec<Time> {
    let mut times: Vec<Time> = notes.iter().map(|p| p.note.onset).collect();
    times.dedup();
    times
}

fn every_bar_has(meter: Meter, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    demand(!evidence.bars.is_empty(), || "no bars are named".to_owned())?;
    for bar in bars(evidence, reading) {
        demand(bar.meter == meter && bar.length == meter.length(), || {
            format!("bar {} is {} and {} quarters long", bar.number, bar.meter, bar.length)
        })?;
    }
    Ok(())
}

fn tempo(milli_bpm: u32, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    let found = reading.score.tempos.iter().rev().find(|t| t.at <= evidence.from).map(|t| t.milli_bpm);
    demand(found == Some(milli_bpm), || format!("the tempo is {found:?} thousandths"))
}

fn drum_pattern(
    line: &[Placed<'_>],
    keys: &[u8],
    places: &[Time],
    only: bool,
    evidence: &Evidence,
    reading: &Reading<'_>,
) -> Checked {
    demand(!evidence.bars.is_empty() && !places.is_empty(), || "nothing is named".to_owned())?;
    for bar in bars(evidence, reading) {
        let struck: Vec<Time> = Reading::starting_in(line, bar)
            .iter()
            .filter(|p| matches!(&p.note.sound, Sound::Drums(struck) if struck.iter().any(|k| keys.contains(k))))
            .map(|p| p.note.onset - bar.start)
            .collect();
        demand(places.iter().all(|place| struck.contains(place)), || {
            format!("bar {} lacks a stroke of the pattern", bar.number)
        })?;
        demand(!only || struck.iter().all(|place| places.contains(place)), || {
            format!("bar {} has other strokes too", bar.number)
        })?;
    }
    Ok(())
}

fn swing(unit: SwingUnit, first_milli: u16, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    let Some(swing) = reading.score.swing else {
        return demand(false, || "nothing swings".to_owned());
    };
    demand(swing.unit == unit && swing.first_milli == first_milli, || "the swing is another one".to_owned())?;
    demand(first_milli > 520 && evidence.notes.len() >= 4, || "too little swings to be heard".to_owned())?;
    for note in evidence.notes.iter().filter_map(|id| reading.note(id)) {
        let inside = note.note.onset.modulo(swing.pair());
        demand(inside == swing.pair() / 2, || format!("{} is no second note of a pair", note.id()))?;
    }
    Ok(())
}

/// The notes of the line in the bars of the evidence that start on a weak place and are held over a stronger one.
pub(crate) fn syncopated<'a>(line: &[Placed<'a>], evidence: &Evidence, reading: &Reading<'_>) -> Vec<Placed<'a>> {
    bars(evidence, reading)
        .flat_map(|bar| Reading::starting_in(line, bar))
        .filter(|p| is_syncopated(p, reading))
        .copied()
        .collect()
}

/// Whether the note starts off the beat and is held over a stronger place.
pub(crate) fn is_syncopated(placed: &Placed<'_>, reading: &Reading<'_>) -> bool {
    let note = placed.note;
    let own = reading.weight(note.onset);
    if own >= 0.6 {
        return false;
    }
    let grid = Time::EIGHTH;
    let mut at = grid * (note.onset.div_floor(grid) + 1);
    while at < note.end() {
        if reading.weight(at) > own && reading.weight(at) >= 0.6 {
            return true;
        }
        at += grid;
    }
    false
}

fn same_notes(evidence: &Evidence, found: &[Placed<'_>]) -> Checked {
    let found: Vec<String> = found.iter().map(Placed::id).collect();
    demand(!found.is_empty() && found == evidence.notes, || {
        format!("{} notes are so, {} are named", found.len(), evidence.notes.len())
    })
}

fn triplets(part: &str, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    demand(evidence.notes.len() >= 3, || "fewer than three notes are named".to_owned())?;
    for placed in evidence.notes.iter().filter_map(|id| reading.note(id)) {
        let three = |t: Time| t.denominator() % 3 == 0;
        let right = placed.part.id == part
            && (three(placed.note.onset) || three(placed.note.duration))
            && placed.note.duration < Time::QUARTER;
        demand(right, || format!("{} is no triplet", placed.id()))?;
    }
    Ok(())
}

type BarPattern = Vec<(Time, Vec<Pitch>, Vec<u8>)>;

/// What the part does in a bar, by places; pitches only where they are asked for.
pub(crate) fn bar_pattern(notes: &[Placed<'_>], start: Time, pitches: bool) -> BarPattern {
    notes
        .iter()
        .map(|p| {
            let (own, struck) = match &p.note.sound {
                Sound::Pitched(own) if pitches => (own.clone(), Vec::new()),
                Sound::Drums(struck) => (Vec::new(), struck.clone()),
                Sound::Pitched(_) => (Vec::new(), Vec::new()),
            };
            (p.note.onset - start, own, struck)
        })
        .collect()
}

fn ostinato(line: &[Placed<'_>], pitches: bool, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    demand(evidence.bars.len() >= 3, || "fewer than three bars are named".to_owned())?;
    let patterns: Vec<BarPattern> =
        bars(evidence, reading).map(|bar| bar_pattern(Reading::starting_in(line, bar), bar.start, pitches)).collect();
    let first = patterns.first().filter(|p| p.len() >= 2);
    demand(first.is_some_and(|first| patterns.iter().all(|p| p == first)), || "the bars are not alike".to_owned())
}

fn pickup(part: &str, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    let line = reading.voice(part);
    let Some(at) = evidence.notes.first().and_then(|id| line.iter().position(|p| p.id() == *id)) else {
        return demand(false, || "the note is not in the part".to_owned());
    };
    demand(is_pickup(line, at, reading), || "the note is no pickup".to_owned())
}

/// Whether the note at this index starts before a bar line after a beat of silence and leads on over the line.
pub(crate) fn is_pickup(line: &[Placed<'_>], at: usize, reading: &Reading<'_>) -> bool {
    let note = line[at].note;
    let Some(bar) = reading.bar_at(note.onset) else { return false };
    let beat = bar.meter.beat();
    let silent = at == 0 || note.onset - line[at - 1].note.end() >= beat;
    let near = bar.end() - note.onset <= beat * 2 && note.onset > bar.start;
    let leads_on = line[at..]
        .windows(2)
        .take_while(|w| w[1].note.onset - w[0].note.end() < beat / 2)
        .any(|w| w[1].note.onset >= bar.end() && w[1].note.onset < bar.end() + beat);
    silent && near && leads_on
}
