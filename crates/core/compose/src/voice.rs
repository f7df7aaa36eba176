//! The singing part: words set in time, then pitches, section by section. Verses share a melody; choruses are the same.

use crate::hook::{line_steps, lyric};
use crate::melody::{Ending, Material, Shape, Wanted, pitches};
use crate::model::{Hook, SectionKind, SungLine, SungSection, SungSyllable};
use crate::setting::{Placed, Room, place, weight};
use crate::studio::{Studio, force, note};
use crate::tonal::{Compass, chord_at};
use crate::words::{Layout, Syl, layout, syllables};
use eduai_genre::Dimension;
use eduai_kernel::Random;
use eduai_music::analysis::{CadenceKind, ScaleName};
use eduai_music::score::Note;
use eduai_music::{Pitch, Time};
use eduai_prosody::{Line, LyricSection, Lyrics};

/// A line with its melody: steps from the start of the line, and pitches on C.
#[derive(Clone, Debug)]
struct Tune {
    placed: Vec<Placed>,
    pitches: Vec<Pitch>,
}

/// What the voice sings: its notes (in the key of the piece) and where each line lies.
pub(crate) struct Song {
    pub notes: Vec<Note>,
    pub sections: Vec<SungSection>,
}

/// Sings the words.
pub(crate) fn sing(studio: &Studio<'_>, hook: &Hook, words: &Lyrics, origin: u16) -> Song {
    let mut song = Song { notes: Vec::new(), sections: Vec::new() };
    let mut known: Vec<(SectionKind, Vec<(String, Tune)>)> = Vec::new();
    for (index, section) in studio.plan.sections.iter().enumerate() {
        let Some(layout) = layout(studio.plan, section, studio.book) else { continue };
        let Some(lyric) = words.sections.iter().find(|s| s.id == section.id) else { continue };
        let earlier = known.iter().find(|(kind, _)| *kind == section.kind).map(|(_, tunes)| tunes.clone());
        let tunes = Composer { studio, hook, layout, index }.tunes(lyric, words, earlier.as_deref());
        put(studio, &mut song, index, layout, lyric, &tunes, origin);
        if earlier.is_none() {
            let named = lyric.lines.iter().map(Line::text).zip(tunes).collect();
            known.push((section.kind, named));
        }
    }
    song
}

struct Composer<'a> {
    studio: &'a Studio<'a>,
    hook: &'a Hook,
    layout: Layout,
    index: usize,
}

