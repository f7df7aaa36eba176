//! A mashup as it is shown: the piece, why it is as it is, and what it teaches.

use eduai_borrow::Fitting;
use eduai_compose::model::{Contour, Origin, PartRole, SectionKind};
use eduai_genre::{Blend, GenreId};
use eduai_kernel::{Language, Text, id_type};
use eduai_music::analysis::CadenceKind;
use eduai_music::audio::Kit;
use eduai_music::score::{Meter, Swing};
use eduai_music::{Key, Time};
use eduai_pedagogy::model::{Assessment, Claim, CulturalContext, EducationalContent, TeachingGuide};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::models::RefusalKind;
use crate::request::Request;
use crate::sources::model::Credit;

id_type!(
    /// A mashup.
    MashupId
);

/// A generated piece with all its educational material.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Mashup {
    /// The id.
    pub id: MashupId,
    /// The run of the workflow that made it.
    #[schema(value_type = String, format = Uuid)]
    pub session_id: Uuid,
    /// The piece that this one was remixed from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<MashupId>,
    /// The title.
    pub title: String,
    /// Whether everyone in the institution may see it.
    pub shared: bool,
    /// Whether the asker made it, and so may change it.
    pub own: bool,
    /// Counts changes of title and sharing; it is the `ETag`.
    pub version: i32,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
    /// When it goes, for guests' work.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<jiff::Timestamp>,
    /// What was asked for, as understood, with the seed.
    pub request: Request,
    /// The genres and how much of the music each leads.
    pub genre_blend: Vec<GenreShare>,
    /// Which genre leads which side of the music, and why.
    pub blend: Blend,
    /// The outline of the score; the notes are in `playback` and in the exports.
    pub score: ScoreOutline,
    /// The notes, for a player.
    pub playback: Playback,
    /// Why notes are there: what `playback.parts[].notes[].o` points to.
    pub origins: Vec<Origin>,
    /// The hooks that were offered.
    pub hooks: Vec<HookOption>,
    /// The words, tied to notes.
    pub lyrics: Lyrics,
    /// What the music is, from its notes.
    pub theory_analysis: TheoryAnalysis,
    /// Where the genres come from.
    pub cultural_context: Vec<CulturalContext>,
    /// Concepts, objectives, standards.
    pub educational_content: EducationalContent,
    /// The lesson.
    pub teaching_guide: TeachingGuide,
    /// The questions.
    pub learning_assessment: Assessment,
    /// How good it is, as measured.
    pub quality: Quality,
    /// What differs from the piece that it was remixed from.
    pub changes: Vec<Change>,
    /// The real pieces that it borrows from.
    pub credits: Vec<Credit>,
    /// What was changed so that what is borrowed fits, and why.
    pub fittings: Vec<Fitting>,
    /// How it was made.
    pub metadata: Metadata,
}

/// A row of a list of mashups.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// The id.
    pub id: MashupId,
    /// The title.
    pub title: String,
    /// The genres.
    pub genres: Vec<GenreId>,
    /// The key.
    pub key: String,
    /// Quarter notes a minute.
    pub tempo_bpm: f64,
    /// How long it plays.
    pub duration_seconds: f64,
    /// Whether everyone in the institution may see it.
    pub shared: bool,
    /// Whether the asker made it.
    pub own: bool,
    /// The piece that it was remixed from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<MashupId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: jiff::Timestamp,
}

/// A genre of the piece.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GenreShare {
    /// The id.
    pub id: GenreId,
    /// The name.
    pub name: Text,
    /// The share of the dimensions that it leads, 0 to 1; a colour counts half.
    pub share: f64,
}

/// The outline of the score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScoreOutline {
    /// The key.
    #[schema(value_type = String, example = "Bb major")]
    pub key: Key,
    /// The meter.
    pub meter: Meter,
    /// Quarter notes a minute.
    pub tempo_bpm: f64,
    /// How notes of equal value are played.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swing: Option<Swing>,
    /// How many bars.
    pub bars: u32,
    /// How long it plays.
    pub duration_seconds: f64,
    /// The sections of the form.
    pub sections: Vec<SectionOutline>,
    /// The parts.
    pub parts: Vec<PartOutline>,
    /// The chords.
    pub chords: Vec<ChordOutline>,
    /// The bars.
    pub measures: Vec<MeasureOutline>,
}

