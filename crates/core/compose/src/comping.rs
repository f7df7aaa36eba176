//! Chords in rhythm, and chords held.

use crate::model::{PartPlan, PartRole, PatternRef, SectionPlan};
use crate::origin::Origins;
use crate::studio::{Studio, force, note, plays};
use crate::tonal::chord_at;
use crate::voicing::{Register, voicings};
use eduai_genre::traits::{Comping, Voicing};
use eduai_genre::{Dimension, Grid};
use eduai_kernel::{Random, SkillLevel, Text};
use eduai_music::score::{Articulation, Note};
use eduai_music::{Chord, Pitch, Time};

/// The comping of one part through the piece.
pub(crate) fn comp(studio: &Studio<'_>, part: &PartPlan, origins: &mut Origins) -> Vec<Note> {
    let pattern = studio.plan.patterns.comping.get(&part.id).and_then(|p| find(studio, p));
    let genre = &part.genre;
    let origin = match pattern {
        Some(p) => origins.add(Dimension::Instrumentation, genre, format!("comping.{}", p.id), told(part, &p.text)),
        None => origins.add(
            Dimension::Instrumentation,
            genre,
            "comping.held".into(),
            told(part, &Text::new("chords held under the rest", "acordes mantenidos bajo lo demás")),
        ),
    };
    let simple = studio.plan.brief.level == SkillLevel::Beginner;
    let style = pattern.map_or(Voicing::Close, |p| p.voicing);
    let register = register(part, style);
    let chords: Vec<Chord> = studio.chords.iter().map(|c| c.chord).collect();
    let voiced = voicings(&chords, style, register, simple);
    let mut notes = Vec::new();
    for (index, section) in studio.plan.sections.iter().enumerate() {
        if !plays(section, &part.id) {
            continue;
        }
        let random = studio.random.fork(&format!("comping {} {}", part.id, section.id));
        let player = Player { studio, part, section, index, voiced: &voiced, origin, random };
        match pattern {
            Some(p) => player.in_rhythm(p, &mut notes),
            None => player.held(&mut notes),
        }
    }
    notes
}

fn find<'a>(studio: &Studio<'a>, pattern: &PatternRef) -> Option<&'a Comping> {
    studio.book.get(&pattern.genre)?.comping.iter().find(|c| c.id == pattern.id)
}

fn told(part: &PartPlan, what: &Text) -> Text {
    Text::new(format!("{}: {}.", part.name.en, what.en), format!("{}: {}.", part.name.es, what.es))
}

fn register(part: &PartPlan, style: Voicing) -> Register {
    match (style, part.role) {
        (Voicing::Power, _) => Register { low: 41, high: 65 },
        (Voicing::Guitar, _) => Register { low: 43, high: 72 },
        (Voicing::Chorale, _) => Register { low: 41, high: 74 },
        (_, PartRole::Pad) => Register { low: 57, high: 77 },
        _ => Register { low: 51, high: 71 },
    }
}

struct Player<'a> {
    studio: &'a Studio<'a>,
    part: &'a PartPlan,
    section: &'a SectionPlan,
    index: usize,
    voiced: &'a [Vec<Pitch>],
    origin: u16,
    random: Random,
}

