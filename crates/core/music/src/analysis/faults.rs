//! Voice-leading faults, each with its place, by the customs of a style.
//!
//! What is a fault in a chorale is a colour in jazz: the list of kinds that count is the style's. Rules after Aldwell,
//! Schachter and Cadwallader 2019 (*Harmony and Voice Leading*, chapters 5 and 6) for the common practice, Levine 1995
//! (*The Jazz Theory Book*, chapter 14) for jazz, and Stephenson 2002 (*What to Listen for in Rock*, chapter 4) for popular
//! music, where only voices that lose their independence in a vocal setting are asked about.

use super::voice_leading::moments;
use crate::score::Instrument;
use crate::{Key, Pitch, Score, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A style whose customs are asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoiceLeadingStyle {
    /// Four-part writing of the eighteenth and nineteenth centuries.
    CommonPractice,
    /// Jazz: parallels are a sound of the style; the sevenths that fall are not.
    Jazz,
    /// Popular music: only crossing voices are asked about.
    Popular,
}

impl VoiceLeadingStyle {
    /// Every style.
    pub const ALL: [Self; 3] = [Self::CommonPractice, Self::Jazz, Self::Popular];

    /// `common_practice`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CommonPractice => "common_practice",
            Self::Jazz => "jazz",
            Self::Popular => "popular",
        }
    }

    /// What counts as a fault in it.
    pub const fn faults(self) -> &'static [FaultKind] {
        match self {
            Self::CommonPractice => &FaultKind::ALL,
            Self::Jazz => &[FaultKind::VoiceCrossing, FaultKind::UnresolvedLeadingNote],
            Self::Popular => &[FaultKind::VoiceCrossing],
        }
    }
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Two voices go from a perfect fifth to a perfect fifth in the same direction.
    ParallelFifths,
    /// The same with octaves or unisons.
    ParallelOctaves,
    /// The outer voices go the same way into a fifth or octave, the upper one by leap.
    DirectPerfect,
    /// A lower voice sounds above a higher one.
    VoiceCrossing,
    /// More than an octave between two neighbouring upper voices.
    WideSpacing,
    /// The leading note in an outer voice does not rise to the tonic when the chord does.
    UnresolvedLeadingNote,
    /// A voice moves by an augmented second, or an upper one by an augmented fourth.
    AugmentedStep,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::ParallelFifths,
        Self::ParallelOctaves,
        Self::DirectPerfect,
        Self::VoiceCrossing,
        Self::WideSpacing,
        Self::UnresolvedLeadingNote,
        Self::AugmentedStep,
    ];

    /// `parallel_fifths`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ParallelFifths => "parallel_fifths",
            Self::ParallelOctaves => "parallel_octaves",
            Self::DirectPerfect => "direct_perfect",
            Self::VoiceCrossing => "voice_crossing",
            Self::WideSpacing => "wide_spacing",
            Self::UnresolvedLeadingNote => "unresolved_leading_note",
            Self::AugmentedStep => "augmented_step",
        }
    }
}

/// A fault and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Which kind.
    pub kind: FaultKind,
    /// When the second of the two moments begins.
    pub at: Time,
    /// The index of its bar.
    pub measure: usize,
    /// The voices, by their place from the top: one, or the upper and the lower.
    pub voices: Vec<usize>,
    /// What these voices sound at that moment, in the same order.
    pub pitches: Vec<Pitch>,
}

type Voice = Vec<(Time, Time, Pitch)>;

/// The voices of a score, from the top of the page down: every voice of every pitched part is one, and must sound one
/// pitch at a time to be judged.
fn voices(score: &Score) -> Vec<Voice> {
    let pitched = score.parts.iter().filter(|p| p.instrument != Instrument::Drums);
    let single = pitched.flat_map(|p| &p.voices).filter(|v| !v.is_empty() && v.iter().all(|n| n.pitches().len() == 1));
    single.map(|v| v.iter().filter_map(|n| Some((n.onset, n.end(), n.top()?))).collect()).collect()
}

/// The faults of a score written in single voices, in order of time; empty where fewer than two of its voices are such.
pub fn voice_leading_faults(score: &Score, key: Option<Key>, style: VoiceLeadingStyle) -> Vec<Fault> {
    let voices = voices(score);
    if voices.len() < 2 {
        return Vec::new();
    }
    let doubled = doubled(&voices);
    let mut search = Search { score, key, counts: style.faults(), doubled, found: Vec::new() };
    let mut before: Vec<Option<Pitch>> = vec![None; voices.len()];
    for (at, now) in moments(&voices) {
        search.moment(at, &before, &now);
        before = now;
    }
    search.found
}

