//! The teaching material of a piece. All texts are in both languages, so that a class may switch.

use crate::fact::Fact;
use eduai_genre::{GenreId, profile::Culture};
use eduai_kernel::{SkillLevel, Text};
use eduai_music::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The id of a concept: `syncopation`, `ii_v_i`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct ConceptId(pub String);

/// Where in the piece something can be seen and heard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Evidence {
    /// The numbers of the bars, as printed.
    pub bars: Vec<u32>,
    /// The ids of the notes, as in the MusicXML export: `n-voice-1-12`.
    pub notes: Vec<String>,
    /// From when, in quarter notes as written.
    #[schema(value_type = String)]
    pub from: Time,
    /// Until when, in quarter notes as written.
    #[schema(value_type = String)]
    pub to: Time,
}

/// A statement about the music that its notes confirm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Claim {
    /// `claim-1`.
    pub id: String,
    /// The concept it shows.
    pub concept: ConceptId,
    /// The statement.
    pub text: Text,
    /// How to hear it, in a sentence.
    pub listen_for: Text,
    /// The statement in a form that can be recomputed.
    pub fact: Fact,
    /// Where.
    pub evidence: Evidence,
    /// The genre that brought it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub genre: Option<GenreId>,
}

/// A concept of the piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Concept {
    /// The id.
    pub id: ConceptId,
    /// The name.
    pub name: Text,
    /// What it means, at the level of the lesson.
    pub definition: Text,
    /// Its level.
    pub level: SkillLevel,
    /// What must be known before.
    pub prerequisites: Vec<ConceptId>,
    /// The codes of standards it serves.
    pub standards: Vec<String>,
}

/// A code of a curriculum that was seen in its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Standard {
    /// `NCAS-Music-2014`, `LOMLOE`.
    pub framework: String,
    /// The code.
    pub code: String,
    /// Our own short summary.
    pub summary: Text,
    /// The kind of evidence that was seen for the code (`P` or `K`).
    pub evidence: String,
}

/// Concepts, objectives and codes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EducationalContent {
    /// The concepts that the piece shows, the easiest first.
    pub key_concepts: Vec<Concept>,
    /// What learners will be able to do.
    pub objectives: Vec<Text>,
    /// The codes.
    pub standards: Vec<Standard>,
}

/// One step of the lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LessonStep {
    /// How long, in minutes.
    pub minutes: u32,
    /// The phase: `hook`, `listen`, `explore`, `perform`, `create`, `discuss`, `assess`, `close`.
    pub phase: String,
    /// The name of the step.
    pub title: Text,
    /// What the teacher does.
    pub teacher: Text,
    /// What the learners do.
    pub learners: Text,
    /// The claims it uses, by id.
    pub claims: Vec<String>,
    /// Where the music is played from, if it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub evidence: Option<Evidence>,
}

/// How to teach it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TeachingGuide {
    /// The period, in minutes; the steps add up to it.
    pub total_minutes: u32,
    /// The steps.
    pub sequence: Vec<LessonStep>,
    /// What is needed.
    pub materials: Vec<Text>,
    /// Questions to discuss.
    pub discussion_questions: Vec<Text>,
    /// Activities beyond the sequence.
    pub activities: Vec<Text>,
    /// For those who need more support, and for those who need more challenge.
    pub differentiation: Vec<Text>,
    /// For afterwards.
    pub extension: Vec<Text>,
    /// What to mind about the cultures at hand.
    pub cultural_sensitivity: Vec<Text>,
}

/// A question with its key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    /// `item-1`.
    pub id: String,
    /// The concept it asks for.
    pub concept: ConceptId,
    /// How hard.
    pub level: SkillLevel,
    /// The question.
    pub prompt: Text,
    /// The kind, with its options and its key.
    pub task: Task,
    /// Why the key is right, from the notes.
    pub explanation: Text,
    /// Where to look and listen; played with the question where `listen` is set.
    pub evidence: Evidence,
    /// Whether the bars are heard before answering.
    pub listen: bool,
    /// Points.
    pub points: u32,
    /// What makes the key right and every other answer wrong, in a form that can be recomputed. For a choice: one
    /// entry an option; for matching: one entry for each pair, row by row; else what the key says. Never shown before
    /// the answer.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub proof: Vec<Proposition>,
}

/// A fact at its place, and whether the notes confirm it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Proposition {
    /// What is stated.
    pub fact: Fact,
    /// Where.
    pub evidence: Evidence,
    /// Whether it is true.
    pub holds: bool,
}

/// The kinds of question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    /// One option is right.
    MultipleChoice {
        /// The options.
        options: Vec<Text>,
        /// The index of the right one.
        key: u32,
    },
    /// Several options are right.
    MultipleSelect {
        /// The options.
        options: Vec<Text>,
        /// The indices of the right ones.
        key: Vec<u32>,
    },
    /// True or false.
    TrueFalse {
        /// Whether it is true.
        key: bool,
    },
    /// A whole number.
    Numeric {
        /// The number.
        key: i64,
    },
    /// A word or a symbol, typed.
    ShortText {
        /// All spellings that count, lower case.
        accepted: Vec<String>,
    },
    /// Put in order.
    Ordering {
        /// The entries, shuffled.
        entries: Vec<Text>,
        /// The indices in the right order.
        key: Vec<u32>,
    },
    /// Match left to right.
    Matching {
        /// The left side.
        left: Vec<Text>,
        /// The right side, shuffled.
        right: Vec<Text>,
        /// For each left entry the index of its right one.
        key: Vec<u32>,
    },
}

/// One row of a rubric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RubricRow {
    /// What is judged.
    pub criterion: Text,
    /// From the lowest to the highest level of performance.
    pub levels: Vec<Text>,
}

/// Questions and a rubric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Assessment {
    /// At least eight, of at least four kinds.
    pub items: Vec<Item>,
    /// For what cannot be asked: performing, creating, discussing.
    pub rubric: Vec<RubricRow>,
}

/// The culture of one genre of the piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CulturalContext {
    /// The genre.
    pub genre: GenreId,
    /// Its name.
    pub name: Text,
    /// Where it comes from.
    #[serde(flatten)]
    pub culture: Culture,
}

/// All the teaching material of a piece.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Material {
    /// The claims.
    pub claims: Vec<Claim>,
    /// The cultures.
    pub cultural_context: Vec<CulturalContext>,
    /// Concepts, objectives, codes.
    pub educational_content: EducationalContent,
    /// The lesson.
    pub teaching_guide: TeachingGuide,
    /// The questions.
    pub learning_assessment: Assessment,
}
