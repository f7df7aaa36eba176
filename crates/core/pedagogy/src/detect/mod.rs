//! Finds what can be said about a piece. Detectors propose; the check of [`crate::fact`] disposes.

mod choose;
mod chords;
mod drums;
mod form;
mod harmony;
mod layout;
mod melody;
mod pulse;
mod rhythm;
mod words;

pub(crate) use choose::{is_typical, tidy};
pub(crate) use drums::KICK;
pub(crate) use harmony::row_text;
pub(crate) use melody::{Figure, sung};

use crate::fact::{ChordAt, Fact, HarmonyPattern, Placed, Reading, check, forms};
use crate::model::{Claim, ConceptId, Evidence};
use crate::wording;
use eduai_compose::model::{PartRole, Piece};
use eduai_genre::GenreId;
use eduai_kernel::Text;
use eduai_music::analysis::Analysis;
use eduai_music::{Key, Score, Time};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// What is true of the piece and worth teaching at its level: each statement is confirmed from the notes, has its bars
/// and notes, and names the genre that brought it where the notes' origins agree. Ordered by where it is heard.
pub fn claims(piece: &Piece, analysis: &Analysis) -> Vec<Claim> {
    claims_of(&Scene::new(piece, analysis))
}

/// Everything that is true of the piece and has a name, for every level, in the order in which it was found.
pub fn found(piece: &Piece, analysis: &Analysis) -> Vec<Claim> {
    let scene = Scene::new(piece, analysis);
    let drafts = confirmed(&scene);
    drafts.into_iter().enumerate().map(|(i, draft)| choose::claim(&scene, i, draft)).collect()
}

/// [`claims`] of a piece that is read already.
pub(crate) fn claims_of(scene: &Scene<'_>) -> Vec<Claim> {
    choose::choose(scene, confirmed(scene))
}

/// Everything that was found and confirmed, before the choice.
pub(crate) fn confirmed(scene: &Scene<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    rhythm::detect(scene, &mut drafts);
    melody::detect(scene, &mut drafts);
    harmony::detect(scene, &mut drafts);
    form::detect(scene, &mut drafts);
    layout::detect(scene, &mut drafts);
    pulse::detect(scene, &mut drafts);
    words::detect(scene, &mut drafts);
    drafts.retain(|draft| scene.holds(&draft.fact, &draft.evidence));
    drafts
}

/// A statement that waits for its check.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// The concept.
    pub concept: &'static str,
    /// What is stated.
    pub fact: Fact,
    /// Where.
    pub evidence: Evidence,
    /// In words.
    pub text: Text,
    /// How to hear it.
    pub listen_for: Text,
}

/// A piece with what its detectors need at hand.
pub(crate) struct Scene<'a> {
    /// The piece.
    pub piece: &'a Piece,
    /// What the analyser found.
    pub analysis: &'a Analysis,
    /// Its score, read.
    pub reading: Reading<'a>,
    /// The chords that notes and symbols agree on, in order.
    pub chords: Vec<ChordAt>,
    /// The key that notes and print agree on.
    pub key: Option<Key>,
    /// The figure of the melody that returns, once it was looked for.
    figure: OnceCell<Option<Figure>>,
}

impl<'a> Scene<'a> {
    /// Reads the piece.
    pub fn new(piece: &'a Piece, analysis: &'a Analysis) -> Self {
        let reading = Reading::new(&piece.score);
        let key = chords::key(&piece.score, &reading, analysis);
        let chords = key.map(|key| chords::confirmed(&piece.score, &reading, analysis, key)).unwrap_or_default();
        Self { piece, analysis, reading, chords, key, figure: OnceCell::new() }
    }

