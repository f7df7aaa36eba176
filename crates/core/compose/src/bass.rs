//! The bass: a figure of the genre that aims at the next root.

use crate::comping::bar_onsets;
use crate::model::{PartPlan, SectionPlan};
use crate::origin::Origins;
use crate::studio::{Studio, force, note, plays};
use crate::tonal::{ChordAt, chord_at};
use eduai_genre::traits::BassFigure;
use eduai_genre::{Dimension, Grid};
use eduai_kernel::{Random, SkillLevel, Text};
use eduai_music::score::Note;
use eduai_music::{Chord, Pitch, PitchName, Time};

/// The lowest and highest note on C: in every key it stays between E1 and A3.
const LOW: i32 = 34;
const HIGH: i32 = 52;

/// The bass through the piece.
pub(crate) fn bass(studio: &Studio<'_>, part: &PartPlan, origins: &mut Origins) -> Vec<Note> {
    let Some(figure) =
        studio.plan.patterns.bass.as_ref().and_then(|p| studio.book.get(&p.genre)?.bass.iter().find(|b| b.id == p.id))
    else {
        return Vec::new();
    };
    let genre = studio.plan.patterns.bass.as_ref().map_or(&part.genre, |p| &p.genre);
    let text = Text::new(format!("Bass: {}.", figure.text.en), format!("Bajo: {}.", figure.text.es));
    let origin = origins.add(Dimension::Bass, genre, format!("bass.{}", figure.id), text);
    let mut notes: Vec<Note> = Vec::new();
    let mut last = 40;
    for (index, section) in studio.plan.sections.iter().enumerate() {
        if !plays(section, &part.id) {
            continue;
        }
        let random = studio.random.fork(&format!("bass {}", section.id));
        let mut player = Player { studio, section, figure, origin, random, last, index };
        player.play(&mut notes);
        last = player.last;
    }
    notes
}

struct Player<'a> {
    studio: &'a Studio<'a>,
    section: &'a SectionPlan,
    figure: &'a BassFigure,
    origin: u16,
    random: Random,
    /// The last note, on C.
    last: i32,
    index: usize,
}

