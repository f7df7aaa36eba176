//! The composing parameters of a profile. Every table names the source of its numbers: a key of the profile's sources,
//! or `editorial` where it is our own judgement.

mod harmony;
pub mod meter_text;
mod playing;

pub use harmony::{Close, Colour, Colours, Harmony, ModeOption, Progression};
pub use playing::{BassFigure, Comping, Groove, MelodyCell, MelodyTraits, Voicing};

use crate::Dimension;
use eduai_kernel::Text;
use eduai_music::analysis::CadenceKind;
use eduai_music::audio::Kit;
use eduai_music::score::{Meter, SwingUnit};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Quarter notes a minute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TempoRange {
    /// The slowest that is still this genre.
    pub min: f64,
    /// The usual one.
    pub typical: f64,
    /// The fastest.
    pub max: f64,
    /// The source.
    pub source: String,
}

/// The meters a genre can carry, the usual one first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meters {
    /// With their weights.
    pub options: Vec<MeterOption>,
    /// The source.
    pub source: String,
}

/// A meter and how usual it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeterOption {
    /// The meter, written `4/4`.
    #[serde(with = "meter_text")]
    pub meter: Meter,
    /// Its weight.
    pub weight: f64,
}

/// How much pairs swing, by tempo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwingCurve {
    /// Which pairs.
    pub unit: SwingUnit,
    /// Points (quarter notes a minute, share of the first note in thousandths), in order of tempo; straight lines between.
    pub curve: Vec<(f64, f64)>,
    /// The source.
    pub source: String,
}

/// What an instrument does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstrumentRole {
    /// Sings the words.
    Voice,
    /// Plays the hook, fills and solos.
    Lead,
    /// Chords in rhythm.
    Harmony,
    /// Chords held.
    Pad,
    /// The bass.
    Bass,
    /// The kit.
    Drums,
}

/// An instrument.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstrumentOption {
    /// Its id, short, fit for an XML id.
    pub id: String,
    /// Its name on the page.
    pub name: Text,
    /// What it does.
    pub role: InstrumentRole,
    /// The General MIDI program, 0 to 127; for the kit 0.
    pub program: u8,
    /// How its drums sound: for the kit, and for nothing else.
    #[serde(default)]
    pub kit: Option<Kit>,
    /// Its weight.
    pub weight: f64,
}

/// A form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Its id.
    pub id: String,
    /// What it is, in a sentence for the class.
    pub text: Text,
    /// Its weight.
    pub weight: f64,
    /// The source.
    pub source: String,
    /// The sections, in order.
    pub sections: Vec<FormSection>,
}

/// A section of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormSection {
    /// `intro`, `verse`, `pre_chorus`, `chorus`, `bridge`, `solo`, `breakdown`, `build`, `drop`, `outro`.
    pub kind: String,
    /// How many bars.
    pub bars: u32,
    /// How full, 0 to 1.
    pub energy: f64,
    /// How it closes, if it closes.
    #[serde(default)]
    pub cadence: Option<CadenceKind>,
}

/// How words are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// On a melody.
    Sung,
    /// In rhythm, on few pitches.
    Rapped,
}

/// How lyrics go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LyricStyle {
    /// How verses are delivered.
    pub verse: Delivery,
    /// The rhyme scheme of a verse, repeated as needed.
    pub verse_scheme: String,
    /// The rhyme scheme of a chorus.
    pub chorus_scheme: String,
    /// Fewest and most syllables of a sung line.
    pub syllables: (u8, u8),
    /// Bars to a verse line in 4/4: 1 when rapped, 2 mostly, 4 in blues.
    pub line_bars: u32,
    /// The source.
    pub source: String,
}

/// What must survive in a blend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlendTraits {
    /// Dimensions by which the genre is known, the most telling first.
    pub essential: Vec<Dimension>,
    /// How much each dimension tells the genre, 0 to 1.
    pub strength: BTreeMap<Dimension, f64>,
    /// What the genre brings when it leads a dimension: a clause that goes on after "… leads the groove: ".
    pub leads: BTreeMap<Dimension, Text>,
    /// The source.
    pub source: String,
    /// Known difficulties with other genres.
    #[serde(default)]
    pub conflicts: Vec<BlendConflict>,
}

/// A known difficulty between two genres, and the way out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlendConflict {
    /// The other genre.
    pub with: crate::GenreId,
    /// `meter`, `tempo`, `feel`, `mode`.
    pub on: String,
    /// The way out, in a sentence.
    pub remedy: Text,
}
