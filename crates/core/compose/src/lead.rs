//! The lead instrument: it quotes the hook, answers the voice, takes the solo and lifts the last chorus.

use crate::melody::{Ending, Material, Shape, Wanted, pitches};
use crate::model::{Hook, PartPlan, SectionKind, SectionPlan};
use crate::origin::Origins;
use crate::studio::{Studio, force, note, plays};
use crate::tonal::{Compass, chord_at};
use eduai_genre::{Dimension, Grid, Profile};
use eduai_kernel::{Random, SkillLevel, Text};
use eduai_music::analysis::CadenceKind;
use eduai_music::score::Note;
use eduai_music::{Pitch, Time};

/// The lead part through the piece. `voice` are the notes of the singer, between which it answers.
pub(crate) fn lead(
    studio: &Studio<'_>,
    part: &PartPlan,
    hook: &Hook,
    voice: &[Note],
    origins: &mut Origins,
) -> Vec<Note> {
    let Some(profile) = studio.book.get(&part.genre) else { return Vec::new() };
    let quote = origins.add(
        Dimension::Melody,
        &part.genre,
        "melody.hook_quoted".into(),
        Text::new(format!("{} plays the hook.", part.name.en), format!("{} toca el gancho.", part.name.es)),
    );
    let answer = origins.add(
        Dimension::Melody,
        &part.genre,
        "melody.answer".into(),
        Text::new(
            format!("{} answers the voice with rhythms of {}.", part.name.en, profile.name.en),
            format!("{} contesta a la voz con ritmos de {}.", part.name.es, profile.name.es),
        ),
    );
    let solo = origins.add(
        Dimension::Melody,
        &part.genre,
        "melody.solo".into(),
        Text::new(
            format!("{} plays on its own, with rhythms of {}.", part.name.en, profile.name.en),
            format!("{} toca por su cuenta, con ritmos de {}.", part.name.es, profile.name.es),
        ),
    );
    let lift = if part.program.is_some_and(|p| matches!(p, 11 | 40 | 73 | 74 | 81 | 110)) { 12 } else { 0 };
    let mut notes = Vec::new();
    let last_chorus = studio.plan.sections.iter().rposition(|s| s.kind == SectionKind::Chorus);
    for (index, section) in studio.plan.sections.iter().enumerate() {
        if !plays(section, &part.id) {
            continue;
        }
        let random = studio.random.fork(&format!("lead {}", section.id));
        let mut player = Player { studio, section, index, profile, lift, random };
        match section.kind {
            SectionKind::Intro | SectionKind::Breakdown | SectionKind::Build | SectionKind::Outro => {
                player.quote(hook, quote, solo, &mut notes);
            }
            SectionKind::Solo => player.solo(solo, &mut notes),
            // Where lines leave long gaps, the instrument answers in every chorus, as in blues.
            SectionKind::Chorus if last_chorus == Some(index) && index > 0 && !player.has_room() => {
                player.over(answer, &mut notes);
            }
            _ => player.answers(voice, answer, &mut notes),
        }
    }
    notes
}

struct Player<'a> {
    studio: &'a Studio<'a>,
    section: &'a SectionPlan,
    index: usize,
    profile: &'a Profile,
    /// Semitones above the register of the voice.
    lift: i32,
    random: Random,
}

