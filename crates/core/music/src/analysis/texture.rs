//! Texture: how many lines sound, whether they begin together and move together.
//!
//! The two measures are those of Huron 1989 ("Characterizing musical textures", ICMC): onset synchronisation, how many
//! of the lines that sound begin a note when one does, and semblant motion, how often two that move go the same way.

use super::events::Event;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the texture of a piece is like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TextureFacts {
    /// What it is called; none where hardly anything sounds.
    pub kind: Option<TextureKind>,
    /// The mean number of pitches that sound while any does; doublings in octaves count once.
    pub density: f64,
    /// Of the pitches that sound when a note begins, the mean share that begins with it, 0 to 1; only of moments in which
    /// several sound.
    pub synchrony: f64,
    /// Of the pairs of lines that move at once, the share that goes the same way, 0 to 1.
    pub semblance: f64,
}

/// The kinds of texture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TextureKind {
    /// One line, perhaps doubled in octaves.
    Monophony,
    /// Lines that begin and move together: a hymn.
    Homorhythm,
    /// One line leads, the others hold or repeat under it: a song with chords.
    MelodyAndAccompaniment,
    /// Lines of equal right that begin and move apart: a fugue.
    Polyphony,
}

impl TextureKind {
    /// `monophony`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monophony => "monophony",
            Self::Homorhythm => "homorhythm",
            Self::MelodyAndAccompaniment => "melody_and_accompaniment",
            Self::Polyphony => "polyphony",
        }
    }
}

/// Voices that keep step for so much of the time are one body.
const IN_STEP: f64 = 0.45;

/// Fewer notes than this have no texture.
const FEWEST: usize = 8;

/// The texture of sounding pitches.
pub(crate) fn texture(events: &[Event], melody: Option<usize>) -> TextureFacts {
    if events.len() < FEWEST {
        return TextureFacts::default();
    }
    let mut moments: Vec<f64> = events.iter().flat_map(|e| [e.on, e.off]).collect();
    moments.sort_by(f64::total_cmp);
    moments.dedup_by(|a, b| (*a - *b).abs() < 1e-6);
    let mut sums = Sums::default();
    let mut sounding: Vec<Event> = Vec::new();
    let mut next = 0;
    for pair in moments.windows(2) {
        let (at, until) = (pair[0], pair[1]);
        let before: Vec<Event> = sounding.clone();
        sounding.retain(|e| e.off > at + 1e-6);
        let first = sounding.len();
        while events.get(next).is_some_and(|e| e.on <= at + 1e-6) {
            sounding.push(events[next]);
            next += 1;
        }
        sums.add(&sounding, first, &before, until - at);
    }
    sums.facts(events, melody)
}

#[derive(Default)]
struct Sums {
    time: f64,
    pitches: f64,
    alone: f64,
    together: f64,
    chances: f64,
    same_way: f64,
    moves: f64,
}

impl Sums {
    /// One stretch in which nothing begins or ends: those from `first` on began with it.
    fn add(&mut self, sounding: &[Event], first: usize, before: &[Event], length: f64) {
        let mut classes: Vec<usize> = sounding.iter().map(Event::class).collect();
        classes.sort_unstable();
        classes.dedup();
        if !sounding.is_empty() {
            self.time += length;
            self.pitches += classes.len() as f64 * length;
            self.alone += if classes.len() == 1 { length } else { 0.0 };
        }
        let began = sounding.len() - first;
        if began > 0 && classes.len() > 1 {
            self.chances += 1.0;
            self.together += (began - 1) as f64 / (sounding.len() - 1).max(1) as f64;
        }
        self.count_moves(&sounding[first..], before);
    }

    /// Lines are followed by part, from the outside in: the highest new pitch of a part comes from its highest old one.
    fn count_moves(&mut self, new: &[Event], old: &[Event]) {
        let mut moves: Vec<i32> = Vec::new();
        let mut parts: Vec<usize> = new.iter().map(|e| e.part).collect();
        parts.sort_unstable();
        parts.dedup();
        for part in parts {
            let sorted = |of: &[Event]| {
                let mut midi: Vec<i32> = of.iter().filter(|e| e.part == part).map(|e| e.midi).collect();
                midi.sort_unstable_by(|a, b| b.cmp(a));
                midi
            };
            let (to, from) = (sorted(new), sorted(old));
            if to.len() == from.len() {
                moves.extend(to.iter().zip(&from).map(|(a, b)| (a - b).signum()).filter(|m| *m != 0));
            }
        }
        for (index, a) in moves.iter().enumerate() {
            for b in &moves[index + 1..] {
                self.moves += 1.0;
                self.same_way += if a == b { 1.0 } else { 0.0 };
            }
        }
    }

    fn facts(&self, events: &[Event], melody: Option<usize>) -> TextureFacts {
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let (density, synchrony) = (share(self.pitches, self.time), share(self.together, self.chances));
        let kind = if share(self.alone, self.time) >= 0.9 {
            TextureKind::Monophony
        } else if in_step(events, melody) >= IN_STEP {
            TextureKind::Homorhythm
        } else if leads(events, melody) {
            TextureKind::MelodyAndAccompaniment
        } else {
            TextureKind::Polyphony
        };
        TextureFacts { kind: Some(kind), density, synchrony, semblance: share(self.same_way, self.moves) }
    }
}

/// Of the time that notes of the melody sound with others, the share in which one begins and ends with them, 0 to 1: what is sung to
/// the same words.
fn in_step(events: &[Event], melody: Option<usize>) -> f64 {
    let (mut same, mut all) = (0.0, 0.0);
    let mut first = 0;
    for (index, e) in events.iter().enumerate() {
        while events[first].off <= e.on + 1e-6 && first < index {
            first += 1;
        }
        if melody.is_some_and(|part| part != e.part) {
            continue;
        }
        let begins_with = |o: &&Event| (o.on - e.on).abs() < 1e-6;
        let others = || events[first..].iter().take_while(|o| o.on <= e.on + 1e-6).filter(|o| o.off > e.on + 1e-6);
        let sounding = others().count().saturating_sub(1);
        if sounding == 0 {
            continue;
        }
        let together = others().filter(begins_with).filter(|o| (o.off - e.off).abs() < 1e-6).count().saturating_sub(1);
        same += e.length() * together as f64 / sounding as f64;
        all += e.length();
    }
    if all > 0.0 { same / all } else { 0.0 }
}

/// Whether one line is a melody and the others are not: they repeat their pitches, leap through chords, or strike several
/// at once, where a melody goes by step.
fn leads(events: &[Event], melody: Option<usize>) -> bool {
    const OF_A_LINE: f64 = 0.45;
    let parts: std::collections::BTreeSet<usize> = events.iter().map(|e| e.part).collect();
    let linear = |part: usize| {
        let line = super::melody::line(events, part);
        let all = events.iter().filter(|e| e.part == part).count();
        let steps = line.windows(2).filter(|w| (1..=2).contains(&(w[1].midi - w[0].midi).abs())).count();
        // What sounds below the upper line of a part is a chord, not a line.
        let own = line.len() as f64 / all.max(1) as f64;
        own * steps as f64 / line.len().saturating_sub(1).max(1) as f64
    };
    let others: Vec<f64> = parts.iter().filter(|p| Some(**p) != melody).map(|p| linear(*p)).collect();
    if others.is_empty() {
        // One part alone: its melody leads when most of what sounds stands below it.
        return melody.is_some_and(|part| linear(part) < OF_A_LINE);
    }
    others.iter().filter(|share| **share >= OF_A_LINE).count() * 2 < others.len().max(1)
}
