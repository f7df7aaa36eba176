//! From voices to a score.

use super::body::Tune;
use super::fields::Measured;
use super::voice::Voice;
use crate::notation::dynamics::marks;
use crate::play::Sign;
use crate::reading::assemble::{Head, Lines, Tone, join_ties, voices};
use crate::reading::dynamics::sound;
use crate::reading::{Diagnoses, ReadError};
use crate::score::{ChordSymbol, Clef, Dynamic, Instrument, Measure, Meter, Note, Part, Section, Tempo};
use crate::theory::{Key, Mode, PitchName};
use crate::{Score, Time};

/// The score of a tune.
pub(super) fn score(mut tune: Tune, log: &mut Diagnoses) -> Result<Score, ReadError> {
    for voice in &mut tune.voices {
        voice.bar_line()?;
    }
    if tune.voices.is_empty() {
        return Err(ReadError::broken("tune", "there is neither a K: field nor music in it"));
    }
    let lost: usize = tune.voices.iter_mut().map(|voice| voice.waiting.lost()).sum();
    if lost > 0 {
        log.note("tune", format!("{lost} grace notes stand before no note; they were left out."));
    }
    let measures = measures(&tune.voices, log);
    let end = measures.last().map_or(Time::ZERO, Measure::end);
    let groups = groups(&tune);
    let sections = sections(&tune, &measures);
    Ok(Score {
        title: std::mem::take(&mut tune.title),
        creator: std::mem::take(&mut tune.composer),
        tempos: tempos(&tune),
        swing: tune.swing,
        section_order: section_order(&tune, &sections, log),
        sections,
        chords: chords(&mut tune, end),
        signs: signs(&tune.voices, measures.len()),
        parts: within(parts(tune.voices, &groups, log), end, log),
        measures,
    })
}

/// A note of a chord that is longer than the chord may reach beyond the last bar; it ends with it.
fn within(mut parts: Vec<Part>, end: Time, log: &mut Diagnoses) -> Vec<Part> {
    let mut cut = 0;
    for voice in parts.iter_mut().flat_map(|part| &mut part.voices) {
        voice.retain(|note| note.onset < end);
        for note in voice.iter_mut().filter(|note| note.end() > end) {
            note.duration = end - note.onset;
            cut += 1;
        }
    }
    if cut > 0 {
        log.note("tune", format!("{cut} notes reach beyond the last bar; they end with it."));
    }
    parts
}

/// The bars of the voice that has most of them.
fn measures(voices: &[Voice], log: &mut Diagnoses) -> Vec<Measure> {
    let Some(longest) = voices.iter().rev().max_by_key(|voice| voice.now) else { return Vec::new() };
    for voice in voices {
        let same = voice.bars.iter().zip(&longest.bars).all(|(a, b)| a.end == b.end);
        if !same {
            log.note(format!("voice {}", voice.id), format!("Its bar lines are not those of voice {}.", longest.id));
        }
    }
    let mut out: Vec<Measure> = Vec::new();
    for bar in &longest.bars {
        let meter = match bar.meter {
            Some(Measured::In(meter)) => meter,
            _ => Meter::COMMON,
        };
        let length = bar.end - bar.start;
        let measured = matches!(bar.meter, Some(Measured::In(_)));
        let pickup = out.is_empty() && length < meter.length();
        if measured && !pickup && length != meter.length() {
            let message =
                format!("It holds {length} quarters where {meter} has {}; it was kept as it is.", meter.length());
            log.note(format!("bar {}", out.len() + 1), message);
        }
        let number = out.last().map_or(u32::from(!pickup), |last| last.number + 1);
        out.push(Measure { number, start: bar.start, length, meter, key: bar.key });
    }
    if out.is_empty() {
        let key = voices.first().map_or(Key::new(PitchName::C, Mode::Major), Voice::sounding_key);
        let meter = voices.first().map_or(Meter::COMMON, Voice::counted);
        out.push(Measure { number: 1, start: Time::ZERO, length: meter.length(), meter, key });
    }
    out
}

/// The signs of all voices: most tunes write them in each, some in the first alone.
fn signs(voices: &[Voice], bars: usize) -> Vec<(usize, Sign)> {
    let mut signs: Vec<(usize, Sign)> =
        voices.iter().flat_map(|voice| voice.signs.iter().cloned()).filter(|(bar, _)| *bar < bars).collect();
    signs.sort();
    signs.dedup();
    signs
}

fn tempos(tune: &Tune) -> Vec<Tempo> {
    let mut out: Vec<Tempo> = Vec::new();
    for (at, milli_bpm, text) in &tune.tempos {
        if out.iter().all(|tempo| tempo.at != *at) {
            out.push(Tempo { at: *at, milli_bpm: *milli_bpm, text: text.clone() });
        }
    }
    out.sort_by_key(|tempo| tempo.at);
    out
}

fn sections(tune: &Tune, measures: &[Measure]) -> Vec<Section> {
    let mut marks: Vec<(usize, String)> = Vec::new();
    let mut sorted: Vec<&(Time, String)> = tune.sections.iter().collect();
    sorted.sort_by_key(|(at, _)| *at);
    for (at, label) in sorted {
        let bar = measures.partition_point(|bar| bar.start <= *at).saturating_sub(1);
        if marks.last().is_none_or(|(last, _)| *last != bar) {
            marks.push((bar, label.clone()));
        }
    }
    let ends: Vec<usize> = marks.iter().skip(1).map(|(bar, _)| *bar).chain([measures.len()]).collect();
    marks.into_iter().zip(ends).map(|((first, label), end)| Section { label, first, bars: end - first }).collect()
}

