//! What goes into the composer and what comes out.

use eduai_borrow::{Borrowed, Fitting};
use eduai_genre::{Blend, Dimension, GenreId};
use eduai_kernel::{Language, SkillLevel, Text};
use eduai_music::audio::{Kit, RenderOptions};
use eduai_music::score::{Meter, Note, Swing};
use eduai_music::{Key, Roman, Score, Time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What is asked for. The same brief gives the same piece, byte for byte.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// The genres, two to four, the leading one first. (One is accepted too: a piece in one genre.)
    pub genres: Vec<GenreId>,
    /// Dimensions whose leading genre is asked for; the rest is chosen.
    pub blend: BTreeMap<Dimension, GenreId>,
    /// How hard it may be to play, sing and understand.
    pub level: SkillLevel,
    /// The language of the lyrics.
    pub language: Language,
    /// The school grade, 1 to 12, for the words.
    pub grade: u8,
    /// Words of the request from which the theme of the lyrics is chosen.
    pub theme_words: Vec<String>,
    /// The key, if asked for.
    pub key: Option<Key>,
    /// Quarter notes a minute, if asked for (30 to 300).
    pub tempo_bpm: Option<f64>,
    /// The meter, if asked for.
    pub meter: Option<Meter>,
    /// About how many bars, if asked for (8 to 128); the form is cut or extended to whole phrases.
    pub bars: Option<u32>,
    /// The seed.
    pub seed: u64,
    /// What to improve, from an earlier round of the quality check: names of scores that were too low. Each acts on the
    /// plan, the words or the arrangement, where a piece can raise the score at all.
    pub improve: Vec<String>,
    /// Which round this is, from 0: a later one draws other ideas from the same seed.
    pub round: u32,
    /// Layers of real pieces that are to be used.
    #[serde(default, skip_serializing_if = "Borrowed::is_empty")]
    pub borrowed: Borrowed,
}

impl Brief {
    /// A first brief that asks for nothing besides: what is left open is chosen by the genres and the seed.
    pub fn new(genres: Vec<GenreId>, level: SkillLevel, language: Language, grade: u8, seed: u64) -> Self {
        Self {
            genres,
            blend: BTreeMap::new(),
            level,
            language,
            grade,
            theme_words: Vec::new(),
            key: None,
            tempo_bpm: None,
            meter: None,
            bars: None,
            seed,
            improve: Vec::new(),
            round: 0,
            borrowed: Borrowed::default(),
        }
    }
}

/// The decisions before the first note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The brief it answers.
    pub brief: Brief,
    /// Who leads what, and why.
    pub blend: Blend,
    /// The key.
    pub key: Key,
    /// The meter.
    pub meter: Meter,
    /// Quarter notes a minute.
    pub tempo_bpm: f64,
    /// How notes of equal value are played.
    pub swing: Option<Swing>,
    /// The sections, in order.
    pub sections: Vec<SectionPlan>,
    /// The parts, from the top of the page down.
    pub parts: Vec<PartPlan>,
    /// The theme of the lyrics.
    pub theme: String,
    /// The patterns that were drawn from the profiles.
    pub patterns: Patterns,
    /// How far the melody reaches below and above the tonic, in semitones.
    pub compass: (i32, i32),
    /// The reasons of the plan's own decisions; [`Piece::origins`] begins with them.
    pub origins: Vec<Origin>,
    /// Why this meter and this tempo, in sentences for the class.
    pub agreements: Vec<Text>,
}

/// A pattern of a profile: the genre and the pattern's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PatternRef {
    /// The genre.
    pub genre: GenreId,
    /// The id of the pattern in the genre's profile.
    pub id: String,
}

/// The patterns that were drawn from the profiles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Patterns {
    /// The drum pattern; none for music without a kit.
    pub groove: Option<PatternRef>,
    /// The bass figure.
    pub bass: Option<PatternRef>,
    /// The comping pattern of each part that comps, by the id of the part.
    pub comping: BTreeMap<String, PatternRef>,
    /// The form.
    pub form: Option<PatternRef>,
}