impl Composer<'_> {
    /// The tunes of a section's lines. `earlier`: the tunes of the first section of the same kind, which are kept where
    /// the syllables allow it.
    fn tunes(&self, lyric: &LyricSection, words: &Lyrics, earlier: Option<&[(String, Tune)]>) -> Vec<Tune> {
        let random = self.studio.random.fork(&format!("voice {:?}", self.kind()));
        let bonus = self.bonus(&random);
        let mut tunes: Vec<Tune> = Vec::new();
        let mut before: Option<i32> = None;
        for (n, line) in lyric.lines.iter().take(self.layout.lines).enumerate() {
            let syls = syllables(line);
            let shared = earlier.and_then(|e| e.get(n)).filter(|(text, tune)| {
                tune.placed.len() == syls.len() && (*text == line.text() || self.kind() == SectionKind::Verse)
            });
            // As singers do, a verse bends the rhythm that it shares where a word would be stressed against its nature.
            let kept = shared.filter(|(text, tune)| *text == line.text() || self.natural(&syls, &tune.placed));
            let mut random = random.fork(&format!("line {n}"));
            let tune = match kept {
                Some((_, tune)) => tune.clone(),
                None if self.is_hook(line, n) => self.hook_tune(n),
                None => {
                    let rows = if shared.is_some() { vec![syls] } else { self.rows(lyric, words, n, &syls) };
                    let bonus = like(&bonus, tunes.first(), earlier.and_then(|e| e.get(n)).map(|(_, t)| t));
                    let model = shared.map(|(_, tune)| tune).or_else(|| self.model_for(n, &tunes));
                    self.line(n, &rows, &bonus, (&tunes, model), before, &mut random)
                }
            };
            let tune = self.closed(n, tune);
            before = tune.pitches.last().map(|p| p.midi());
            tunes.push(tune);
        }
        tunes
    }

    /// Whether every word keeps its stress: its stressed syllable stands on no weaker place than those beside it.
    fn natural(&self, syls: &[Syl], placed: &[Placed]) -> bool {
        crate::setting::misplaced(syls, placed, self.studio.plan.meter) == 0
    }

    fn kind(&self) -> SectionKind {
        self.studio.plan.sections[self.index].kind
    }

    fn steps(&self) -> i32 {
        self.layout.line.ticks(4) as i32
    }

    /// The start of a line.
    fn start(&self, n: usize) -> Time {
        self.studio.spans[self.index].0 + self.layout.line * n as i64
    }

    /// Whether a line is the hook, over the chords for which the hook was made.
    fn is_hook(&self, line: &Line, n: usize) -> bool {
        let named = line.hook || line.text() == self.hook.text;
        let same = named && line.syllable_count() == self.hook.notes.len();
        // In blues a riff stays what it is while the chords change under it.
        let over = self.studio.scale() == ScaleName::Blues || self.same_chords(n);
        same && over && self.steps() >= line_steps(self.studio)
    }

    fn same_chords(&self, n: usize) -> bool {
        let Some(chorus) = self.studio.first_of(SectionKind::Chorus) else { return false };
        let (made, here) = (self.studio.spans[chorus].0, self.start(n));
        self.hook.notes.iter().all(|note| {
            let chord = |from: Time| chord_at(&self.studio.chords, from + note.onset).map(|c| c.chord);
            chord(made) == chord(here)
        })
    }

    fn hook_tune(&self, _n: usize) -> Tune {
        let notes = self.studio.hook_on_c(self.hook);
        Tune {
            placed: notes.iter().map(|(at, length, _)| (at.ticks(4) as i32, length.ticks(4) as i32)).collect(),
            pitches: notes.iter().map(|n| n.2).collect(),
        }
    }

    /// The syllables of all lines that will share this tune: those of other verses with as many.
    fn rows(&self, lyric: &LyricSection, words: &Lyrics, n: usize, own: &[Syl]) -> Vec<Vec<Syl>> {
        let mut rows = vec![own.to_vec()];
        if self.kind() == SectionKind::Verse {
            let others = words.sections.iter().filter(|s| s.role == lyric.role && s.id != lyric.id);
            rows.extend(others.filter_map(|s| s.lines.get(n)).map(syllables).filter(|s| s.len() == own.len()));
        }
        rows
    }

    /// What each step is worth to the rhythm of this kind of section: a cell of the genre and a little chance.
    fn bonus(&self, random: &Random) -> Vec<f64> {
        let mut random = random.fork("rhythm");
        let meter = self.studio.plan.meter;
        // Where a second genre colours the melody, it lends the chorus its rhythms.
        let lender = crate::plan::colour(&self.studio.plan.blend, Dimension::Melody, self.studio.book)
            .filter(|_| self.kind() == SectionKind::Chorus);
        let cells: Vec<_> = lender
            .or_else(|| self.studio.leader(Dimension::Melody))
            .map(|p| p.melody.cells.iter().filter(|c| c.meter == meter).collect())
            .unwrap_or_default();
        let cell = random.pick(&cells).map(|c| c.pattern.clone());
        let easy = self.studio.plan.brief.level == eduai_kernel::SkillLevel::Beginner;
        (0..2 * self.studio.steps)
            .map(|step| {
                let hit = cell.as_ref().is_some_and(|c| c.at(step as usize) == b'x');
                let off = weight(meter, step) < 0.6;
                let chance = random.between(0.0, 0.5);
                chance + if hit { 0.45 } else { 0.0 } - if easy && off { 0.5 } else { 0.0 }
            })
            .collect()
    }

    fn closes(&self, n: usize) -> Option<CadenceKind> {
        let section = &self.studio.plan.sections[self.index];
        section.cadence.filter(|_| n + 1 == self.layout.lines)
    }

    /// A tune that was made for an earlier place, fitted to the close of this one: where the last note is foreign to the
    /// chord on which the section rests, it moves to that chord's nearest tone.
    fn closed(&self, n: usize, mut tune: Tune) -> Tune {
        let rests = matches!(self.closes(n), Some(CadenceKind::Plagal | CadenceKind::Modal));
        let end = self.studio.spans[self.index].1 - Time::SIXTEENTH;
        let chord = chord_at(&self.studio.chords, end).map(|c| c.chord).filter(|_| rests);
        let (Some(chord), Some((last, before))) = (chord, tune.pitches.split_last_mut()) else { return tune };
        if !chord.contains(last.midi()) {
            let compass = self.studio.compass;
            let come_from = before.last().map_or(last.midi(), |p| p.midi());
            let tones = (compass.low..=compass.high).filter_map(|midi| {
                chord.names().find(|n| n.class() == midi.rem_euclid(12)).map(|n| Pitch::from_midi(midi, n))
            });
            let nearest = tones.min_by_key(|p| ((p.midi() - last.midi()).abs(), (p.midi() - come_from).abs()));
            *last = nearest.unwrap_or(*last);
        }
        tune
    }

    /// Whether the voice is free a beat before a line.
    fn free_before(&self, n: usize, done: &[Tune]) -> bool {
        if n > 0 {
            let over = done.last().and_then(|t| t.placed.last()).map_or(0, |(at, length)| at + length);
            return over <= self.steps() - 6;
        }
        let before = self.index.checked_sub(1).and_then(|i| self.studio.plan.sections.get(i));
        before.is_some_and(|s| !layout(self.studio.plan, s, self.studio.book).is_some_and(|l| l.rapped))
    }

    fn room(&self, n: usize, rows: &[Vec<Syl>], bonus: Vec<f64>, free: bool) -> Room {
        let (steps, bar) = (self.steps(), self.studio.steps);
        let meter = self.studio.plan.meter;
        if self.layout.rapped {
            return Room { meter, first: 0, last_from: steps / 2, end: steps - 1, unit: 1, bonus, longest: 4 };
        }
        let upbeat = rows.iter().all(|r| r.first().is_some_and(|s| !s.primary || s.function));
        let first = if upbeat && free { -4 } else { 0 };
        if steps > 3 * bar && bar >= 16 {
            // A blues line: it is sung at the start of its four bars, and an instrument answers; the last line of a stanza
            // comes in later and closes it.
            return if self.closes(n).is_some() {
                Room { meter, first: bar, last_from: steps - bar, end: steps - 6, unit: 2, bonus, longest: 8 }
            } else {
                Room { meter, first, last_from: bar, end: 2 * bar + 8, unit: 2, bonus, longest: 8 }
            };
        }
        let last_from = if self.closes(n).is_some() { steps - bar } else { steps - bar - 2 };
        Room { meter, first, last_from: last_from.max(0), end: steps - 6, unit: 2, bonus, longest: 8 }
    }

    fn place(&self, n: usize, rows: &[Vec<Syl>], bonus: &[f64], done: &[Tune]) -> Vec<Placed> {
        let room = self.room(n, rows, bonus.to_vec(), self.free_before(n, done));
        let tighter = Room { unit: 1, end: self.steps() - 2, first: 0, ..room.clone() };
        let set = |rows: &[Vec<Syl>]| place(rows, &room).or_else(|| place(rows, &tighter));
        let together = set(rows).filter(|placed| rows.len() == 1 || self.natural(&rows[0], placed));
        // A rhythm that suits all verses, but this one badly, is not worth sharing.
        together.or_else(|| set(&rows[..1])).unwrap_or_else(|| even(rows[0].len(), self.steps()))
    }

    fn line(
        &self,
        n: usize,
        rows: &[Vec<Syl>],
        bonus: &[f64],
        (done, model): (&[Tune], Option<&Tune>),
        before: Option<i32>,
        random: &mut Random,
    ) -> Tune {
        let placed = self.place(n, rows, bonus, done);
        let shape = Self::shape(n, random);
        let ending = self.ending(n);
        let mut range = self.range(n);
        if ending == Ending::Home && !(range.low..=range.high).any(|m| m.rem_euclid(12) == 0) {
            range.low = range.low.min(60);
        }
        let last = placed.len().saturating_sub(1).max(1) as f64;
        let wanted: Vec<Wanted> = placed
            .iter()
            .enumerate()
            .map(|(i, (step, length))| {
                let place = i as f64 / last;
                let (target, pull) = match model {
                    Some(tune) => (resampled(&tune.pitches, place), 0.75),
                    None => (range.at(shape.at(place)), if self.layout.rapped { 0.15 } else { 0.5 }),
                };
                Wanted {
                    at: self.start(n) + Time::sixteenths(i64::from(*step)),
                    duration: Time::sixteenths(i64::from(*length)),
                    weight: weight(self.studio.plan.meter, *step),
                    target,
                    pull,
                }
            })
            .collect();
        let material = Material {
            key: self.studio.home,
            scale: self.studio.scale(),
            chords: &self.studio.chords,
            range,
            strictness: self.studio.strictness(),
            repeat: if self.layout.rapped { 0.1 } else { 0.85 },
        };
        let pitches = pitches(&wanted, &material, ending, before, random);
        Tune { placed, pitches }
    }

    /// An earlier line that this one takes up: the third takes up the first (AABA and ABAC alike), in a stanza of three
    /// the second does.
    fn model_for<'t>(&self, n: usize, done: &'t [Tune]) -> Option<&'t Tune> {
        if self.layout.rapped {
            return None;
        }
        match (self.layout.lines, n) {
            (3, 1) => done.first(),
            (_, n) if n % 4 == 2 => done.get(n - 2),
            (8.., n) if n % 4 == 0 && n > 0 => done.first(),
            _ => None,
        }
    }

    fn shape(n: usize, random: &mut Random) -> Shape {
        let asks = [Shape::Arch, Shape::Rise, Shape::Wave, Shape::Valley];
        let answers = [Shape::Fall, Shape::Arch, Shape::Fall, Shape::Wave];
        let from = if n.is_multiple_of(2) { asks } else { answers };
        random.pick(&from).copied().unwrap_or(Shape::Arch)
    }

    /// Verses lie low and narrow, choruses higher; only the line at about two thirds of a chorus reaches the top.
    fn range(&self, n: usize) -> Compass {
        let compass = self.studio.compass;
        if self.layout.rapped {
            return compass.part(0.1, 0.55);
        }
        let climax = (self.layout.lines * 2 / 3).min(self.layout.lines.saturating_sub(1));
        match self.kind() {
            SectionKind::Verse | SectionKind::PreChorus => compass.part(0.0, 0.72),
            SectionKind::Bridge => compass.part(0.15, 0.9),
            _ if n == climax => compass.part(0.2, 1.0),
            _ => compass.part(0.1, 0.88),
        }
    }

    fn ending(&self, n: usize) -> Ending {
        match self.closes(n) {
            Some(CadenceKind::Half | CadenceKind::Deceptive) => Ending::Open,
            Some(_) => Ending::Home,
            None if n.is_multiple_of(2) && !self.layout.rapped => Ending::Open,
            None => Ending::Chord,
        }
    }
}

