//! What the analyser finds.

use crate::score::Meter;
use crate::{Chord, Key, Mode, Pitch, PitchName, Roman, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everything that was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The main key, with its rivals.
    pub key: Option<KeyEstimate>,
    /// Keys over time, in order, covering the piece; one entry when it does not modulate.
    pub keys: Vec<KeySpan>,
    /// The chords, in order.
    pub chords: Vec<ChordSpan>,
    /// The cadences, in order.
    pub cadences: Vec<Cadence>,
    /// The notes of the melody that do not belong to their chord.
    pub non_chord_tones: Vec<NonChordTone>,
    /// Facts about the melody (the part that sings, or the highest).
    pub melody: Option<MelodyFacts>,
    /// Facts about rhythm.
    pub rhythm: RhythmFacts,
    /// Which stretches of bars repeat or resemble one another.
    pub form: Vec<FormSpan>,
    /// How many lines sound, and whether they begin and move together.
    #[serde(default)]
    pub texture: super::texture::TextureFacts,
    /// The phrases of the melody, in order.
    #[serde(default)]
    pub phrases: Vec<super::phrases::Phrase>,
}

/// A key and how sure the analyser is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyEstimate {
    /// The key.
    pub key: Key,
    /// The probability, 0 to 1, that it is right.
    pub confidence: f64,
    /// The probability, 0 to 1, that its tonic and its third are right, whatever the mode: that a listener who says
    /// "major" or "minor" would agree.
    pub family_confidence: f64,
    /// The next best keys with their probabilities.
    pub rivals: Vec<(Key, f64)>,
}

/// A stretch in one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeySpan {
    /// From when.
    pub onset: Time,
    /// For how long.
    pub duration: Time,
    /// The key.
    pub key: Key,
}

/// A stretch in which one chord sounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChordSpan {
    /// From when.
    pub onset: Time,
    /// For how long.
    pub duration: Time,
    /// The chord, with its bass where that is not the root.
    pub chord: Chord,
    /// Its numeral in the key of that place, applied chords recognised.
    pub numeral: Roman,
    /// How much of the sounding time its tones explain, 0 to 1.
    pub fit: f64,
}

/// A close.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cadence {
    /// The index of the bar in which it arrives.
    pub measure: usize,
    /// When it arrives.
    pub at: Time,
    /// Which kind.
    pub kind: CadenceKind,
    /// The key in which it is that: the piece's, or another that is in force there for a while.
    pub key: Key,
    /// The two chords.
    pub chords: (Chord, Chord),
}

/// The kinds of cadence (Caplin 1998; plagal and modal closes as popular-music theory counts them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CadenceKind {
    /// V-I, both in root position, the tonic in the melody.
    PerfectAuthentic,
    /// V-I otherwise.
    ImperfectAuthentic,
    /// Ends on V.
    Half,
    /// IV-I.
    Plagal,
    /// V-vi, V-bVI.
    Deceptive,
    /// bVII-I and other closes on the tonic without a leading note.
    Modal,
}

/// A melody note that does not belong to its chord.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NonChordTone {
    /// When.
    pub at: Time,
    /// Which.
    pub pitch: Pitch,
    /// Which kind.
    pub kind: NonChordKind,
}

/// The kinds of non-chord tone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum NonChordKind {
    Passing,
    Neighbour,
    Suspension,
    Retardation,
    Anticipation,
    Appoggiatura,
    Escape,
    Pedal,
    /// A blue third, fifth or seventh.
    Blue,
    Other,
}

/// Facts about a melody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MelodyFacts {
    /// The index of the part in [`crate::Score::parts`].
    pub part: usize,
    /// The lowest note.
    pub lowest: Pitch,
    /// The highest note.
    pub highest: Pitch,
    /// When the highest note first sounds.
    pub climax: Time,
    /// The share of moves of one or two semitones, 0 to 1.
    pub step_share: f64,
    /// The widest leap in semitones.
    pub widest_leap: i32,
    /// The notes used, by pitch class, with their share of the sounding time.
    pub scale: Vec<(PitchName, f64)>,
    /// The scale these notes come from, where one is clear.
    pub scale_name: Option<ScaleName>,
    /// The share of strong-beat notes that belong to the chord or resolve by step, 0 to 1.
    pub strong_beat_consonance: f64,
    /// The longest stretch without a rest, in seconds.
    pub longest_phrase_seconds: f64,
}