/// One section of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionPlan {
    /// Unique in the piece: `verse-1`.
    pub id: String,
    /// What is printed: `Verse 1`.
    pub label: Text,
    /// What it is.
    pub kind: SectionKind,
    /// The index of its first bar.
    pub first_bar: u32,
    /// How many bars.
    pub bars: u32,
    /// How full it is, 0 to 1.
    pub energy: f64,
    /// Its chords, each with its length; the lengths add up to the section.
    pub harmony: Vec<(Roman, Time)>,
    /// Where the progression comes from.
    pub harmony_origin: u16,
    /// The cadence that its end makes, in words of the analyser, if it makes one.
    pub cadence: Option<eduai_music::analysis::CadenceKind>,
    /// The ids of the parts that play.
    pub layers: Vec<String>,
    /// The bar of the borrowed melody with which it begins, from 0; none where no borrowed melody is heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme_bar: Option<u32>,
}

/// What a section is in the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum SectionKind {
    Intro,
    Verse,
    PreChorus,
    Chorus,
    Bridge,
    Solo,
    Breakdown,
    Build,
    Drop,
    Outro,
}

/// One part of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartPlan {
    /// The id, the same as in the score: `voice`, `keys`, `bass`, `drums`.
    pub id: String,
    /// What it does.
    pub role: PartRole,
    /// The name on the page.
    pub name: Text,
    /// The General MIDI program; none for drums.
    pub program: Option<u8>,
    /// How the drums sound; none for all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kit: Option<Kit>,
    /// The genre that brought it.
    pub genre: GenreId,
}

/// What a part does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum PartRole {
    Melody,
    Counter,
    Harmony,
    Pad,
    Bass,
    Drums,
}

/// Why notes are there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Origin {
    /// The side of the music.
    pub dimension: Dimension,
    /// The genre it came from.
    pub genre: GenreId,
    /// The pattern or rule of the profile: `groove.boom_bap_main`, `progression.ii_v_i`.
    pub rule: String,
    /// A sentence for the class.
    pub text: Text,
}

/// A short, singable idea offered as an option.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hook {
    /// `hook-1`.
    pub id: String,
    /// Its notes, from time 0, in the key of the plan, with syllables as lyrics of verse 1.
    pub notes: Vec<Note>,
    /// Its words.
    pub text: String,
    /// The shape of its line.
    pub contour: Contour,
    /// The name of its rhythmic character, for telling hooks apart.
    pub rhythm: Text,
    /// Why it sticks, in one sentence.
    pub why: Text,
    /// How easily it is sung, 0 to 1, measured on range, leaps, length and word stress.
    pub singability: f64,
}

pub use eduai_music::analysis::Contour;

/// The finished piece.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// The decisions.
    pub plan: Plan,
    /// The options; at least three, distinct in contour and rhythm.
    pub hooks: Vec<Hook>,
    /// Which of them the piece uses.
    pub hook: usize,
    /// The notes.
    pub score: Score,
    /// What [`Note::origin`] points to.
    pub origins: Vec<Origin>,
    /// Where every sung line lies.
    pub lyrics: Vec<SungSection>,
    /// What was changed so that borrowed layers fit, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fittings: Vec<Fitting>,
}

impl Piece {
    /// The kit that its drums are played on: that of the genre that leads the groove.
    pub fn kit(&self) -> Kit {
        self.plan.parts.iter().find_map(|part| part.kit).unwrap_or_default()
    }

    /// How it is made to sound: on its kit, and the same for the same seed.
    pub fn rendering(&self) -> RenderOptions {
        RenderOptions { kit: self.kit(), seed: self.plan.brief.seed, ..RenderOptions::default() }
    }
}

/// The words of one section, tied to notes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SungSection {
    /// The id of the section in the plan.
    pub section: String,
    /// The rhyme scheme it keeps: `ABAB`.
    pub scheme: String,
    /// The lines.
    pub lines: Vec<SungLine>,
}

/// One sung line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SungLine {
    /// As printed.
    pub text: String,
    /// Its letter in the scheme; none when it need not rhyme.
    pub rhyme: Option<char>,
    /// Whether it is the hook.
    pub hook: bool,
    /// Its syllables with their notes.
    pub syllables: Vec<SungSyllable>,
}

/// One syllable and its note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SungSyllable {
    /// As printed.
    pub text: String,
    /// Whether it is the last of its word.
    pub ends_word: bool,
    /// Whether it bears the stress of a content word.
    pub stressed: bool,
    /// The index of its note in the voice (voice 0 of the melody part).
    pub note: u32,
}