/// Voices that begin most of their notes together and in octaves: an instrument that plays along with a singer.
fn doubled(voices: &[Voice]) -> BTreeSet<(usize, usize)> {
    const MOST: f64 = 0.6;
    let mut pairs = BTreeSet::new();
    for (upper, a) in voices.iter().enumerate() {
        for (lower, b) in voices.iter().enumerate().skip(upper + 1) {
            let along = a.iter().filter(|(at, _, pitch)| {
                let other = b.binary_search_by(|n| n.0.cmp(at)).ok().and_then(|i| b.get(i));
                other.is_some_and(|n| (n.2.midi() - pitch.midi()) % 12 == 0)
            });
            if a.len() > 3 && along.count() as f64 >= MOST * a.len().min(b.len()) as f64 {
                pairs.insert((upper, lower));
            }
        }
    }
    pairs
}

struct Search<'a> {
    score: &'a Score,
    key: Option<Key>,
    counts: &'static [FaultKind],
    /// Pairs of voices that are one voice.
    doubled: BTreeSet<(usize, usize)>,
    found: Vec<Fault>,
}

impl Search<'_> {
    fn add(&mut self, kind: FaultKind, at: Time, voices: Vec<usize>, pitches: Vec<Pitch>) {
        if self.counts.contains(&kind) {
            let measure = self.score.measure_at(at).unwrap_or(0);
            self.found.push(Fault { kind, at, measure, voices, pitches });
        }
    }

    fn moment(&mut self, at: Time, before: &[Option<Pitch>], now: &[Option<Pitch>]) {
        for upper in 0..now.len() {
            if let (Some(from), Some(to)) = (before[upper], now[upper]) {
                self.step(at, (upper, now.len()), from, to);
            }
            for lower in upper + 1..now.len() {
                let (Some(a), Some(b)) = (now[upper], now[lower]) else { continue };
                if self.doubled.contains(&(upper, lower)) {
                    continue;
                }
                let changed = before[upper] != now[upper] || before[lower] != now[lower];
                let neighbours = lower == upper + 1;
                if changed && neighbours && a.midi() < b.midi() {
                    self.add(FaultKind::VoiceCrossing, at, vec![upper, lower], vec![a, b]);
                }
                if changed && neighbours && lower + 1 < now.len() && a.midi() - b.midi() > 12 {
                    self.add(FaultKind::WideSpacing, at, vec![upper, lower], vec![a, b]);
                }
                if let (Some(a0), Some(b0)) = (before[upper], before[lower]) {
                    let outer = upper == 0 && lower + 1 == now.len();
                    self.pair(at, (upper, lower), ((a0, b0), (a, b)), outer);
                }
            }
        }
        self.leading_note(at, before, now);
    }

    /// A voice on its own.
    fn step(&mut self, at: Time, (voice, voices): (usize, usize), from: Pitch, to: Pitch) {
        let (steps, semitones) = ((to.staff_index() - from.staff_index()).abs(), (to.midi() - from.midi()).abs());
        if (steps, semitones) == (1, 3) || ((steps, semitones) == (3, 6) && voice + 1 < voices) {
            self.add(FaultKind::AugmentedStep, at, vec![voice], vec![to]);
        }
    }

    /// Two voices that move.
    fn pair(
        &mut self,
        at: Time,
        (upper, lower): (usize, usize),
        ((a0, b0), (a1, b1)): ((Pitch, Pitch), (Pitch, Pitch)),
        outer: bool,
    ) {
        let (up, down) = (a1.midi() - a0.midi(), b1.midi() - b0.midi());
        if up == 0 || down == 0 || up.signum() != down.signum() {
            return;
        }
        let perfect = |a: Pitch, b: Pitch| match (a.midi() - b.midi()).abs() % 12 {
            0 => Some(FaultKind::ParallelOctaves),
            7 => Some(FaultKind::ParallelFifths),
            _ => None,
        };
        let (old, new) = (perfect(a0, b0), perfect(a1, b1));
        match new {
            Some(kind) if old == new => self.add(kind, at, vec![upper, lower], vec![a1, b1]),
            Some(_) if outer && up.abs() > 2 => {
                self.add(FaultKind::DirectPerfect, at, vec![upper, lower], vec![a1, b1]);
            }
            _ => {}
        }
    }

    /// The leading note in an outer voice, when the bass goes from the fifth degree to the first.
    fn leading_note(&mut self, at: Time, before: &[Option<Pitch>], now: &[Option<Pitch>]) {
        let Some(tonic) = self.key.map(|k| k.tonic.class()) else { return };
        let class = |p: &Option<Pitch>| p.map(|p| (p.midi() - tonic).rem_euclid(12));
        let authentic = before.last().and_then(class) == Some(7) && now.last().and_then(class) == Some(0);
        if !authentic {
            return;
        }
        if let (Some(Some(from)), Some(Some(to))) = (before.first(), now.first())
            && class(&Some(*from)) == Some(11)
            && class(&Some(*to)) != Some(0)
        {
            self.add(FaultKind::UnresolvedLeadingNote, at, vec![0], vec![*to]);
        }
    }
}
