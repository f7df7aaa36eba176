//! What every player reads: the plan laid out on the time line, on C.

use crate::model::{Hook, Plan, SectionKind, SectionPlan};
use crate::plan::{generator, leader};
use crate::tonal::{ChordAt, Compass, home, moved, shift, voice_shift};
use eduai_genre::{Dimension, GenreBook, Profile};
use eduai_kernel::Random;
use eduai_music::analysis::ScaleName;
use eduai_music::score::{Note, Sound};
use eduai_music::{Key, Pitch, PitchName, Time};

/// The plan on the time line.
pub(crate) struct Studio<'a> {
    pub plan: &'a Plan,
    pub book: &'a GenreBook,
    pub random: Random,
    pub bar: Time,
    /// Sixteenths a bar.
    pub steps: i32,
    pub home: Key,
    pub compass: Compass,
    /// All chords on C, in order.
    pub chords: Vec<ChordAt>,
    /// Start and end of each section.
    pub spans: Vec<(Time, Time)>,
}

impl<'a> Studio<'a> {
    pub fn new(plan: &'a Plan, book: &'a GenreBook) -> Self {
        let bar = plan.meter.length();
        let home = home(plan.key.mode);
        let mut chords = Vec::new();
        let mut spans = Vec::new();
        for section in &plan.sections {
            let mut at = bar * i64::from(section.first_bar);
            spans.push((at, at + bar * i64::from(section.bars)));
            for (roman, duration) in &section.harmony {
                chords.push(ChordAt { at, duration: *duration, roman: *roman, chord: roman.chord(home) });
                at += *duration;
            }
        }
        Self {
            plan,
            book,
            random: generator(&plan.brief),
            bar,
            steps: bar.ticks(4) as i32,
            home,
            compass: Compass { low: 60 + plan.compass.0, high: 60 + plan.compass.1 },
            chords,
            spans,
        }
    }

    /// The same, with its chances drawn from another generator.
    pub fn drawing(self, random: Random) -> Self {
        Self { random, ..self }
    }

    /// When all is over.
    pub fn end(&self) -> Time {
        self.spans.last().map_or(Time::ZERO, |s| s.1)
    }

    /// The profile that leads a dimension.
    pub fn leader(&self, dimension: Dimension) -> Option<&'a Profile> {
        leader(&self.plan.blend, dimension, self.book)
    }

    /// The index of the first section of a kind.
    pub fn first_of(&self, kind: SectionKind) -> Option<usize> {
        self.plan.sections.iter().position(|s| s.kind == kind)
    }

    /// The scale of the melody.
    pub fn scale(&self) -> ScaleName {
        let minor = self.plan.key.mode.is_minor();
        self.leader(Dimension::Melody).map_or(ScaleName::of_mode(self.plan.key.mode), |p| {
            if minor { p.melody.minor_scale } else { p.melody.major_scale }
        })
    }

    /// How much a dissonance on a strong place costs in the melody's genre.
    pub fn strictness(&self) -> f64 {
        match self.scale() {
            ScaleName::Blues => 3.2,
            _ => 4.5,
        }
    }

    /// A pitch of the voice, from C to the key.
    pub fn sung(&self, pitch: Pitch) -> Pitch {
        moved(pitch, self.plan.key.tonic, voice_shift(self.plan.key.tonic, self.compass))
    }

    /// A pitch of an instrument, from C to the key.
    pub fn played(&self, pitch: Pitch) -> Pitch {
        moved(pitch, self.plan.key.tonic, shift(self.plan.key.tonic))
    }

    /// The notes of a hook on C: onset, duration, pitch.
    pub fn hook_on_c(&self, hook: &Hook) -> Vec<(Time, Time, Pitch)> {
        let tonic = self.plan.key.tonic;
        let down = voice_shift(tonic, self.compass);
        hook.notes
            .iter()
            .filter_map(|n| {
                let pitch = n.top()?;
                let name = PitchName::from_fifths(pitch.name().fifths() - tonic.fifths());
                Some((n.onset, n.duration, Pitch::from_midi(pitch.midi() - down, name)))
            })
            .collect()
    }

    /// The metrical weight of a time.
    pub fn weight(&self, at: Time) -> f64 {
        self.plan.meter.weight(at)
    }
}

/// Whether a part plays in a section.
pub(crate) fn plays(section: &SectionPlan, part: &str) -> bool {
    section.layers.iter().any(|l| l == part)
}

/// A note of one or more pitches.
pub(crate) fn note(at: Time, duration: Time, mut pitches: Vec<Pitch>, velocity: f64, origin: u16) -> Note {
    pitches.sort();
    pitches.dedup_by_key(|p| p.midi());
    Note {
        onset: at,
        duration,
        sound: Sound::Pitched(pitches),
        velocity: velocity.round().clamp(1.0, 127.0) as u8,
        graces: Vec::new(),
        articulations: Vec::new(),
        lyrics: Vec::new(),
        origin: Some(origin),
    }
}

/// How loud a note is: its part's own force, the section's energy, the place in the bar, a little chance.
pub(crate) fn force(base: f64, energy: f64, weight: f64, random: &mut Random) -> f64 {
    base * (0.78 + 0.3 * energy) * (0.88 + 0.16 * weight) + random.between(-2.5, 2.5)
}

/// Notes in order, none overlapping the next.
pub(crate) fn tidy(mut notes: Vec<Note>) -> Vec<Note> {
    notes.sort_by_key(|n| n.onset);
    notes.dedup_by(|next, kept| next.onset == kept.onset);
    for i in 1..notes.len() {
        let next = notes[i].onset;
        let note = &mut notes[i - 1];
        note.duration = note.duration.min(next - note.onset);
    }
    notes
}

/// A note that comes from elsewhere, as loud as the section wants it.
pub(crate) fn in_section(note: Note, section: &SectionPlan) -> Note {
    let force = f64::from(note.velocity) * (0.8 + 0.3 * section.energy);
    Note { velocity: force.round().clamp(1.0, 127.0) as u8, ..note }
}
