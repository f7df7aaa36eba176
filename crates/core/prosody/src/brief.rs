//! What is asked of the lyric writer, and what it gives back.

use crate::model::Line;
use eduai_kernel::{Language, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a section is for. It decides what its lines may say: a verse shows, a chorus says it in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SectionRole {
    /// Tells the story: scene first, feeling after it; later verses move it on.
    Verse,
    /// The insight, around the title line; the same words each time.
    Chorus,
    /// Steps back and looks from elsewhere.
    Bridge,
    /// Leads from the verse to the chorus.
    PreChorus,
    /// Before the first verse.
    Intro,
    /// After the last chorus.
    Outro,
    /// A line or two that come back at the end of each verse.
    Refrain,
}

/// One section that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SectionBrief {
    /// Unique in the brief.
    pub id: String,
    /// What it is for.
    pub role: SectionRole,
    /// How many lines, 1 to 32.
    pub lines: usize,
    /// Letters, one a line: lines of one letter rhyme. A scheme shorter than the section is used again with new
    /// letters. `X`, and any letter that stands alone, rhymes with nothing. `AAB` in blues style says its first line
    /// twice. Empty: pairs.
    pub scheme: String,
    /// Fewest and most syllables a line.
    #[schema(value_type = Vec<u8>)]
    pub syllables: (u8, u8),
    /// An earlier section whose lines these must match, line by line, in the number of syllables and as far as possible
    /// in stresses, so that both can be sung to one melody.
    pub same_metre_as: Option<String>,
    /// An earlier section whose words these are.
    pub repeat_of: Option<String>,
    /// The style of this section where it differs from the song's, in a blend of two genres.
    pub style: Option<String>,
}

impl SectionBrief {
    /// A section in the song's style that matches and repeats no other.
    pub fn new(id: &str, role: SectionRole, lines: usize, scheme: &str, syllables: (u8, u8)) -> Self {
        Self {
            id: id.into(),
            role,
            lines,
            scheme: scheme.into(),
            syllables,
            same_metre_as: None,
            repeat_of: None,
            style: None,
        }
    }

    /// The same section, to be sung to the melody of the section `id`.
    #[must_use]
    pub fn matching(mut self, id: &str) -> Self {
        self.same_metre_as = Some(id.into());
        self
    }

    /// The same section, with the words of the section `id`.
    #[must_use]
    pub fn repeating(mut self, id: &str) -> Self {
        self.repeat_of = Some(id.into());
        self
    }
}

/// What the song is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// The theme with this id. An unknown id counts as words of a prompt.
    Id(String),
    /// Whatever theme these words of the user suggest, and any theme when they suggest none.
    Prompt(String),
}

/// What is asked of the lyric writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LyricBrief {
    /// The language of the words.
    pub language: Language,
    /// A genre id or a genre family: it picks templates. An unknown one is written in the common style.
    pub style: String,
    /// What the song is about.
    pub theme: ThemeChoice,
    /// The chosen hook: it opens the chorus. One is found when there is none.
    pub title_line: Option<Line>,
    /// The sections in the order in which they are sung.
    pub sections: Vec<SectionBrief>,
    /// The grade of the readers, 1 to 12: it bounds how long and rare words may be.
    pub level: u8,
    /// Words of the lesson that may appear where a template has room: "swing", "backbeat", "blue note".
    pub lesson_words: Vec<String>,
}

/// What is asked of the hook writer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HookBrief {
    /// The language of the words.
    pub language: Language,
    /// A genre id or family.
    pub style: String,
    /// What the song is about.
    pub theme: ThemeChoice,
    /// The grade of the readers, 1 to 12.
    pub level: u8,
    /// Fewest and most syllables; 3 to 8 are singable at once.
    #[schema(value_type = Vec<u8>)]
    pub syllables: (u8, u8),
    /// How many are wanted.
    pub count: usize,
}

/// A theme that songs can be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Theme {
    /// Its id: `night_city`.
    pub id: String,
    /// Its name in each language.
    #[schema(value_type = Object)]
    pub name: Text,
}

/// A finished section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LyricSection {
    /// As in the brief.
    pub id: String,
    /// As in the brief.
    pub role: SectionRole,
    /// One letter a line; `X` rhymes with nothing.
    pub scheme: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A finished lyric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lyrics {
    /// What it is about.
    pub theme: Theme,
    /// The hook, written as a title.
    pub title: String,
    /// In the order of the brief.
    pub sections: Vec<LyricSection>,
    /// What was measured on the words as they stand.
    pub report: LyricReport,
}

/// What was measured on the words as they stand. A chorus sung again counts once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct LyricReport {
    /// Pairs of lines that the schemes say rhyme, lines said twice on purpose left out.
    pub rhyme_pairs: usize,
    /// How many of them rhyme by the dictionary, perfectly or in the family.
    pub rhymes_kept: usize,
    /// How many of them rhyme perfectly.
    pub rhymes_perfect: usize,
    /// Different neighbouring pairs of words over all such pairs, refrains counted once: 0 to 1.
    pub distinct_2: f64,
    /// Share of lines inside the asked range of syllables.
    pub lines_in_range: f64,
    /// Share of lines that have as many syllables as the line whose melody they share; 1 when none share.
    pub metre_matched: f64,
    /// Share of syllables stressed as in the line whose melody they share; 1 when none share.
    pub stress_matched: f64,
    /// Share of lines whose last syllable has a full vowel, one that can be held.
    pub open_endings: f64,
    /// How well stresses alternate, from 0 (prose) to 1 (strict metre).
    pub stress_regularity: f64,
    /// Words of the lesson that appear.
    pub lesson_words: Vec<String>,
    /// Sentences on what could not be met, empty when everything was.
    pub notes: Vec<String>,
}
