//! The drums: the groove of the genre with its fills, breaks, arrivals and the small unevenness of hands.

use crate::model::{SectionKind, SectionPlan};
use crate::origin::Origins;
use crate::studio::{Studio, plays};
use eduai_genre::pattern::DrumSound;
use eduai_genre::traits::Groove;
use eduai_genre::{Dimension, Grid};
use eduai_kernel::{Random, SkillLevel, Text};
use eduai_music::Time;
use eduai_music::score::{Articulation, Note, Sound};
use std::collections::{BTreeMap, BTreeSet};

type Hits = BTreeMap<DrumSound, Grid>;

/// The drums through the piece.
pub(crate) fn drums(studio: &Studio<'_>, part: &str, origins: &mut Origins) -> Vec<Note> {
    let Some((genre, groove)) = studio.plan.patterns.groove.as_ref().and_then(|p| {
        let profile = studio.book.get(&p.genre)?;
        Some((&profile.id, profile.groove.iter().find(|g| g.id == p.id)?))
    }) else {
        return Vec::new();
    };
    let text = Text::new(format!("Drums: {}.", groove.text.en), format!("Batería: {}.", groove.text.es));
    let main = origins.add(Dimension::Groove, genre, format!("groove.{}", groove.id), text);
    let text = Text::new(
        "Drums: a fill that leads into the next phrase.",
        "Batería: un redoble que lleva a la frase siguiente.",
    );
    let fill = origins.add(Dimension::Groove, genre, format!("groove.{}.fill", groove.id), text);
    let mut notes = Vec::new();
    for (index, section) in studio.plan.sections.iter().enumerate() {
        if plays(section, part) {
            let random = studio.random.fork(&format!("drums {}", section.id));
            Drummer { studio, section, index, groove, main, fill, random }.play(&mut notes);
        }
    }
    notes
}

struct Drummer<'a> {
    studio: &'a Studio<'a>,
    section: &'a SectionPlan,
    index: usize,
    groove: &'a Groove,
    main: u16,
    fill: u16,
    random: Random,
}

/// What sounds at one step: key and force.
type Bar = BTreeMap<usize, BTreeMap<u8, (f64, bool)>>;

