//! The second pass: how long the bars are, and the score.

use super::Document;
use super::measure::{PartReader, RawBar};
use crate::notation::dynamics::marks as marks_of;
use crate::play::Sign;
use crate::reading::assemble::{Head, Lines, Tone, Waiting, join_ties, voices};
use crate::reading::dynamics::sound;
use crate::reading::{Diagnoses, ReadError, bar_of, sane};
use crate::score::{ChordSymbol, Clef, Instrument, Measure, Meter, Part, Section, Tempo};
use crate::theory::{Key, Mode, PitchName};
use crate::{Score, Time};

/// The score of a document.
pub(super) fn score(document: Document, log: &mut Diagnoses) -> Result<Score, ReadError> {
    let Document { title, creator, parts, has_list, .. } = document;
    if parts.is_empty() && !has_list {
        return Err(ReadError::broken("score", "there is no part in it"));
    }
    let measures = measures(&parts, log);
    for measure in &measures {
        bar_of(measure.length)?;
    }
    let end = measures.last().map_or(Time::ZERO, Measure::end);
    let swing = parts.iter().find_map(|part| part.swing);
    let score = Score {
        title,
        creator,
        tempos: tempos(&parts, &measures),
        swing,
        sections: sections(&parts, measures.len()),
        chords: chords(&parts, &measures, end),
        signs: signs(&parts, measures.len()),
        section_order: Vec::new(),
        parts: Vec::new(),
        measures,
    };
    let mut ids: Vec<String> = Vec::new();
    let mut finished = Vec::new();
    for (index, reader) in parts.into_iter().enumerate() {
        let mut id = reader.id.clone();
        if id.is_empty() || ids.contains(&id) {
            id = format!("P{}", index + 1);
        }
        ids.push(id.clone());
        finished.push(part(reader, id, &score.measures, log));
    }
    Ok(Score { parts: finished, ..score })
}

/// The bars of the time line: a bar is as long as its longest part, and as long as the meter says where it is empty.
fn measures(parts: &[PartReader], log: &mut Diagnoses) -> Vec<Measure> {
    let count = parts.iter().map(|part| part.bars.len()).max().unwrap_or(0);
    let mut meter = Meter::COMMON;
    let mut key = Key::new(PitchName::C, Mode::Major);
    let mut start = Time::ZERO;
    let mut out: Vec<Measure> = Vec::with_capacity(count);
    for index in 0..count {
        let bars = || parts.iter().filter_map(|part| part.bars.get(index));
        meter = bars().find_map(|bar| bar.meter).unwrap_or(meter);
        key = bars().find_map(|bar| bar.key).unwrap_or(key);
        let reached = bars().map(|bar| bar.length).max().unwrap_or(Time::ZERO);
        let length = if reached > Time::ZERO { reached } else { meter.length() };
        let implicit = bars().any(|bar| bar.implicit);
        let short = length < meter.length();
        let stated = bars().find_map(|bar| bar.number);
        let before = out.last().map(|bar| bar.number);
        let number = match (stated, before) {
            (Some(number), _) => number,
            (None, None) => u32::from(!(short && implicit)),
            (None, Some(before)) => before.saturating_add(u32::from(!implicit)),
        };
        let odd = length > meter.length() || (short && !implicit && index > 0);
        if odd {
            let message =
                format!("It holds {length} quarters where {meter} has {}; it was kept as it is.", meter.length());
            log.note(format!("bar {number}"), message);
        }
        out.push(Measure { number, start, length, meter, key });
        start = sane(start + length);
    }
    out
}

fn at(measures: &[Measure], bar: usize, place: Time) -> Time {
    measures.get(bar).map_or(Time::ZERO, |measure| sane(measure.start + place))
}