/// A scale by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the field's own")]
pub enum ScaleName {
    Major,
    NaturalMinor,
    HarmonicMinor,
    MelodicMinor,
    Dorian,
    Phrygian,
    Lydian,
    Mixolydian,
    MajorPentatonic,
    MinorPentatonic,
    Blues,
}

impl ScaleName {
    /// Semitones above the tonic.
    pub const fn intervals(self) -> &'static [i32] {
        match self {
            Self::Major => &[0, 2, 4, 5, 7, 9, 11],
            Self::NaturalMinor => &[0, 2, 3, 5, 7, 8, 10],
            Self::HarmonicMinor => &[0, 2, 3, 5, 7, 8, 11],
            Self::MelodicMinor => &[0, 2, 3, 5, 7, 9, 11],
            Self::Dorian => &[0, 2, 3, 5, 7, 9, 10],
            Self::Phrygian => &[0, 1, 3, 5, 7, 8, 10],
            Self::Lydian => &[0, 2, 4, 6, 7, 9, 11],
            Self::Mixolydian => &[0, 2, 4, 5, 7, 9, 10],
            Self::MajorPentatonic => &[0, 2, 4, 7, 9],
            Self::MinorPentatonic => &[0, 3, 5, 7, 10],
            Self::Blues => &[0, 3, 5, 6, 7, 10],
        }
    }

    /// The scale of a mode.
    pub const fn of_mode(mode: Mode) -> Self {
        match mode {
            Mode::Major => Self::Major,
            Mode::Minor | Mode::Locrian => Self::NaturalMinor,
            Mode::Dorian => Self::Dorian,
            Mode::Phrygian => Self::Phrygian,
            Mode::Lydian => Self::Lydian,
            Mode::Mixolydian => Self::Mixolydian,
        }
    }
}

/// Facts about rhythm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RhythmFacts {
    /// The share of melody onsets that fall on a weak place and are held over a stronger one, 0 to 1.
    pub syncopation: f64,
    /// The ratio of the first to the second note of swung pairs, measured from *played* onsets; 1.0 is straight. None
    /// where there are too few pairs.
    pub swing_ratio: Option<f64>,
    /// Drum onsets per sixteenth of the bar (16 for 4/4), normalised to a sum of 1, for each key of the kit that plays.
    pub drum_histogram: Vec<(u8, Vec<f64>)>,
    /// The share of snare or clap onsets on beats 2 and 4 (4/4), 0 to 1; none without drums.
    pub backbeat: Option<f64>,
    /// Melody onsets a bar.
    pub melody_density: f64,
}

/// The meter and the beats of music as it is played.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeterEstimate {
    /// The meter: 2, 3 or 4 quarters, or 6, 9 or 12 eighths. Between 2/4 and 4/4 there is often no telling.
    pub meter: Meter,
    /// Beats a minute: quarters, or dotted quarters in 6/8. The median over the piece.
    pub beats_per_minute: f64,
    /// The probability, 0 to 1, that beats come in twos or threes, and divide in twos or threes, as the meter says.
    pub confidence: f64,
    /// Which of the beats is the first downbeat.
    pub first_downbeat: usize,
    /// When the beats of the first twenty minutes are, in seconds from the start of the score.
    pub beats: Vec<f64>,
}

/// A stretch of bars with a letter: the same letter means the same material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormSpan {
    /// The index of its first bar.
    pub first: usize,
    /// How many bars.
    pub bars: usize,
    /// `A`, `B`, …; a prime marks a variation.
    pub letter: String,
}