impl Drummer<'_> {
    fn play(&mut self, notes: &mut Vec<Note>) {
        let (start, _) = self.studio.spans[self.index];
        let easy = self.studio.plan.brief.level == SkillLevel::Beginner;
        let energy = if easy { self.section.energy.min(0.74) } else { self.section.energy };
        let level = self.groove.levels.at(energy).clone();
        let steps = self.studio.steps as usize;
        for n in 0..self.section.bars {
            let at = start + self.studio.bar * i64::from(n);
            if at + self.studio.bar == self.studio.end() {
                self.final_hit(at, notes);
                continue;
            }
            let mut bar = Bar::new();
            for (sound, grid) in &level {
                Self::lay(&mut bar, *sound, grid, (n as usize) * steps, steps);
            }
            self.vary(&mut bar, n, steps);
            let mut filled = steps;
            if self.turns(n) {
                filled = self.fill_in(&mut bar, n, steps);
            }
            if n == 0 && self.arrives() {
                bar.entry(0).or_default().insert(DrumSound::Crash.key(), (102.0, false));
            }
            self.write(&bar, at, filled, notes);
        }
    }

    /// Whether the section is an arrival that deserves a cymbal.
    fn arrives(&self) -> bool {
        matches!(self.section.kind, SectionKind::Chorus | SectionKind::Drop | SectionKind::Solo)
            && self.groove.levels.main.keys().any(|s| s.key() <= 59 && *s != DrumSound::Tambourine)
    }

    /// Whether a phrase ends with this bar: every fourth bar turns a little, the last one of the section more.
    fn turns(&self, n: u32) -> bool {
        let last = n + 1 == self.section.bars;
        let next_is_quiet = self.studio.plan.sections.get(self.index + 1).is_some_and(|s| s.energy < 0.3);
        (last && !next_is_quiet) || (!self.groove.loops && (n + 1).is_multiple_of(4))
    }

    fn lay(bar: &mut Bar, sound: DrumSound, grid: &Grid, offset: usize, steps: usize) {
        for step in 0..steps {
            let (force, ghost) = match grid.at(offset + step) {
                b'x' => (84.0, false),
                b'X' => (104.0, false),
                b'o' => (42.0, true),
                _ => continue,
            };
            bar.entry(step).or_default().insert(sound.key(), (force, ghost));
        }
    }

    /// Bars differ a little from one another, unless the genre is a loop: then every fourth bar does, on purpose.
    fn vary(&mut self, bar: &mut Bar, n: u32, steps: usize) {
        let often = if self.groove.loops { n % 4 == 3 } else { n % 2 == 1 };
        if !often || self.groove.variation.is_empty() || self.section.energy < 0.4 {
            return;
        }
        let chosen: Hits = self.random.pick(&self.groove.variation).cloned().unwrap_or_default();
        for (sound, grid) in &chosen {
            for sounds in bar.values_mut() {
                sounds.remove(&sound.key());
            }
            Self::lay(bar, *sound, grid, 0, steps);
        }
    }

    /// Puts a fill at the end of a bar; returns the step at which it begins.
    fn fill_in(&mut self, bar: &mut Bar, n: u32, steps: usize) -> usize {
        let last = n + 1 == self.section.bars;
        let before_chorus = self
            .studio
            .plan
            .sections
            .get(self.index + 1)
            .is_some_and(|s| matches!(s.kind, SectionKind::Chorus | SectionKind::Drop));
        let fills = &self.groove.fill;
        let reach = if last && before_chorus {
            fills.len()
        } else if last {
            2
        } else {
            1
        };
        let fill = fills[..reach.min(fills.len())].last().cloned().unwrap_or_default();
        let length = fill.values().map(Grid::steps).max().unwrap_or(0).min(steps);
        let from = steps - length;
        for (_, sounds) in bar.range_mut(from..) {
            // Pedal and time-keeping cymbals go on in a short fill.
            sounds.retain(|key, _| length < 8 && matches!(*key, 44 | 51 | 70));
        }
        for (sound, grid) in &fill {
            for step in 0..grid.steps().min(length) {
                let (force, ghost) = match grid.at(step) {
                    b'x' => (86.0, false),
                    b'X' => (106.0, false),
                    b'o' => (48.0, true),
                    _ => continue,
                };
                bar.entry(from + step).or_default().insert(sound.key(), (force, ghost));
            }
        }
        from
    }

    fn final_hit(&mut self, at: Time, notes: &mut Vec<Note>) {
        let known: BTreeSet<u8> = self.groove.levels.main.keys().map(|s| s.key()).collect();
        let mut keys: Vec<u8> =
            [DrumSound::Kick.key(), DrumSound::CongaLow.key()].into_iter().filter(|k| known.contains(k)).collect();
        if known.contains(&DrumSound::Kick.key()) {
            keys.push(DrumSound::Crash.key());
        }
        if keys.is_empty() {
            keys.extend(known.first());
        }
        keys.sort_unstable();
        notes.push(Note {
            onset: at,
            duration: Time::QUARTER,
            sound: Sound::Drums(keys),
            velocity: 92,
            graces: vec![],
            articulations: vec![],
            lyrics: vec![],
            origin: Some(self.main),
        });
    }

    /// Writes a bar; a step lasts to the next one, at most an eighth.
    fn write(&mut self, bar: &Bar, at: Time, filled: usize, notes: &mut Vec<Note>) {
        let steps: Vec<usize> = bar.iter().filter(|(_, s)| !s.is_empty()).map(|(s, _)| *s).collect();
        for (i, step) in steps.iter().enumerate() {
            let Some(sounds) = bar.get(step) else { continue };
            let next = steps.get(i + 1).copied().unwrap_or(self.studio.steps as usize);
            let onset = at + Time::sixteenths(*step as i64);
            let ghost = sounds.values().all(|(_, ghost)| *ghost);
            let loudest = sounds.values().map(|(force, _)| *force).fold(0.0, f64::max);
            let lift = 0.8 + 0.25 * self.section.energy;
            let human = self.random.between(-4.0, 4.0);
            notes.push(Note {
                onset,
                duration: Time::sixteenths((next - step).min(2) as i64),
                sound: Sound::Drums(sounds.keys().copied().collect()),
                velocity: (loudest * lift * (0.92 + 0.1 * self.studio.weight(onset)) + human).round().clamp(1.0, 127.0)
                    as u8,
                graces: vec![],
                articulations: if ghost { vec![Articulation::Ghost] } else { vec![] },
                lyrics: vec![],
                origin: Some(if *step >= filled { self.fill } else { self.main }),
            });
        }
    }
}