/// The order of the sections by their indices. A part that has no section makes the whole order void.
fn section_order(tune: &Tune, sections: &[Section], log: &mut Diagnoses) -> Vec<usize> {
    let index = |label: &char| sections.iter().position(|section| section.label.chars().eq([*label]));
    let found: Option<Vec<usize>> = tune.order.iter().map(index).collect();
    if found.is_none() {
        log.note("tune", "Its P: field names parts that do not begin anywhere; they are played as they stand.");
    }
    found.unwrap_or_default()
}

/// The chord symbols of all voices; each lasts until the next.
fn chords(tune: &mut Tune, end: Time) -> Vec<ChordSymbol> {
    let mut marks = std::mem::take(&mut tune.chords);
    marks.sort_by_key(|(at, _)| *at);
    marks.dedup_by_key(|(at, _)| *at);
    let ends: Vec<Time> = marks.iter().skip(1).map(|(at, _)| *at).chain([end]).collect();
    let symbol = |((at, chord), end): ((Time, Option<crate::Chord>), Time)| {
        let duration = end - at;
        chord.filter(|_| duration > Time::ZERO).map(|chord| ChordSymbol { at, duration, chord })
    };
    marks.into_iter().zip(ends).filter_map(symbol).collect()
}

/// Which voices make a part: those that `%%score` puts on one staff or in one brace, each other by itself.
fn groups(tune: &Tune) -> Vec<Vec<usize>> {
    let index = |id: &String| tune.voices.iter().position(|voice| voice.id == *id);
    let mut out: Vec<Vec<usize>> = Vec::new();
    for group in &tune.layout {
        let known = |out: &Vec<Vec<usize>>, voice: usize| out.iter().flatten().any(|other| *other == voice);
        let voices: Vec<usize> = group.iter().filter_map(index).filter(|voice| !known(&out, *voice)).collect();
        // What plays differently is not one part, wherever it stands.
        let sound = |voice: usize| {
            let voice = &tune.voices[voice];
            (voice.drums, voice.program, voice.properties.transposition())
        };
        for voice in voices {
            match out
                .last_mut()
                .filter(|last| last.iter().all(|v| group.contains(&tune.voices[*v].id) && sound(*v) == sound(voice)))
            {
                Some(last) if !last.is_empty() => last.push(voice),
                _ => out.push(vec![voice]),
            }
        }
    }
    let rest: Vec<usize> = (0..tune.voices.len()).filter(|voice| !out.iter().flatten().any(|v| v == voice)).collect();
    out.extend(rest.into_iter().map(|voice| vec![voice]));
    out.sort_by_key(|group| group[0]);
    out
}

fn parts(tune_voices: Vec<Voice>, groups: &[Vec<usize>], log: &mut Diagnoses) -> Vec<Part> {
    let mut slots: Vec<Option<Voice>> = tune_voices.into_iter().map(Some).collect();
    let mut out = Vec::new();
    for group in groups {
        let members: Vec<Voice> = group.iter().filter_map(|index| slots[*index].take()).collect();
        let Some(first) = members.first() else { continue };
        let (id, place) = (format!("P{}", out.len() + 1), format!("voice {}", first.id));
        let name = first.properties.name.clone().unwrap_or_default();
        let short_name = first.properties.short_name.clone().unwrap_or_default();
        let instrument = if first.drums { Instrument::Drums } else { Instrument::Pitched(first.program) };
        let clef = first.properties.clef.unwrap_or(if first.drums { Clef::Percussion } else { Clef::Treble });
        let transposition = first.properties.transposition();
        let signs = members.iter().flat_map(|voice| voice.dynamics.iter().copied()).collect();
        let (dynamics, endless) = marks(signs);
        if endless > 0 {
            log.note(&place, format!("{endless} hairpins have no end; they were left out."));
        }
        let voices = notes(members, &dynamics, &place, log);
        out.push(Part { id, name, short_name, instrument, clef, transposition, dynamics, voices });
    }
    out
}

/// The voices of a part: those of the tune first, then what is laid over them.
fn notes(members: Vec<Voice>, dynamics: &[Dynamic], place: &str, log: &mut Diagnoses) -> Vec<Vec<Note>> {
    let count = members.len();
    let mut next = count;
    let mut heads: Vec<Head> = Vec::new();
    for (index, voice) in members.into_iter().enumerate() {
        let layers = voice.heads.iter().map(|head| head.voice).max().unwrap_or(0);
        for mut head in voice.heads {
            head.voice = if head.voice == 0 { index } else { next + head.voice - 1 };
            heads.push(head);
        }
        next += layers;
    }
    sound(&mut heads, dynamics, &[]);
    // A percussion key keeps its place; a pitched note in a percussion voice is none.
    heads.retain(|head| head.duration > Time::ZERO || matches!(head.tone, Tone::Drum(_)));
    voices(join_ties(heads, place, log), next, Lines::First)
}