/// The rhythm of lines that came before draws the next one to itself.
fn like(bonus: &[f64], first: Option<&Tune>, earlier: Option<&Tune>) -> Vec<f64> {
    let mut drawn = bonus.to_vec();
    let length = drawn.len() as i32;
    for (tune, worth) in [(first, 0.5), (earlier, 1.5)] {
        for (step, _) in tune.iter().flat_map(|t| &t.placed) {
            drawn[step.rem_euclid(length) as usize] += worth;
        }
    }
    drawn
}

/// A melody's height at a place from 0 to 1.
fn resampled(pitches: &[Pitch], place: f64) -> f64 {
    let at = (place * pitches.len().saturating_sub(1) as f64).round() as usize;
    pitches.get(at).map_or(64.0, |p| f64::from(p.midi()))
}

/// More syllables than any grid holds are spread evenly, so that none is lost.
fn even(count: usize, steps: i32) -> Vec<Placed> {
    let count = count.max(1) as i32;
    let room = (steps - 1).max(count);
    (0..count).map(|i| (i * room / count, ((i + 1) * room / count - i * room / count).max(1))).collect()
}

/// A line that starts before the last one is over cuts it short, and never overtakes it.
fn after(notes: &mut [Note], at: Time) -> Time {
    let Some(last) = notes.last_mut() else { return at.max(Time::ZERO) };
    let at = at.max(last.onset + Time::SIXTEENTH);
    last.duration = last.duration.min(at - last.onset);
    at
}