/// All of one kind of thing in all bars of a part, with their times.
fn timed<'a, T: 'a>(
    part: &'a PartReader,
    measures: &'a [Measure],
    of: impl Fn(&'a RawBar) -> &'a [T] + 'a,
    place: impl Fn(&T) -> Time + 'a,
) -> impl Iterator<Item = (Time, &'a T)> {
    part.bars.iter().enumerate().flat_map(move |(index, bar)| {
        of(bar).iter().map(|item| (at(measures, index, place(item)), item)).collect::<Vec<_>>()
    })
}

fn tempos(parts: &[PartReader], measures: &[Measure]) -> Vec<Tempo> {
    let mut out: Vec<Tempo> = Vec::new();
    for part in parts {
        for (at, (_, milli_bpm, text)) in timed(part, measures, |bar| &bar.tempos, |tempo| tempo.0) {
            if out.iter().all(|tempo| tempo.at != at) {
                out.push(Tempo { at, milli_bpm: *milli_bpm, text: text.clone() });
            }
        }
    }
    out.sort_by_key(|tempo| tempo.at);
    out
}

fn sections(parts: &[PartReader], bars: usize) -> Vec<Section> {
    let label = |bar: usize| parts.iter().find_map(|part| part.bars.get(bar)?.rehearsal.clone());
    let starts: Vec<(usize, String)> = (0..bars).filter_map(|bar| Some((bar, label(bar)?))).collect();
    let ends = starts.iter().skip(1).map(|(bar, _)| *bar).chain([bars]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|((first, label), end)| Section { label, first, bars: end - first }).collect()
}

/// The signs of all parts: most programs write them in each, some in the first alone.
fn signs(parts: &[PartReader], bars: usize) -> Vec<(usize, Sign)> {
    let of_bar = |bar: usize| {
        let mut signs: Vec<Sign> =
            parts.iter().filter_map(|part| part.bars.get(bar)).flat_map(|bar| bar.signs.iter().cloned()).collect();
        signs.sort();
        signs.dedup();
        signs.into_iter().map(move |sign| (bar, sign))
    };
    (0..bars).flat_map(of_bar).collect()
}

/// The chord symbols of the first part that has some; each lasts until the next.
fn chords(parts: &[PartReader], measures: &[Measure], end: Time) -> Vec<ChordSymbol> {
    let Some(part) = parts.iter().find(|part| part.bars.iter().any(|bar| !bar.chords.is_empty())) else {
        return Vec::new();
    };
    let mut marks: Vec<_> = timed(part, measures, |bar| &bar.chords, |chord| chord.0).collect();
    marks.sort_by_key(|(at, _)| *at);
    let ends: Vec<Time> = marks.iter().skip(1).map(|(at, _)| *at).chain([end]).collect();
    let symbol = |((at, (_, chord)), end): ((Time, &(Time, Option<crate::Chord>)), Time)| {
        let duration = end - at;
        chord.filter(|_| duration > Time::ZERO).map(|chord| ChordSymbol { at, duration, chord })
    };
    marks.into_iter().zip(ends).filter_map(symbol).collect()
}

fn part(mut reader: PartReader, id: String, measures: &[Measure], log: &mut Diagnoses) -> Part {
    let place = format!("part {}", if reader.name.is_empty() { &id } else { &reader.name });
    let lost: usize = reader.waiting.values_mut().map(Waiting::lost).sum();
    if lost > 0 {
        log.note(&place, format!("{lost} grace notes stand before no note; they were left out."));
    }
    let order = order(&reader.voices);
    let transposition = reader.stated_transposition();
    let marks = timed(&reader, measures, |bar| &bar.dynamics, |mark| mark.0).map(|(at, (_, mark))| (at, *mark));
    let (dynamics, endless) = marks_of(marks.collect());
    if endless > 0 {
        log.note(&place, format!("{endless} hairpins have no end; they were left out."));
    }
    let stated = timed(&reader, measures, |bar| &bar.velocities, |stated| stated.0);
    let mut stated: Vec<(Time, u8)> = stated.map(|(at, (_, velocity))| (at, *velocity)).collect();
    stated.sort_by_key(|(at, _)| *at);
    let mut heads = Vec::new();
    for (index, bar) in reader.bars.into_iter().enumerate() {
        for note in bar.notes {
            heads.push(Head {
                onset: at(measures, index, note.onset),
                voice: order.get(note.voice).copied().unwrap_or(0),
                ..note
            });
        }
    }
    sound(&mut heads, &dynamics, &stated);
    let drums = heads.iter().filter(|head| matches!(head.tone, Tone::Drum(_))).count();
    let unpitched = drums * 2 > heads.len() || (heads.is_empty() && reader.on_drum_channel);
    let instrument = if unpitched { Instrument::Drums } else { Instrument::Pitched(reader.program.unwrap_or(0)) };
    let voices = voices(join_ties(heads, &place, log), order.len(), Lines::First);
    let default = if unpitched { Clef::Percussion } else { Clef::Treble };
    Part {
        id,
        name: reader.name,
        short_name: reader.short_name,
        instrument,
        clef: reader.clef.unwrap_or(default),
        transposition,
        dynamics,
        voices,
    }
}

/// The place of each voice: by number where all voices have one, by staff and appearance otherwise.
fn order(voices: &[(u8, String)]) -> Vec<usize> {
    let numbers: Option<Vec<u32>> = voices.iter().map(|(_, name)| name.parse().ok()).collect();
    let mut sorted: Vec<usize> = (0..voices.len()).collect();
    match numbers {
        Some(numbers) => sorted.sort_by_key(|index| numbers[*index]),
        None => sorted.sort_by_key(|index| voices[*index].0),
    }
    let mut places = vec![0; voices.len()];
    for (place, voice) in sorted.into_iter().enumerate() {
        places[voice] = place;
    }
    places
}
