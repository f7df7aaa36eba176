//! How a genre is played: drums, bass, comping, melody.

use super::meter_text;
use crate::pattern::{DrumSound, Grid, Levels};
use eduai_kernel::Text;
use eduai_music::analysis::ScaleName;
use eduai_music::score::Meter;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A drum pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Groove {
    /// Its id, unique in the profile.
    pub id: String,
    /// What it is, in a sentence for the class.
    pub text: Text,
    /// The meter it is written in.
    #[serde(with = "meter_text")]
    pub meter: Meter,
    /// Its weight.
    pub weight: f64,
    /// The source.
    pub source: String,
    /// Whether bars repeat unchanged on purpose.
    #[serde(default)]
    pub loops: bool,
    /// The patterns.
    pub levels: Levels<BTreeMap<DrumSound, Grid>>,
    /// Bars to put in now and then in place of the main one; sounds that they do not name go on.
    #[serde(default)]
    pub variation: Vec<BTreeMap<DrumSound, Grid>>,
    /// Ends of phrases, from the shortest: they replace the end of a bar.
    pub fill: Vec<BTreeMap<DrumSound, Grid>>,
}

/// A bass figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BassFigure {
    /// Its id, unique in the profile.
    pub id: String,
    /// What it is, in a sentence for the class.
    pub text: Text,
    /// The meter it is written in.
    #[serde(with = "meter_text")]
    pub meter: Meter,
    /// Its weight.
    pub weight: f64,
    /// The source.
    pub source: String,
    /// Whether the tones between roots are found anew in every bar (a walking bass).
    #[serde(default)]
    pub walks: bool,
    /// The patterns.
    pub levels: Levels<Grid>,
}

/// How chords are spread over the keys or strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voicing {
    /// All tones within an octave.
    Close,
    /// Tones spread beyond an octave.
    Open,
    /// Third and seventh first, the root left to the bass.
    GuideTones,
    /// Root, fifth and octave.
    Power,
    /// As on the open strings of a guitar: root at the bottom, five tones.
    Guitar,
    /// Four singable voices that move by the rules of part writing.
    Chorale,
}

/// A comping pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comping {
    /// Its id, unique in the profile.
    pub id: String,
    /// What it is, in a sentence for the class.
    pub text: Text,
    /// The meter it is written in.
    #[serde(with = "meter_text")]
    pub meter: Meter,
    /// Its weight.
    pub weight: f64,
    /// The source.
    pub source: String,
    /// The voicing.
    pub voicing: Voicing,
    /// Instruments that play it, by id; all harmony instruments when empty.
    #[serde(default)]
    pub instruments: Vec<String>,
    /// The patterns.
    pub levels: Levels<Grid>,
}

/// How melodies go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MelodyTraits {
    /// The scale in major-like modes.
    pub major_scale: ScaleName,
    /// The scale in minor-like modes.
    pub minor_scale: ScaleName,
    /// The share of steps among moves, from and to.
    pub step_ratio: (f64, f64),
    /// How many onsets stand before the beat that they belong to, from and to.
    pub syncopation: (f64, f64),
    /// How much a line may span, in semitones.
    pub span: i32,
    /// How often a line starts before its bar.
    pub pickup: f64,
    /// Rhythm cells of one bar for instruments.
    pub cells: Vec<MelodyCell>,
    /// The source.
    pub source: String,
}

/// A rhythm cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MelodyCell {
    /// The meter.
    #[serde(with = "meter_text")]
    pub meter: Meter,
    /// The pattern.
    pub pattern: Grid,
}
