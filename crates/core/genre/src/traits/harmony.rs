//! What chords a genre uses.

use eduai_kernel::Text;
use eduai_music::analysis::CadenceKind;
use eduai_music::{Mode, PitchName};
use serde::{Deserialize, Serialize};

/// What chords a genre uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Harmony {
    /// Modes with their weights.
    pub modes: Vec<ModeOption>,
    /// Tonics that suit its instruments, the usual ones first.
    pub tonics: Vec<PitchName>,
    /// The source.
    pub source: String,
    /// What becomes of plain triads at each level.
    pub colour: Colours,
    /// Whether sections are loops: no cadence is forced at their end.
    #[serde(default)]
    pub loops: bool,
    /// Progressions.
    pub progression: Vec<Progression>,
    /// Closes.
    pub cadence: Vec<Close>,
}

/// A mode and its weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModeOption {
    /// The mode.
    pub mode: Mode,
    /// Its weight.
    pub weight: f64,
}

/// How triads are coloured, by level; symbols of chord kinds (`maj7`), empty to leave the triad.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colours {
    /// For beginners.
    pub beginner: Colour,
    /// For the intermediate.
    pub intermediate: Colour,
    /// For the advanced.
    pub advanced: Colour,
    /// The source.
    pub source: String,
}

/// What each kind of triad becomes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colour {
    /// A major triad on the tonic.
    pub tonic: String,
    /// Any other major triad that is no dominant.
    pub major: String,
    /// A dominant, plain or applied.
    pub dominant: String,
    /// A minor triad.
    pub minor: String,
    /// A diminished triad.
    pub diminished: String,
    /// Whether sevenths that a progression writes stay (blues: they are the sound of it).
    #[serde(default)]
    pub keep: bool,
}

/// A progression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progression {
    /// Its id, unique in the profile.
    pub id: String,
    /// What it is, in a sentence for the class.
    pub text: Text,
    /// The mode it is written for.
    pub mode: Mode,
    /// Roman numerals; `|` between bars, chords of one bar share it equally: `ii V | I`.
    pub numerals: String,
    /// The kinds of section it suits: `verse`, `chorus`, `bridge`, `solo`, `intro`, `outro`.
    pub sections: Vec<String>,
    /// Its weight.
    pub weight: f64,
    /// The source.
    pub source: String,
}

/// A way to close a section: its last bars.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Close {
    /// What it is.
    pub kind: CadenceKind,
    /// The mode it is written for.
    pub mode: Mode,
    /// Roman numerals, written as in [`Progression::numerals`].
    pub numerals: String,
    /// The source.
    pub source: String,
}