impl Player<'_> {
    fn level(&self) -> &Grid {
        let easy = self.studio.plan.brief.level == SkillLevel::Beginner;
        self.figure.levels.at(if easy { self.section.energy.min(0.7) } else { self.section.energy })
    }

    fn play(&mut self, notes: &mut Vec<Note>) {
        let (start, end) = self.studio.spans[self.index];
        let grid = self.level().clone();
        let mut at = start;
        while at < end {
            if at + self.studio.bar == self.studio.end() {
                self.last_bar(at, end, notes);
            } else {
                self.bar(&grid, start, at, notes);
            }
            at += self.studio.bar;
        }
    }

    /// The last bar holds its roots.
    fn last_bar(&mut self, at: Time, end: Time, notes: &mut Vec<Note>) {
        let mut from = at;
        while from < end {
            let Some(chord) = chord_at(&self.studio.chords, from).copied() else { return };
            let until = chord.end().min(end);
            let name = chord.chord.lowest();
            self.push(from, until - from, name, 1.0, notes);
            from = until.max(from + Time::SIXTEENTH);
        }
    }

    /// The onsets of a bar, with one more wherever a chord changes and the figure is silent or holds.
    fn onsets(&self, grid: &Grid, start: Time, at: Time) -> Vec<(Time, u8, Time)> {
        let offset = (at - start).ticks(4) as usize;
        let mut found: Vec<(Time, u8, Time)> = bar_onsets(grid, offset, self.studio.steps as usize)
            .into_iter()
            .map(|(step, letter, length)| (at + Time::sixteenths(step as i64), letter, Time::sixteenths(length as i64)))
            .collect();
        let changes: Vec<&ChordAt> =
            self.studio.chords.iter().filter(|c| c.at > at && c.at < at + self.studio.bar).collect();
        for change in changes {
            match found.iter_mut().find(|(onset, ..)| *onset == change.at) {
                Some(onset) => onset.1 = b'R',
                None => {
                    if let Some(held) =
                        found.iter_mut().find(|(onset, _, length)| *onset < change.at && *onset + *length > change.at)
                    {
                        let rest = held.0 + held.2 - change.at;
                        held.2 = change.at - held.0;
                        found.push((change.at, b'R', rest));
                    }
                }
            }
        }
        found.sort_by_key(|o| o.0);
        found
    }

    fn bar(&mut self, grid: &Grid, start: Time, at: Time, notes: &mut Vec<Note>) {
        let onsets = self.onsets(grid, start, at);
        for (i, (from, letter, length)) in onsets.iter().enumerate() {
            let Some(chord) = chord_at(&self.studio.chords, *from).copied() else { return };
            let next = self.studio.chords.iter().find(|c| c.at > *from && c.at >= chord.end());
            let letter = if *from == chord.at { b'R' } else { *letter };
            // A note that leads on is only right when the next chord comes right after it.
            let leads = next.is_some_and(|n| onsets.get(i + 1).map_or(at + self.studio.bar, |o| o.0) >= n.at);
            let name = match letter {
                b'a' if leads => next.map(|n| self.approach(n.chord.lowest(), n.chord)),
                b'a' => Some(if self.figure.walks { self.stroll(chord.chord) } else { fifth(chord.chord) }),
                b'3' | b'5' | b'6' | b'7' if self.figure.walks => Some(self.stroll(chord.chord)),
                _ => None,
            };
            let name = name.unwrap_or_else(|| tone(chord.chord, letter));
            if letter == b'8' {
                self.octave(*from, *length, name, notes);
            } else {
                self.push(*from, *length, name, self.studio.weight(*from), notes);
            }
        }
    }

    /// A chord tone for the inside of a walking bar, a small way on from the last note.
    fn stroll(&mut self, chord: Chord) -> PitchName {
        let names: Vec<PitchName> = chord.names().take(4).collect();
        let last = self.last;
        let options: Vec<(PitchName, f64)> = names
            .iter()
            .map(|n| {
                let distance = (Pitch::nearest(*n, last).midi() - last).abs();
                (
                    *n,
                    match distance {
                        0 => 0.02,
                        1..=4 => 1.0,
                        5 => 0.7,
                        _ => 0.3,
                    },
                )
            })
            .collect();
        self.random.pick_weighted(&options, |o| o.1).map_or(chord.root, |o| o.0)
    }

    /// A note that leads to a root: from a semitone below or above, a step, or its fifth.
    fn approach(&mut self, root: PitchName, next: Chord) -> PitchName {
        let easy = self.studio.plan.brief.level == SkillLevel::Beginner;
        let scale = self.studio.home;
        let below = scale_step(scale, root, -1);
        let above = scale_step(scale, root, 1);
        let fifth = next.tone(5).unwrap_or(root);
        let chromatic = if easy { 0.0 } else { 0.5 };
        let options =
            [(root.up(-1, -1), chromatic), (root.up(1, 1), chromatic * 0.7), (below, 1.0), (above, 0.8), (fifth, 0.6)];
        self.random.pick_weighted(&options, |o| o.1).map_or(fifth, |o| o.0)
    }

    fn place(&self, name: PitchName) -> i32 {
        let mut midi = Pitch::nearest(name, self.last).midi();
        // The line is drawn back to its middle, so that it does not wander off.
        if midi < LOW {
            midi += 12;
        }
        if midi > HIGH {
            midi -= 12;
        }
        midi
    }

    fn octave(&mut self, at: Time, length: Time, name: PitchName, notes: &mut Vec<Note>) {
        let low = self.place(name);
        let high = if low + 12 <= HIGH + 7 { low + 12 } else { low };
        self.sound(at, length, Pitch::from_midi(high, name), self.studio.weight(at), notes);
    }

    fn push(&mut self, at: Time, length: Time, name: PitchName, weight: f64, notes: &mut Vec<Note>) {
        let midi = self.place(name);
        self.last = midi;
        self.sound(at, length, Pitch::from_midi(midi, name), weight, notes);
    }

    fn sound(&mut self, at: Time, length: Time, pitch: Pitch, weight: f64, notes: &mut Vec<Note>) {
        let force = force(84.0, self.section.energy, weight, &mut self.random);
        notes.push(note(at, length, vec![self.studio.played(pitch)], force, self.origin));
    }
}

fn fifth(chord: Chord) -> PitchName {
    if chord.bass.is_some() { chord.lowest() } else { chord.tone(5).unwrap_or(chord.root) }
}

/// The tone that a letter of a figure names.
fn tone(chord: Chord, letter: u8) -> PitchName {
    match letter {
        b'3' => chord.tone(3).or(chord.tone(4)).unwrap_or(chord.root),
        b'5' => fifth(chord),
        b'6' => chord.tone(6).unwrap_or_else(|| chord.root.up(5, 9)),
        b'7' => chord.tone(7).unwrap_or_else(|| fifth(chord)),
        _ => chord.lowest(),
    }
}

/// The note of the key a step above or below a root.
fn scale_step(key: eduai_music::Key, root: PitchName, step: i32) -> PitchName {
    (1..=7).map(|d| key.degree(d)).find(|n| n.step.index() == (root.step.index() + step).rem_euclid(7)).unwrap_or(root)
}
