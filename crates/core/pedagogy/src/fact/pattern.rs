//! Chords in time, and what rows of them form.

use eduai_music::analysis::CadenceKind;
use eduai_music::{Chord, Roman, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A chord with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChordAt {
    /// From when, in quarter notes.
    #[schema(value_type = String)]
    pub from: Time,
    /// Until when.
    #[schema(value_type = String)]
    pub to: Time,
    /// The chord.
    #[schema(value_type = String)]
    pub chord: Chord,
    /// Its numeral in the key.
    #[schema(value_type = String)]
    pub numeral: Roman,
}

/// What a row of chords forms. Each is a rule over roots, kinds and basses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HarmonyPattern {
    /// Only that the chords sound.
    Sounds,
    /// At least two chords sound, one after the other.
    Progression,
    /// The row is heard at least twice without change.
    Loop,
    /// Supertonic, dominant, tonic.
    TwoFiveOne,
    /// Only tonic, subdominant and dominant, and all three.
    OneFourFive,
    /// Twelve bars: I (or IV in bar 2), IV in bar 5, I in bar 7, V in bar 9, with sevenths or without.
    TwelveBarBlues,
    /// One or two chords, and no dominant of the tonic.
    ModalVamp,
    /// A chord with a seventh.
    Seventh,
    /// A chord with a ninth or more.
    Extension,
    /// Root and fifth, no third.
    PowerChord,
    /// Three different tones and no more.
    Triad,
    /// A chord of the parallel mode: in major a chord with the lowered third, sixth or seventh degree as its root or
    /// minor subdominant.
    Borrowed,
    /// A dominant of another degree than the tonic, followed by that degree.
    SecondaryDominant,
    /// A chord tone other than the root in the bass.
    Inversion,
    /// Four steps of a falling line in the bass from tonic to dominant.
    Lament,
    /// A close of this kind; its last two chords are named.
    Cadence(CadenceKind),
}