/// A section of the form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SectionOutline {
    /// The id.
    pub id: String,
    /// The name.
    pub label: Text,
    /// What it is.
    pub kind: SectionKind,
    /// The printed number of its first bar.
    pub first_bar: u32,
    /// How many bars.
    pub bars: u32,
    /// How full it is, 0 to 1.
    pub energy: f64,
    /// From when, in quarter notes.
    #[schema(value_type = String)]
    pub from: Time,
    /// Until when, in quarter notes.
    #[schema(value_type = String)]
    pub to: Time,
}

/// A part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartOutline {
    /// The id.
    pub id: String,
    /// The name.
    pub name: Text,
    /// What it does.
    pub role: PartRole,
    /// The General MIDI program; absent for drums.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<u8>,
    /// The kit that the drums are played on; absent for all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kit: Option<Kit>,
    /// The genre that brought it.
    pub genre: GenreId,
}

/// A chord.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChordOutline {
    /// From when, in quarter notes.
    #[schema(value_type = String)]
    pub at: Time,
    /// For how long.
    #[schema(value_type = String)]
    pub duration: Time,
    /// The printed number of its bar.
    pub bar: u32,
    /// As on a lead sheet.
    pub symbol: String,
    /// In the key of the piece.
    pub numeral: String,
}

/// A bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MeasureOutline {
    /// The printed number.
    pub number: u32,
    /// When it starts, in quarter notes.
    #[schema(value_type = String)]
    pub start: Time,
    /// How long it is.
    #[schema(value_type = String)]
    pub length: Time,
}

/// The notes, as they are played.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Playback {
    /// When the last bar ends, in quarter notes.
    pub end: f64,
    /// The parts.
    pub parts: Vec<PlayedPart>,
}

/// One part, as it is played.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedPart {
    /// The id.
    pub id: String,
    /// The notes, in order of time.
    pub notes: Vec<PlayedNote>,
}

/// One note, as it is played. The names are short because there are thousands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlayedNote {
    /// The id that it has in the MusicXML export.
    pub id: String,
    /// When it is played, in quarter notes, swing applied.
    pub at: f64,
    /// For how long, in quarter notes.
    pub d: f64,
    /// MIDI numbers, or keys of the percussion map for drums.
    pub p: Vec<u8>,
    /// How loud, 1 to 127.
    pub v: u8,
    /// Why: an index into `origins`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub o: Option<u16>,
    /// When it is written, in quarter notes.
    pub w: f64,
}

/// A hook that was offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HookOption {
    /// The id.
    pub id: String,
    /// Whether the piece uses it.
    pub chosen: bool,
    /// Its words.
    pub text: String,
    /// Its notes.
    pub notes: Vec<HookNote>,
    /// The shape of its line.
    pub contour: Contour,
    /// The character of its rhythm.
    pub rhythm: Text,
    /// Why it sticks.
    pub why: Text,
    /// How easily it is sung, 0 to 1.
    pub singability: f64,
}

/// One note of a hook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HookNote {
    /// When, in quarter notes from its start.
    pub at: f64,
    /// For how long.
    pub d: f64,
    /// MIDI numbers.
    pub p: Vec<u8>,
    /// What is sung on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub syllable: Option<String>,
}

/// The words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lyrics {
    /// The title of the song.
    pub title: String,
    /// The theme.
    pub theme: String,
    /// The language.
    pub language: Language,
    /// The sections that are sung.
    pub sections: Vec<LyricSection>,
}

/// The words of one section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LyricSection {
    /// The id of the section.
    pub section: String,
    /// The rhyme scheme.
    pub scheme: String,
    /// The lines.
    pub lines: Vec<LyricLine>,
}

/// One sung line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LyricLine {
    /// As printed.
    pub text: String,
    /// Its letter in the scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rhyme: Option<char>,
    /// Whether it is the hook.
    pub hook: bool,
    /// Its syllables.
    pub syllables: Vec<LyricSyllable>,
}

/// One syllable under its note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LyricSyllable {
    /// As printed.
    pub text: String,
    /// Whether it is the last of its word.
    pub ends_word: bool,
    /// Whether it bears the stress of a content word.
    pub stressed: bool,
    /// The id of its note in the MusicXML export.
    pub note_id: String,
}