fn put(
    studio: &Studio<'_>,
    song: &mut Song,
    index: usize,
    layout: Layout,
    words: &LyricSection,
    tunes: &[Tune],
    origin: u16,
) {
    let section = &studio.plan.sections[index];
    let start = studio.spans[index].0;
    let mut random = studio.random.fork(&format!("voice force {}", section.id));
    let mut lines = Vec::new();
    for (n, (line, tune)) in words.lines.iter().zip(tunes).enumerate() {
        let syls = syllables(line);
        let mut sung = Vec::new();
        let count = tune.placed.len().max(1) as f64;
        for (i, (((step, length), pitch), syl)) in tune.placed.iter().zip(&tune.pitches).zip(&syls).enumerate() {
            let at = start + layout.line * n as i64 + Time::sixteenths(i64::from(*step));
            // A phrase swells to its middle and falls.
            let arch = 0.95 + 0.1 * (std::f64::consts::PI * i as f64 / count).sin();
            let force = force(92.0, section.energy, studio.weight(at), &mut random) * arch;
            let at = after(&mut song.notes, at);
            let mut sounding = note(at, Time::sixteenths(i64::from(*length)), vec![studio.sung(*pitch)], force, origin);
            sounding.lyrics.push(lyric(syl));
            sung.push(SungSyllable {
                text: syl.text.clone(),
                ends_word: syl.ends_word,
                stressed: syl.stressed,
                note: song.notes.len() as u32,
            });
            song.notes.push(sounding);
        }
        lines.push(SungLine { text: line.text(), rhyme: line.rhyme, hook: line.hook, syllables: sung });
    }
    song.sections.push(SungSection { section: section.id.clone(), scheme: words.scheme.clone(), lines });
}
