//! The composing parameters of a profile. Every table names the source of its numbers: a key of the profile's sources,
//! or `editorial` where it is our own judgement.

use crate::Dimension;
use crate::pattern::{DrumSound, Grid, Levels};
use eduai_kernel::Text;
use eduai_music::analysis::{CadenceKind, ScaleName};
use eduai_music::audio::Kit;
use eduai_music::score::{Meter, SwingUnit};
use eduai_music::{Mode, PitchName};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
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

/// A meter as text: `12/8`.
pub mod meter_text {
    use super::{Deserialize as _, Deserializer, Meter, Serializer};
    use serde::de::Error as _;

    /// Reads `4/4`.
    pub fn parse(text: &str) -> Option<Meter> {
        let (beats, unit) = text.split_once('/')?;
        let meter = Meter { beats: beats.parse().ok()?, unit: unit.parse().ok()? };
        ((1..=16).contains(&meter.beats) && matches!(meter.unit, 2 | 4 | 8 | 16)).then_some(meter)
    }

    /// Writes `4/4`.
    pub fn serialize<S: Serializer>(meter: &Meter, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(meter)
    }

    /// Reads `4/4`.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Meter, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is no meter: expected something such as 4/4 or 6/8")))
    }
}
