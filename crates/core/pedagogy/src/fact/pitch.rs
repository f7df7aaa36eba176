//! Checks of range, scale, motif and single notes of a melody.

use super::check::{Checked, demand};
use super::{Fact, Placed, Reading, rhythm};
use crate::model::Evidence;
use eduai_music::analysis::ScaleName;
use eduai_music::analysis::{Contour, contour};
use eduai_music::{Chord, Part, Pitch, PitchName, Time};
use std::collections::BTreeSet;

/// Recomputes the fact, if it is one of melody.
pub(super) fn check(fact: &Fact, evidence: &Evidence, reading: &Reading<'_>) -> Option<Checked> {
    Some(match fact {
        Fact::Range { part, lowest, highest } => {
            let found = range(reading.line(part));
            demand(found == Some((*lowest, *highest)), || format!("the range is {found:?}"))
        }
        Fact::Climax { part, pitch } => climax(reading.line(part), *pitch, evidence),
        Fact::Steps { part, percent } => {
            let found = step_percent(reading.voice(part));
            demand(found == Some(*percent), || format!("the share is {found:?}"))
        }
        Fact::Leap { part, semitones } => leap(reading.voice(part), *semitones, evidence),
        Fact::InScale { part, tonic, scale } => in_scale(reading.line(part), *tonic, *scale, evidence, reading),
        Fact::BlueNotes { part, tonic } => blue_notes(part, *tonic, evidence, reading),
        Fact::Motif { part, at, notes } => motif(reading.voice(part), at, *notes as usize),
        Fact::Sequence { part, notes, steps } => sequence(reading.voice(part), *notes as usize, *steps, evidence),
        Fact::Shape { contour } => {
            let line: Vec<i32> = evidence.notes.iter().filter_map(|id| reading.note(id)).map(|p| p.midi()).collect();
            let found = shape(&line);
            demand(found == Some(*contour), || format!("the shape is {found:?}"))
        }
        Fact::StepwiseNonChord { part, chord, passing } => non_chord(part, *chord, *passing, evidence, reading),
        Fact::CallAndResponse { call, response } => call_and_response(call, response, evidence, reading),
        _ => return None,
    })
}

