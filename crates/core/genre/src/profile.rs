//! A genre profile: what is typical of a genre, as numbers, patterns and words, each with its source.

use crate::traits::{
    BassFigure, BlendTraits, Comping, Form, Groove, Harmony, InstrumentOption, LyricStyle, MelodyTraits, Meters,
    SwingCurve, TempoRange,
};
use eduai_kernel::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The id of a genre: `jazz_swing`. Lower-case letters, digits and underscores.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct GenreId(pub String);

impl GenreId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for GenreId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The feel of a groove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum Feel {
    Straight,
    SwungEighths,
    SwungSixteenths,
    Shuffle,
}

/// A genre profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The version of the layout of the file; 1.
    pub schema: u32,
    /// The id.
    pub id: GenreId,
    /// The name.
    pub name: Text,
    /// The family, for groups on a page: `african_american`, `european_art`.
    pub family: String,
    /// Other words that people use for it, lower case, by which a request is read.
    pub aliases: Vec<String>,
    /// The feel.
    pub feel: Feel,
    /// How fast.
    pub tempo: TempoRange,
    /// In which meters.
    pub meter: Meters,
    /// How much it swings, if it does.
    #[serde(default)]
    pub swing: Option<SwingCurve>,
    /// Its chords.
    pub harmony: Harmony,
    /// Its drum patterns; none for music without a kit.
    #[serde(default)]
    pub groove: Vec<Groove>,
    /// Its bass figures.
    pub bass: Vec<BassFigure>,
    /// Its comping patterns.
    pub comping: Vec<Comping>,
    /// Its melodies.
    pub melody: MelodyTraits,
    /// Its instruments.
    pub instrument: Vec<InstrumentOption>,
    /// Its forms.
    pub form: Vec<Form>,
    /// Its lyrics.
    pub lyrics: LyricStyle,
    /// What must survive in a blend.
    pub blend: BlendTraits,
    /// Origins, people, history, respectful use, sources.
    pub culture: Culture,
}

/// Where a genre comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Culture {
    /// Two or three sentences.
    pub summary: Text,
    /// Where and when.
    pub origins: Vec<Text>,
    /// People who made it, with what each is known for.
    pub people: Vec<Person>,
    /// The social history that a class should know.
    pub social_history: Text,
    /// How to use it with respect.
    pub respectful_use: Text,
    /// Pieces to listen to: titles only, no audio.
    pub listening: Vec<Listening>,
    /// The sources of all this.
    pub sources: Vec<Source>,
}

/// A person of a genre's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The name.
    pub name: String,
    /// What for.
    pub known_for: Text,
}

/// A piece to listen to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Listening {
    /// The title.
    pub title: String,
    /// Who.
    pub artist: String,
    /// The year of the recording or of the work.
    pub year: u16,
    /// What to listen for.
    pub why: Text,
}

/// A source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// A short key by which numbers refer to it: `rose1994`.
    pub key: String,
    /// The reference in full.
    pub text: String,
}