impl Player<'_> {
    fn range(&self) -> Compass {
        Compass { low: self.studio.compass.low + self.lift - 2, high: self.studio.compass.high + self.lift + 3 }
    }

    fn push(&mut self, at: Time, duration: Time, pitch: Pitch, base: f64, origin: u16, notes: &mut Vec<Note>) {
        let force = force(base, self.section.energy, self.studio.weight(at), &mut self.random);
        notes.push(note(at, duration, vec![self.studio.played(pitch)], force, origin));
    }

    /// The hook over the chords of the chorus, then a short answer; an ending comes home instead.
    fn quote(&mut self, hook: &Hook, quote: u16, solo: u16, notes: &mut Vec<Note>) {
        let (start, end) = self.studio.spans[self.index];
        let mut over = start;
        for (onset, duration, pitch) in self.studio.hook_on_c(hook) {
            let at = start + onset;
            if at + duration > end - self.studio.bar && end == self.studio.end() {
                break;
            }
            let pitch = Pitch::from_midi(pitch.midi() + self.lift, pitch.name());
            self.push(at, duration, pitch, 84.0, quote, notes);
            over = at + duration;
        }
        let half = start + Time::sixteenths(i64::from(crate::hook::line_steps(self.studio)));
        let from = half.max(over + Time::EIGHTH);
        let ending = match self.section.cadence {
            Some(CadenceKind::Half | CadenceKind::Deceptive) => Ending::Open,
            Some(_) => Ending::Home,
            None => Ending::Chord,
        };
        let last_bar = end - self.studio.bar;
        if end == self.studio.end() {
            if from + Time::QUARTER <= last_bar {
                self.improvise(from, last_bar, ending, 78.0, solo, notes);
            }
            self.final_note(last_bar, end, solo, notes);
        } else if from + self.studio.bar <= end {
            self.improvise(from, end - Time::QUARTER, ending, 78.0, solo, notes);
        }
    }

    /// The tonic, or a tone of the last chord, held.
    fn final_note(&mut self, at: Time, end: Time, origin: u16, notes: &mut Vec<Note>) {
        let Some(last) = self.studio.chords.last().copied() else { return };
        let from = at.max(last.at);
        let root = Pitch::nearest(last.chord.root, 66 + self.lift);
        self.push(from, end - from, root, 80.0, origin, notes);
    }

    /// Two bars, two bars, four: an idea, its answer, and a longer line.
    fn solo(&mut self, origin: u16, notes: &mut Vec<Note>) {
        let (start, end) = self.studio.spans[self.index];
        let phrase = self.studio.bar * 2;
        let mut at = start;
        while at < end {
            let until = (at + phrase).min(end);
            let ending = if until == end { Ending::Chord } else { Ending::Open };
            self.improvise(at, until - Time::EIGHTH, ending, 88.0, origin, notes);
            at = until;
        }
    }

    /// Fills the gaps of the voice: every long one in blues, every second line's end elsewhere.
    fn answers(&mut self, voice: &[Note], origin: u16, notes: &mut Vec<Note>) {
        let (start, end) = self.studio.spans[self.index];
        let mut over = start;
        let mut gaps = Vec::new();
        for sung in voice.iter().filter(|n| n.onset >= start && n.onset < end) {
            if sung.onset - over >= Time::new(7, 2) && over > start {
                gaps.push((over, sung.onset));
            }
            over = sung.end();
        }
        if end - over >= Time::new(5, 2) && end < self.studio.end() {
            gaps.push((over, end));
        }
        for (from, until) in gaps {
            let from = (from + Time::EIGHTH).quantised(Time::EIGHTH);
            if until - Time::EIGHTH - from >= Time::QUARTER {
                self.improvise(from, until - Time::EIGHTH, Ending::Chord, 74.0, origin, notes);
            }
        }
    }

    /// Whether the lines of the section are longer than what is sung in them.
    fn has_room(&self) -> bool {
        let line = crate::words::layout(self.studio.plan, self.section, self.studio.book).map(|l| l.line);
        line.is_some_and(|l| l.ticks(4) as i32 > crate::hook::line_steps(self.studio))
    }

    /// Long notes above the last chorus: the telling tone of each chord, moving as little as it can.
    fn over(&mut self, origin: u16, notes: &mut Vec<Note>) {
        let (start, end) = self.studio.spans[self.index];
        let mut near = 67 + self.lift;
        for chord in self.studio.chords.iter().filter(|c| c.at >= start && c.at < end) {
            let guide = [3, 7, 5].into_iter().filter_map(|n| chord.chord.tone(n));
            let Some(pitch) = guide.map(|n| Pitch::nearest(n, near)).min_by_key(|p| (p.midi() - near).abs()) else {
                continue;
            };
            near = pitch.midi().clamp(62 + self.lift, 76 + self.lift);
            self.push(chord.at, chord.duration, pitch, 70.0, origin, notes);
        }
    }

    /// A line with the rhythm cells of the genre.
    fn improvise(&mut self, from: Time, until: Time, ending: Ending, base: f64, origin: u16, notes: &mut Vec<Note>) {
        let meter = self.studio.plan.meter;
        let cells: Vec<Grid> =
            self.profile.melody.cells.iter().filter(|c| c.meter == meter).map(|c| c.pattern.clone()).collect();
        let easy = self.studio.plan.brief.level == SkillLevel::Beginner;
        let mut placed: Vec<(Time, Time)> = Vec::new();
        let mut bar = from - from.modulo(self.studio.bar);
        while bar < until {
            let cell = self.random.pick(&cells).cloned().unwrap_or_else(|| Grid::from("x---x---x---x---"));
            for (step, _, length) in cell.onsets() {
                let at = bar + Time::sixteenths(step as i64);
                let length = Time::sixteenths(length as i64).min(until - at);
                let plain = !easy || at.modulo(Time::EIGHTH) == Time::ZERO;
                if at >= from && length >= Time::SIXTEENTH && at < until && plain {
                    placed.push((at, length));
                }
            }
            bar += self.studio.bar;
        }
        if placed.is_empty() {
            return;
        }
        let range = self.range();
        let shape = self.random.pick(&Shape::ALL[..4]).copied().unwrap_or(Shape::Arch);
        let last = placed.len().saturating_sub(1).max(1) as f64;
        let wanted: Vec<Wanted> = placed
            .iter()
            .enumerate()
            .map(|(i, (at, duration))| Wanted {
                at: *at,
                duration: *duration,
                weight: self.studio.weight(*at),
                target: range.at(shape.at(i as f64 / last)),
                pull: 0.25,
            })
            .collect();
        let material = Material {
            key: self.studio.home,
            scale: if self.studio.plan.key.mode.is_minor() {
                self.profile.melody.minor_scale
            } else {
                self.profile.melody.major_scale
            },
            chords: &self.studio.chords,
            range,
            strictness: self.studio.strictness(),
            repeat: 0.6,
        };
        let before = notes
            .last()
            .filter(|n| n.end() + self.studio.bar > from)
            .and_then(|_| chord_at(&self.studio.chords, from))
            .map(|_| 67 + self.lift);
        let line = pitches(&wanted, &material, ending, before, &mut self.random);
        for ((at, duration), pitch) in placed.into_iter().zip(line) {
            self.push(at, duration, pitch, base, origin, notes);
        }
    }
}
