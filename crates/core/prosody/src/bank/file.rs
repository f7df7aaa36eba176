//! The layout of the files in `data/lyrics`.
//!
//! Themes and styles name the same four kinds of text each for themselves: a shared part would have to be flattened, and
//! serde promises no refusal of misspelt fields beside a flattened part.

use super::Stage;
use eduai_kernel::Text;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StageLines {
    pub scene: Vec<String>,
    pub feeling: Vec<String>,
    pub turn: Vec<String>,
    pub insight: Vec<String>,
    pub bridge: Vec<String>,
    pub chant: Vec<String>,
    pub hook: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StanzaFile {
    pub stage: Stage,
    pub scheme: String,
    pub lines: Vec<String>,
    #[serde(default)]
    pub thread: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChorusFile {
    pub hook: String,
    pub with: String,
    pub pair: [String; 2],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThemeFile {
    pub id: String,
    pub name: Text,
    pub keywords: Vec<String>,
    pub slots: HashMap<String, Vec<String>>,
    #[serde(default)]
    pub lines: StageLines,
    #[serde(default)]
    pub stanzas: Vec<StanzaFile>,
    #[serde(default)]
    pub choruses: Vec<ChorusFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StyleFile {
    pub id: String,
    pub genres: Vec<String>,
    /// Titles and choruses of a few words, said again and again.
    #[serde(default)]
    pub chants: bool,
    /// How much its own lines and stanzas are preferred to the theme's.
    #[serde(default)]
    pub own: f32,
    #[serde(default)]
    pub slots: HashMap<String, Vec<String>>,
    #[serde(default)]
    pub lines: StageLines,
    #[serde(default)]
    pub stanzas: Vec<StanzaFile>,
    #[serde(default)]
    pub choruses: Vec<ChorusFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LessonFile {
    pub words: Vec<LessonWord>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LessonWord {
    pub word: String,
    pub lines: Vec<String>,
}