    /// The notes.
    pub fn score(&self) -> &'a Score {
        &self.piece.score
    }

    /// The ids of the parts of a role that have notes.
    pub fn parts(&self, role: PartRole) -> Vec<&'a str> {
        self.piece
            .plan
            .parts
            .iter()
            .filter(|plan| plan.role == role)
            .filter(|plan| self.score().part(&plan.id).is_some_and(|part| part.notes().next().is_some()))
            .map(|plan| plan.id.as_str())
            .collect()
    }

    /// The part that carries the melody.
    pub fn melody(&self) -> Option<&'a str> {
        let found = self.analysis.melody.as_ref().and_then(|m| self.score().parts.get(m.part)).map(|p| p.id.as_str());
        self.parts(PartRole::Melody).first().copied().or(found)
    }

    /// The hook as it returns in the melody, or the figure that returns most often; none where nothing does.
    pub fn figure(&self) -> Option<&Figure> {
        let look = || melody::returning_figure(self, self.reading.voice(self.melody()?));
        self.figure.get_or_init(look).as_ref()
    }

    /// The bass part.
    pub fn bass(&self) -> Option<&'a str> {
        self.parts(PartRole::Bass).first().copied()
    }

    /// The drum part.
    pub fn drums(&self) -> Option<&'a str> {
        self.parts(PartRole::Drums).first().copied()
    }

    /// What the part is called in a sentence; with its instrument where several parts share a role.
    pub fn noun(&self, id: &str) -> Text {
        let Some(plan) = self.piece.plan.parts.iter().find(|plan| plan.id == id) else {
            return Text::new(format!("the part {id}"), format!("la parte {id}"));
        };
        let noun = wording::role(plan.role);
        if self.parts(plan.role).len() < 2 {
            return noun;
        }
        let (en, es) = (plan.name.en.to_lowercase(), plan.name.es.to_lowercase());
        Text::new(format!("{} ({en})", noun.en), format!("{} ({es})", noun.es))
    }

    /// Whether the noun of the part takes an English verb in the plural: "the drums repeat".
    pub fn is_plural(&self, id: &str) -> bool {
        let drums = self.parts(PartRole::Drums);
        drums.len() == 1 && drums[0] == id
    }

    /// The label of the section that holds a bar.
    pub fn section_of(&self, bar: u32) -> Option<&'a Text> {
        let index = self.score().measures.iter().position(|m| m.number == bar)? as u32;
        self.piece.plan.sections.iter().find(|s| s.first_bar <= index && index < s.first_bar + s.bars).map(|s| &s.label)
    }

    /// The first and last printed bar of each planned section.
    pub fn section_bars(&self) -> Vec<(&'a eduai_compose::model::SectionPlan, (u32, u32))> {
        let number = |index: u32| self.score().measures.get(index as usize).map(|m| m.number);
        self.piece
            .plan
            .sections
            .iter()
            .filter_map(|s| Some((s, (number(s.first_bar)?, number((s.first_bar + s.bars).checked_sub(1)?)?))))
            .collect()
    }

    /// The genre that most of the evidence came from, if at least four notes of five agree.
    pub fn genre(&self, evidence: &Evidence) -> Option<GenreId> {
        let mut votes: BTreeMap<&GenreId, usize> = BTreeMap::new();
        let mut asked = 0_usize;
        for note in evidence.notes.iter().filter_map(|id| self.reading.note(id)) {
            asked += 1;
            if let Some(origin) = note.note.origin.and_then(|o| self.piece.origins.get(usize::from(o))) {
                *votes.entry(&origin.genre).or_default() += 1;
            }
        }
        votes.into_iter().max_by_key(|v| v.1).filter(|v| v.1 * 5 >= asked * 4).map(|v| v.0.clone())
    }

    /// Checks whether a fact holds here.
    pub fn holds(&self, fact: &Fact, evidence: &Evidence) -> bool {
        check(fact, evidence, &self.reading).is_ok()
    }

    /// The confirmed chords that follow one another without a gap, from the one at index `from`.
    pub fn row(&self, from: usize, count: usize) -> Option<&[ChordAt]> {
        let row = self.chords.get(from..from + count)?;
        row.windows(2).all(|w| w[0].to == w[1].from).then_some(row)
    }

    /// Evidence for a row of chords: its bars, and the notes of bass and accompaniment that start in it.
    pub fn chord_evidence(&self, row: &[ChordAt]) -> Evidence {
        let (from, to) = (row.first().map_or(Time::ZERO, |c| c.from), row.last().map_or(Time::ZERO, |c| c.to));
        let parts =
            [PartRole::Harmony, PartRole::Bass].into_iter().flat_map(|role| self.parts(role).into_iter().take(1));
        let notes: Vec<String> = parts
            .flat_map(|part| Reading::starting_between(self.reading.line(part), from, to))
            .map(Placed::id)
            .collect();
        Evidence { bars: self.reading.bars_between(from, to), notes, from, to }
    }

    /// Whether a row of chords forms a pattern here.
    pub fn chords_fact(&self, row: &[ChordAt], pattern: HarmonyPattern) -> Option<(Fact, Evidence)> {
        let key = self.key?;
        // Most rows form nothing: that is found out before anything is put together.
        if !forms(row, key, pattern, &self.reading) {
            return None;
        }
        let fact = Fact::Chords { spans: row.to_vec(), key, pattern };
        let evidence = self.chord_evidence(row);
        self.holds(&fact, &evidence).then_some((fact, evidence))
    }
}

/// The longest run of bars, one after the other, for which `holds` is true.
pub(crate) fn longest_run(scene: &Scene<'_>, holds: impl Fn(&eduai_music::score::Measure) -> bool) -> Vec<u32> {
    let judged: Vec<(u32, bool)> = scene.score().measures.iter().map(|m| (m.number, holds(m))).collect();
    let runs = judged.chunk_by(|a, b| a.1 == b.1).filter(|run| run[0].1);
    // Of runs of one length the first is taken.
    let best = runs.rev().max_by_key(|run| run.len()).unwrap_or_default();
    best.iter().map(|m| m.0).collect()
}

/// The id of a concept.
pub(crate) fn concept(id: &str) -> ConceptId {
    ConceptId(id.to_owned())
}