/// What the music is, from its notes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TheoryAnalysis {
    /// The key that the analyser finds, and how sure it is, 0 to 1.
    pub key: KeyFinding,
    /// The cadences.
    pub cadences: Vec<CadenceFinding>,
    /// What the notes confirm.
    pub claims: Vec<Claim>,
}

/// A key as found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KeyFinding {
    /// `G minor`.
    pub name: String,
    /// The probability, 0 to 1, that it is right.
    pub confidence: f64,
}

/// A cadence as found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CadenceFinding {
    /// The kind.
    pub kind: CadenceKind,
    /// The key in which it is that: the piece's, or another that is in force there for a while.
    pub key: String,
    /// The printed number of the bar in which it arrives.
    pub bar: u32,
    /// The two chords.
    pub chords: Vec<String>,
}

/// How good the piece is, as measured on its export.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Quality {
    /// The mean of the scores, 0 to 1; below 0.7 fails.
    pub overall: f64,
    /// Whether every threshold is met.
    pub passed: bool,
    /// How many rounds it took, from 1.
    pub rounds: u32,
    /// The scores.
    pub scores: Vec<Score>,
}

/// One measured score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Score {
    /// `theory_accuracy`.
    pub name: String,
    /// 0 to 1.
    pub value: f64,
    /// What it must reach.
    pub threshold: f64,
    /// What was measured, in words.
    pub measured: Text,
}

/// One thing that a remix changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// What: the key, the tempo, the groove.
    pub what: Text,
    /// How it was.
    pub before: Text,
    /// How it is.
    pub after: Text,
}

/// How the piece was made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Metadata {
    /// The agents, in order.
    pub agents: Vec<AgentRun>,
    /// Who made which part. Empty in pieces of older versions, which are the program's own altogether.
    #[serde(default)]
    pub parts: Vec<PartSource>,
    /// The version of the program.
    pub program_version: String,
    /// Whether the built-in fallback took over after an error.
    pub fallback: bool,
    /// What the reader should know: a request that was bent, a language that was not recognised.
    pub warnings: Vec<Text>,
}

/// One agent's work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AgentRun {
    /// `lyrics_composer`.
    pub name: String,
    /// `builtin`, or the provider and the model whose work is used: `ollama/qwen3`.
    pub source: String,
    /// How long it took.
    pub milliseconds: f64,
    /// Which round, from 1.
    pub round: u32,
    /// What models did in it; absent where none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<Box<ModelShare>>,
}

/// What language models did in one agent's work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ModelShare {
    /// The provider's name in the configuration; empty where none answered.
    pub provider: String,
    /// The model; empty where none answered.
    pub model: String,
    /// Whether it is in the house.
    pub local: bool,
    /// The prompt and its version: `lyrics/1`.
    pub prompt: String,
    /// How many questions were asked.
    pub asked: u32,
    /// How many of them had to be asked again, told what was wrong.
    pub asked_again: u32,
    /// How many got no answer: unreachable, too late, refused.
    pub unanswered: u32,
    /// How many things it gave are used (lines, hooks, hints, choices).
    pub used: u32,
    /// How many were not good enough: there the program's own stand.
    pub replaced: u32,
    /// How many of those used were mended first.
    pub mended: u32,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// What it cost, in millionths of a millionth of a US dollar.
    pub cost_picodollars: u64,
    /// How long the agent waited for it.
    pub milliseconds: f64,
    /// Which of several arrangements its words are in, from 0.
    #[serde(default, skip_serializing_if = "is_first")]
    pub take: u32,
    /// Why no model was asked any more, or the last question got no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<RefusalKind>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_first(take: &u32) -> bool {
    *take == 0
}

/// Who made a part of the mashup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PartSource {
    /// `request_reading`, `genres`, `hooks`, `lyrics`, `music`, `theory`, `listening_hints`, `scores`.
    pub part: String,
    /// `builtin`, or the provider and the model: `ollama/qwen3`.
    pub source: String,
    /// The prompt and its version, where a model had a part in it: `lyrics/1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// How many pieces of it (lines, hooks, hints, choices) are the model's.
    pub by_model: u32,
    /// How many of those were mended by the program.
    pub mended: u32,
    /// How many of the model's were not good enough and replaced by the program's own.
    pub replaced: u32,
}