impl Player<'_> {
    fn voicing(&self, at: Time) -> Option<(&Vec<Pitch>, Time)> {
        let chord = chord_at(&self.studio.chords, at)?;
        let index = self.studio.chords.iter().position(|c| c.at == chord.at)?;
        Some((self.voiced.get(index)?, chord.end()))
    }

    fn base(&self) -> f64 {
        if self.part.role == PartRole::Pad { 54.0 } else { 66.0 }
    }

    fn sounding(&self, at: Time, duration: Time, pitches: Vec<Pitch>, force: f64) -> Note {
        let moved = pitches.into_iter().map(|p| self.studio.played(p)).collect();
        note(at, duration, moved, force, self.origin)
    }

    /// Chords held for as long as they last.
    fn held(&self, notes: &mut Vec<Note>) {
        let (start, end) = self.studio.spans[self.index];
        let mut random = self.random.clone();
        for (chord, voicing) in self.studio.chords.iter().zip(self.voiced) {
            if chord.at < start || chord.at >= end {
                continue;
            }
            let force = force(self.base(), self.section.energy, self.studio.weight(chord.at), &mut random);
            notes.push(self.sounding(chord.at, chord.duration, voicing.clone(), force));
        }
    }

    fn in_rhythm(&self, pattern: &Comping, notes: &mut Vec<Note>) {
        let (start, end) = self.studio.spans[self.index];
        let last_bar = (end == self.studio.end()).then(|| end - self.studio.bar);
        let grid = self.level(pattern);
        let mut random = self.random.clone();
        let mut at = start;
        while at < end {
            if last_bar == Some(at) {
                self.final_chord(at, end, notes, &mut random);
                break;
            }
            self.bar(grid, start, at, notes, &mut random);
            at += self.studio.bar;
        }
    }

    /// How full the part plays: a second comping part stays under the first, and beginners play plainly.
    fn level<'g>(&self, pattern: &'g Comping) -> &'g Grid {
        let easy = self.studio.plan.brief.level == SkillLevel::Beginner;
        let energy = self.section.energy * if easy { 0.8 } else { 1.0 };
        let energy = if self.part.role == PartRole::Pad { energy * 0.72 } else { energy };
        pattern.levels.at(energy)
    }

    fn final_chord(&self, at: Time, end: Time, notes: &mut Vec<Note>, random: &mut Random) {
        let mut from = at;
        while from < end {
            let Some((voicing, until)) = self.voicing(from) else { return };
            let until = until.min(end).max(from + Time::SIXTEENTH);
            let force = force(self.base(), self.section.energy, 1.0, random);
            notes.push(self.sounding(from, until - from, voicing.clone(), force));
            from = until;
        }
    }

    fn bar(&self, grid: &Grid, start: Time, at: Time, notes: &mut Vec<Note>, random: &mut Random) {
        let steps = self.studio.steps as usize;
        let offset = (at - start).ticks(4) as usize;
        let mut silent_until = Time::ZERO;
        let onsets = bar_onsets(grid, offset, steps);
        for (i, (step, letter, length)) in onsets.iter().copied().enumerate() {
            let from = at + Time::sixteenths(step as i64);
            let free = at + Time::sixteenths(onsets.get(i + 1).map_or(steps, |o| o.0) as i64);
            if from < silent_until {
                continue;
            }
            let mut until = from + Time::sixteenths(length as i64);
            // A chord pushed ahead of its bar belongs to the chord that it is pushed into.
            let pushed = step + 2 >= steps && length >= 2;
            let read_at = if pushed && self.studio.weight(from) < 0.6 { at + self.studio.bar } else { from };
            let read_at = if read_at >= self.studio.spans[self.index].1 { from } else { read_at };
            let Some((voicing, chord_end)) = self.voicing(read_at) else { continue };
            until = until.min(if read_at == from { chord_end } else { until }).max(from + Time::SIXTEENTH);
            silent_until = until;
            let accent = if letter == b'X' { 9.0 } else { 0.0 };
            let force = force(self.base(), self.section.energy, self.studio.weight(from), random) + accent;
            let short = letter == b's';
            let pitches = pick(voicing, letter);
            // A short chord is written as an eighth with a dot where there is room: sixteenths and rests are hard to read.
            let heard = if short { Time::EIGHTH.min(free - from) } else { until - from };
            let mut sounding = self.sounding(from, heard, pitches, force);
            if short {
                sounding.articulations.push(Articulation::Staccato);
            }
            if letter == b'X' {
                sounding.articulations.push(Articulation::Accent);
            }
            notes.push(sounding);
            // A chord that changes under a held one is struck again.
            self.restrike(
                chord_end,
                from + Time::sixteenths(length as i64),
                letter,
                short || read_at != from,
                notes,
                random,
            );
        }
    }

    fn restrike(&self, from: Time, until: Time, letter: u8, skip: bool, notes: &mut Vec<Note>, random: &mut Random) {
        if skip || from >= until || from >= self.studio.spans[self.index].1 {
            return;
        }
        let Some((voicing, _)) = self.voicing(from) else { return };
        let force = force(self.base(), self.section.energy, self.studio.weight(from), random);
        notes.push(self.sounding(from, until - from, pick(voicing, letter), force));
    }
}

/// What a letter plays of a voicing.
fn pick(voicing: &[Pitch], letter: u8) -> Vec<Pitch> {
    match letter {
        b'b' => voicing.first().copied().into_iter().collect(),
        b'1'..=b'5' => {
            let index = usize::from(letter - b'1').min(voicing.len().saturating_sub(1));
            voicing.get(index).copied().into_iter().collect()
        }
        _ => voicing.to_vec(),
    }
}

/// The onsets of one bar of a pattern that may be longer than a bar; `offset` is the bar's place in steps.
pub(crate) fn bar_onsets(grid: &Grid, offset: usize, steps: usize) -> Vec<(usize, u8, usize)> {
    let length = grid.steps().max(1);
    let base = offset % length;
    grid.onsets()
        .into_iter()
        .filter(|(at, ..)| *at >= base && *at < base + steps)
        .map(|(at, letter, held)| (at - base, letter, held.min(steps - (at - base))))
        .collect()
}