/// The lowest and the highest pitch of a line.
pub(crate) fn range(line: &[Placed<'_>]) -> Option<(Pitch, Pitch)> {
    let pitches = || line.iter().flat_map(|p| p.note.pitches()).copied();
    Some((pitches().min()?, pitches().max()?))
}

fn climax(line: &[Placed<'_>], pitch: Pitch, evidence: &Evidence) -> Checked {
    let Some((_, highest)) = range(line) else {
        return demand(false, || "the part has no pitches".to_owned());
    };
    let first = line.iter().find(|p| p.top() == Some(highest)).map(|p| p.note.onset);
    demand(highest == pitch && first == Some(evidence.from), || {
        format!("the highest note is {highest}, first at {first:?}")
    })
}

/// Moves between neighbouring notes in semitones; rests of a beat or more part phrases and make no move.
fn moves(line: &[Placed<'_>]) -> impl Iterator<Item = (usize, i32)> {
    line.windows(2).enumerate().filter_map(|(i, w)| {
        let close = w[1].note.onset - w[0].note.end() < Time::QUARTER;
        Some((i, w[1].top()?.midi() - w[0].top()?.midi())).filter(|_| close)
    })
}

/// How many of a hundred moves (repetitions apart) are of one or two semitones; none where there are fewer than eight.
pub(crate) fn step_percent(line: &[Placed<'_>]) -> Option<u32> {
    let moved: Vec<i32> = moves(line).map(|(_, m)| m.abs()).filter(|m| *m > 0).collect();
    let steps = moved.iter().filter(|m| **m <= 2).count();
    (moved.len() >= 8).then(|| (100.0 * steps as f64 / moved.len() as f64).round() as u32)
}

/// The index of the note before the widest leap, and the leap in semitones.
pub(crate) fn widest_leap(line: &[Placed<'_>]) -> Option<(usize, i32)> {
    moves(line).fold(
        None,
        |best: Option<(usize, i32)>, (i, m)| {
            if best.is_none_or(|(_, b)| m.abs() > b.abs()) { Some((i, m)) } else { best }
        },
    )
}

fn leap(line: &[Placed<'_>], semitones: i32, evidence: &Evidence) -> Checked {
    let found = widest_leap(line);
    let right =
        found.is_some_and(|(i, m)| m == semitones && evidence.notes.len() == 2 && evidence.notes[0] == line[i].id());
    demand(right, || format!("the widest leap is {found:?}"))
}

fn in_scale(
    line: &[Placed<'_>],
    tonic: PitchName,
    scale: ScaleName,
    evidence: &Evidence,
    reading: &Reading<'_>,
) -> Checked {
    let used = classes_used(line, evidence, reading);
    let wanted: BTreeSet<i32> = scale.intervals().iter().map(|i| (tonic.class() + i).rem_euclid(12)).collect();
    demand(used == wanted, || format!("the pitch classes are {used:?}"))
}

/// The pitch classes of the notes that start in the bars of the evidence.
pub(crate) fn classes_used(line: &[Placed<'_>], evidence: &Evidence, reading: &Reading<'_>) -> BTreeSet<i32> {
    rhythm::bars(evidence, reading)
        .flat_map(|bar| Reading::starting_in(line, bar))
        .flat_map(|p| p.note.pitches())
        .map(|pitch| pitch.name().class())
        .collect()
}

fn blue_notes(part: &str, tonic: PitchName, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    demand(!evidence.notes.is_empty(), || "no note is named".to_owned())?;
    for placed in evidence.notes.iter().filter_map(|id| reading.note(id)) {
        let right = placed.part.id == part && is_blue(&placed, tonic, reading);
        demand(right, || format!("{} is no blue note", placed.id()))?;
    }
    Ok(())
}

/// Whether the note is a lowered third, fifth or seventh of the tonic that rubs against the major form of that degree
/// (or, for the fifth, the perfect one) in the other parts while it sounds.
pub(crate) fn is_blue(placed: &Placed<'_>, tonic: PitchName, reading: &Reading<'_>) -> bool {
    let Some(pitch) = placed.top() else { return false };
    let interval = (pitch.name().class() - tonic.class()).rem_euclid(12);
    if ![3, 6, 10].contains(&interval) {
        return false;
    }
    let others = reading.classes(placed.note.onset, placed.note.end(), |part: &Part| part.id != placed.part.id);
    let above = others[(tonic.class() + interval + 1).rem_euclid(12) as usize];
    let own = others[pitch.name().class() as usize];
    above > 0.0 && own == 0.0
}

/// Whether the `notes` notes from index `a` come again from index `b`: the same pitches at the same distances. Lengths
/// may differ: a note held longer or shorter leaves it the same figure to the ear.
pub(crate) fn same_figure(line: &[Placed<'_>], a: usize, b: usize, notes: usize) -> bool {
    let (Some(one), Some(two)) = (line.get(a..a + notes), line.get(b..b + notes)) else { return false };
    let (Some(first), Some(second)) = (one.first(), two.first()) else { return false };
    let shift = second.note.onset - first.note.onset;
    one.iter().zip(two).all(|(x, y)| x.midi() == y.midi() && y.note.onset - x.note.onset == shift)
}

fn motif(line: &[Placed<'_>], at: &[Time], notes: usize) -> Checked {
    demand(at.len() >= 2 && notes >= 3, || "too little is named".to_owned())?;
    let starts: Vec<Option<usize>> = at.iter().map(|t| line.iter().position(|p| p.note.onset == *t)).collect();
    let first = starts.first().copied().flatten();
    let again = |start: &Option<usize>| matches!((first, start), (Some(first), Some(start)) if same_figure(line, first, *start, notes));
    demand(starts.iter().all(again), || "the figure does not return unchanged".to_owned())?;
    let mut found: Vec<Time> = Vec::new();
    let mut index = 0;
    while index + notes <= line.len() {
        if first.is_some_and(|first| same_figure(line, first, index, notes)) {
            found.push(line[index].note.onset);
            index += notes;
        } else {
            index += 1;
        }
    }
    demand(found == at, || format!("it is heard {} times, not {}", found.len(), at.len()))
}

fn sequence(line: &[Placed<'_>], notes: usize, steps: i32, evidence: &Evidence) -> Checked {
    let at = evidence.notes.first().and_then(|id| line.iter().position(|p| p.id() == *id));
    demand(at.is_some_and(|at| sequence_steps(line, at, notes) == Some(steps)), || {
        "the figure is not repeated on another step".to_owned()
    })
}

/// By how many staff steps the figure of `notes` notes at `at` is repeated right after itself, rhythm and contour kept.
pub(crate) fn sequence_steps(line: &[Placed<'_>], at: usize, notes: usize) -> Option<i32> {
    let (one, two) = (line.get(at..at + notes)?, line.get(at + notes..at + 2 * notes)?);
    let shift = two[0].note.onset - one[0].note.onset;
    let contiguous = two[0].note.onset - one[notes - 1].note.end() <= Time::HALF;
    let steps = two[0].top()?.staff_index() - one[0].top()?.staff_index();
    let varied = one.windows(2).filter(|w| w[0].midi() != w[1].midi()).count() >= 2;
    let same = one.iter().zip(two).all(|(a, b)| {
        b.note.onset - a.note.onset == shift
            && matches!((a.top(), b.top()), (Some(a), Some(b)) if b.staff_index() - a.staff_index() == steps)
    });
    (contiguous && varied && same && steps != 0 && steps.abs() <= 4).then_some(steps)
}

/// The shape of a line (after Adams 1976, by first, highest, lowest and last note); none for fewer than three notes.
pub fn shape(line: &[i32]) -> Option<Contour> {
    if line.len() < 3 { None } else { contour(line) }
}

fn non_chord(part: &str, chord: Chord, passing: bool, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    let three: Vec<Placed<'_>> = evidence.notes.iter().filter_map(|id| reading.note(id)).collect();
    let [before, middle, after] = three.as_slice() else {
        return demand(false, || "three notes must be named".to_owned());
    };
    let consecutive = middle.index == before.index + 1 && after.index == middle.index + 1;
    demand(consecutive && three.iter().all(|p| p.part.id == part), || "the notes are not neighbours".to_owned())?;
    let foreign = !chord.contains(middle.midi());
    let sounds = super::harmony::chord_sounds(reading, middle.note.onset, middle.note.end(), chord);
    demand(foreign && sounds, || "the note belongs to the chord".to_owned())?;
    demand(is_stepwise(&three, passing), || "the line does not move so".to_owned())
}

/// Whether the middle one of three notes is reached and left by step: going on in one direction, or turning back.
pub(crate) fn is_stepwise(three: &[Placed<'_>], passing: bool) -> bool {
    let [before, middle, after] = three else { return false };
    let (into, out) = (middle.midi() - before.midi(), after.midi() - middle.midi());
    let by_step = (1..=2).contains(&into.abs()) && (1..=2).contains(&out.abs());
    by_step && (into.signum() == out.signum()) == passing
}

fn call_and_response(call: &str, response: &str, evidence: &Evidence, reading: &Reading<'_>) -> Checked {
    let right = answers_call(reading.line(call), reading.line(response), evidence.from, evidence.to);
    demand(right, || "the second part does not wait for the first".to_owned())
}

/// Whether the second line, between two times, starts only when the first one has ended; each with three notes or more.
pub(crate) fn answers_call(call: &[Placed<'_>], response: &[Placed<'_>], from: Time, to: Time) -> bool {
    let (calls, answers) = (Reading::starting_between(call, from, to), Reading::starting_between(response, from, to));
    let Some(first) = answers.first().filter(|_| calls.len() >= 3 && answers.len() >= 3) else { return false };
    calls.iter().all(|p| p.note.end() <= first.note.onset)
}
