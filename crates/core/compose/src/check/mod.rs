//! What can be measured on a finished piece, from its score, its plan and its words alone: the same functions serve a
//! piece that was read back from its export.
//!
//! Each check has a share from 0 to 1, the share that is wanted, and the bars at fault. Thresholds are those of the
//! literature where it gives any (Liao et al. 2024 for words and beats, de Clercq and Temperley 2011 for bass and
//! harmony) and our own judgement elsewhere.

mod form;
mod melody;
mod rhythm;
mod words;

pub use form::{hook_count, likeness};
pub use rhythm::groove_correlation;

use crate::model::{Brief, Hook, Plan, SungSection};
use eduai_borrow::Layer;
use eduai_genre::GenreBook;
use eduai_kernel::Text;
use eduai_music::Score;
use eduai_music::score::{Note, Part};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// Its stable name: `strong_beat_consonance`.
    pub name: String,
    /// The measured share, 0 to 1.
    pub score: f64,
    /// The share that is wanted.
    pub wanted: f64,
    /// What was measured, in a sentence.
    pub text: Text,
    /// The numbers of bars at fault, at most twenty.
    pub bars: Vec<u32>,
}

impl Check {
    /// Whether the measured share reaches the wanted one.
    pub fn passes(&self) -> bool {
        self.score + 1e-9 >= self.wanted
    }
}

/// What the checks read.
pub(crate) struct Subject<'a> {
    pub score: &'a Score,
    pub plan: &'a Plan,
    pub hook: &'a Hook,
    pub words: &'a [SungSection],
    pub book: &'a GenreBook,
}

impl Subject<'_> {
    /// The notes of the voice.
    pub fn voice(&self) -> &[Note] {
        self.score.part("voice").and_then(|p| p.voices.first()).map_or(&[], Vec::as_slice)
    }

    /// The number of the bar of a note.
    pub fn bar(&self, note: &Note) -> u32 {
        self.score.measure_at(note.onset).and_then(|i| self.score.measures.get(i)).map_or(0, |m| m.number)
    }

    /// The notes to which the words of a section are sung, by the section's index: an upbeat belongs to what it leads to.
    pub fn sung(&self, section: usize) -> &[Note] {
        let id = self.plan.sections.get(section).map(|s| s.id.as_str());
        let Some(words) = self.words.iter().find(|w| Some(w.section.as_str()) == id) else { return &[] };
        let notes = || words.lines.iter().flat_map(|l| &l.syllables).map(|s| s.note as usize);
        let (Some(first), Some(last)) = (notes().min(), notes().max()) else { return &[] };
        self.voice().get(first..=last).unwrap_or(&[])
    }

    /// The chord that sounds at a note.
    pub fn chord(&self, note: &Note) -> Option<&eduai_music::score::ChordSymbol> {
        let index = self.score.chords.partition_point(|c| c.at <= note.onset);
        self.score.chords.get(index.checked_sub(1)?)
    }
}

/// Gathers a share and the bars at fault.
#[derive(Default)]
pub(crate) struct Tally {
    good: f64,
    all: f64,
    bars: Vec<u32>,
}

impl Tally {
    pub fn count(&mut self, good: bool, bar: u32) {
        self.all += 1.0;
        if good {
            self.good += 1.0;
        } else if self.bars.len() < 20 && self.bars.last() != Some(&bar) {
            self.bars.push(bar);
        }
    }

    /// The check; one where nothing was to be measured is fulfilled.
    pub fn check(self, name: &str, wanted: f64, en: &str, es: &str) -> Check {
        let score = if self.all == 0.0 { 1.0 } else { self.good / self.all };
        Check { name: name.to_owned(), score, wanted, text: Text::new(en, es), bars: self.bars }
    }
}

/// Measures everything. `score` may be the piece's own or one that was read back; its parts keep their ids.
pub fn check(score: &Score, plan: &Plan, hook: &Hook, words: &[SungSection], book: &GenreBook) -> Vec<Check> {
    let subject = Subject { score, plan, hook, words, book };
    let mut checks = vec![
        rhythm::bars(&subject),
        melody::range(&subject),
        melody::leaps(&subject),
        melody::breath(&subject),
        melody::strong_beats(&subject),
        rhythm::bass_on_one(&subject),
        rhythm::groove(&subject),
        rhythm::swing(&subject),
        form::hook_returns(&subject),
        form::choruses_alike(&subject),
        form::contrast(&subject),
        form::cadences(&subject),
    ];
    if plan.brief.borrowed.source(Layer::Melody).is_none() {
        checks.extend(words::all(&subject));
    }
    checks.retain(|check| plan.brief.borrowed.is_empty() || answers_for(&plan.brief, &check.name));
    checks
}

/// Whether the composer answers for what is measured: not for what was borrowed from elsewhere.
fn answers_for(brief: &Brief, name: &str) -> bool {
    const OF_MELODY: [&str; 8] = [
        "range",
        "leaps",
        "breath",
        "strong_beat_consonance",
        "hook_returns",
        "choruses_alike",
        "verse_chorus_contrast",
        "cadences",
    ];
    let borrowed = |layer| brief.borrowed.source(layer).is_some();
    !(OF_MELODY.contains(&name) && borrowed(Layer::Melody)
        || name == "cadences" && borrowed(Layer::Chords)
        || name == "bass_on_one" && borrowed(Layer::Bass)
        || matches!(name, "groove" | "swing") && borrowed(Layer::Drums))
}

/// What a measurement speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// How easily the melody is sung.
    Singing,
    /// How well the music is made.
    Craft,
}

/// What makes a piece easy to sing; all other measurements are about its craft.
const SINGING: [&str; 9] = [
    "range",
    "leaps",
    "breath",
    "syllables_have_notes",
    "stress_on_strong_places",
    "function_words_on_weak_places",
    "stress_inside_words",
    "long_notes_on_full_vowels",
    "syllables_a_second",
];

impl Check {
    /// What it speaks of.
    pub fn group(&self) -> Group {
        if SINGING.contains(&self.name.as_str()) { Group::Singing } else { Group::Craft }
    }

    /// How near it comes to what is wanted, 0 to 1.
    pub fn nearness(&self) -> f64 {
        if self.wanted > 0.0 { (self.score / self.wanted).clamp(0.0, 1.0) } else { 1.0 }
    }
}

/// The mean nearness of a group to what is wanted, 0 to 1; 1 for none.
pub fn mean(checks: &[Check], group: Group) -> f64 {
    let of: Vec<f64> = checks.iter().filter(|c| c.group() == group).map(Check::nearness).collect();
    if of.is_empty() { 1.0 } else { of.iter().sum::<f64>() / of.len() as f64 }
}

/// The notes of a part that has the id.
pub(crate) fn notes_of<'a>(score: &'a Score, id: &str) -> Vec<&'a Note> {
    let mut notes: Vec<&Note> = score.part(id).map(Part::notes).into_iter().flatten().collect();
    notes.sort_by_key(|n| n.onset);
    notes
}
